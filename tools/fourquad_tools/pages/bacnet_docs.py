"""Writes docs/<model>/objects.md: what a model is to BACnet, as its tables and the code have it."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.points import columns as c
from fourquad.protocols.bacnet import codes as b
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import properties, trend
from fourquad.protocols.bacnet.mstp import node
from fourquad_tools import tables
from fourquad_tools.pages import bacnet_epics

_HEAD = """# {title}: BACnet objects

BACnet MS/TP master node (ASHRAE 135, clause 9), protocol version {version}, revision {revision};
{bauds} baud; APDUs of up to {apdu} octets, no segmentation. It uses a token within {usage} ms,
answers a request within {reply} ms or postpones the answer.

Services executed: {services}. A password of DeviceCommunicationControl and of ReinitializeDevice
is not wanted, and one that is given is not looked at. ReinitializeDevice knows a cold and a warm start;
both are a power cut and its end.

| a master asks | answer |
|---|---|
| an object or a property that is not there | object: unknown-object, property: unknown-property |
| a write to what cannot be written | property: write-access-denied |
| a number outside its range, NaN, infinity, part of a code | property: value-out-of-range |
| another type of value, Null | property: invalid-data-type |
| an index of what is no array, above the list's end | property: property-is-not-an-array, \
invalid-array-index |
| a text of more than 64 octets, of another character set | resources: no-space-to-write-property, \
property: character-set-not-supported |
| a service that is not executed, a request that is broken | reject |
| an answer that needs segments: the whole Object_List, ALL of the device | \
abort: segmentation-not-supported |
"""

_SERVICES = {
    b.READ_PROPERTY: "ReadProperty",
    b.READ_PROPERTY_MULTIPLE: "ReadPropertyMultiple",
    b.WRITE_PROPERTY: "WriteProperty",
    b.DEVICE_COMMUNICATION_CONTROL: "DeviceCommunicationControl",
    b.REINITIALIZE_DEVICE: "ReinitializeDevice",
    b.READ_RANGE: "ReadRange",
}
_UNCONFIRMED = ("Who-Is", "Who-Has", "TimeSynchronization")
_TYPES = {
    b.ANALOG_INPUT: ("Analog inputs", "AI"),
    b.ANALOG_VALUE: ("Analog values", "AV"),
    b.BINARY_INPUT: ("Binary inputs", "BI"),
    b.TREND_LOG: ("Trend logs", "TL"),
}
_WORDS = {
    b.ANALOG_VALUE: "\nWhat is written is kept over a power cut.\n",
    b.TREND_LOG: "\nWhat may be logged: AI1-AI75, but AI28 and AI30. Record_Count can be made 0. Log_Buffer "
    "is read by ReadRange.\n",
}


def documents(name: str, model: ModuleType, words: Any) -> dict[str, str]:
    """File below docs/ and what it must hold; nothing for a model without objects."""
    if not hasattr(model, "OBJECTS"):
        return {}
    return {f"{name}/objects.md": _page(model, words)}


def _page(model: ModuleType, words: Any) -> str:
    services = importlib.import_module("fourquad.protocols.bacnet.services")
    confirmed = services.CONFIRMED + trend.SERVICES
    spoken = [_SERVICES[number] for number, _ in confirmed] + list(_UNCONFIRMED)
    rows = {row[c.OFFSET]: row for row in model.SETTINGS}
    ports = [port for port in model.PORTS if any(kind == "bacnet" for kind, _ in port[c.SPEAKS])]
    bauds = tables.limits(rows[ports[0][c.BAUD]])
    parts = [
        _HEAD.format(
            title=model.NAME.upper(),
            version=properties.PROTOCOL_VERSION,
            revision=properties.PROTOCOL_REVISION,
            bauds=bauds,
            apdu=properties.MAX_APDU,
            usage=node.T_USAGE_DELAY,
            reply=node.T_REPLY_TIMEOUT,
            services=", ".join(spoken),
        )
    ]
    device = model.OBJECTS.DEVICE
    count = 1 + sum(len(rows) for _, rows in model.OBJECTS.OBJECTS)
    parts.append(f"\n## Device\n\nIts Object_List has {count} entries.\n\n| property | |\n|---|---|\n")
    texts = {row[c.OFFSET]: row for row in model.TEXTS}
    numbered, named = model.BY_SERIAL
    for title, pid in (("Object_Name", device[col.DEVICE_NAME]), ("Location", device[col.PLACE])):
        row = texts[pid - p.SETTING]
        told = row[c.DEFAULT].decode() + "<serial number>" * (row[c.OFFSET] in named)
        parts.append(f"| {title} | R/W, {row[c.SHORTEST]}-{row[c.LONGEST]} characters: `{told}` |\n")
    identifier = rows[device[col.IDENTIFIER] - p.SETTING]
    _, lowest, bits = next(number for number in numbered if number[0] == identifier[c.OFFSET])
    some = f"one of {lowest}-{lowest + (1 << bits) - 1} by the serial number"
    parts.append(f"| Object_Identifier | R/W, {tables.limits(identifier)}: {some} |\n")
    maximum = rows[device[col.LINK][0] - p.SETTING]
    parts.append(f"| Max_Master | R/W, {tables.limits(maximum)}: {maximum[c.DEFAULT]} |\n")
    vendor, firm = device[col.VENDOR]
    number = rows[vendor - p.SETTING][c.DEFAULT]
    parts.append(f"| Vendor_Identifier, Vendor_Name | {number} (a setting), {firm.decode()} |\n")
    device = bacnet_epics.Device(model, ports[0])
    parts.append(_properties(device, b.DEVICE, b.TOP_INSTANCE))
    for kind, objects in model.OBJECTS.OBJECTS:
        parts.append(_section(device, kind, objects, rows, words))
    parts.append(bacnet_epics.by_type(device, model))
    return "".join(parts)


def _properties(device: bacnet_epics.Device, kind: int, instance: int) -> str:
    """The table of the properties of a type of objects: required, optional, writable."""
    head = f"\n| property | data type | conformance |{' value |' * (kind == b.DEVICE)}\n"
    rule = "|---" * (4 if kind == b.DEVICE else 3) + "|\n"
    return head + rule + "".join(device.properties(kind, instance))


def _section(
    device: bacnet_epics.Device, kind: int, objects: tuple, settings: dict[int, tuple], words: Any
) -> str:
    title, short = _TYPES[kind]
    lines = [
        f"\n## {title}\n{_WORDS.get(kind, '')}"
        + _properties(device, kind, 1)
        + "\n| object | name | description | unit | range: default | |\n|---|---|---|---|---|---|\n"
    ]
    for instance, row in enumerate(objects, 1):
        note = words.NOTES.get((kind, instance), "")
        lines.append(
            f"| {short}{instance} | {row[col.NAME].decode()} | {row[col.ABOUT].decode()} | "
            f"{tables.BACNET_UNITS[row[col.UNITS]]} | {_range(row, settings)} | {note} |\n"
        )
    return "".join(lines)


def _range(row: tuple, settings: dict[int, tuple]) -> str:
    """Range and default of an object that is a setting."""
    point = row[col.POINT]
    own = settings.get(point - p.SETTING) if point is not None else None
    if own is None:
        return ""
    scale = row[col.SCALE]
    if own[c.CHOICES] is not None:
        allowed = tables.limits(own)
    else:
        allowed = f"{own[c.LOW] / scale:g} to {own[c.HIGH] / scale:.10g}"
    return f"{allowed}: {own[c.DEFAULT] / scale:g}"
