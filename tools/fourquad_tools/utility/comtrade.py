"""A capture as COMTRADE: IEC 60255-24:2013 (IEEE C37.111-2013), a .cfg and a .dat in ASCII or binary."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

KINDS = ("ASCII", "BINARY")
HIGHEST = 32767  # -32768 marks a missing sample in binary files
UNKNOWN_ZONE = "0,x"  # the meter's clock has no zone
QUALITY = "B,3"  # the clock is within 10 s; it knows no leap seconds


@dataclass(frozen=True)
class Channel:
    """An analog channel: a code times `factor` is `unit`, secondary side of `primary` : `secondary`."""

    name: str
    phase: str
    unit: str
    factor: float
    primary: float
    secondary: float
    codes: Sequence[int]


@dataclass(frozen=True)
class Status:
    """A digital channel, 0 before the trigger and `after` from then on."""

    name: str
    after: int


@dataclass(frozen=True)
class Recording:
    """What a recording is made of; the trigger is at sample number `before`, counted from 0."""

    station: str
    device: str
    analog: Sequence[Channel]
    digital: Sequence[Status]
    rate: float  # samples a second
    before: int
    nominal: float  # Hz
    trigger: datetime | None

    def config(self, kind: str) -> str:
        """The .cfg."""
        count = len(self.analog[0].codes)
        total, digital = len(self.analog) + len(self.digital), len(self.digital)
        lines = [f"{_plain(self.station)},{_plain(self.device)},2013"]
        lines.append(f"{total},{len(self.analog)}A,{digital}D")
        for n, one in enumerate(self.analog, 1):
            place = f"{n},{_plain(one.name)},{one.phase},,{one.unit}"
            ratio = f"{one.primary:.9g},{one.secondary:.9g},S"
            lines.append(f"{place},{one.factor:.9g},0,0,-{HIGHEST},{HIGHEST},{ratio}")
        lines += [f"{n},{_plain(status.name)},,,0" for n, status in enumerate(self.digital, 1)]
        trigger = self.trigger or datetime(1970, 1, 1)
        start = trigger - timedelta(seconds=self.before / self.rate)
        lines += [
            f"{self.nominal:g}",
            "1",
            f"{self.rate:.9g},{count}",
            _date(start),
            _date(trigger),
            kind,
            "1",
        ]
        lines += [UNKNOWN_ZONE, QUALITY]
        return "\r\n".join(lines) + "\r\n"

    def data(self, kind: str) -> bytes:
        """The .dat."""
        if kind == "ASCII":
            rows = (
                ",".join(map(str, (n + 1, self._micros(n), *codes, *self._states(n))))
                for n, codes in enumerate(self._rows())
            )
            return ("\r\n".join(rows) + "\r\n").encode()
        words = -(-len(self.digital) // 16)
        form = f"<II{len(self.analog)}h{words}H"
        out = []
        for n, codes in enumerate(self._rows()):
            bits = sum(state << i for i, state in enumerate(self._states(n)))
            packed = [bits >> (16 * i) & 0xFFFF for i in range(words)]
            out.append(struct.pack(form, n + 1, self._micros(n), *codes, *packed))
        return b"".join(out)

    def _micros(self, n: int) -> int:
        return round(n / self.rate * 1e6)

    def _rows(self) -> list[tuple[int, ...]]:
        columns = [[max(-HIGHEST, min(HIGHEST, code)) for code in one.codes] for one in self.analog]
        return list(zip(*columns, strict=True))

    def _states(self, n: int) -> list[int]:
        return [status.after if n >= self.before else 0 for status in self.digital]


def _plain(text: str) -> str:
    """A name without what separates names."""
    return "".join(letter for letter in text if letter.isprintable() and letter != ",")[:64]


def _date(when: datetime) -> str:
    return when.strftime("%d/%m/%Y,%H:%M:%S.%f")
