"""The download of `fourquad log` over the meter's own logs, which go on meanwhile, lose their oldest sector
and their power: what registers held at every minute is known.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from device.datalog_bench import VOLTS, Bench, value

from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.errors import NoAnswer, Refused
from fourquad_tools.utility.log_file import Part
from fourquad_tools.utility.log_layout import read_layout
from fourquad_tools.utility.log_window import Reader
from fourquad_tools.utility.meter import Meter

MAP = Map("kw320")


class Line:
    """A link to the bench; it is cut at request number `cut`, and `goes_on` minutes may pass at each."""

    unit = 1

    def __init__(self, bench: Bench, rng: random.Random, chance: float) -> None:
        self.bench = bench
        self.cut = 0
        self.requests = 0
        self._rng = rng
        self._chance = chance

    def _asked(self) -> None:
        self.requests += 1
        if self.requests == self.cut:
            raise NoAnswer("cut")
        if self._rng.random() < self._chance:
            self.bench.run(self._rng.randrange(1, 4))

    def read(self, address: int, count: int) -> list[int]:
        self._asked()
        data = self.bench.masters[0].read(address, count)
        if len(data) == 1:
            raise Refused(data[0], f"{address:04X}H")
        return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]

    def write(self, address: int, words: Sequence[int]) -> None:
        self._asked()
        code = self.bench.masters[0].write(address, *words)
        if code:
            raise Refused(code, f"{address:04X}H")

    def close(self) -> None:
        """Nothing to leave."""


@pytest.mark.parametrize(
    ("count", "sectors", "chance"),
    [(300, 1, 0.05), (6000, 2, 0.002), pytest.param(100_000, 50, 0.001, marks=pytest.mark.thorough)],
)
def test_complete_and_equal_after_two_interruptions(
    count: int, sectors: int, chance: float, tmp_path: Path
) -> None:
    bench = Bench(sectors=17 * sectors + 8)
    assert bench.set_up(0, VOLTS, sectors=sectors) == 0
    bench.settle()
    bench.run(count)
    rng = random.Random(count)
    line = Line(bench, rng, chance)
    meter = Meter(line, MAP)
    layout = read_layout(meter, 1)
    oldest = count - bench.masters[0].status(0)[1]
    first = bench.minute - count + 1
    for attempt in range(3):
        part = Part(tmp_path / "x.part", layout, "kw320", True)
        line.cut = line.requests + count // 20 if attempt < 2 else 0
        reader = Reader(meter, layout, True, lambda seconds: None)
        try:
            for records in reader.records(part.last):
                part.add(records)
        except NoAnswer:
            part.close()
            # the meter loses its power too
            bench.boot()
            continue
        break
    assert attempt == 2 and not reader.lost and not reader.damaged
    assert part.count >= count - oldest
    for n, record in enumerate(part.records()):
        minute = first + oldest + n
        when = datetime(2000, 1, 1) + timedelta(minutes=minute)
        assert record[4:10] == bytes(when.timetuple()[k] - (2000 if not k else 0) for k in range(6))
        words = [value(register, minute) for register in VOLTS]
        assert record[10:-2] == b"".join(word.to_bytes(2, "big") for word in words)
