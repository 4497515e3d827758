"""What holds for every page of every model."""

from __future__ import annotations

from typing import Any

from browser.chromium import NARROW, WIDE, Browser
from fourquad_tools.web.layout import layout

PASSWORDS = {"user": "view", "admin": "admin"}
# Elements to type into or press that nobody could name.
UNNAMED = """
return [...document.querySelectorAll('main :is(input, select, button)')]
  .filter(e => !(e.labels?.length || e.textContent.trim() || e.ariaLabel)).map(e => e.outerHTML)
"""
CHANGES = "main :is(input, select):not([id^=choice-], [id^=trend-]):enabled"


def every_page(model: str, version: str = "") -> dict[str, dict[str, Any]]:
    """Route and page of what every version of a model has, or of what only this one has."""
    return {
        route: page for route, page in layout(model)["pages"].items() if (page.get("only") or "") == version
    }


def walk(
    window: Browser, level: str, pages: dict[str, dict[str, Any]], seen: dict[str, tuple[str, ...]]
) -> None:
    """Through all pages, wide and narrow; `seen`: words that are on them."""
    window.login(level, PASSWORDS[level])
    window.complaints()
    admin = level == "admin"
    routes = [a.get_attribute("href").partition("#/")[2] for a in window.all("#menu li a")]
    assert routes == [route for route in pages if admin or not pages[route].get("admin")]
    look(window, level, {route: pages[route] for route in routes}, seen)


def look(
    window: Browser, level: str, pages: dict[str, dict[str, Any]], seen: dict[str, tuple[str, ...]]
) -> None:
    """At these pages, wide and narrow, of who has logged in."""
    for route in pages:
        window.resize(WIDE)
        window.go(route)
        assert window.text("main h1") == pages[route]["title"]
        assert not window.overflow(), f"{route} is too wide"
        for words in seen.get(route, ()):
            assert words in window.text("main"), f"{route}: no {words}"
        # what changes something is an administrator's
        if level != "admin":
            assert not window.all("main form button[type=submit]"), route
            assert not window.all(CHANGES), route
        window.resize(NARROW)
        assert not window.overflow(), f"{route} is too wide on a phone"
        assert not window.run(UNNAMED), f"{route}: without a label"
    window.resize(WIDE)
    assert not window.complaints()
