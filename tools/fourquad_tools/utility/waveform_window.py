"""Retrieval of captured waveforms through their window (KW320Q, manual 4.6, 6.3.8).

A read of the whole window moves it on, also one whose answer is lost. So each answer says which window it is,
and one that is not the expected one is asked for again by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fourquad_tools.utility.errors import ILLEGAL_ADDRESS, Refused, UtilityError
from fourquad_tools.utility.event_records import stamp
from fourquad_tools.utility.meter import Meter

HEAD = 0x8E00  # group, window, status, newest group, 64 words
WHOLE = 68
POINTS = 64  # a cycle
CYCLES = 10  # before the trigger, and after it
CHANNELS = 6
LAST = 121
READY, CLEARING = 0x0B, 0xAA
REASONS = 16  # words of a group's time and reasons
GROUPS_AT_ONCE = 4
PATIENCE = 40
PAUSE_S = 0.05
TRIES = 5

Wait = Callable[[float], object]


@dataclass(frozen=True)
class Cause:
    """When a group was captured, and why."""

    group: int
    time: str | None  # ISO 8601 with ms, by the meter's clock
    words: tuple[int, ...]

    @property
    def triggers(self) -> list[str]:
        """What triggered it, in words."""
        out = ["manual"] if self.words[7] else []
        first = 1
        for word, inputs in zip(self.words[8:11], (6, 4, 4), strict=True):
            edges = {1: "on", 2: "off", 3: "change"}
            for k in range(inputs):
                edge = word >> (2 * k) & 3
                if edge:
                    out.append(f"DI{first + k} {edges[edge]}")
            first += inputs
        for name, letter, word in (("sag", "U", 11), ("swell", "U", 12), ("over-current", "I", 13)):
            out += [f"{name} {letter}{k + 1}" for k in range(3) if self.words[word] >> k & 1]
        return out


@dataclass(frozen=True)
class Capture:
    """A group: of each channel (U1 U2 U3 I1 I2 I3) 10 cycles before the trigger and 10 after it."""

    cause: Cause
    samples: tuple[tuple[int, ...], ...]


class Waveforms:
    """The captured groups of a meter. `wait` pauses for so many seconds."""

    def __init__(self, meter: Meter, wait: Wait) -> None:
        self._link = meter.link
        self._wait = wait

    def newest(self) -> int:
        """Number of groups. UtilityError: this meter captures none."""
        try:
            return self._link.read(HEAD + 3, 1)[0]
        except Refused as refusal:
            if refusal.code == ILLEGAL_ADDRESS:
                raise UtilityError("this meter captures no waveforms (a kw320q does)") from None
            raise

    def causes(self) -> list[Cause]:
        """Time and reasons of all groups, four at a time."""
        out: list[Cause] = []
        newest = self.newest()
        for first in range(1, newest + 1, GROUPS_AT_ONCE):
            words = self._window(first, 0, placed=False)
            count = min(GROUPS_AT_ONCE, newest - first + 1)
            out += [_cause(first + k, words[REASONS * k : REASONS * (k + 1)]) for k in range(count)]
        return out

    def get(self, group: int, progress: Callable[[int], object]) -> Capture:
        """One group. `progress` is told how many windows of 121 are here."""
        cause = _cause(group, self._window(group, 1, placed=False)[:REASONS])
        progress(1)
        parts: list[list[int]] = [[] for _ in range(CHANNELS)]
        for window in range(2, LAST + 1):
            words = self._window(group, window, placed=True)
            channel = (window - 2) // CYCLES % CHANNELS
            parts[channel] += [word - ((word & 0x8000) << 1) for word in words]
            progress(window)
        return Capture(cause, tuple(tuple(part) for part in parts))

    def _window(self, group: int, window: int, placed: bool) -> list[int]:
        """64 words. `placed`: the read before has moved the window there already."""
        for _ in range(TRIES):
            if not placed:
                self._link.write(HEAD, [group, window])
            placed = False
            for _ in range(PATIENCE):
                words = self._link.read(HEAD, WHOLE)
                if words[:2] != [group, window]:
                    break
                if words[2] & 0xFF == READY:
                    return words[4:]
                if words[2] & 0xFF == CLEARING:
                    raise UtilityError("the waveforms are being cleared")
                self._wait(PAUSE_S)
                self._link.write(HEAD, [group, window])
        raise UtilityError(f"group {group}: window {window} does not come (another master reads them too?)")


def _cause(group: int, words: Sequence[int]) -> Cause:
    return Cause(group, stamp(words[:7]), tuple(words))
