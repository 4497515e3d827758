"""Plots: nothing that is plotted hides behind something else."""

from __future__ import annotations

import re

from accuracy.plot import Plot, Series


def drawn(*series: Series) -> str:
    """The picture without its legend: what lies left of 570."""
    plot = Plot("", "x", "y", (0, 1, 2), (0, 1), series=list(series))
    return plot.svg()


def test_a_line_under_an_equal_one_is_seen() -> None:
    points = [(0.0, 0.0), (2.0, 1.0)]
    svg = drawn(
        Series("V1", points), Series("V2", points), Series("V3", points), Series("limit", points, "limit")
    )
    lines = re.findall(r"<polyline[^>]*>", svg)
    gaps = [re.search(r'stroke-dasharray="(\d+) (\d+)"', line) for line in lines]
    first, second, third, limit = ((0 if gap is None else int(gap[2]) / int(gap[1])) for gap in gaps)
    assert first == 0 < second < third
    assert gaps[3] is not None and limit not in (first, second, third)


def test_points_of_three_chips_stand_side_by_side_with_marks_of_their_own() -> None:
    svg = drawn(Series("PF 1", [(1.0, 0.5), (1.0, 0.5), (1.0, 0.5), (2.0, 0.5)], "dots"))
    chart = [line for line in svg.splitlines() if "#1b6ca8" in line]
    circles = [float(re.search(r'cx="([^"]*)"', line)[1]) for line in chart if "<circle" in line]
    squares = [float(re.search(r' x="([^"]*)"', line)[1]) for line in chart if "<rect" in line]
    triangles = [line for line in chart if "<polygon" in line]
    assert (len(circles), len(squares), len(triangles)) == (3, 1, 1)  # one circle in the legend
    assert 6 <= squares[0] + 2.7 - circles[0] <= 8
    assert "the third" in svg
    assert "the third" not in drawn(Series("PF 1", [(1.0, 0.5), (2.0, 0.5)], "dots"))
