"""The words of the native kernels' state have the same names and places in every file that uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

KERNELS = Path(__file__).resolve().parents[3] / "lib" / "fourquad" / "metering" / "kernels"
WORD = re.compile(r"^_?([A-Z]+) = const\((\d+)\)", re.MULTILINE)


def words(name: str) -> dict[str, int]:
    """The constants of a kernel's file: name and number."""
    found = {word: int(number) for word, number in WORD.findall((KERNELS / name).read_text())}
    assert found
    return found


STATE = {**words("sums_native.py"), **words("sums16_native.py")}


def test_the_wide_kernel_has_the_narrow_ones_words() -> None:
    narrow, wide = words("sums_native.py"), words("sums16_native.py")
    shared = set(narrow) & set(wide)
    assert shared >= {"CHANNELS", "PAIRS", "RAW"}
    # OFFSETS is one that each has its own of
    assert {name for name in shared if narrow[name] != wide[name]} == {"OFFSETS"}


@pytest.mark.parametrize("name", ["thumb.py", "thumb16.py"])
def test_the_assembler_counts_in_bytes(name: str) -> None:
    assert words(name) == {word: 4 * STATE[word] for word in words(name)}
