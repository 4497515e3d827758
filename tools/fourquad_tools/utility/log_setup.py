"""What a data log is to record: its settings (KW320 manual 6.3.8) out of names."""

from __future__ import annotations

from fourquad_tools.options import OptionError
from fourquad_tools.utility.changes import Change, apply
from fourquad_tools.utility.entries import Entry, Map
from fourquad_tools.utility.log_layout import (
    DESCRIPTORS,
    INTERVAL,
    LIST,
    LIST_SIZE,
    MODE,
    SETTINGS,
    SETTINGS_SIZE,
)
from fourquad_tools.utility.meter import Meter

MOST_SECTORS = 100
MOST_MINUTES = 1440


def loggable(known: Map, names: str) -> list[Entry]:
    """The values of `v1,energy.*`. OptionError: one that cannot be logged, or too many."""
    found = [entry for name in names.split(",") for entry in known.find(name.strip())]
    for entry in found:
        inside = (
            first <= entry.address and entry.address + entry.registers - 1 <= last
            for first, last in known.model.LISTED
        )
        if not any(inside):
            raise OptionError(f"{entry.name} ({entry.hex}) cannot be logged")
    registers = sum(entry.registers for entry in found)
    if registers > LIST_SIZE:
        raise OptionError(f"--record: {registers} registers, a log has {LIST_SIZE} at most")
    return found


def settings(items: list[Entry], sectors: int, minutes: int) -> dict[int, int]:
    """Place in a log's settings to word; no items: the log is off."""
    words = {LIST + n: 0 for n in range(LIST_SIZE)} | {
        DESCRIPTORS + n: 0 for n in range((LIST_SIZE + 1) // 2)
    }
    addresses = [entry.address + n for entry in items for n in range(entry.registers)]
    words |= {LIST + n: address for n, address in enumerate(addresses)}
    for n, entry in enumerate(items):
        # the first of each pair is the high byte
        words[DESCRIPTORS + n // 2] |= entry.registers << (0 if n % 2 else 8)
    on = bool(items)
    return {**words, 0: len(addresses) << 8 | sectors if on else 0, INTERVAL: minutes if on else 0, MODE: 0}


def record(meter: Meter, log: int, items: list[Entry], sectors: int, minutes: int) -> bool:
    """Let a log (1-3) record these, endlessly; whether anything was changed, which erases it."""
    base = SETTINGS + SETTINGS_SIZE * (log - 1)
    wanted = settings(items, sectors, minutes)
    entries = {at: meter.map.by_address[base + at] for at in wanted}
    present = meter.read(list(entries.values()))
    changes = [
        Change(reading.entry, reading.words, (wanted[at],))
        for at, reading in zip(entries, present, strict=True)
        if reading.words != (wanted[at],)
    ]
    apply(meter, changes)
    return bool(changes)
