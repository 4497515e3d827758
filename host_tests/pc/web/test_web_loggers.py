"""The files of the data loggers in Chromium: deleted by an administrator; and when a logger begins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from logged_month import prepare
from simulated import Simulated

from browser.chromium import NARROW, WIDE, Browser
from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.points import mail
from fourquad.points import posts as q

pytestmark = pytest.mark.thorough
DAY = 14  # code of events/spans.py
BUTTONS = "main tbody button"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A meter whose first logger has thirty days in files of one."""
    folder = tmp_path_factory.mktemp("loggers")
    prepare(folder / "flash", "kw320", {q.LOGGER_REAL: 1, q.LOGGER_LOCAL: DAY})
    meter = Simulated(folder, "--state", str(folder / "flash"), nets=("http",))
    yield meter
    meter.close()


def names(pages: Browser) -> list[str]:
    """Of the files, the newest first."""
    pages.go("logs/files")
    pages.until(lambda: len(pages.all("main tbody tr")) > 1)
    return [link.text for link in pages.all("main tbody a")]


def test_files_go_once_that_was_confirmed(pages: Browser) -> None:
    pages.login("user", "view")
    before = names(pages)
    assert len(before) >= 30 and not pages.all(BUTTONS)
    pages.login("admin", "admin")
    assert names(pages) == before
    # the newest is still written, and stays
    assert len(pages.all(BUTTONS)) == len(before) - 1
    for size in (NARROW, WIDE):
        pages.resize(size)
        assert not pages.overflow()
    pages.all(BUTTONS)[9].click()
    assert before[10] in pages.text("dialog")
    pages.all("dialog button")[1].click()
    assert names(pages) == before
    pages.all(BUTTONS)[9].click()
    pages.all("dialog button")[0].click()
    pages.until(lambda: len(pages.all("main tbody tr")) == 10)
    assert names(pages) == before[:10]
    assert not pages.complaints()


@pytest.mark.parametrize(
    ("route", "offset"), [("settings/loggers", q.LOGGER_START), ("settings/mail", mail.MAIL_START)]
)
def test_a_start_is_a_date_and_a_time(pages: Browser, own: Simulated, route: str, offset: int) -> None:
    pages.login("admin", "admin")
    name = f"s{p.SETTING + offset}"
    for typed, stored in (("2026-05-04T03:02:01", seconds(2026, 5, 4, 3, 2, 1)), ("", 0)):
        pages.go(route)
        pages.run("document.getElementById(arguments[0]).value = arguments[1]", name, typed)
        pages.run("document.getElementById(arguments[0]).form.requestSubmit()", name)
        pages.until(lambda: pages.all("dialog") or "Saved" in pages.text("main"))
        if pages.all("dialog"):
            pages.one("dialog button.plain").click()
        pages.until(lambda: not pages.all("dialog"))
        form = "loggers" if route.endswith("loggers") else "mail"
        script = f"return fetch('/api/settings/{form}').then(r => r.json()).then(r => r.settings)"
        told = {row["id"]: row.get("value") for row in pages.run(script)}
        assert told[p.SETTING + offset] == stored
        pages.go("dashboard")
        pages.go(route)
        assert pages.one(f"#{name}").get_attribute("value") == typed
