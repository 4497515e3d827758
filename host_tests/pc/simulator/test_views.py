"""What the terminal shows beside the panel, and the compact panel itself."""

import math

from rich.console import Console

from fourquad import points as p
from fourquad_tools.options import model, models
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.screens.hints import example
from fourquad_tools.screens.keyboard import entries
from fourquad_tools.screens.phasor import Phasor, bar, diagram, tidy_full_scale
from fourquad_tools.screens.terminal import plain
from fourquad_tools.screens.tui import Display, Keyboard, menu_of, next_speed
from fourquad_tools.screens.views import engineering, phasors
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

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
    for columns, rows in ((80, 24), (100, 30), (112, 26), (124, 32), (200, 60), (60, 20), (40, 10), (9, 3)):
        lines = shown(display, columns, rows)
        assert max(map(len, lines)) <= columns and len(lines) <= rows
        if columns >= 80:
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


def test_every_model_has_its_panel_in_the_terminal():
    for name in models():
        out = Simulator(model(name), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
        out.warm_up()
        for columns, rows in ((80, 24), (124, 32)):
            text = "\n".join(shown(Display(out, []), columns, rows))
            assert name in text and "q quit" in text


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


def test_many_ports_leave_the_panel_and_the_keys_whole():
    ports = [Port() for _ in range(9)]
    lines = shown(Display(simulator(), ports), 80, 24)
    assert len(lines) == 24
    assert "q quit" in lines[-1] and "ports more" in "\n".join(lines)
    assert len(shown(Display(simulator(), ports), 200, 50)) <= 50


def test_each_protocol_has_its_hint():
    """Finding 6: the number that a sign-on needs stood nowhere."""
    points = simulator().device.points
    kw320 = model("kw320")
    rs485, _, network = kw320.PORTS
    hint = example(kw320, rs485, points, "/dev/pts/7")
    assert hint.startswith("mbpoll -m rtu -b 19200 -P none -a 1 ") and " -r 0x4002 -c 3 " in hint
    hint = example(kw320, rs485, points, "127.0.0.1:5020")
    assert "RTU over TCP" in hint and "unit 1" in hint
    assert example(kw320, network, points, "127.0.0.1:20000").startswith("DNP3: outstation ")
    a1000 = Simulator(model("a1000"), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    a1000.warm_up()
    serial, optical = a1000.model.PORTS

    def sign_on(row):
        return example(a1000.model, row, a1000.device.points, "/dev/pts/7")

    assert "meter number 1, sign-on /?1! CR LF" in sign_on(serial)
    assert "sign-on /?! or /?1! CR LF" in sign_on(optical)
    a1000.device.points.write(p.SETTING + p.DEVICE_NUMBERS, 345678)
    a1000.device.points.write(p.SETTING + p.DEVICE_NUMBERS + 1, 12)
    assert "meter number 12345678, sign-on /?12345678!" in sign_on(serial)


def test_the_legend_has_one_entry_for_each_key():
    """Finding 5: five letters for four keys."""
    menus = {
        name: menu_of(Simulator(model(name), *plant_from_json(LOAD), Storage(None), 0.0)) for name in models()
    }
    assert entries(menus["kw320"]) == ["h=H", "p=P", "e=E", "v=V/A", "m=H+V/A"]
    assert entries(menus["a1000"]) == ["d=DISPLAY", "r=RESET", "R=RESET held"]
    for table in menus.values():
        plain = [entry for entry in entries(table) if entry.split("=")[1] in table.KEYS]
        assert len(plain) == len(table.KEYS)


def test_letters_that_an_encoding_lacks_have_a_stand_in():
    assert plain("\u03a3P \u2502\u2588\u258c \u28ff\u2801 25 \u00b0C", "latin-1") == "SP |## #. 25 \u00b0C"
    assert plain("\u03a3\u2588\u00b0", "ascii") == "S#d"
    assert plain("\u03a3P", "utf-8") == "\u03a3P"
