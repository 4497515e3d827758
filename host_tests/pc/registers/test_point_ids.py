"""Ids of points: in no meter do two blocks of them lie on each other, or values beyond their block."""

from __future__ import annotations

import itertools
from array import array
from typing import Any

import pytest
from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.events.log_settings import LogSettings
from fourquad.points import columns as c
from fourquad.protocols.dnp3 import configuration

NAMES = models.NAMES + tuple(name for name, _ in models.VARIANT_OF)


class Provided(p.Points):
    """Notes who answers for what: (first id, end, provider)."""

    blocks: list[tuple[int, int, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.blocks = []

    def provide(self, base: int, provider: Any, blocks: int = 1) -> None:
        self.blocks.append((base, base + 64 * blocks, provider))
        super().provide(base, provider, blocks)

    def provide_history(self, provider: Any) -> None:
        self.blocks.append((p.HISTORY, (p.PERIODS + 1) * p.HISTORY, provider))
        super().provide_history(provider)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("options", [(), ("network",)], ids=["alone", "network"])
def test_no_two_blocks_overlap(name: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(p, "Points", Provided)
    model = models.load(name, options=options)
    made: Any = meter(model)
    configuration.provide(model, made.points, made.settings)
    # a log's settings are a group only to be kept: DataLogs stands before them
    blocks = [block for block in made.points.blocks if not isinstance(block[2], LogSettings)]
    blocks.sort(key=lambda block: block[:2])
    overlapping = [
        (f"{type(one).__name__} {first}-{end - 1}", f"{type(other).__name__} from {begin}")
        for (first, end, one), (begin, _, other) in itertools.pairwise(blocks)
        if begin < end
    ]
    assert not overlapping
    for first, end, provider in blocks:
        values = getattr(provider, "values", None)
        # more records of alarms than there is room for have a block besides (points.circuits.ALARM_RECORDS)
        if isinstance(values, (array, list)) and first != p.ALARM:
            assert len(values) <= end - first, f"{type(provider).__name__} at {first}"


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_where_no_other_block_is(name: str) -> None:
    """Also one of a group that a meter has without its blocks."""
    model = models.load(name, options=("network",))
    made: Any = meter(model)
    for row in (*model.SETTINGS, *getattr(model, "TEXTS", ())):
        provider = made.points.provider(p.SETTING + row[c.OFFSET])
        assert provider in made.settings.groups, row
