"""What the objects of a model say of themselves, as an EPICS has it, property by property: a meter of the
model tells it.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.points import columns as c
from fourquad.points import system as s
from fourquad.protocols.bacnet import codes as b
from fourquad.protocols.bacnet.tags import Reader, Writer
from fourquad.protocols.station import Station
from fourquad_tools.sim.device import channels

_KNOWN = vars(b)
# Names of properties, which are the last constants of their module.
_CODES = {_KNOWN[name]: name for name in list(_KNOWN)[list(_KNOWN).index("ALL") :]}
_DATATYPES = {
    1: "BOOLEAN",
    2: "Unsigned",
    4: "REAL",
    7: "CharacterString",
    8: "BIT STRING",
    9: "ENUMERATED",
    10: "Date",
    11: "Time",
    12: "BACnetObjectIdentifier",
}
# Properties that are no single value.
_BUILT = {
    b.OBJECT_LIST: "BACnetARRAY of BACnetObjectIdentifier",
    b.DEVICE_ADDRESS_BINDING: "List of BACnetAddressBinding",
    b.LOG_DEVICE_OBJECT_PROPERTY: "BACnetDeviceObjectPropertyReference",
    b.PRIORITY_ARRAY: "BACnetARRAY of BACnetPriorityValue",
    b.ACTIVE_COV_SUBSCRIPTIONS: "List of BACnetCOVSubscription",
    b.LOG_BUFFER: "List of BACnetLogRecord",
    b.START_TIME: "BACnetDateTime",
    b.STOP_TIME: "BACnetDateTime",
}
# Those of which no meter says the same as another, or at another time.
_OWN = (b.OBJECT_IDENTIFIER, b.OBJECT_NAME, b.DESCRIPTION, b.LOCAL_DATE, b.LOCAL_TIME)
_ROOM = 1000


class Device:
    """A meter of `model` without samples, and what speaks BACnet for it."""

    def __init__(self, model: ModuleType, port: tuple) -> None:
        self.meter = Meter(model, channels(model), 10**6, 12)
        self.objects: Any = Station(port, (self.meter.points, None)).machine.application.objects
        self._buffer = bytearray(_ROOM)

    def properties(self, kind: int, instance: int) -> list[str]:
        """A line of a table for each property of an object: name, type, conformance, value of a device."""
        assert self.objects.find(kind, instance)
        table = next(rows for each, rows in self.objects._tables if each == kind)
        return [
            f"| {_CODES[prop].title()} | {self._datatype(prop)} | {_conformance(required, put)} |"
            + f" {self._value(prop)} |" * (kind == b.DEVICE)
            + "\n"
            for prop, required, _, put in table
        ]

    def _read(self, prop: int) -> Reader:
        writer, reader = Writer(), Reader()
        writer.begin(self._buffer, 0, _ROOM)
        assert self.objects.read(prop, -1, writer) == 0
        reader.begin(self._buffer, 0, writer.at)
        return reader

    def _datatype(self, prop: int) -> str:
        if prop in _BUILT:
            return _BUILT[prop]
        reader = self._read(prop)
        reader.tag()
        return _DATATYPES[reader.number]

    def _value(self, prop: int) -> str:
        """What a device says."""
        if prop in _OWN or prop in _BUILT:
            return ""
        reader = self._read(prop)
        reader.tag()
        if reader.number == 8:
            length = reader.length
            reader.skip()
            return _bits(reader.buffer[reader.at - length : reader.at])
        if reader.number == 7:
            text = reader.text()
            return text.decode() if text else ""
        return str(reader.unsigned(kind=reader.number))

    def missing(self, code: int) -> list[int]:
        """Instances of the analog inputs that have no value in a type of system, whatever the mains do."""
        self.meter.settings.write(s.SYSTEM_TYPE, code)
        self.meter.readings.primary[p.FREQUENCY] = 60.0
        found = []
        for n in range(1, len(dict(self.objects.types)[b.ANALOG_INPUT]) + 1):
            assert self.objects.find(b.ANALOG_INPUT, n)
            if math.isnan(self.objects.value()):
                found.append(n)
        return found


def _conformance(required: bool | None, put: object) -> str:
    return ("O" if required is False else "R") + (", W" if put else "")


def _bits(content: bytearray) -> str:
    """Numbers of the bits of a bit string that are set, and how many it has."""
    unused, data = content[0], content[1:]
    places = [8 * i + k for i, octet in enumerate(data) for k in range(8) if octet >> 7 - k & 1]
    return f"bits {', '.join(map(str, places))} of {8 * len(data) - unused}"


def some(numbers: list[int]) -> str:
    """Numbers with those in a row as ranges."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(f"AI{a}" if a == z else f"AI{a}-AI{z}" for a, z in runs)


def by_type(device: Device, model: ModuleType) -> str:
    """A table of what reads NaN in each type of system."""
    types = next(row for row in model.SETTINGS if row[c.OFFSET] == s.SYSTEM_TYPE)[c.CHOICES]
    found = {code: device.missing(code) for code in types}
    always = set.intersection(*map(set, found.values()))
    lines = [
        "\n## What a type of system has not\n\n"
        f"These analog inputs are NaN (QNAN) in a type of system (AV2), besides {some(sorted(always))}, "
        "which have no value in any; AI18 is NaN outside of 45-65 Hz.\n\n| AV2 | NaN |\n|---|---|\n"
    ]
    lines += [
        f"| {code} | {some([n for n in numbers if n not in always])} |\n" for code, numbers in found.items()
    ]
    return "".join(lines)
