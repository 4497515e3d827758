"""Which channels of a recording are V1 V2 V3 I1 I2 I3: a match of names, phases and units that is told.

Channels belong together if their names differ only in the phase. All ways of reading the words are tried: the
end of the name, or the phase column, in each alphabet of phases; the fullest set of three is taken. What is
left over of a kind whose set is not full is an error: half of a recording would be a wrong load.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fourquad_tools.plant.load import LoadError
from fourquad_tools.plant.traces import Channel, Values

_ALPHABETS = (
    ("L1", "L2", "L3"),
    ("A", "B", "C"),
    ("R", "Y", "B"),
    ("R", "S", "T"),
    ("U", "V", "W"),
    ("1", "2", "3"),
)
Stem = tuple[int, str, str]  # alphabet, what stands before the phase, the number after it
_GAPS = r"[ _.\-/:]*"
_UNIT = re.compile(r"(K|M|m|)(V|VOLTS?|A|AMPS?|AMPERES?)(RMS|PRIM?|SEC|PEAK)?")
_MULTIPLIERS = {"": 1.0, "K": 1e3, "M": 1e6, "m": 1e-3}
# Neutral and residual channels: the meter does not look at them.
_RESIDUAL = re.compile(r"(^|.*[ _.\-/:])3?[UVI]?[NGE04]|.*\b(RES|RESIDUAL|NEUTRAL|GND|GROUND|EARTH|SUM)\b.*")
_UVW = 4
_LOOK_ALIKE = str.maketrans("АВСЕНКМОРТУХавсекмотух", "ABCEHKMOPTYXabcekmotyx")
_VOLT = str.maketrans("Вв", "VV")  # of a unit it is a V, of a phase a B
# Units of what is neither voltage nor current.
_OTHER_UNIT = re.compile(r"[KMG]?(W|VAR|VA|HZ|PF|J|WH|OHM)|%|°|DEG|C|S|MS|°C|NONE|-")
_DEAD = {"V": "0 V", "I": "0 A"}
# How the set was read, the most trustworthy last: a column of numbers often numbers the inputs.
_NUMBERS_IN_COLUMN, _NUMBERS_IN_NAME, _LETTERS_IN_COLUMN, _LETTERS_IN_NAME = range(4)


@dataclass
class Trio:
    """Channels that are phases (or lines) 1 to 3 of one thing: {0 to 2: (channel's place, sign)}."""

    rank: int
    stem: Stem
    lines: bool
    members: dict[int, tuple[int, float]] = field(default_factory=dict)

    def loose(self) -> bool:
        """Whether the phase is the end of a word, as in HCSA: by chance, if not all three are there."""
        before = self.stem[1][-1:]
        return before.isalpha() and before not in "UVI"

    def score(self) -> tuple[int, int, bool, int]:
        """Higher is better; the earlier of two equal ones."""
        return len(self.members), self.rank, not self.lines, -min(place for place, _ in self.members.values())


@dataclass
class Mapping:
    """How the six columns are made from the channels, and that in words."""

    matrix: Values  # a row a channel, a column for each of V1 V2 V3 I1 I2 I3
    used: list[int]
    lines: list[str]


def match(channels: Sequence[Channel], certain: bool = False) -> Mapping:
    """The mapping of the channels. LoadError if there is none, or only a half of one, unless the names are
    `certain`.
    """
    kinds = [_kind(channel) for channel in channels]
    factors = np.array([factor * c.ratio for (_, factor), c in zip(kinds, channels, strict=True)])
    trios = {kind: _trios(kind, channels, kinds) for kind in "VI"}
    volts, amps = _pair(trios["V"], trios["I"])
    for kind, chosen in (("V", volts), ("I", amps)):
        if not certain:
            _refuse_half(channels, kinds, kind, chosen)
    if volts is None and amps is None:
        raise LoadError("no analog channel has a phase (A, B, C) and a unit (V, kV, A, kA)")
    if volts is not None and amps is not None and not certain:
        enough = min(2 if volts.lines else 3, len(amps.members))
        if len(volts.members) < enough:
            raise LoadError("half a match: " + "; ".join(_words("V", volts, channels, factors)))
    matrix = np.zeros((len(channels), 6))
    for kind, first, trio in (("V", 0, volts), ("I", 3, amps)):
        if trio is None:
            continue
        for phase, (place, sign) in trio.members.items():
            column = matrix[place]
            if kind == "V" and trio.lines:
                column[:3] += sign * factors[place] * _from_lines(phase, trio)
            else:
                column[first + phase] = sign * factors[place]
    used = sorted({place for trio in (volts, amps) if trio for place, _ in trio.members.values()})
    words = [*_words("V", volts, channels, factors), *_words("I", amps, channels, factors)]
    others = [channel.name for place, channel in enumerate(channels) if place not in used]
    if others:
        words.append(f"not taken: {', '.join(others[:20])}{' ...' if len(others) > 20 else ''}")
    return Mapping(matrix, used, words)


def _clean(text: str) -> str:
    return text.translate(_LOOK_ALIKE).strip()


def _kind(channel: Channel) -> tuple[str, float]:
    """V, I or nothing, and what makes volts or amperes of the values."""
    unit = re.sub(r"[\s.()\[\]]", "", channel.unit.translate(_VOLT).translate(_LOOK_ALIKE))
    if not unit:
        # Some recorders leave the unit to the name: VA(kV), or just IA.
        name = _clean(channel.name)
        inside = re.search(r"[(\[]\s*(.+?)\s*[)\]]", name)
        if inside is None:
            short = name[:1].upper() if len(name) <= 6 else ""
            return {"U": ("V", 1.0), "V": ("V", 1.0), "I": ("I", 1.0)}.get(short, ("", 1.0))
        unit = inside[1]
    small = unit[0] == "m"
    found = _UNIT.fullmatch(("m" + unit[1:].upper()) if small else unit.upper())
    if found is None:
        return "", 1.0
    return ("V" if found[2][0] == "V" else "I"), _MULTIPLIERS[found[1]]


def _readings(words: str, column: bool) -> list[tuple[int, Stem, bool, int, float]]:
    """All (rank, stem, between lines, place 0 to 2, sign) that the words may mean."""
    out = []
    for n, alphabet in enumerate(_ALPHABETS):
        numbers = alphabet[0] == "1"
        rank = (_NUMBERS_IN_COLUMN, _NUMBERS_IN_NAME, _LETTERS_IN_COLUMN, _LETTERS_IN_NAME)[
            2 * (not numbers) + (not column)
        ]
        for i in range(3):
            # A number after the phase is the bay's: IA2.
            tail = "" if numbers or column else rf"(?:{_GAPS}(\d+))?"
            found = re.fullmatch(rf"(.*?){alphabet[i]}(?:{_GAPS}[NGE0])?{tail}", words)
            # A channel named V is a voltage, not the phase V.
            if found and not (column and found[1]) and (column or found[1] or n != _UVW):
                out.append((rank, (n, found[1], (found[2] or "") if tail else ""), False, i, 1.0))
            for j in range(3):
                if i == j:
                    continue
                second = re.sub("L", "L?", alphabet[j])
                found = re.fullmatch(rf"(.*?){alphabet[i]}{_GAPS}{second}", words)
                if found and not (column and found[1]):
                    # V12, V23 and V31 are places 0 to 2, V21 is V12 reversed.
                    forward = j == (i + 1) % 3
                    stem = (n, found[1], "")
                    out.append((rank, stem, True, i if forward else j, 1.0 if forward else -1.0))
    return out


def _trios(kind: str, channels: Sequence[Channel], kinds: Sequence[tuple[str, float]]) -> list[Trio]:
    """All sets of channels of a kind, the best first."""
    trios: dict[tuple[bool, Stem, bool], Trio] = {}
    for place, channel in enumerate(channels):
        if kinds[place][0] != kind:
            continue
        name = _clean(channel.name).upper()
        bare = re.sub(r"\([^)]*\)|\[[^]]*\]", "", name).strip(" _.-/:") or name
        phase = _clean(channel.phase).upper()
        by_column = _readings(phase, True)
        by_name = _readings(bare, False) or _readings(re.sub(r"[()\[\]]", " ", name).strip(), False)
        between = {stem[0] for _, stem, lines, _, _ in by_name if lines and kind == "V"}
        for column, readings in ((False, by_name), (True, by_column)):
            for rank, stem, lines, which, sign in readings:
                # U12 is between lines, whatever its column says; a current is in one of them.
                if (lines and kind == "I") or (not lines and between and (column or stem[0] in between)):
                    continue
                trio = trios.setdefault((column, stem, lines), Trio(rank, stem, lines))
                trio.members.setdefault(which, (place, sign))
    whole = [trio for trio in trios.values() if len(trio.members) == 3 or not trio.loose()]
    return sorted(whole, key=Trio.score, reverse=True)


def _pair(volts: list[Trio], amps: list[Trio]) -> tuple[Trio | None, Trio | None]:
    """The best of each kind; of equally good ones two of the same bay, whose names begin alike."""

    def best(trios: list[Trio]) -> list[Trio]:
        return [trio for trio in trios if trio.score()[:3] == trios[0].score()[:3]] if trios else []

    def bay(trio: Trio) -> tuple[str, str]:
        _, name, number = trio.stem
        return re.sub(r"[UVI]?$", "", name).strip(" _.-/:"), number

    for volt in best(volts):
        for amp in best(amps):
            if bay(volt) == bay(amp):
                return volt, amp
    return (volts[0] if volts else None), (amps[0] if amps else None)


def _refuse_half(
    channels: Sequence[Channel],
    kinds: Sequence[tuple[str, float]],
    kind: str,
    chosen: Trio | None,
) -> None:
    """LoadError if channels of a kind are left over whose phase nobody knows, while phases are missing."""
    members = {place for place, _ in chosen.members.values()} if chosen else set()
    if len(members) == 3:
        return
    if chosen is not None and chosen.lines and (kind == "I" or len(members) < 2):
        raise LoadError(f"half a match: {channels[min(members)]} is between two lines and alone")
    left = []
    for place, channel in enumerate(channels):
        name, unit = _clean(channel.name).upper(), _clean(channel.unit).upper()
        mine = kinds[place][0] == kind
        if not kinds[place][0] and chosen is None and unit and not _OTHER_UNIT.fullmatch(unit):
            # A unit that nobody knows, with a phase: this may be what is not found.
            mine = bool(_readings(name, False) or _readings(_clean(channel.phase).upper(), True))
        residual = _RESIDUAL.fullmatch(name) or _clean(channel.phase).upper() in ("N", "G", "E", "0")
        if mine and place not in members and not residual:
            left.append(str(channel))
    if left:
        what = "voltage" if kind == "V" else "current"
        raise LoadError(
            f"half a match: which {what} is {'; '.join(left[:3])}{' ...' if len(left) > 3 else ''}?"
        )


def _from_lines(line: int, trio: Trio) -> Values:
    """What V1 V2 V3 (to the mean of the three) take of a line voltage; a third one follows from two."""
    parts = [np.zeros(3) for _ in range(3)]
    for n in range(3):
        # V12 counts for V1 and against V2, by a third.
        parts[n][n], parts[n][(n + 1) % 3] = 1 / 3, -1 / 3
    missing = [n for n in range(3) if n not in trio.members]
    return parts[line] - parts[missing[0]] if missing else parts[line]


def _words(kind: str, trio: Trio | None, channels: Sequence[Channel], factors: Values) -> list[str]:
    names = ("V12", "V23", "V31") if trio and trio.lines else tuple(f"{kind}{n}" for n in (1, 2, 3))
    out = []
    for n, name in enumerate(names):
        if trio is None or n not in trio.members:
            follows = trio is not None and trio.lines
            out.append(
                f"{name}: {'minus the other two' if follows else _DEAD[kind] + ', not in the recording'}"
            )
        else:
            place, sign = trio.members[n]
            out.append(f"{name}: {channels[place]} x {sign * factors[place]:g}")
    if trio is not None and trio.lines:
        out.append("V1 V2 V3: from the voltages between lines, to the mean of the three")
    return out
