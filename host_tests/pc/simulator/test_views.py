"""What the terminal shows beside the panel, and the compact panel itself."""

import math

from rich.console import Console

from fourquad_tools.options import model
from fourquad_tools.phasor import Phasor, bar, diagram, tidy_full_scale
from fourquad_tools.plants import plant_from_json
from fourquad_tools.simulator import Simulator
from fourquad_tools.storage import Storage
from fourquad_tools.tui import Display, Keyboard, next_speed
from fourquad_tools.views import engineering, phasors

LOAD = {"phases": [{"volts": 230.0, "amps": 0.5, "lag": 30.0 + 180.0 * (i == 2)} for i in range(3)]}


class Port:
    name = "rs485"
    where = "/dev/pts/7"


def simulator():
    plant, adc = plant_from_json(LOAD)
    out = Simulator(model("kw320"), plant, adc, Storage(None), 1_767_225_600.0)
    out.warm_up()
    return out


def shown(display, columns, rows):
    console = Console(width=columns, height=rows, color_system=None, force_terminal=True)
    with console.capture() as capture:
        console.print(display.render(columns, rows), end="")
    return capture.get().splitlines()


def test_phasors_have_the_angles_of_the_load():
    found = {p.label: p for p in phasors(simulator().device.points)}
    for label, degrees in (("V1", 0), ("V2", -120), ("V3", 120), ("I1", -30), ("I2", -150), ("I3", -90)):
        difference = (found[label].degrees - degrees + 180) % 360 - 180
        assert abs(difference) < 0.1, label
    assert found["V1"].length > 0.99 > found["I1"].length


def test_diagram_points_where_the_angle_does():
    rows = diagram([Phasor("V", 1.0, 90.0, "red")], 30, 15).plain.split("\n")
    assert len(rows) == 15
    assert "V" in rows[0]
    rows = diagram([Phasor("V", 1.0, 0.0, "red")], 30, 15).plain.split("\n")
    assert rows[7].rstrip().endswith("V")


def test_bars():
    right = bar(50.0, 100.0, 21, "green", "cyan").plain
    left = bar(-50.0, 100.0, 21, "green", "cyan").plain
    assert right == " " * 10 + "\u2502" + "\u2588" * 5 + " " * 5
    assert left == " " * 5 + "\u2588" * 5 + "\u2502" + " " * 10
    assert len(bar(1e9, 100.0, 21, "green", "cyan")) == 21
    assert [tidy_full_scale(x) for x in (0.0, 0.9, 1.0, 1.1, 230.0, 5001.0)] == [
        1.0,
        1.0,
        1.0,
        2.0,
        500.0,
        10000.0,
    ]
    assert [engineering(x, "W") for x in (0.0, 5.0, -1150.0, 2.5e6)] == [
        "0.000 W",
        "5.000 W",
        "-1.150 kW",
        "2.500 MW",
    ]


def test_every_size_of_terminal_is_filled_and_not_exceeded():
    display = Display(simulator(), [Port()])
    for columns, rows in ((80, 24), (100, 30), (124, 32), (200, 60), (60, 20), (40, 10)):
        lines = shown(display, columns, rows)
        assert max(map(len, lines)) <= columns
        if columns >= 80:
            assert len(lines) <= rows
            text = "\n".join(lines)
            for expected in (
                "kw320",
                "V1",
                "I3",
                "\u03a3P",
                "/dev/pts/7",
                "mbpoll -m rtu -b 19200",
                "q quit",
            ):
                assert expected in text, (columns, rows, expected)


def test_keyboard():
    sim = simulator()
    display, keyboard = Display(sim, [Port()]), Keyboard(sim)
    keyboard.press("p")
    for _ in range(10):
        sim.step()
    assert "kW" in "\n".join(shown(display, 80, 24))
    keyboard.press("x")
    assert sim.device is None
    assert "no power" in "\n".join(shown(display, 80, 24))
    for key in ("p", "o", "s", "+", "?"):
        keyboard.press(key)
    assert sim.device is not None
    assert sim.sealed
    assert sim.speed == 10.0
    keyboard.press("q")
    assert sim.stopping.is_set()


def test_speeds():
    assert next_speed(1.0, faster=True) == 10.0
    assert next_speed(3.0, faster=False) == 1.0
    assert next_speed(600.0, faster=True) == 600.0
    assert math.isclose(next_speed(0.5, faster=False), 0.5)
