"""Text from outside: JSON and whole numbers, with an answer in one line to whatever else it is."""

from __future__ import annotations

import json
import math
from typing import Any

_LONGEST_NUMBER = 300  # characters; what is shorter fits into a float
_LONGEST_WHOLE = 9


def parse_json(data: bytes) -> Any:
    """What the JSON in `data` (UTF-8) says, all numbers finite. ValueError with one line otherwise."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not a text in UTF-8") from None
    try:
        return json.loads(text, parse_int=_int, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def finite(value: Any) -> Any:
    """`value` with null where a number in it is not finite, which JSON cannot say."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value


def whole(text: str, low: int, high: int) -> int | None:
    """The number that ASCII digits write, or None if it is none from `low` to `high`."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_WHOLE):
        return None
    number = int(text)
    return number if low <= number <= high else None


def _int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _constant(text: str) -> float:
    raise ValueError(f"{text} is no number")
