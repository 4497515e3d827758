"""Backup and import of the configuration in Chromium, from one meter to another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulated import Simulated

from browser.chromium import Browser
from fourquad import points as p
from fourquad.points import network as n
from fourquad.points.mail import MAIL_PASSWORD

pytestmark = pytest.mark.thorough
CHANGES = {p.SETTING + p.CT1: 400, p.SETTING + n.MODBUS_PORT: 2002, p.SETTING + MAIL_PASSWORD: "mail secret"}
WRITE = """
return fetch('/api/session').then(r => r.json()).then(s => fetch('/api/write', {method: 'POST',
headers: {'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf},
body: JSON.stringify(arguments[0])})).then(r => r.status)
"""
# Gives what the page would have kept, instead of keeping it.
CAUGHT = """
window.kept = null;
HTMLAnchorElement.prototype.click = function () { window.named = this.download; };
URL.createObjectURL = (blob) => {
  blob.text().then((text) => (window.kept = [window.named, text]));
  return "blob:none";
};
"""
VALUES = """
return Promise.all(arguments[0].map(f => fetch('/api/settings/' + f).then(r => r.json())))
.then(all => Object.fromEntries(all.flatMap(f => f.settings.map(s => [s.id, s.value ?? s.text ?? s.set]))))
"""
FORMS = ["meter", "network", "mail"]


@pytest.fixture
def two(tmp_path: Path, window: Browser) -> Iterator[list[Browser]]:
    """An administrator's browser on each of two meters."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    meters = [Simulated(tmp_path / name, nets=("http",)) for name in ("one", "two")]
    browsers = []
    for meter in meters:
        browser = window.at(meter.net["http"])
        browsers.append(browser)
    yield browsers
    for meter in meters:
        meter.close()


def backup(browser: Browser, phrase: str = "") -> str:
    """What the page gives."""
    browser.login("admin", "admin")
    browser.go("settings/backup")
    browser.run(CAUGHT)
    browser.put("backup-phrase", phrase)
    browser.one("form[aria-label=Backup] button").click()
    browser.until(lambda: browser.run("return window.kept"))
    name, text = browser.run("return window.kept")
    assert name.startswith("kw320-") and name.endswith("-config.json")
    return str(text)


def choose(browser: Browser, path: Path, phrase: str = "") -> None:
    """Choose a file, and let it be imported."""
    browser.one("#import-file").send_keys(str(path))
    browser.put("import-phrase", phrase)
    browser.one("form[aria-label=Import] button").click()


def values(browser: Browser) -> dict[str, object]:
    """Settings of some forms."""
    found: dict[str, object] = browser.run(VALUES, FORMS)
    return found


STATUS = "form[aria-label=Import] [role=status]"


def test_a_configuration_goes_from_meter_to_meter(two: list[Browser], tmp_path: Path) -> None:
    first, second = two
    first.login("admin", "admin")
    assert first.run(WRITE, {str(pid): value for pid, value in CHANGES.items()}) == 200
    sealed, plain = backup(first, "correct horse"), backup(first)
    assert "mail secret" not in sealed and '"sealed"' in sealed and '"sealed"' not in plain
    assert first.run("return [...document.scripts].length") and not first.overflow()
    file = tmp_path / "meter.json"
    file.write_text(sealed)
    second.login("admin", "admin")
    second.go("settings/backup")
    before = values(second)
    # what is refused, and says so
    choose(second, file, "another phrase")
    second.says(STATUS, "passphrase is not that of the file")
    broken = tmp_path / "broken.json"
    for text, words in (
        (sealed.replace(f'"{p.SETTING + p.CT1}":400', f'"{p.SETTING + p.CT1}":401'), "damaged"),
        (sealed.replace('"format":3', '"format":4'), "newer firmware"),
        (sealed.replace('"model":"kw320"', '"model":"kw320q"'), "another model: kw320q"),
        ("no configuration\n", "no configuration"),
        (sealed[:3000], "damaged"),
    ):
        broken.write_text(text)
        choose(second, broken, "correct horse")
        second.says(STATUS, words)
    assert values(second) == before
    # asked, and not wanted
    choose(second, file, "correct horse")
    second.until(lambda: second.all("dialog"))
    assert "3 settings change, passwords with them" in second.text("dialog")
    second.all("dialog button")[1].click()
    second.says(STATUS, "Nothing was changed")
    assert values(second) == before
    # and wanted
    choose(second, file, "correct horse")
    second.until(lambda: second.all("dialog"))
    second.all("dialog button")[0].click()
    second.says(STATUS, "3 settings changed")
    second.until(lambda: second.all("dialog"))
    second.all("dialog button")[1].click()
    after = values(second)
    assert {int(pid): after[pid] for pid in after if after[pid] != before[pid]} == {
        **CHANGES,
        p.SETTING + MAIL_PASSWORD: True,
    }
    # the same once more
    choose(second, file)
    second.says(STATUS, "nothing to change")
    second.go("logs/events")
    second.says("main", "Configuration imported")
    first.login("admin", "admin")
    first.go("logs/events")
    first.says("main", "Configuration exported with its passwords")
