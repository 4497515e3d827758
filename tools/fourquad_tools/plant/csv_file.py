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
    lines = lines_of(data)
    if not lines:
        raise LoadError("empty")
    (_, heading), *rows = fields_of(lines)
    header = [name.upper() for name in heading]
    for name in header:
        if name not in ("TIME", *COLUMNS):
            raise LoadError(f"unknown column {name[:40]!r} (known: time, {', '.join(COLUMNS)})")
        if header.count(name) > 1:
            raise LoadError(f"there are two columns {name!r}")
    if "TIME" not in header or len(header) < 2:
        raise LoadError(f'the header needs "time" and at least one of {", ".join(COLUMNS)}')
    table = np.empty((len(rows), len(header)))
    for row, (n, fields) in enumerate(rows):
        if len(fields) != len(header):
            raise LoadError(f"row {n} has {len(fields)} values, the header {len(header)}")
        try:
            table[row] = [number(item) for item in fields]
        except ValueError:
            raise LoadError(f"row {n} holds something that is not a number") from None
    times = table[:, header.index("TIME")]
    if not np.isfinite(times).all():
        raise LoadError("each row needs its time")
    names = [name for name in COLUMNS if name in header]
    channels = [Channel(header.index(name) + 1, name, unit="V" if name[0] == "V" else "A") for name in names]
    values = table[:, [header.index(name) for name in names]]
    return Traces(channels, values, times - times[:1], certain=True)


def lines_of(data: bytes) -> list[tuple[int, str]]:
    """The lines of a CSV text that say something, with their numbers."""
    lines = [(n, line) for n, line in enumerate(texts(data)[-1].splitlines(), 1) if line.strip()]
    return [(n, line) for n, line in lines if not line.startswith("#")]


def fields_of(lines: list[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """Their fields; numbers have decimal points."""
    separator = next((mark for mark in _SEPARATORS if mark in lines[0][1]), ",")
    out = []
    for n, line in lines:
        fields = [item.strip().strip('"').strip() for item in line.split(separator)]
        out.append((n, fields if separator == "," else [item.replace(",", ".") for item in fields]))
    return out


def number(text: str) -> float:
    """A number, NaN where there is none. ValueError if it is something else."""
    value = float(text) if text else math.nan
    if math.isinf(value):
        raise ValueError
    return value
