"""Power quality of a kw320q in Chromium: events, waveforms, and their files, which PyPI's comtrade reads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import comtrade
import pytest
from simulated import Simulated
from walk import PASSWORDS, every_page, look

from browser.chromium import Browser

pytestmark = pytest.mark.thorough
LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 0.25, "lag": 30.0},
        {"volts": 115.0, "amps": 0.2, "lag": 0.0},
        {"volts": 230.0, "amps": 0.1, "lag": 60.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A kw320q that has seen a sag of its second phase, with a current transformer of 10 to 1."""
    meter = Simulated(tmp_path_factory.mktemp("q"), model="kw320q", load=LOAD, nets=("http",))
    for name, value in (("ct1", 10), ("ct2", 333), ("rated_voltage", 230), ("sag_threshold", 80)):
        meter.ask(cmd="set", name=name, value=value)
    yield meter
    meter.close()


@pytest.mark.parametrize("level", ["user", "admin"])
def test_its_own_pages(window: Browser, quality: Simulated, level: str) -> None:
    browser = window.at(quality.net["http"])
    browser.login(level, PASSWORDS[level])
    pages = every_page("kw320", "kw320q")
    assert len(pages) == 3
    look(browser, level, pages, {})


def test_a_waveform_is_captured_seen_and_taken_away(
    window: Browser, quality: Simulated, tmp_path: Path
) -> None:
    browser = window.at(quality.net["http"])
    browser.login("admin", "admin")
    routes = [a.get_attribute("href").partition("#/")[2] for a in browser.all("#menu li a")]
    assert {"logs/quality", "logs/waveforms", "settings/quality"} <= set(routes)
    browser.go("logs/waveforms")
    assert "Nothing was captured yet." in browser.text("main")
    browser.one("main .bar button").click()
    browser.says("main", "Captured")
    quality.ask(cmd="advance", seconds=3)
    browser.says("tbody", "manual")
    browser.complaints()
    browser.one("button[aria-label='View group 1']").click()
    browser.says("main h2", "Group 1: manual")
    browser.until(lambda: len(browser.all("main .plot :is(canvas, svg)")) == 2)
    assert not browser.overflow()
    assert not browser.complaints()

    where = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", where)
    browser.one("button[aria-label='COMTRADE group 1']").click()
    config, data = tmp_path / "waveform001.cfg", tmp_path / "waveform001.dat"
    browser.until(lambda: config.exists() and data.exists() and data.stat().st_size)
    recording = comtrade.load(str(config), str(data))
    assert recording.analog_channel_ids == ["V1", "V2", "V3", "I1", "I2", "I3"]
    assert recording.total_samples == 1280
    assert recording.cfg.sample_rates[0][0] == pytest.approx(3200, rel=1e-3)
    # effective values over whole cycles, of the primary side
    for channel, due in zip(recording.analog, (230.0, 115.0, 230.0, 0.25, 0.2, 0.1), strict=True):
        effective = math.sqrt(sum(value * value for value in channel) / len(channel))
        assert effective == pytest.approx(due, rel=0.01)


def test_events_are_told_by_their_phases(window: Browser, quality: Simulated) -> None:
    browser = window.at(quality.net["http"])
    browser.login("user", "view")
    browser.go("logs/quality")
    assert "No event yet." in browser.text("main")
    quality.ask(cmd="set", name="sag_capture", value=1)
    quality.ask(cmd="advance", seconds=2)
    browser.says("tbody", "Sag of 2")
    browser.says("tbody", "80 % of 230 V, 10 half cycles")
    browser.go("logs/waveforms")
    browser.says("tbody", "sag 2")
    # a user may look, and no more
    assert not browser.all("main .bar button")


def test_all_are_deleted_once_that_was_confirmed(window: Browser, quality: Simulated) -> None:
    browser = window.at(quality.net["http"])
    browser.login("admin", "admin")
    browser.go("logs/waveforms")
    browser.one("main .bar button").click()
    browser.says("main", "Captured")
    quality.ask(cmd="advance", seconds=3)
    browser.says("tbody", "manual")
    browser.one("main .bar button.plain").click()
    browser.one("dialog button").click()
    browser.says("main", "Nothing was captured yet.")
