"""Writes docs/<model>/bacnet-ip.md: what a model is to BACnet/IP, as its tables and the code have it."""

from __future__ import annotations

import importlib
from types import ModuleType, SimpleNamespace

from fourquad.meter.meter import Meter
from fourquad.models import load
from fourquad.points import columns as c
from fourquad.protocols.bacnet import codes as b
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import cov
from fourquad.protocols.bacnet.ip import node, service
from fourquad_tools import tables
from fourquad_tools.pages import bacnet_epics
from fourquad_tools.sim.device import channels

MACHINE = "bacnet.ip.service"
_HEAD = """# {title}: BACnet/IP

Protocol Implementation Conformance Statement and objects of a meter with a network module. Standard: ASHRAE
135, annex J; protocol revision 4. The manual has the settings only, which are among those [of the
network module](network.md); everything else is ours.

| | |
|---|---|
| data link | BACnet/IP, UDP {port}; Original-Unicast, Original-Broadcast, Forwarded-NPDU, BVLC-Result |
| foreign device | Register-Foreign-Device, renewed {latest} s before its end (every {retry} s until a BBMD \
takes it), Distribute-Broadcast-To-Network. The time to live is a number of 16 bits: one of more than 1092 \
minutes is said to be 65535 s |
| no BBMD | what only a BBMD does is refused by BVLC-Result (NAK) |
| APDUs | up to {apdu} octets are taken; no segmentation |
| executed | ReadProperty, ReadPropertyMultiple, WriteProperty, SubscribeCOV, DeviceCommunicationControl, \
ReinitializeDevice, Who-Is, Who-Has, TimeSynchronization |
| initiated | I-Am, I-Have, ConfirmedCOVNotification, UnconfirmedCOVNotification |
| character set | UTF-8 |

What else is ours:

- I-Am and I-Have go to who asked by unicast, and to all when the question came to all. I-Am is said at the
  start.
- {most} subscriptions at once (resources: no-space-to-add-list-element); they end with the power, with
  their lifetime, or by being cancelled. The first notification says how it is. A confirmed one that nobody
  confirms is said {tries} times, {timeout} s apart, and then left until the next change; what changes
  meanwhile is told as it is then.
- COV_Increment: {increments}; else 1. It may be written, of {most} objects, and is kept as settings are.
- Binary outputs have a priority array; Present_Value is what the relay does, which others (Modbus, the
  panel, a pulse's end) may change. A relay that belongs to the alarms refuses commands
  (write-access-denied). What is relinquished by all is off. Commands are forgotten with the power.
- Inputs and relays are there while their module is; Database_Revision is a check sum over the device's
  number, its name and the modules, so that it is another one when any of them is.
- A password of DeviceCommunicationControl and ReinitializeDevice is not looked at. Both starts of
  ReinitializeDevice reset the network module; the meter goes on.
- Number, name and location of the device can be written over BACnet and are in force at once, unless
  sealed.
- Energies are REAL, which has 24 bits: above 1,677,721.6 kWh the last digit is rounded. Modbus has all of
  it.
- {dates}
"""
_DATES = "There are no trend log objects: the meter's data logs are records of registers, which Modbus reads."
_TYPES = {
    b.ANALOG_INPUT: ("Analog inputs", "AI"),
    b.BINARY_INPUT: ("Binary inputs", "BI"),
    b.BINARY_OUTPUT: ("Binary outputs", "BO"),
}


class _Device(bacnet_epics.Device):
    """A meter with its network module, and what speaks BACnet/IP for it; all of its modules are connected."""

    def __init__(self, name: str, row: tuple) -> None:
        model = load(name, options=("network",))
        self.meter = Meter(model, channels(model), 10**6, 12)
        parts = SimpleNamespace(points=self.meter.points, shared={})
        self.objects = service.make(row, parts).application.objects  # type: ignore[arg-type]
        self.objects._present = None
        self._buffer = bytearray(2000)


def documents(name: str) -> dict[str, str]:
    """File below docs/ and what it must hold; nothing for a model without BACnet/IP."""
    model = load(name, options=("network",))
    rows = [row for row in getattr(model, "SERVICES", ()) if row[c.MACHINE] == MACHINE]
    return {f"{name}/bacnet-ip.md": _page(name, model, rows[0])} if rows else {}


def _page(name: str, model: ModuleType, row: tuple) -> str:
    settings = {each[c.OFFSET]: each for each in model.SETTINGS}
    each = ", ".join(f"{value:g} {tables.BACNET_UNITS[units]}" for units, value in cov._INCREMENTS)
    parts = [
        _HEAD.format(
            title=model.NAME.upper(),
            port=tables.limits(settings[row[c.SERVICE_PORT]]),
            latest=node._LATEST_S,
            retry=node._RETRY_MS // 1000,
            apdu=service.LONGEST,
            most=cov.MOST,
            tries=cov.TRIES,
            timeout=cov.TIMEOUT_MS // 1000,
            increments=each,
            dates=_DATES,
        )
    ]
    device = _Device(name, row)
    parts.append("\n## Device\n\n| property | data type | conformance | value |\n|---|---|---|---|\n")
    parts += device.properties(b.DEVICE, b.TOP_INSTANCE)
    objects = importlib.import_module(row[c.TABLES]).OBJECTS
    for kind, rows in objects:
        parts.append(_section(device, kind, rows))
    return "".join(parts)


def _section(device: _Device, kind: int, rows: tuple) -> str:
    title, short = _TYPES[kind]
    lines = [f"\n## {title}\n\n| property | data type | conformance |\n|---|---|---|\n"]
    lines += device.properties(kind, 1)
    lines.append("\n| object | name | description | unit |\n|---|---|---|---|\n")
    for n, row in enumerate(rows, 1):
        unit = tables.BACNET_UNITS[row[col.UNITS]]
        lines.append(f"| {short}{n} | {row[col.NAME].decode()} | {row[col.ABOUT].decode()} | {unit} |\n")
    return "".join(lines)
