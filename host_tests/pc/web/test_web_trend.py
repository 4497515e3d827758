"""The trend in Chromium: live, of a data log, of thirty days that a logger has recorded; with the charting
library and without it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from logged_month import DAYS as LOGGED_DAYS
from logged_month import RECORDS, prepare
from selenium.webdriver.support.select import Select
from simulated import Simulated

from browser.chromium import NARROW, WIDE, Browser
from fourquad.points import posts as q
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


# What is recorded: voltages, frequency, and of an acurev2020 the currents of its eighteen inputs.
LOGGED = {"kw320": {q.LOGGER_REAL: 0b1_0000_0001}, "acurev2020": {q.LOGGER_REAL: 0b10_0101}}
# Gives all records of the first logger, from the first of its files to the end of the last one.
WHOLE = """
return fetch('/api/files/1').then(r => r.json())
  .then(r => [r.files[0].first, r.files[r.files.length - 1].end])
  .then(([first, end]) => fetch(`/api/file/1/${first}-${end}.csv`)).then(r => r.text());
"""


def busy_s(browser: Browser) -> float:
    """CPU time of the page's thread, whatever else this computer does."""
    found = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float({each["name"]: each["value"] for each in found}["TaskDuration"])


@pytest.mark.parametrize("model", LOGGED)
def test_thirty_days_of_a_logger_are_drawn_in_less_than_a_second(
    window: Browser, tmp_path: Path, model: str
) -> None:
    names = prepare(tmp_path / "flash", model, LOGGED[model])
    meter = Simulated(tmp_path, "--state", str(tmp_path / "flash"), model=model, nets=("http",))
    browser = window.at(meter.net["http"])
    drawn = ".plot canvas" if web_files.library() else ".plot svg path.trace"
    try:
        browser.login("user", "view")
        browser.complaints()
        browser.go("logs/trend")
        browser.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        before = busy_s(browser)
        choose(browser, "trend-from", "Logger 1")
        browser.until(lambda: [each.text for each in browser.all("#trend-what option")] == names)
        browser.one(drawn)
        # with the file taken apart
        assert busy_s(browser) - before < 1.0
        for size, name in ((WIDE, names[1]), (NARROW, names[-1])):
            browser.resize(size)
            before = busy_s(browser)
            browser.run("document.querySelector('.plot').replaceChildren()")
            choose(browser, "trend-what", name)
            browser.one(drawn)
            assert busy_s(browser) - before < 1.0, name
            assert not browser.overflow()
        # what was drawn is what was recorded: to the first record and the last one
        browser.one("main .bar button").click()
        browser.until(lambda: browser.all(".tall tbody tr"))
        last = [td.text for td in browser.all(".tall tbody tr:nth-child(2) :is(th, td)")]
        assert last[0] == "12-31 23:45" and float(last[1]) > 0
        head, *rows = browser.run(WHOLE).splitlines()
        assert head == ",".join(["Time", *names]) and len(rows) >= RECORDS
        assert [row.partition(",")[0] for row in rows[:2]] == ["2025-12-02 00:00:00", "2025-12-02 00:15:00"]
        at = names.index("V2") + 1
        assert all(abs(float(row.split(",")[at]) - 231.0) < 3 for row in rows[:: RECORDS // LOGGED_DAYS])
        assert not browser.complaints()
    finally:
        browser.driver.execute_cdp_cmd("Performance.disable", {})
        browser.resize(WIDE)
        meter.close()
