"""Each page in Chromium: as a user and as an administrator, narrow and wide, light and dark, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from simulated import Simulated
from walk import every_page, walk

from browser.chromium import NARROW, WIDE, Browser

pytestmark = pytest.mark.thorough
PAGES = every_page("kw320")
# Values of the load that is connected (simulated.LOAD).
SEEN = {
    "dashboard": ("230.000 V", "50.000 Hz"),
    "metering/basic": ("231.000", "0.250", "50.000"),
    "metering/energy": ("Apparent energy", "Net"),
    "metering/angles": ("120.0", "30.0"),
    "metering/sequence": ("230.000",),
    "system/about": ("KW320", "open"),
}


@pytest.mark.parametrize("level", ["user", "admin"])
def test_each_page(window: Browser, level: str) -> None:
    walk(window, level, PAGES, SEEN)


def test_a_user_is_told_that_a_page_is_not_his(window: Browser) -> None:
    window.login("user", "view")
    window.run("location.hash = '#/settings/management'")
    window.says("main", "Only for administrators")
    asked = "{method: 'POST', body: '{\"384\":1}', headers: {'Content-Type': 'application/json'}}"
    refused = window.run(f"return fetch('/api/write', {asked}).then(r => r.status)")
    assert refused == 403


def test_harmonics_by_what_is_chosen(window: Browser) -> None:
    window.login("user", "view")
    window.go("metering/harmonics")
    assert len(window.all("svg rect")) == 90
    assert window.text("tbody tr:last-child th") == "31"
    window.put("choice-span", "32 to 63")
    window.until(lambda: window.text("tbody tr:last-child th") == "63")
    window.put("choice-q", "Current")
    window.until(lambda: window.text("thead th:last-child") == "i3")


def test_phasors_are_where_the_angles_are(window: Browser) -> None:
    window.login("user", "view")
    window.go("metering/angles")
    ends = {
        g.text: (float(g.find_element("css selector", "line").get_attribute("x2")),
                 float(g.find_element("css selector", "line").get_attribute("y2")))
        for g in window.all(".phasor g")
    }  # fmt: skip
    # V2 lags by 120 degrees: left and, y going down, below
    assert ends["VA"][0] > 100 and abs(ends["VA"][1]) < 1
    assert ends["VB"][0] < -50 and ends["VB"][1] > 90
    assert ends["VC"][0] < -50 and ends["VC"][1] < -90
    # I1 lags V1 by 30 degrees
    assert abs(ends["IA"][1] / ends["IA"][0] - 0.577) < 0.02


def test_dark_where_its_owner_likes_it(window: Browser) -> None:
    window.login("user", "view")
    script = (
        "const s = getComputedStyle(document.querySelector('.card')); return [s.backgroundColor, s.color]"
    )
    shades = {}
    for dark in (False, True):
        window.resize(WIDE, dark)
        colours = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in window.run(script)]
        shades[dark] = colours
    window.resize(WIDE)
    assert shades[False][0] > 600 > 200 > shades[False][1]
    assert shades[True][0] < 200 < 600 < shades[True][1]


def test_the_keyboard_is_enough(window: Browser) -> None:
    window.driver.delete_all_cookies()
    window.driver.get(f"{window.address}/?keys")
    window.one("#level")
    window.until(lambda: window.run("return document.activeElement.id") == "level")

    def press(*keys: str) -> None:
        ActionChains(window.driver).send_keys(*keys).perform()

    press("A", Keys.TAB, "admin", Keys.ENTER)
    window.one("#logout")
    window.until(lambda: window.run("return document.activeElement.tagName") == "H1")
    # from the top: the way past the menu, log out, then the menu in its order
    first = "document.querySelector('a, button, input, select')"
    window.run(f"{first}.focus()")
    assert window.run("return document.activeElement.className") == "skip"
    for where in ("Log out", "Dashboard", "Basic metering", "Power & energy"):
        press(Keys.TAB)
        assert window.run("return document.activeElement.textContent") == where
        assert window.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press(Keys.ENTER)
    window.says("main h1", "Power & energy")


def test_what_somebody_typed_is_never_markup(window: Browser) -> None:
    title = "<img src=x>&\"'"
    window.login("admin", "admin")
    window.go("settings/http")
    field = next(
        each for each in window.all("main input[type=text]") if each.get_attribute("maxlength") == "15"
    )
    field.clear()
    field.send_keys(title)
    window.one("main form button").click()
    window.one("dialog button.plain").click()
    window.login("admin", "admin")
    assert window.text(".brand") == title
    assert not window.all("img")
    assert title in window.driver.title


def test_three_at_once(address: str, tmp_path: Path) -> None:
    windows = []
    try:
        for n in range(3):
            browser = Browser(tmp_path / str(n), address, (NARROW, WIDE, WIDE)[n])
            windows.append(browser)
            browser.login("user" if n else "admin", "view" if n else "admin")
        for route in ("metering/basic", "metering/minmax", "metering/harmonics", "settings/meter"):
            for browser in windows:
                browser.run("location.hash = arguments[0]", f"#/{route}")
            for browser in windows:
                browser.one(f'main[data-ready="{route}"]')
                assert not browser.text("#notice")
        for browser in windows:
            assert not browser.complaints()
    finally:
        for browser in windows:
            browser.close()


def test_logging_out_ends_it(window: Browser) -> None:
    window.login("user", "view")
    window.one("#logout").click()
    window.says("main h1", "Log in")
    window.run("location.hash = '#/metering/basic'")
    window.says("main h1", "Log in")
    assert window.run("return fetch('/api/values/basic').then(r => r.status)") == 401


def test_a_meter_that_is_gone_is_told(window: Browser, tmp_path: Path) -> None:
    meter = Simulated(tmp_path, nets=("http",))
    other = window.at(meter.net["http"])
    other.login("user", "view")
    meter.close()
    other.says("#notice", "The meter does not answer. Trying again.")
