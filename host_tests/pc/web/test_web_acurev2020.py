"""The pages of an AcuRev 2020 in Chromium: each of them, eighteen circuits, what is chosen, alarms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulated import Simulated
from walk import every_page, walk

from browser.chromium import NARROW, Browser
from fourquad import points as p
from fourquad.points import alarms as a

pytestmark = pytest.mark.thorough
PAGES = every_page("acurev2020")
LOAD = {
    "frequency": 50.0,
    "phases": [{"volts": 230.0, "amps": 0.0}, {"volts": 231.0, "amps": 0.0}, {"volts": 229.0, "amps": 0.0}],
    "circuits": [{"amps": 1.0 + n, "lag": 60.0 if n == 17 else 0.0} for n in range(18)],
    "adc": "ideal",
    "noise": 0.0,
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """Eighteen circuits of 1 to 18 A; the last one lags by 60 degrees."""
    meter = Simulated(tmp_path_factory.mktemp("acu"), model="acurev2020", load=LOAD, nets=("http",))
    yield meter
    meter.close()


@pytest.mark.parametrize("level", ["user", "admin"])
def test_each_page(pages: Browser, level: str) -> None:
    walk(pages, level, PAGES, {"dashboard": ("230.000 V",), "metering/realtime": ("231.000", "50.000")})


def test_all_circuits_are_on_one_page(pages: Browser) -> None:
    pages.login("user", "view")
    pages.resize(NARROW)
    pages.go("metering/circuits")
    rows = [
        [cell.text for cell in row.find_elements("css selector", "th, td")] for row in pages.all("tbody tr")
    ]
    assert [row[0] for row in rows] == [f"Input {n + 1}" for n in range(18)]
    assert [row[1] for row in rows] == [f"{1 + n}.000" for n in range(18)]
    # input 1 is of phase A: 230 W; the last one of phase C, at a power factor of 0.5: 18 * 229 * 0.5 W
    assert rows[0][2] == "0.230" and float(rows[17][2]) == pytest.approx(2.061, abs=0.002)
    assert rows[17][5:] == ["0.500", "L"]
    assert not pages.overflow()


def test_a_user_channel_has_its_inputs(pages: Browser) -> None:
    pages.login("user", "view")
    pages.go("metering/users")

    def currents() -> list[str]:
        return [cell.text for cell in pages.all("tbody tr:first-child td")]

    pages.until(lambda: currents()[:3] == ["1.000", "4.000", "7.000"])
    pages.put("choice-u", "User channel 5")
    pages.until(lambda: currents()[:3] == ["11.000", "14.000", "17.000"])
    assert pages.text("caption") == "User channel 5"


def test_demand_and_energy_of_what_is_chosen(pages: Browser, own: Simulated) -> None:
    own.ask(cmd="set", name="demand_window", value=1)
    own.ask(cmd="advance", seconds=240)
    pages.login("user", "view")
    pages.go("metering/demand")
    pages.put("choice-g", "Input 18")
    pages.until(lambda: pages.text("tbody tr:first-child td").startswith("2.06"))
    # four minutes of it are 0.137 kWh
    pages.go("metering/energy")
    pages.put("choice-g", "Input 18")
    pages.until(lambda: pages.text("tbody tr:first-child td") == "0.100")


def test_alarms_of_a_circuit(pages: Browser) -> None:
    pages.login("admin", "admin")
    pages.go("settings/alarms")
    first = p.SETTING + a.FIRST
    pages.put(f"s{p.SETTING + a.ON}", "on")
    pages.one(f"#s{p.SETTING + a.CHANNELS}-0").click()
    pages.put(f"s{first + a.CODE}", "Current of input 18")
    pages.put(f"s{first + a.SET_POINT}", "17.5")
    pages.one("main form button[type=submit]").click()
    pages.says("form .bar [role=status]", "Saved.")
    pages.go("logs/alarms")
    pages.says("tbody", "Current of input 18")
    pages.says("tbody", "18.000 A")
