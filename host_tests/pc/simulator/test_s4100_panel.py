"""The S4100's panel in the simulator: keys set the meter up, readings follow, and a power cut leaves all."""

from __future__ import annotations

from fourquad import points as p
from fourquad.points import system as s
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

# 277 V to neutral, 480 V between lines.
LOAD = {"frequency": 60.0, "phases": [{"volts": 277.0, "amps": 0.5, "lag": 60.0}] * 3}
START = 1_767_225_600.0


class Panel:
    """The keys of a simulated meter."""

    def __init__(self) -> None:
        self.sim = Simulator(model("s4100"), *plant_from_json(LOAD), Storage(None), START)
        self.sim.warm_up()
        self.run(1.0)

    def run(self, seconds: float) -> None:
        end = self.sim.now + seconds
        while self.sim.now < end:
            self.sim.step()

    def press(self, keys: str) -> None:
        """Letters of keys, one after the other: U, D, L, R."""
        names = {"U": "UP", "D": "DOWN", "L": "LEFT", "R": "RIGHT"}
        for key in keys:
            done = self.sim.device.press(names[key], 100.0, self.sim.now)
            while not done():
                self.sim.step()
        self.run(0.6)

    @property
    def seen(self) -> tuple[str, str, str, str]:
        screen = self.sim.screen()
        return screen.path, screen.name, screen.value, screen.unit

    def to(self, name: str) -> None:
        for _ in range(60):
            if self.sim.screen().name == name:
                return
            self.press("D")
        raise AssertionError(name)


def test_the_set_up_by_keys_is_what_is_measured_with_and_survives_a_cut() -> None:
    panel = Panel()
    panel.to("SETUP")
    # the password 00000; a system of 480 V
    panel.press("RRRRRR")
    panel.to("S V")
    panel.press("RRR" + "UUUUUUUU" + "R" + "UUUUUUUU" + "RRR")
    assert panel.seen == ("SETUP", "S V", "", "")
    points = panel.sim.device.points
    assert points.read(p.SETTING + s.SYSTEM_VOLTAGE) == 4800
    # a password of its own: 40000
    panel.to("S PASS")
    panel.press("RUUUURRRRR")
    assert panel.seen[1] == "RESET"
    panel.press("LL")
    assert panel.seen[:2] == ("", "SETUP")
    panel.run(3.0)
    assert points.read(s.ALERTS + s.BITMAP) & 0x3FFF == 0 and not panel.sim.screen().wrench
    panel.to("VLL")
    _, _, value, unit = panel.seen
    assert abs(float(value) - 479.78) < 0.5 and unit == "V"
    panel.sim.power_off()
    panel.sim.power_on()
    panel.run(3.0)
    assert panel.seen[1] == "VLL" and abs(float(panel.seen[2]) - 479.78) < 0.5
    assert panel.sim.device.points.read(p.SETTING + s.SYSTEM_VOLTAGE) == 4800
    panel.to("SETUP")
    panel.press("RRRRRR")
    assert panel.seen == ("SETUP", "PASWD", "Err", "")
    panel.press("UUUURRRRR")
    assert panel.seen[:2] == ("SETUP", "S BAC")


def test_a_phase_that_is_lost_lights_the_wrench() -> None:
    panel = Panel()
    panel.sim.device.points.write(p.SETTING + s.SYSTEM_VOLTAGE, 4800)
    panel.run(2.0)
    assert not panel.sim.screen().wrench
    phases = [*LOAD["phases"][:2], {"volts": 100.0, "amps": 0.5, "lag": 60.0}]
    panel.sim.connect(*plant_from_json({**LOAD, "phases": phases}))
    panel.run(3.0)
    assert panel.sim.screen().wrench
    panel.to("ALERT")
    panel.press("R")
    assert panel.seen == ("ALERT", "PLOSS", "C", "")
