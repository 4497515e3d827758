"""The forms of the pages in Chromium: what the meter refuses, seals, passwords, the reset of the module. Bad
input in each field: test_web_bad_input.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.remote.webelement import WebElement
from simulated import Simulated

from browser.chromium import Browser
from fourquad import points as p
from fourquad.points import alarms as a
from fourquad.points import network as n

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A meter that may be set, sealed and locked."""
    meter = Simulated(tmp_path_factory.mktemp("own"), nets=("http",))
    yield meter
    meter.close()


@pytest.fixture
def admin(pages: Browser) -> Browser:
    """An administrator on its pages."""
    pages.login("admin", "admin")
    return pages


def field_of(offset: int) -> str:
    """The id of a setting's field."""
    return f"s{p.SETTING + offset}"


def told(browser: Browser, form: str) -> list[dict[str, Any]]:
    """What the server says of a form."""
    script = "return fetch('/api/settings/' + arguments[0]).then(r => r.json()).then(r => r.settings)"
    found: list[dict[str, Any]] = browser.run(script, form)
    return found


def write(browser: Browser, values: dict[str, Any]) -> int:
    """The answer's status to values that are written past the forms."""
    script = (
        "return fetch('/api/session').then(r => r.json()).then(s => fetch('/api/write', {method: 'POST', "
        "headers: {'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf}, "
        "body: JSON.stringify(arguments[0])})).then(r => r.status)"
    )
    return int(browser.run(script, values))


def save_button(browser: Browser, name: str) -> WebElement:
    """The button of the form in which this field is."""
    button: WebElement = browser.run(
        "return document.getElementById(arguments[0]).form.querySelector('[type=submit]')", name
    )
    return button


def counted(browser: Browser) -> None:
    """Count what is written from now on."""
    browser.run(
        "if (!window.posts) {const f = window.fetch; window.fetch = (...a) => "
        "{ if (a[0] === '/api/write') window.posts++; return f(...a); };} window.posts = 0;"
    )


def test_what_the_meter_refuses_is_told_at_the_field_and_nothing_is_stored(admin: Browser) -> None:
    admin.go("settings/network")
    before = told(admin, "network")
    admin.put(field_of(n.IP), "10.1.2.3")
    # in the range of the field, but neither 502 nor from 2000 on
    admin.put(field_of(n.MODBUS_PORT), "1000")
    save_button(admin, field_of(n.IP)).click()
    admin.says(f"#{field_of(n.MODBUS_PORT)}-error", "not allowed")
    assert told(admin, "network") == before


def test_an_address_is_one_field(admin: Browser) -> None:
    admin.go("settings/network")
    admin.put(field_of(n.GATEWAY), "192.168.1.99")
    save_button(admin, field_of(n.GATEWAY)).click()
    admin.one("dialog button.plain").click()
    admin.says("form .bar [role=status]", "Saved.")
    rows = {row["id"] - p.SETTING: row.get("value") for row in told(admin, "network")}
    assert [rows[n.GATEWAY + i] for i in range(4)] == [192, 168, 1, 99]
    assert admin.one(f"#{field_of(n.GATEWAY)}").get_attribute("value") == "192.168.1.99"
    # it waits for the reset, and that is said on every page
    admin.go("metering/basic")
    admin.says(".warnings", "wait for a reset")


def test_set_points_are_of_the_primary_side(admin: Browser) -> None:
    transformers = {p.PT1: 100000, p.PT2: 1000, p.CT1: 200, p.CT2: 5}  # 10 kV to 100 V, 200 A to 5 A
    written = {str(p.SETTING + offset): value for offset, value in transformers.items()}
    assert write(admin, written) == 200
    admin.go("settings/alarms")
    code, point = (field_of(a.FIRST + field) for field in (a.CODE, a.SET_POINT))
    cases = (
        # 5,773.5 V are 57.735 V at the meter, in 0.1 V
        ("V1", "5773.5", 577, "5770.000"),
        # 150 A are 3.75 A, in mA
        ("I1", "150", 3750, "150.000"),
        # -1000 kW are -250 W: two's complement
        ("P", "-1000", 65536 - 250, "-1000.000"),
        ("Frequency", "50.5", 5050, "50.500"),
    )
    for name, typed, stored, shown in cases:
        admin.put(code, name)
        admin.put(point, typed)
        save_button(admin, point).click()
        admin.says("form .bar [role=status]", "Saved.")
        rows = {row["id"] - p.SETTING: row["value"] for row in told(admin, "alarms")}
        assert rows[a.FIRST + a.SET_POINT] == stored
        assert admin.one(f"#{point}").get_attribute("value") == shown
    admin.put(code, "V1")
    admin.put(point, "655360")
    save_button(admin, point).click()
    # 65535 times 0.1 V is the most
    admin.says(f"#{point}-error", "Enter 0.000 to 655350.000 V, primary side.")


def test_settings_that_are_sealed_can_only_be_read(admin: Browser, own: Simulated) -> None:
    own.ask(cmd="seal", on=True)
    try:
        admin.go("settings/meter")
        admin.says("main", "sealed: they can be read only")
        assert not admin.one(f"#{field_of(p.CT1)}").is_enabled()
        assert admin.one(f"#{field_of(p.NOMINAL_FREQUENCY)}").is_enabled()
        admin.go("settings/management")
        admin.one("button[aria-label='Reset: Energy']").click()
        admin.one("dialog button").click()
        admin.says("main", "Sealed: open the seal at the meter first.")
    finally:
        own.ask(cmd="seal", on=False)


def test_energies_are_written_by_hand(admin: Browser, own: Simulated) -> None:
    admin.go("metering/energy")
    admin.one("summary").click()
    imported, net = f"e{p.ENERGY + p.EP_IMP}", f"e{p.ENERGY + p.EP_NET}"
    for typed in ("-0.1", "100000000.0", "1.25", "x"):
        admin.put(imported, typed)
        save_button(admin, imported).click()
        assert admin.one(f"#{imported}-error").text, typed
    admin.put(imported, "1234.5")
    admin.put(net, "-7.1")
    save_button(admin, imported).click()
    admin.says("form [role=status]", "Saved.")
    points = {name: found["value"] for name, found in own.ask(cmd="points")["points"].items()}
    # it goes on counting
    assert points["energy.ep_imp"] == pytest.approx(1234.5, abs=0.2)
    assert points["energy.ep_net"] == pytest.approx(-7.1, abs=0.2)


def test_the_event_log_tells_who_did_what(admin: Browser) -> None:
    assert write(admin, {str(p.SETTING + p.BACKLIGHT): 7, str(p.SETTING + n.HOST_NAME): "cellar"}) == 200
    admin.go("logs/events")
    for words in ("Logged in", "http (administrator)", "127.0.0.1", "Setting: Backlight time: ", "7"):
        admin.says("tbody", words)
    admin.says("tbody", '→ "cellar"')


def test_resets_ask_first(admin: Browser) -> None:
    admin.go("settings/management")
    counted(admin)
    admin.one("button[aria-label='Reset: Maxima and minima']").click()
    admin.one("dialog button.plain").click()
    assert not admin.all("dialog")
    assert admin.run("return window.posts") == 0
    admin.one("button[aria-label='Reset: Maxima and minima']").click()
    admin.one("dialog button").click()
    admin.says("main", "Done.")
    assert admin.run("return window.posts") == 1


def test_the_clock(admin: Browser, own: Simulated) -> None:
    admin.go("settings/management")
    admin.run("document.getElementById('set-clock').value = arguments[0]", "2027-03-04T05:06:07")
    save_button(admin, "set-clock").click()
    admin.says("main", "The clock is set.")
    admin.go("metering/basic")
    admin.says("#clock", "2027-03-04 05:06:")
    admin.go("settings/management")
    save_button(admin, "set-clock").click()
    admin.says("main", "Enter a date from 2000 to 2099")


def test_the_module_resets_and_the_log_in_comes_back(admin: Browser) -> None:
    admin.go("settings/network")
    admin.put(field_of(n.HOST_NAME), "meter-7")
    save_button(admin, field_of(n.HOST_NAME)).click()
    admin.says("dialog", "It takes effect when the network module is reset.")
    admin.one("dialog button").click()
    # where the sessions are in memory only, a board's, one has to log in again
    admin.until(lambda: admin.all(".login") or "begun anew" in admin.text("#notice"))
    if admin.all(".login"):
        admin.enter("admin", "admin")
    admin.go("settings/network")
    assert admin.one(f"#{field_of(n.HOST_NAME)}").get_attribute("value") == "meter-7"
    assert "wait for a reset" not in admin.text(".warnings")


def test_passwords(admin: Browser) -> None:
    admin.go("settings/users")
    assert "the user and the administrator" in admin.text(".warnings")

    def change(current: str, new: str, again: str) -> None:
        for name, value in (("current", current), ("new", new), ("again", again)):
            admin.put(f"user-{name}", value)
        save_button(admin, "user-new").click()

    change("admin", "short", "short")
    admin.says("#user-new-error", "6 to 32")
    change("admin", "longer7", "longer8")
    admin.says("#user-again-error", "not the same")
    change("wrong", "longer7", "longer7")
    admin.says("#user-current-error", "password is wrong")
    change("admin", "longer7", "longer7")
    admin.says("form .bar [role=status]", "Changed.")
    assert "of the user" not in admin.text(".warnings")
    admin.driver.delete_all_cookies()
    admin.driver.get(f"{admin.address}/?again")
    admin.enter("user", "view")
    admin.says("#error", "The password is wrong.")
    admin.enter("user", "longer7")
    admin.one("#logout")


def test_who_guesses_has_to_wait(window: Browser, own: Simulated) -> None:
    browser = window.at(own.net["http"])
    browser.driver.delete_all_cookies()
    browser.driver.get(f"{browser.address}/?guess")
    browser.enter("admin", "")
    browser.says("#error", "Enter the password.")
    for _ in range(7):
        browser.enter("admin", "guess")
        browser.until(lambda: browser.text("#error"))
        if "Too many" in browser.text("#error"):
            break
    browser.says("#error", "Too many wrong passwords: wait")
