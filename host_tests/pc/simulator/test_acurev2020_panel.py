"""Keys of an AcuRev 2020: pages of the circuits, and the menu NET, whose settings wait for a reset."""

from __future__ import annotations

from typing import Any

import pytest

from fourquad import points as p
from fourquad.points import network as n
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

START = 1_767_268_800.0
LOAD: dict[str, Any] = {
    "phases": [{"volts": 230.0}] * 3,
    "circuits": [{"amps": 10.0 + k} for k in range(18)],
}


@pytest.fixture(params=[False, True], ids=["plain", "network"])
def meter(request: pytest.FixtureRequest) -> Any:
    plant, adc = plant_from_json(LOAD)
    simulator = Simulator(model("acurev2020", network=request.param), plant, adc, Storage(None), START)
    simulator.warm_up()
    yield simulator
    simulator.close()


def press(simulator: Any, keys: str) -> Any:
    menu = simulator.device.panel.menu
    table = menu._table
    codes = {"U": table.UP, "D": table.DOWN, "L": table.LEFT, "R": table.RIGHT}
    for key in keys:
        menu.key(codes[key], simulator.now_ms)
    return simulator.screen()


def find(simulator: Any, name: str) -> None:
    for _ in range(40):
        if simulator.screen().name == name:
            return
        press(simulator, "D")
    raise AssertionError(name)


def test_pages_of_circuits_and_the_menu_net(meter: Any) -> None:
    assert (meter.screen().name, meter.screen().unit) == ("P", "kW")
    find(meter, "AMPS")
    press(meter, "R")
    find(meter, "I18")
    assert meter.screen().value.startswith("27.0") and meter.screen().unit == "A"
    press(meter, "L")
    find(meter, "ENERG")
    press(meter, "R")
    find(meter, "EP18")
    assert (meter.screen().value, meter.screen().unit) == ("0.0", "kWh")
    press(meter, "L")
    find(meter, "DEMND")
    press(meter, "R")
    find(meter, "P PRED")
    assert meter.screen().unit in ("W", "kW")
    press(meter, "LL")
    has = hasattr(meter.device.meter, "network") and meter.device.meter.network is not None
    names = set()
    for _ in range(12):
        names.add(meter.screen().name)
        press(meter, "D")
    assert ("NET" in names) == has
    if not has:
        return
    find(meter, "NET")
    # the password is 0000
    press(meter, "R" + "R" * 5)
    assert meter.screen().name == "P01"
    find(meter, "P07")
    # 0502 becomes 2502
    press(meter, "R" + "UU" + "RRRR")
    assert meter.device.points.read(p.SETTING + n.MODBUS_PORT) == 2502
    service = meter.services["modbus"]
    # 0080 becomes 6080
    find(meter, "P08")
    press(meter, "R" + "U" * 6 + "RRRR")
    assert meter.device.points.read(p.SETTING + n.HTTP_PORT) == 6080
    find(meter, "P02")
    # the first byte of the address: 192 becomes 292, which is none
    press(meter, "RURRR")
    assert meter.screen().value == "Err"
    assert meter.device.points.read(p.SETTING + n.IP) == 192
    press(meter, "L")
    resets = []
    follow = service.follow
    service.follow = lambda anew=False: resets.append(anew) or follow(anew)
    find(meter, "P09")
    press(meter, "RUR")
    assert resets == [True] and meter.device.points.read(p.SETTING + p.MODULE_RESET) == 0
    # while DHCP is on, what it has given is shown, and cannot be changed
    points = meter.device.points
    assert points.write(p.SETTING + n.DHCP, 1) == p.OK
    meter.device.meter.network.address = lambda: ("10.0.2.15", "255.255.254.0", "10.0.2.2")
    kept = [points.read(p.SETTING + n.IP + i) for i in range(12)]
    given = {"P02": (10, 0, 2, 15), "P03": (255, 255, 254, 0), "P04": (10, 0, 2, 2)}
    for page, octets in given.items():
        find(meter, page)
        press(meter, "R")
        for octet in octets:
            assert (meter.screen().mode, meter.screen().value) == ("read", str(octet))
            press(meter, "UDUR")
        assert meter.screen().name == page
    assert [points.read(p.SETTING + n.IP + i) for i in range(12)] == kept
    # a name server can be set all the same
    find(meter, "P05")
    press(meter, "R")
    assert meter.screen().mode == "number"
