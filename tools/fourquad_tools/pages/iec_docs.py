"""Writes a model's page about IEC 62056-21 from its tables: docs/<model>/codes.md."""

from __future__ import annotations

from types import ModuleType

from fourquad.device.layout import SECTOR_SIZE
from fourquad.protocols.iec62056 import access, slave
from fourquad.protocols.iec62056.server import ERRORS
from fourquad.records import profile

_HEAD = """# {title}: IEC 62056-21

Mode C on every port: 300 baud, seven bits, even parity; {speeds} baud after the sign-on, as the setting of
the port says. Compatible with head-ends that read such a meter; the letters of the identification
(`/{letters}{speed}{identification}`) belong to nobody and are a setting.

    fourquad sim --model {name} --port rs485=/tmp/rs485 --port optical=/tmp/optical

makes one on a PC; open either with any program that speaks IEC 62056-21.

| | |
|---|---|
| an answer leaves after a request | {answer} ms, after the change of speed {switch} ms (200-1500) |
| silence within a message that ends it | {character} ms |
| no acknowledgement of the identification | after {acknowledge} ms: data readout at 300 baud |
| an acknowledgement that asks for another speed than offered | the line stays at 300 baud |
| no traffic in a session | after {inactive} s back to idle (60-120) |
| NAK | repeats the last message or block, with the values of now |
| wrong block check or parity in a command | NAK |
| break `SOH B0 ETX` | ends the session at once |

The parity bit is made and checked in software: a master that sets none (a pseudo-terminal, a TCP
connection) gets answers without. A sign-on with this meter's address begins a new session in any state. The
address is the meter number or the device number, leading zeros ignored. With several meters on RS-485
switch 96.50.6 off, as it is by default, so that none answers a sign-on without address.

## Programming mode

After `ACK 0 Z 1` the meter sends `SOH P0 STX () ETX` and takes commands. Nothing is needed to read. `P1`
and `P2` take one of two passwords of eight digits, both `00000000` at first; {tries} wrong ones in a
row end the session and lock the port for {lock} minutes. What may be written then:

| level | needs |
|---|---|
| password | P1 or P2 |
| PRG | P1 or P2, and programming mode (below) |

Programming mode begins when the reset button has been held for 8 s; the display says PRG. It ends when that
button is pushed again, and after four minutes without a button.

| command | does |
|---|---|
| `R1`, `R2` | read one code; the value in the request is empty or 1 |
| `R5` | the same; tables and the load profile whole |
| `R3`, `R4`, `R6` | the same in blocks of some 512 bytes, each acknowledged by the master |
| `W1` ... `W5` | write one code, acknowledged by ACK |
| `P1`, `P2`, `B0` | passwords, break |

A code may have the prefix `{prefix}` or not; the answer repeats it as it was asked. A value that is written
may have its unit after it, `1.8.1(7.00*kWh)`: then it must be the register's (else ER07). A refusal changes
nothing and is one of these messages:
"""

_PROFILE = """## Load profile

`R5 P.01(from;to)` or `R6`: times as YYMMDDhhmm or YYMMDDhhmmss, with a season digit before it or without;
either may be left out. The digit is 0 in standard time, 1 in summer time, 2 for UTC; 0 and 1 tell the two
hours of autumn apart, of which a time without it means both. The answer is

    P.01(ZYYMMDDhhmmss)(status)(15)({count}){columns}
    (value)(value)...

one line of values for each interval. The time is the end of the first interval, Z is 1 in summer time. A
new header comes after a gap and where the status changes; `P.01(ERROR)` when there is nothing. Bits of the
status: 01 power was cut in the interval, 02 the clock was set, 04 shorter than the interval, 08 the clock
was invalid, 10 billing reset in it; FF the record cannot be read. At least {days} days are kept.
"""


def page(name: str, model: ModuleType, words: ModuleType) -> str:
    """The text of docs/<name>/codes.md."""
    codes = model.CODES
    text = _HEAD.format(
        title=name.upper(),
        name=name,
        speeds="300-19200",
        letters="FQD",
        speed=slave.SPEEDS.index(9600),
        identification=codes.IDENTIFICATION,
        answer=slave.ANSWER_MS,
        switch=slave.SWITCH_MS,
        character=slave.CHARACTER_MS,
        acknowledge=slave.ACKNOWLEDGE_MS,
        inactive=slave.INACTIVE_MS // 1000,
        tries=access.TRIES,
        lock=access.LOCK_MS // 60000,
        prefix=codes.PREFIX,
    )
    text += "\n" + _table(
        "| message | means |", [f"| `({error.decode()})` | {why} |" for error, why in ERRORS]
    )
    text += "\n## Data readout\n\n" + _readout(codes)
    text += "\n" + _registers(codes)
    text += "\n## Other codes\n\n" + _codes(codes, words)
    text += "\n## Supervised events\n\n" + _events(codes, words)
    columns = "".join(f"({codes.PREFIX}{code})({unit})" for code, unit in codes.PROFILE_COLUMNS)
    sectors = {name: wanted for name, wanted, _ in model.STORAGE}["profile"]
    records = (sectors - 2) * (SECTOR_SIZE // profile.SIZE - 1)
    kept = _PROFILE.format(count=len(codes.PROFILE_COLUMNS), columns=columns, days=records // 96)
    return text + "\n" + kept


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows]) + "\n"


def _readout(codes: ModuleType) -> str:
    text = f"{len(codes.READOUT)} codes in the order of the manual's appendix A, each "
    text += f"`{codes.PREFIX}code(value*unit)`, then `!`. With 96.50.5 they are preceded by "
    text += f"{', '.join(codes.HEADER)}.\n\n"
    lines = [", ".join(codes.READOUT[i : i + 8]) for i in range(0, len(codes.READOUT), 8)]
    return text + "    " + ",\n    ".join(lines) + "\n"


def _registers(codes: ModuleType) -> str:
    rows = [f"| {c} | {_QUANTITIES[c]} | {unit} | {unit_h} |" for c, _, unit, unit_h in codes.QUANTITIES]
    text = """C.D.E\\*F: C is the quantity, D which value, E the tariff (0 the total, 1-4), F a billing period
(101 the last one that was closed, to 116). All of these answer `R1`, also those that the readout leaves out.

"""
    text += _table("| C | quantity | demand in | energy in |", rows) + "\n"
    kinds = (
        ("8", "energy, cumulative", "5.2 or 6.1 digits", "yes", "PRG (C 1, 2, 5-9)"),
        ("6", "maximum demand of the period, and its time", "2.4 digits, `(YYMMDDhhmm)`", "yes", ""),
        ("2", "cumulative maximum demand", "4.4 digits", "yes", ""),
        ("4", "running average of the demand interval", "2.4 digits", "", ""),
        ("5", "average of the last demand interval", "2.4 digits", "", ""),
    )
    text += _table("| D | what | form | with F | written by |", [f"| {' | '.join(kind)} |" for kind in kinds])
    return text + "\nA demand above 99.9999 is held there and followed by `(OVER)`.\n"


_QUANTITIES = {
    1: "active import",
    2: "active export",
    3: "reactive import (quadrants 1 and 2)",
    4: "reactive export (quadrants 3 and 4)",
    5: "reactive, quadrant 1",
    6: "reactive, quadrant 2",
    7: "reactive, quadrant 3",
    8: "reactive, quadrant 4",
    9: "apparent",
    15: "active, import and export together",
    16: "active, import less export",
}


def _codes(codes: ModuleType, words: ModuleType) -> str:
    rows = []
    holidays = False
    for code, kind, detail, unit, _, level in codes.CODES:
        if code.startswith(words.HOLIDAYS):
            if holidays:
                continue
            holidays = True
            code, (title, form) = f"{code} ... {words.HOLIDAYS}9", words.HOLIDAYS_TITLE
        else:
            title, form = words.CODES[code]
        form = form or words.KINDS.get(kind, "") or words.KINDS.get(str(detail), "")
        access_level = {0: "", 1: "password", 2: "PRG"}[level]
        read = "" if kind in ("command", "password") else "yes"
        rows.append(f"| {code} | {title} | {form} | {unit} | {read} | {access_level} |")
    return _table("| code | what | form | unit | read | written by |", rows)


def _events(codes: ModuleType, words: ModuleType) -> str:
    c, d, count, energies = codes.EVENTS
    text = f"`{c}.{d}.E`: number, seconds, start and stop; where * is, the energies imported and exported\n"
    text += "meanwhile.\n\n"
    rows = [f"| {c}.{d}.{e} | {words.EVENTS[e]}{' *' if energies[e] else ''} |" for e in range(count)]
    return text + _table("| code | event |", rows)
