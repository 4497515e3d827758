"""The device profile page says what the tables say."""

from __future__ import annotations

import pytest

from fourquad.models import kw320
from fourquad.models.kw320 import dnp3, dnp3_names
from fourquad.points import columns as c
from fourquad_tools.pages.docs import documents


@pytest.fixture(scope="module")
def page() -> str:
    return documents("kw320")["kw320/dnp3.md"]


@pytest.mark.parametrize("name", ["SERIAL", "NETWORK"])
def test_every_point_has_a_name_and_every_name_a_point(name: str) -> None:
    named = {
        (group, first + i) for group, first, points in getattr(dnp3_names, name) for i in range(len(points))
    }
    _, points, controls, _ = getattr(dnp3, name)
    listed = {(row[0], row[1] + i) for row in points for i in range(row[2])}
    assert named == listed | {(12, row[0]) for row in controls}


def test_the_list_of_the_manual(page: str) -> None:
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    serial = rows[: next(i for i, line in enumerate(rows) if line.startswith("| 12/1 index 2"))]
    assert sum(line.startswith("| 100 | ") and line.count("|") == 9 for line in serial) == 39
    assert sum(line.startswith("| 20 | ") and line.count("|") == 9 for line in serial) == 37
    assert sum(line.startswith("| 30 | ") and line.count("|") == 9 for line in serial) == 8
    assert "| 12/1 index 0 | Switch to Modbus | 03H latch on, 0 ms on, 1 ms off: 0 |" in rows


def test_everything_of_the_lists_is_measured(page: str) -> None:
    for _, points, _, _ in (dnp3.SERIAL, dnp3.NETWORK):
        assert all(row[3] is not None for row in points)
    assert "not measured yet" not in page


def test_every_port_that_speaks_it_is_there(page: str) -> None:
    for row in kw320.PORTS:
        speaks = any(name == "dnp3" for name, _ in row[c.SPEAKS])
        assert (f"## Port `{row[0]}`" in page) == speaks
