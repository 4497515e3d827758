"""A Chromium without a window, and what a person does in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 60.0
NARROW = (360, 780)
WIDE = (1280, 900)
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
_IDLE_TALK = "Failed to load resource"  # of the answers that a test asks for


def _program(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


class NoBrowser(Exception):
    """Nothing to show pages with."""


class Browser:
    """One window on the pages at `address`. Logged out at first."""

    def __init__(self, folder: Path, address: str, size: tuple[int, int] = WIDE) -> None:
        chromium, driver = _program("chromium", "chromium-browser"), _program("chromedriver")
        if not (chromium and driver):
            raise NoBrowser("there is no chromium with its chromedriver here")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for option in (*_OPTIONS, f"--user-data-dir={folder}"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.address = address
        self.resize(size)

    def at(self, port: int) -> Browser:
        """The same window on the pages at another port of this computer."""
        other = copy(self)
        other.address = f"http://127.0.0.1:{port}"
        return other

    def resize(self, size: tuple[int, int], dark: bool = False) -> None:
        """The window, and which colours its owner likes."""
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        colours = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": colours})

    def until(self, there: Callable[[], Any]) -> Any:
        """Wait until something is there; it is given back."""
        wait = WebDriverWait(
            self.driver, PATIENCE_S, 0.05, ignored_exceptions=(StaleElementReferenceException, IndexError)
        )
        return wait.until(lambda _: there())

    def all(self, css: str) -> list[WebElement]:
        """What there is now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """The first, once it is there."""
        found: WebElement = self.until(lambda: self.all(css)[0])
        return found

    def text(self, css: str) -> str:
        """Its words, "" while it is not there."""
        found = self.all(css)
        return found[0].text if found else ""

    def says(self, css: str, words: str) -> None:
        """Wait until it has these words."""
        try:
            self.until(lambda: any(words in each.text for each in self.all(css)))
        except Exception:
            raise AssertionError(
                f"{css} says {[each.text for each in self.all(css)]}, not {words!r}"
            ) from None

    def login(self, level: str, password: str) -> None:
        """From any page; waits until the menu is there."""
        self.driver.delete_all_cookies()
        self.driver.get(f"{self.address}/?{level}")
        self.enter(level, password)
        self.one("#logout")

    def enter(self, level: str, password: str) -> None:
        """Fill the form of the log-in."""
        Select(self.one("#level")).select_by_value(level)
        self.put("password", password)
        self.one(".login button").click()

    def go(self, route: str) -> None:
        """Show a page, and wait until its values or fields are there."""
        self.run("location.hash = arguments[0]", f"#/{route}")
        self.until(lambda: self.all(f'main[data-ready="{route}"]'))

    def put(self, name: str, value: str) -> None:
        """Type into the field with this id."""
        field = self.one(f"#{name}")
        if field.tag_name == "select":
            Select(field).select_by_visible_text(value)
            return
        field.clear()
        field.send_keys(value)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def overflow(self) -> int:
        """By how much the page is wider than the window."""
        width = self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return int(width)

    def complaints(self) -> list[str]:
        """What the console has said since the last time."""
        entries = self.driver.get_log("browser")
        said = [str(entry["message"]) for entry in entries if entry["source"] != "recommendation"]
        return [message for message in said if _IDLE_TALK not in message]

    def close(self) -> None:
        """End it."""
        self.driver.quit()


@contextmanager
def opened(folder: Path, address: str, size: tuple[int, int] = WIDE) -> Iterator[Browser]:
    """A browser that ends by itself."""
    browser = Browser(folder, address, size)
    try:
        yield browser
    finally:
        browser.close()
