"""Formats under any number: within half a last digit, four digits at most, dashes where nothing fits."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourquad.display.formats import count, reading
from fourquad.display.rows.screen import Screen

PREFIX = {"V": 1.0, "A": 1.0, "W": 1.0, "var": 1.0, "VA": 1.0, "Hz": 1.0, "": 1.0}
PREFIX |= {"kV": 1e3, "kA": 1e3, "kW": 1e3, "kvar": 1e3, "kVA": 1e3, "MW": 1e6, "Mvar": 1e6, "MVA": 1e6}
LIMIT = {
    "V": 9999.5e3,
    "A": 9999.5e3,
    "W": 9999.5e6,
    "var": 9999.5e6,
    "VA": 9999.5e6,
    "PF": 99.995,
    "Hz": 999.95,
}


def shown(value: float, kind: str) -> tuple[str, str]:
    screen = Screen()
    reading(value, kind, screen, 0)
    return screen.digits[0], screen.units[0]


def single(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


@pytest.mark.parametrize("kind", sorted(LIMIT))
@given(value=st.floats(-2e10, 2e10) | st.floats(-2e4, 2e4) | st.floats(-2, 2))
def test_within_half_a_last_digit(kind: str, value: float) -> None:
    value = single(value)
    text, unit = shown(value, kind)
    if text == "----":
        assert abs(value) >= LIMIT[kind] * (1 - 1e-6)
        return
    digits = text.lstrip("-").replace(".", "")
    assert len(digits) <= 4 and digits.isdigit()
    assert float(text) != 0 or not text.startswith("-")
    decimals = len(text.partition(".")[2])
    prefix = PREFIX[unit]
    assert abs(float(text) * prefix - value) <= 0.5 * 10**-decimals * prefix * (1 + 1e-6) + 1e-12
    # No place is wasted: one more decimal would not fit, or three are shown.
    lowest = 2 if kind == "Hz" else 3
    assert decimals == lowest or abs(value) / prefix * 10 ** (decimals + 1) >= 9999.4


@given(value=st.floats(0, 360))
def test_angles_stay_below_a_full_turn(value: float) -> None:
    number = float(shown(value, "deg")[0])
    assert 0 <= number < 360
    assert min(abs(number - value), 360 - abs(number - value)) <= 0.0501


@given(number=st.integers(-(10**9) + 1, 10**9 - 1), decimals=st.integers(0, 3))
def test_registers_are_exact(number: int, decimals: int) -> None:
    text = count(number, decimals)
    assert int(text.replace(".", "")) == number
    assert len(text.partition(".")[2]) == decimals
    # Nine places, or the zeros before the point that a small number needs.
    assert len(text.lstrip("-").replace(".", "")) <= 9
