"""Changes of a meter's registers: all of them or none.

A meter refuses a value that another one forbids at present (a sum, a range that depends on another setting).
So what is refused as out of range is tried again after the rest, as long as that gets further. If it does
not, or the meter refuses for another reason or falls silent, what was written is written back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fourquad import points as p
from fourquad.points import columns as c
from fourquad_tools.utility.entries import Entry
from fourquad_tools.utility.errors import ILLEGAL_VALUE, NotRestored, Refused, UtilityError
from fourquad_tools.utility.link import MOST_WRITTEN
from fourquad_tools.utility.meter import Meter


@dataclass(frozen=True)
class Change:
    """A value, the registers that it has and those that it shall have."""

    entry: Entry
    old: tuple[int, ...]
    new: tuple[int, ...]


def apply(meter: Meter, changes: Sequence[Change]) -> None:
    """Make the changes. UtilityError: none was made; NotRestored: some were."""
    blocks = _blocks(meter, changes)
    done: list[list[Change]] = []
    try:
        _write(meter, blocks, done)
    except (UtilityError, KeyboardInterrupt) as error:
        why = str(error) or "interrupted"
        back = [
            [Change(one.entry, one.new, one.old) for one in block if one.entry.kind != "secret"]
            for block in reversed(done)
        ]
        unknown = ", ".join(one.entry.name for block in done for one in block if one.entry.kind == "secret")
        try:
            _write(meter, [block for block in back if block], [])
        except (UtilityError, KeyboardInterrupt) as second:
            left = ", ".join(one.entry.name for block in done for one in block)
            raise NotRestored(f"{why}; not taken back ({str(second) or 'interrupted'}): {left}") from None
        if unknown:
            raise NotRestored(f"{why}; not taken back, because it is told to nobody: {unknown}") from None
        if isinstance(error, Refused):
            raise _told(error, why + ("; what was written before is taken back" if done else "")) from None
        raise


def _told(refusal: Refused, why: str) -> Refused:
    told = Refused(refusal.code, "")
    told.args = (why,)
    return told


def _blocks(meter: Meter, changes: Sequence[Change]) -> list[list[Change]]:
    """Changes that one request makes: neighbours of one region. What speaks to the port itself comes last."""
    ports = of_ports(meter)
    out: list[list[Change]] = []
    for change in sorted(changes, key=lambda change: _turn(change, ports)):
        if out and _joins(meter, out[-1], change, ports):
            out[-1].append(change)
        else:
            out.append([change])
    return out


def _turn(change: Change, ports: set[int]) -> tuple[bool, bool, int]:
    """When it is written: what cannot be taken back after what can be."""
    return change.entry.point in ports, change.entry.kind == "secret", change.entry.address


def _joins(meter: Meter, block: list[Change], change: Change, ports: set[int]) -> bool:
    first, last = block[0].entry, block[-1].entry
    entry = change.entry
    if (last.kind == "secret") != (entry.kind == "secret"):
        return False
    if (last.point in ports) != (entry.point in ports) or last.address + last.registers != entry.address:
        return False
    if entry.address + entry.registers - first.address > MOST_WRITTEN:
        return False
    return any(low <= first.address and entry.address <= high for low, high in meter.map.model.WRITABLE)


def of_ports(meter: Meter) -> set[int]:
    """Settings after which a port may not be where it was."""
    return {
        p.SETTING + offset
        for row in meter.map.model.PORTS
        for offset in (row[c.PROTOCOL], row[c.PORT_ADDRESS], row[c.BAUD], row[c.PARITY])
        if offset is not None
    }


def _write(meter: Meter, blocks: list[list[Change]], done: list[list[Change]]) -> None:
    """Write blocks, those that are refused as out of range again; `done` gets what may have been taken."""
    waiting = blocks
    while waiting:
        refused: list[tuple[list[Change], Refused]] = []
        for block in waiting:
            words = [word for change in block for word in change.new]
            # without an answer it is not known whether it was taken
            done.append(block)
            try:
                meter.link.write(block[0].entry.address, words)
            except Refused as refusal:
                done.pop()
                if refusal.code != ILLEGAL_VALUE:
                    raise _told(refusal, _names(block, refusal)) from None
                refused.append((block, refusal))
        together = [block for block, _ in refused if len(block) > 1]
        if together:
            # some of its values may be taken, and one of them is what is refused
            waiting = [[change] for block, _ in refused for change in block]
            continue
        if len(refused) == len(waiting):
            block, refusal = refused[0]
            raise _told(refusal, _names(block, refusal))
        waiting = [block for block, _ in refused]


def _names(block: list[Change], refusal: Refused) -> str:
    """A refusal with the names of what was written, and the range of one."""
    if len(block) > 1:
        return f"{', '.join(change.entry.name for change in block)}: {refusal}"
    entry, words = block[0].entry, block[0].new
    value = int.from_bytes(b"".join(word.to_bytes(2, "big") for word in words), "big")
    allowed = f"; allowed: {entry.about}" if refusal.code == ILLEGAL_VALUE else ""
    return f"{entry.name} = {value}: {refusal}{allowed}"
