"""The trend in Chromium: live, and of a data log, with the charting library and without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.support.select import Select

from browser.chromium import Browser
from fourquad_tools import web_files

pytestmark = pytest.mark.thorough
DAYS = 30
# 30 days of a record a minute, as the meter's data logs are given away
LOG = """
const rows = ["Time,4000H,4002H"];
for (let i = 0; i < 1440 * %d; i++) {
  const time = new Date(Date.UTC(2026, 0, 1) + 60000 * i).toISOString().slice(0, 19).replace("T", " ");
  rows.push(`${time},${i %% 1000},${Math.round(1e4 * Math.sin(i / 700))}`);
}
const text = rows.join("\\r\\n") + "\\r\\n";
const other = window.fetch;
window.fetch = (path, ...more) =>
  String(path).startsWith("/api/datalog/") ? Promise.resolve(new Response(text)) : other(path, ...more);
"""


def choose(browser: Browser, name: str, text: str) -> None:
    Select(browser.one(f"#{name}")).select_by_visible_text(text)


def test_what_is_seen_live_is_drawn(window: Browser) -> None:
    window.login("user", "view")
    window.complaints()
    window.go("logs/trend")
    drawn = ".plot canvas" if web_files.library() else ".plot svg path.trace"
    window.one(drawn)
    # a second value comes after five seconds; the numbers are those of the load
    window.one("main .bar button").click()
    window.until(lambda: window.all(".tall tbody tr"))
    assert [th.text for th in window.all(".tall thead th")] == ["Time", "v1", "v2", "v3"]
    assert [td.text for td in window.all(".tall tbody tr:first-child td")] == [
        "230.000",
        "231.000",
        "229.000",
    ]
    choose(window, "trend-what", "Frequency")
    window.one(drawn)
    assert not window.complaints()


def test_a_month_of_a_log(window: Browser, tmp_path: Path) -> None:
    window.login("user", "view")
    window.go("logs/trend")
    window.run(LOG % DAYS)
    choose(window, "trend-from", "Data log 1")
    window.until(lambda: [each.text for each in window.all("#trend-what option")] == ["4000H", "4002H"])
    drawn = ".plot canvas" if web_files.library() else ".plot svg path.trace"
    window.one(drawn)
    choose(window, "trend-what", "4002H")
    choose(window, "trend-span", "Last day")
    where = {"behavior": "allow", "downloadPath": str(tmp_path)}
    window.driver.execute_cdp_cmd("Browser.setDownloadBehavior", where)
    window.all("main .bar button")[1].click()
    file = tmp_path / "trend.csv"
    window.until(lambda: file.exists() and file.stat().st_size)
    rows = file.read_text().splitlines()
    assert rows[0] == "Time,4002H"
    assert rows[1].startswith("2026-01-29 23:59:00,") and rows[-1].startswith("2026-01-30 23:59:00,")
    assert len(rows) == 1 + 1441


def test_without_the_library_lines_are_plain(window: Browser) -> None:
    blocked = ["*/uplot.js"] if web_files.library() else []
    window.driver.execute_cdp_cmd("Network.enable", {})
    window.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": blocked})
    try:
        window.login("user", "view")
        window.go("logs/trend")
        window.says(".plain-lines", "made without the charting library")
        window.one(".plot svg path.trace")
        assert not window.overflow()
    finally:
        window.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
