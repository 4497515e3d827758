"""Faults of a port or service on command: what a master must bear from a line and from a meter.

Each fault counts for itself and has a random generator of its own, so that the same requests at the same
virtual times meet the same faults.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fourquad.protocols.modbus import codes as m
from fourquad_tools.options import OptionError
from fourquad_tools.sim.delays import Clock, Delays, RealTime

# Fields of each kind besides those that say when: which it needs, and which it may have.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "drop": ((), ("next", "one_of", "seed", "seconds")),
    "delay": (("delay",), ("next", "one_of", "seed", "seconds")),
    "corrupt": ((), ("next", "one_of", "seed", "seconds")),
    "truncate": ((), ("next", "one_of", "seed", "seconds")),
    "exception": ((), ("code", "next", "one_of", "seed", "seconds")),
    "mute": (("seconds",), ()),
    "noise": (("rate",), ("seed", "seconds")),
}
# Of each field the least and the greatest value; whole numbers where both are whole.
RANGES: dict[str, tuple[float, float]] = {
    "next": (1, 1_000_000),
    "one_of": (1, 1_000_000),
    "seed": (0, 999_999_999),
    "code": (1, 255),
    "seconds": (0.001, 1e9),
    "delay": (0.001, 3600.0),
    "rate": (1e-9, 1.0),
}
MOST = 50  # at a time on a port


class FaultError(Exception):
    """A fault that cannot be had; the message says why."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and when.

    `next`: how many answers, None: all. `one_of`: of how many answers one, at random. `seconds`: for how much
    virtual time. `delay`: seconds; `code`: of the exception; `rate`: the part of the octets that noise hits.
    """

    kind: str
    next: int | None = None
    one_of: int = 1
    seed: int = 1
    seconds: float = math.inf
    delay: float = 0.0
    code: int = m.DEVICE_FAILURE
    rate: float = 0.0


def make_fault(kind: str, fields: dict[str, Any]) -> Fault:
    """The fault that these fields describe. FaultError names the first that is wrong."""
    if kind not in KINDS:
        raise FaultError(f"kind: {kind[:40]!r} is none of {', '.join(KINDS)}")
    needed, others = KINDS[kind]
    for name in needed:
        if name not in fields:
            raise FaultError(f"{name}: {kind} needs it")
    for name, value in fields.items():
        if name not in needed + others:
            raise FaultError(f"{name[:40]}: {kind} has no such field ({', '.join(needed + others)})")
        low, high = RANGES[name]
        whole = isinstance(low, int) and isinstance(high, int)
        if not low <= value <= high or whole and value != int(value):
            raise FaultError(
                f"{name}: {value:g} is no {'whole number' if whole else 'number'} from {low:g} to {high:g}"
            )
    return Fault(kind, **fields)


class Rule:
    """A fault in force."""

    def __init__(self, fault: Fault, now: float) -> None:
        self.fault = fault
        self.hits = 0
        self.random = random.Random(fault.seed)
        self._until = now + fault.seconds

    def holds(self, now: float) -> bool:
        """Whether it is not over."""
        return now < self._until and (self.fault.next is None or self.hits < self.fault.next)

    def strikes(self, now: float) -> bool:
        """Whether it hits the answer that is to be sent now."""
        if not self.holds(now) or self.fault.one_of > 1 and self.random.random() * self.fault.one_of >= 1.0:
            return False
        self.hits += 1
        return True

    def describe(self, now: float) -> dict[str, Any]:
        """The fault and how far it is."""
        fault = self.fault
        out: dict[str, Any] = {"kind": fault.kind, "hits": self.hits}
        if fault.next is not None:
            out["left"] = fault.next - self.hits
        if math.isfinite(self._until):
            out["seconds_left"] = max(0.0, round(self._until - now, 3))
        return out


class Faults:
    """The faults of one port. `note` is told each of them in a line."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.note: Callable[[str], None] = lambda line: None
        self.delays = Delays(RealTime())
        self._rules: list[Rule] = []

    def follow(self, clock: Clock) -> None:
        """Reckon with this clock."""
        self.delays.clock = clock

    @property
    def now(self) -> float:
        """Virtual seconds."""
        return self.delays.clock.moment

    def add(self, fault: Fault) -> None:
        """From now on."""
        self._rules = [rule for rule in self._rules if rule.holds(self.now)]
        if len(self._rules) >= MOST:
            raise FaultError(f"there are {MOST} faults already")
        self._rules.append(Rule(fault, self.now))

    def clear(self) -> None:
        """No faults any more; answers that are late come yet."""
        self._rules = []

    def describe(self) -> list[dict[str, Any]]:
        """Those in force."""
        return [rule.describe(self.now) for rule in self._rules if rule.holds(self.now)]

    @property
    def mute(self) -> bool:
        """Whether nothing is heard nor said."""
        return any(rule.fault.kind == "mute" and rule.holds(self.now) for rule in self._rules)

    def exception(self) -> int:
        """The code that the next request is refused with instead of being done, or 0."""
        for rule in self._rules:
            if rule.fault.kind == "exception" and rule.strikes(self.now):
                self._hit("exception", f"exception {rule.fault.code}; the request was not done")
                return rule.fault.code
        return 0

    def send(self, answer: bytes, send: Callable[[bytes], None]) -> None:
        """Let an answer go out as the faults want it."""
        late = 0.0
        for rule in self._rules if answer else ():
            kind = rule.fault.kind
            if kind not in ("drop", "corrupt", "truncate", "delay") or not rule.strikes(self.now):
                continue
            if kind == "drop":
                self._hit(kind, f"dropped: {answer.hex(' ').upper()}")
                return
            if kind == "delay":
                late += rule.fault.delay
                self._hit(kind, f"late by {rule.fault.delay:g} s")
            elif kind == "truncate":
                answer = self._truncated(rule, answer)
            else:
                answer = self._corrupted(rule, answer)
        if late:
            self.delays.add(late, lambda: send(answer))
        elif answer:
            send(answer)

    def _corrupted(self, rule: Rule, answer: bytes) -> bytes:
        """The answer with another bit somewhere."""
        at, bit = int(rule.random.random() * len(answer)), int(rule.random.random() * 8)
        out = bytearray(answer)
        out[at] ^= 1 << bit
        self._hit("corrupt", f"octet {at} was {answer[at]:02X}")
        return bytes(out)

    def _truncated(self, rule: Rule, answer: bytes) -> bytes:
        """At least the first octet, and never all of them unless there is one only."""
        count = 1 + int(rule.random.random() * (len(answer) - 1))
        self._hit("truncate", f"{count} of {len(answer)} octets")
        return answer[:count]

    def noise(self, data: bytes) -> bytes:
        """The octets as they come to the other end."""
        for rule in self._rules:
            if rule.fault.kind == "noise" and rule.holds(self.now):
                data = self._noisy(rule, data)
        return data

    def _noisy(self, rule: Rule, data: bytes) -> bytes:
        out = bytearray(data)
        hits = 0
        for at in range(len(out)):
            if rule.random.random() < rule.fault.rate:
                out[at] ^= 1 + int(rule.random.random() * 255)
                hits += 1
        if hits:
            rule.hits += hits
            self._hit("noise", f"noise in {hits} octets", hits)
        return bytes(out)

    def _hit(self, kind: str, words: str, times: int = 1) -> None:
        self.hits[kind] += times
        self.note(words)


class Refusing:
    """The functions of a Modbus machine, which refuse a request where a fault says so."""

    def __init__(self, functions: Any, faults: Faults) -> None:
        self._functions = functions
        self._faults = faults
        self.write = functions.write  # of broadcasts, which have no answer

    def run(self, buffer: Any, at: int, length: int, answer: Any, out: int) -> int:
        """As protocols/modbus/pdu.py has it."""
        code = self._faults.exception()
        if not code:
            count: int = self._functions.run(buffer, at, length, answer, out)
            return count
        answer[out] = buffer[at] | m.REFUSED
        answer[out + 1] = code
        return 2


class End(Protocol):
    """A line or a service."""

    faults: Faults

    @property
    def speaks(self) -> str: ...


def connect(ends: Mapping[str, End], kind: str, port: str | None, fields: dict[str, Any]) -> None:
    """Give the port or service a fault, or, with None, all that can have it. FaultError: nothing is done."""
    fault = make_fault(kind, fields)
    if port is not None and port not in ends:
        raise FaultError(f"port: {port[:40]!r} is none of {', '.join(ends)}")
    chosen = [ends[name] for name in ends if port in (None, name)]
    if kind == "exception":
        chosen = [end for end in chosen if end.speaks.startswith("modbus")]
        if not chosen:
            raise FaultError(f"exception: {'no port' if port is None else port + ' does not'} speak Modbus")
    for end in chosen:
        end.faults.add(fault)


def listed(ends: Mapping[str, End]) -> list[dict[str, Any]]:
    """The faults in force, each with its port."""
    return [{"port": name, **fault} for name, end in ends.items() for fault in end.faults.describe()]


def add(units: Mapping[str, Mapping[str, End]], text: str) -> None:
    """The fault of `--fault KIND,NAME=VALUE,...`, for one of these units or all. OptionError if it makes no
    sense.
    """
    try:
        kind, where, fields = _parse(text)
        unit = where.get("unit")
        if unit is not None and unit not in units:
            raise FaultError(f"unit: {unit[:40]!r} is none of {', '.join(units)}")
        for name, ends in units.items():
            if unit in (None, name):
                connect(ends, kind, where.get("port"), fields)
    except FaultError as error:
        raise OptionError(f"--fault {text[:60]}: {error}") from None


def _parse(text: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """(kind, port and unit, the other fields)"""
    kind, *pairs = text.split(",")
    where: dict[str, str] = {}
    fields: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise FaultError(f"{pair[:40]!r} is not NAME=VALUE")
        if name in ("port", "unit"):
            where[name] = value
            continue
        try:
            fields[name] = _number(value)
        except ValueError:
            raise FaultError(f"{name[:40]}: {value[:40]!r} is no number") from None
    return kind, where, fields


def _number(text: str) -> float:
    return int(text) if len(text) < 20 and text.isascii() and text.isdigit() else float(text)
