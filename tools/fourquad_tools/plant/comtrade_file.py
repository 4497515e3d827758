"""COMTRADE (IEEE C37.111 of 1991, 1999 and 2013), read for its samples only.

What a meter does not need is not looked at: dates, quality codes, digital channels. There field files differ
most from the standard.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from fourquad_tools.plant.channels import match
from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.traces import Channel, Traces, Values, texts
from fourquad_tools.strict import whole

MOST_CHANNELS = 10_000
# Type: numpy's type of a value, and the code that marks a missing one.
_BINARY = {"BINARY": ("<i2", -0x8000), "BINARY32": ("<i4", -0x8000_0000), "FLOAT32": ("<f4", None)}
_MISSING_TEXT = 99999.0
_MISSING_STAMP = 0xFFFF_FFFF
_SECTION = re.compile(
    rb"^---\s*file type:\s*(CFG|INF|HDR|DAT)\s*(\w*)\s*(?::\s*\d+\s*)?---[ \t]*\r?\n",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass
class Config:
    """A configuration file: the channels with their factors, and how the samples are stored."""

    channels: list[Channel]
    factors: Values  # one row a channel: multiplier, offset, greatest code
    digital: int
    nominal: float | None
    rates: list[tuple[float, int]]  # hertz, number of the last sample
    kind: str
    stamp_unit: float  # seconds


class _Lines:
    """The lines of a configuration file, in turn."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.number = 0

    def next(self) -> list[str]:
        """The fields of the next line; none beyond the end."""
        self.number += 1
        line = self._lines[self.number - 1] if self.number <= len(self._lines) else ""
        return [item.strip() for item in line.split(",")]

    def bad(self, what: str) -> LoadError:
        """The error that the present line is."""
        return LoadError(f"not a COMTRADE configuration: line {self.number}: {what}")


def parse_config(text: str) -> Config:
    """The configuration in a .cfg text. LoadError names the line that is wrong."""
    lines = _Lines(text)
    lines.next()
    found = re.fullmatch(r"\d+,(\d+)A,(\d+)D", "".join(",".join(lines.next()).split()).upper())
    analog = whole(found[1], 1, MOST_CHANNELS) if found else None
    digital = whole(found[2], 0, MOST_CHANNELS) if found else None
    if analog is None or digital is None:
        raise lines.bad("must be numbers of channels such as 6,6A,0D")
    channels, factors = [], []
    for _ in range(analog):
        channel, factor = _analog(lines)
        channels.append(channel)
        factors.append(factor)
    for _ in range(digital):
        lines.next()
    nominal = _real(lines.next()[0], 0.0)
    count = whole(lines.next()[0] or "0", 0, MOST_CHANNELS)
    if count is None:
        raise lines.bad("must be the number of sampling rates")
    rates = []
    for _ in range(max(count, 1)):
        fields = lines.next()
        last = whole(fields[1], 0, 999_999_999) if len(fields) > 1 else None
        rate = _real(fields[0], 0.0)
        if last is None or rate is None or rate < 0.0:
            raise lines.bad("must be a sampling rate and the number of its last sample")
        rates.append((rate, last))
    start = ",".join(lines.next())
    lines.next()
    kind = lines.next()[0].upper()
    if kind != "ASCII" and kind not in _BINARY:
        raise lines.bad(f"the type of the data {kind[:20]!r} is none of ASCII, {', '.join(_BINARY)}")
    multiplier = _real(lines.next()[0], 1.0)
    if not multiplier or multiplier < 0.0:
        raise lines.bad("must be the multiplier of the time stamps")
    # The edition of 2013 counts nanoseconds where the first date has a fraction of nine digits.
    unit = 1e-9 if re.search(r"\.\d{7}", start) else 1e-6
    return Config(channels, np.array(factors), digital, nominal or None, rates, kind, unit * multiplier)


def _analog(lines: _Lines) -> tuple[Channel, tuple[float, float, float]]:
    fields = lines.next()
    if len(fields) < 7:
        raise lines.bad(
            "an analog channel has at least a number, name, phase, circuit, unit, multiplier, offset"
        )
    fields += [""] * (13 - len(fields))
    a, b = _real(fields[5], None), _real(fields[6], 0.0)
    highest = _real(fields[9], 0.0)
    primary, secondary = _real(fields[10], 1.0), _real(fields[11], 1.0)
    if a is None or b is None or highest is None or primary is None or secondary is None:
        raise lines.bad("its factors are no numbers")
    ratio = 1.0
    if fields[12].upper().startswith("S"):
        if primary <= 0.0 or secondary <= 0.0:
            raise lines.bad(f"secondary values with a ratio of {primary:g} to {secondary:g}")
        ratio = primary / secondary
    number = whole(fields[0], 0, 999_999_999)
    return Channel(number or lines.number - 2, fields[1], fields[2], fields[4], ratio), (a, b, highest)


def _real(text: str, default: float | None) -> float | None:
    """A finite number; `default` where there is no text, None where it is none."""
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def parse_comtrade(config: bytes, data: bytes) -> Traces:
    """The recording in a .cfg and its .dat."""
    return samples(configuration(config), data)


def parse_cff(data: bytes) -> Traces:
    """The recording in one .cff file."""
    sections = {}
    marks = list(_SECTION.finditer(data))
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(data)
        sections[mark[1].upper()] = data[mark.end() : end]
    if b"CFG" not in sections or b"DAT" not in sections:
        raise LoadError("not a COMTRADE file: it has no sections CFG and DAT")
    return parse_comtrade(sections[b"CFG"], sections[b"DAT"])


def configuration(data: bytes) -> Config:
    """The configuration by that code page in which its channels can be told."""
    configs = [parse_config(text) for text in texts(data)]
    for config in configs:
        try:
            match(config.channels)
        except LoadError:
            continue
        return config
    return configs[-1]


def samples(config: Config, data: bytes) -> Traces:
    """The samples of a recording with that configuration in the bytes of its .dat."""
    total = config.rates[-1][1]
    stamps, codes = (_from_text if config.kind == "ASCII" else _from_binary)(config, data)
    if len(codes) < total:
        raise LoadError(f"its data file is too short: {len(codes)} of {total} samples")
    out = Traces(config.channels, codes, nominal=config.nominal)
    if total and len(codes) > total:
        out.notes.append(
            f"the data file has {len(codes)} samples, the configuration names {total}: these are taken"
        )
        stamps, codes = stamps[:total], codes[:total]
    out.values = codes * config.factors[:, 0] + config.factors[:, 1]
    if np.isfinite(stamps).all() and len(stamps) > 1 and stamps[-1] > stamps[0]:
        out.times = (stamps - stamps[0]) * config.stamp_unit
    rates = [rate for rate, _ in config.rates]
    if min(rates) <= 0.0:
        return out
    if max(rates) < 1.001 * min(rates):
        out.rate = rates[0]
    elif out.times is None:
        ends = [last for _, last in config.rates]
        lengths = np.maximum(np.diff([1, *ends]), 0)
        out.times = np.concatenate([[0.0], np.cumsum(np.repeat(1.0 / np.array(rates), lengths))])[
            : len(codes)
        ]
        if len(out.times) < len(codes):
            raise LoadError("its sampling rates do not say how long each is valid")
    else:
        out.notes.append(
            f"{len(rates)} sampling rates from {min(rates):g} to {max(rates):g} Hz: the time stamps count"
        )
    return out


def _from_text(config: Config, data: bytes) -> tuple[Values, Values]:
    width = 2 + len(config.channels)
    rows = [row for row in texts(data)[0].splitlines() if row.strip(" \t\x1a\x00")]
    numbers = []
    for n, row in enumerate(rows):
        try:
            numbers.append(
                [float(item) if item.strip() else math.nan for item in row.split(",", width)[:width]]
            )
        except ValueError:
            numbers.append([])
        if len(numbers[-1]) != width:
            raise LoadError(f"its data file: row {n + 1} is not {width} numbers or more")
    table = np.array(numbers).reshape(-1, width)
    codes = table[:, 2:]
    # A channel whose codes go further has no mark for a missing sample.
    codes[(codes == _MISSING_TEXT) & (config.factors[:, 2] <= _MISSING_TEXT)] = math.nan
    codes[~np.isfinite(codes)] = math.nan
    return table[:, 1], codes


def _from_binary(config: Config, data: bytes) -> tuple[Values, Values]:
    kind, missing = _BINARY[config.kind]
    words = -(-config.digital // 16)
    record = np.dtype(
        [("n", "<u4"), ("t", "<u4"), ("a", kind, (len(config.channels),)), ("d", "<u2", (words,))]
    )
    table = np.frombuffer(data[: len(data) // record.itemsize * record.itemsize], record)
    codes = table["a"].astype(np.float64)
    if missing is not None:
        codes[codes == missing] = math.nan
    codes[~np.isfinite(codes)] = math.nan
    stamps = table["t"].astype(np.float64)
    stamps[table["t"] == _MISSING_STAMP] = math.nan
    return stamps, codes
