"""The DNP3 device profile of a model, made from its tables: docs/<model>/dnp3.md."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType

from fourquad.points import columns as c
from fourquad.protocols.dnp3 import application as a
from fourquad.protocols.dnp3 import (
    configuration,
    controls,
    database,
    link,
    objects,
    primary,
    profile,
    reader,
    repeats,
)

_HEAD = """# {title}: DNP3 device profile

An outstation of level 2 (IEEE 1815). {about}

## Link and transport

| | |
|---|---|
| physical | RS-485, half duplex, 8 data bits, no parity, 1 stop bit; in the simulator TCP too |
| frames sent and received | up to {frame} octets |
| services | reset link, reset user (acknowledged), test link, user data, link status (0BH) |
| confirmed user data sent | never, but as a setting says; repeated {retries} times after {ack} ms each |
| addresses | 0-{address}; requests from 65520 on up are ignored |
| segments | up to {segment} octets; a gap, a repetition out of turn or another master ends a fragment |
| a frame that stops | forgotten after {partial} ms |

## Application

| | |
|---|---|
| fragments sent and received | up to {fragment} octets; requests are one fragment, responses some |
| headers of a read | up to {headers} objects or ranges; qualifiers 00, 01, 06, 07, 08, 17, 28 |
| controls of a request | up to {controls}, the others get status 8 |
| the same request again within {repeat} s | answered again, not done again; a read is read again |
| a response with events or with more to come | asks for a confirmation |
| an unconfirmed unsolicited response | holds reads back until it is confirmed or given up |
| an event buffer that is full | loses the oldest, and says so until a master has confirmed that |
| looking for events | binary inputs every {binary} ms, everything else every {scan} ms |
| restart, cold and warm | of the outstation; the measurement goes on; delay 0 ms |
| time | UTC; what the seal forbids is answered with "parameter error", and the need stays |

| function | |
|---|---|
"""

_FUNCTIONS = (
    (a.CONFIRM, "confirm", ""),
    (a.READ, "read", ""),
    (a.WRITE, "write", "50/1, 50/3 (time), 80/1 index 7 (restart), 34/1-3 (dead bands)"),
    (a.SELECT, "select", "12/1, 41/1-4; qualifiers 17, 28"),
    (a.OPERATE, "operate", "the same, with the next number"),
    (a.DIRECT_OPERATE, "direct operate", "12/1, 41/1-4; qualifiers 17, 28"),
    (a.DIRECT_OPERATE_NO_ACK, "direct operate, no acknowledgement", "the same"),
    (a.FREEZE, "immediate freeze", "20/0, where the list has counters that can be frozen"),
    (a.FREEZE_NO_ACK, "immediate freeze, no acknowledgement", "the same"),
    (a.COLD_RESTART, "cold restart", ""),
    (a.WARM_RESTART, "warm restart", ""),
    (a.ENABLE_UNSOLICITED, "enable unsolicited", "60/2-4, where the list supports them"),
    (a.DISABLE_UNSOLICITED, "disable unsolicited", "the same"),
    (
        a.ASSIGN_CLASS,
        "assign class",
        "1, 20, 30; a setting where the list has settings, else kept until a restart",
    ),
    (a.DELAY_MEASUREMENT, "delay measurement", "52/2"),
    (a.RECORD_TIME, "record current time", "then 50/3"),
)

_GROUPS = {
    1: "binary inputs",
    2: "binary events",
    10: "binary outputs",
    20: "counters",
    21: "frozen counters",
    22: "counter events",
    30: "analog inputs",
    32: "analog events",
    34: "dead bands",
    40: "analog outputs",
    100: "floating-point readings: flags and a single",
}
_OTHER_GROUPS = {
    12: ("1", "controls"),
    41: ("1, 2, 3, 4", "commands to analog outputs"),
    50: ("1, 3", "time"),
    51: ("1, 2", "common time, before events with relative ones"),
    52: ("2", "delay"),
    60: ("1, 2, 3, 4", "classes"),
    80: ("1", "internal indications"),
}


def _objects() -> dict[int, tuple[str, str]]:
    """Variations and meaning of every group."""
    found = dict(_OTHER_GROUPS)
    for group, what in _GROUPS.items():
        variations = [str(v) for v in range(1, 256) if objects.form(group, v)]
        found[group] = (", ".join(variations), what)
    return found


def documents(model: ModuleType) -> dict[str, str]:
    """File below docs/ and what it must hold; nothing for a model without DNP3."""
    lists = {
        row[c.NAME]: tables
        for row in getattr(model, "PORTS", ())
        for name, tables in row[c.SPEAKS]
        if name == "dnp3"
    }
    if not lists:
        return {}
    names = importlib.import_module(f"{model.__name__}.dnp3_names")
    return {f"{model.NAME}/dnp3.md": _page(model, lists, names)}


def _page(model: ModuleType, lists: dict[str, tuple], names: ModuleType) -> str:
    parts = [
        _HEAD.format(
            title=model.NAME.upper(),
            about=names.ABOUT,
            frame=link.MAX_FRAME,
            address=link.MAX_ADDRESS,
            segment=link.MAX_DATA - 1,
            partial=1000,
            fragment=a.MAX_FRAGMENT,
            headers=reader.MAX_SELECTIONS,
            controls=controls.MAX_CONTROLS,
            repeat=repeats.REPEAT_MS // 1000,
            retries=primary.RETRIES,
            ack=primary.TIMEOUT_MS,
            binary=database.SCAN_BINARY_MS,
            scan=database.SCAN_MS,
        )
    ]
    parts += [f"| {code:02X}H {name} | {about} |\n" for code, name, about in _FUNCTIONS]
    parts.append('\nEvery other function is answered with "no function code support".\n\n## Objects\n\n')
    parts.append("| group | variations | |\n|---|---|---|\n")
    for group, (variations, what) in sorted(_objects().items()):
        parts.append(f"| {group} | {variations} | {what} |\n")
    for port, tables in lists.items():
        parts.append(f"\n## Port `{port}`\n\n")
        parts += _options(tables[profile.OPTIONS], tables[profile.SETTINGS])
        if tables[profile.SETTINGS]:
            parts += _settings(tables, names)
        parts += _points(tables, getattr(names, port_list(model, tables)), names)
    return "".join(parts)


def port_list(model: ModuleType, tables: tuple) -> str:
    """What a list of points is called in the model's tables."""
    module = importlib.import_module(f"{model.__name__}.dnp3")
    return next(name for name, value in vars(module).items() if value is tables)


def _options(options: tuple, settings: tuple | None) -> Iterator[str]:
    settable = settings is not None and any(option == profile.UNSOLICITED for option, *_ in settings[1])

    def on(flag: bool) -> str:
        return "yes" if flag else "no"

    def each(values: tuple, unit: str) -> str:
        return ", ".join(f"{value}{unit}" for value in values)

    retries = options[profile.RETRIES]
    rows = [
        ("requests are taken from", "one master" if options[profile.CHECK_MASTER] else "every master"),
        ("self-address 65532", on(options[profile.SELF_ADDRESS])),
        ("broadcasts 65533-65535", on(options[profile.BROADCASTS])),
        ("event buffer", f"{options[profile.EVENTS]} events of all kinds"),
        ("time for a confirmation", f"{options[profile.CONFIRM_MS]} ms"),
        ("time from select to operate", f"{options[profile.SELECT_MS]} ms"),
        ("time is asked for", "after a start" + _again(options[profile.TIME_PERIOD])),
        ("unsolicited responses", on(options[profile.UNSOLICITED]) + ", a setting" * settable),
    ]
    if options[profile.UNSOLICITED] or settable:
        rows += [
            ("they go to", f"master {options[profile.MASTER] or 'that asked last'}"),
            ("repetitions", "without end" if retries < 0 else str(retries)),
            ("after which nothing for", f"{options[profile.OFFLINE_MS] // 1000} s"),
            ("number of events of class 1, 2, 3 that trigger", each(options[profile.COUNTS], "")),
            ("hold time of class 1, 2, 3", each(options[profile.HOLDS], " ms")),
        ]
    yield "| | |\n|---|---|\n"
    yield from (f"| {name} | {value} |\n" for name, value in rows)


def _again(period: int) -> str:
    return f", and every {period} s" if period else ""


def _settings(tables: tuple, words: ModuleType) -> Iterator[str]:
    yield (
        "\nThose that are settings: 32 bits, high word first. All but scale and offset take effect within "
        "100 ms, those two with the next restart of the outstation. Sealed by bit 1 of the seal options.\n"
    )
    yield "\n| address | setting | default | range | unit | meaning |\n|---|---|---|---|---|---|\n"
    rows = tables[profile.SETTINGS][1]
    for i, (row, (name, unit, about)) in enumerate(zip(rows, words.SETTINGS, strict=True)):
        option, place, low, high, only = row
        default = tables[profile.OPTIONS][option]
        default = default if place is None else default[place]
        span = f"{low}-{high}" if only is None else ", ".join(str(value) for value in only)
        at = words.SETTINGS_AT + 2 * i
        yield f"| {at:04X}H-{at + 1:04X}H | {name} | {default} | {span} | {unit} | {about} |\n"
    yield (
        "\nEvery point of the list below has eight registers: its class (0-3: binary and analog inputs, "
        "counters), then as IEEE 754 singles scale, offset (analog inputs: value sent = value * scale + "
        "offset; up to 1e9 either way, the scale not 0) and dead band (analog inputs, counters; 0 or more, "
        "in the units that are sent). What a point cannot have is refused.\n"
    )


def _points(tables: tuple, names: tuple, words: ModuleType) -> Iterator[str]:
    settings = tables[profile.SETTINGS]
    at = words.POINTS_AT
    head = "group | index | point | unit | variation | event | class | dead band"
    head += " | settings at" if settings else ""
    yield f"\n| {head} |\n|" + "---|" * (head.count("|") + 1) + "\n"
    for row in tables[profile.POINTS]:
        group, first, count, pid = row[: profile.POINT + 1]
        for index in range(first, first + count):
            name, unit = _name(names, group, index)
            event = database.event_group(group)
            event_text = f"{event}/{row[profile.EVENT_VARIATION]}" if event else ""
            klass = str(row[profile.CLASS]) if event else ""
            band = f"{row[profile.DEAD_BAND]:g}" if event and group != objects.BINARY else ""
            if row[profile.FREEZE]:
                name += " (can be frozen)"
            if pid is None:
                name += " **not measured yet: not online**"
            static = f"{group}/{row[profile.VARIATION]}"
            cells = [str(group), str(index), name, unit, static, event_text, klass, band]
            cells += [f"{at:04X}H"] if settings else []
            at += 2 * configuration.FIELDS
            yield f"| {' | '.join(cells)} |\n"
    yield "\n| control | point | what acts |\n|---|---|---|\n"
    for index, _, commands in tables[profile.CONTROLS]:
        acts = "; ".join(_command(command) for command in commands)
        yield f"| 12/1 index {index} | {_name(names, objects.CROB, index)[0]} | {acts} |\n"


_CODES = {1: "pulse on", 3: "latch on", 4: "latch off", 0x41: "close", 0x81: "trip"}


def _command(command: tuple) -> str:
    code, on, off, value = command
    times = "" if on is None else f", {on} ms on, {off} ms off"
    return f"{code:02X}H {_CODES.get(code, '')}{times}: {value}"


def _name(names: tuple, group: int, index: int) -> tuple[str, str]:
    for other, first, points in names:
        if other == group and first <= index < first + len(points):
            return points[index - first]
    raise KeyError((group, index))
