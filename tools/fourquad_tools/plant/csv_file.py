"""CSV of samples: a header with `time` (seconds) and any of V1 V2 V3 I1 I2 I3, then a row a sample.

Columns are separated by commas, semicolons or tabs; where it is not the comma, numbers may have decimal
commas.
"""

from __future__ import annotations

import math

import numpy as np

from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.traces import Channel, Traces, texts

COLUMNS = ("V1", "V2", "V3", "I1", "I2", "I3")
_SEPARATORS = ";\t,"


def parse_csv(data: bytes) -> Traces:
    """The samples in a CSV text. LoadError names the row that is wrong."""
    lines = [(n, line) for n, line in enumerate(texts(data)[-1].splitlines(), 1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.startswith("#")]
    if not lines:
        raise LoadError("empty")
    separator = next((mark for mark in _SEPARATORS if mark in lines[0][1]), ",")
    header = [name.upper() for name in _fields(lines[0][1], separator)]
    for name in header:
        if name not in ("TIME", *COLUMNS):
            raise LoadError(f"unknown column {name[:40]!r} (known: time, {', '.join(COLUMNS)})")
        if header.count(name) > 1:
            raise LoadError(f"there are two columns {name!r}")
    if "TIME" not in header or len(header) < 2:
        raise LoadError(f'the header needs "time" and at least one of {", ".join(COLUMNS)}')
    table = np.empty((len(lines) - 1, len(header)))
    for row, (n, line) in enumerate(lines[1:]):
        fields = _fields(line, separator)
        if len(fields) != len(header):
            raise LoadError(f"row {n} has {len(fields)} values, the header {len(header)}")
        try:
            table[row] = [_number(item, separator) for item in fields]
        except ValueError:
            raise LoadError(f"row {n} holds something that is not a number") from None
    times = table[:, header.index("TIME")]
    if not np.isfinite(times).all():
        raise LoadError("each row needs its time")
    names = [name for name in COLUMNS if name in header]
    channels = [Channel(header.index(name) + 1, name, unit="V" if name[0] == "V" else "A") for name in names]
    values = table[:, [header.index(name) for name in names]]
    return Traces(channels, values, times - times[:1], certain=True)


def _fields(line: str, separator: str) -> list[str]:
    return [item.strip().strip('"').strip() for item in line.split(separator)]


def _number(text: str, separator: str) -> float:
    """A number, NaN where there is none. ValueError if it is something else."""
    if not text:
        return math.nan
    if separator != ",":
        text = text.replace(",", ".")
    value = float(text)
    if math.isinf(value):
        raise ValueError
    return value
