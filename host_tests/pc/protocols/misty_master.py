"""bacnet-stack's MS/TP node with bacpypes (PyPI misty) as a master in a process of its own: misty_master.py
TTY MAC MAX_MASTER BAUD.

Commands come as JSON objects, one a line, on standard input: {"do": "read", "object": ["analogInput", 1],
"property": "presentValue", "index": null}; the answer goes out on standard output, one JSON object a line:
{"ok": ...}, {"error": [class, code]}, {"reject": reason}, {"abort": reason} or {"timeout": true}.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from typing import Any

from bacpypes.apdu import (
    AbortPDU,
    DeviceCommunicationControlRequest,
    Error,
    PropertyReference,
    Range,
    RangeByPosition,
    RangeBySequenceNumber,
    RangeByTime,
    ReadAccessSpecification,
    ReadPropertyMultipleRequest,
    ReadPropertyRequest,
    ReadRangeRequest,
    ReinitializeDeviceRequest,
    RejectPDU,
    TimeSynchronizationRequest,
    WhoHasObject,
    WhoHasRequest,
    WhoIsRequest,
    WritePropertyRequest,
)
from bacpypes.basetypes import DateTime, LogRecord
from bacpypes.constructeddata import Any as BacnetAny
from bacpypes.constructeddata import Array, ListOf
from bacpypes.core import deferred, run
from bacpypes.iocb import IOCB
from bacpypes.local.device import LocalDeviceObject
from bacpypes.object import get_datatype
from bacpypes.pdu import Address, LocalBroadcast
from bacpypes.primitivedata import (
    Boolean,
    CharacterString,
    Date,
    Double,
    Enumerated,
    Null,
    ObjectIdentifier,
    Real,
    Time,
    Unsigned,
)
from misty.mstplib import MSTPSimpleApplication

_LOCK = threading.Lock()
_TYPES = {
    "real": Real,
    "unsigned": Unsigned,
    "enumerated": Enumerated,
    "boolean": Boolean,
    "text": CharacterString,
    "object": ObjectIdentifier,
    "double": Double,
    "date": Date,
    "time": Time,
}


def say(what: Any) -> None:
    with _LOCK:
        print(json.dumps(what, default=str), flush=True)


class Application(MSTPSimpleApplication):
    """Tells who announces itself."""

    def indication(self, apdu: Any) -> None:
        name = type(apdu).__name__
        if name == "IAmRequest":
            say({"i_am": [apdu.iAmDeviceIdentifier[1], apdu.maxAPDULengthAccepted, apdu.vendorID]})
        elif name == "IHaveRequest":
            say({"i_have": [list(apdu.objectIdentifier), apdu.objectName]})


def value_of(datatype: Any, raw: Any, index: Any) -> Any:
    """What a property's octets say, as JSON has it."""
    if datatype is None:
        return "?"
    if issubclass(datatype, Array):
        datatype = Unsigned if index == 0 else datatype.subtype if index is not None else datatype
    value = raw.cast_out(datatype)
    if hasattr(value, "dict_contents"):
        return value.dict_contents()
    if isinstance(value, list):
        return [v.dict_contents() if hasattr(v, "dict_contents") else v for v in value]
    return value


def written(command: dict[str, Any]) -> Any:
    out = BacnetAny()
    kind = command["type"]
    if kind == "null":
        out.cast_in(Null())
    elif kind == "datetime":
        date, time = command["value"]
        out.cast_in(DateTime(date=tuple(date), time=tuple(time)))
    else:
        value = command["value"]
        out.cast_in(_TYPES[kind](tuple(value) if isinstance(value, list) else value))
    return out


def request(command: dict[str, Any]) -> Any:
    """The request of a command."""
    do = command["do"]
    if do == "read":
        made = ReadPropertyRequest(
            objectIdentifier=tuple(command["object"]), propertyIdentifier=command["property"]
        )
        if command.get("index") is not None:
            made.propertyArrayIndex = command["index"]
        return made
    if do == "multiple":
        references = [PropertyReference(propertyIdentifier=name) for name in command["properties"]]
        return ReadPropertyMultipleRequest(
            listOfReadAccessSpecs=[
                ReadAccessSpecification(objectIdentifier=tuple(each), listOfPropertyReferences=references)
                for each in command["objects"]
            ]
        )
    if do == "write":
        made = WritePropertyRequest(
            objectIdentifier=tuple(command["object"]),
            propertyIdentifier=command["property"],
            propertyValue=written(command),
        )
        if command.get("index") is not None:
            made.propertyArrayIndex = command["index"]
        return made
    if do == "range":
        made = ReadRangeRequest(objectIdentifier=tuple(command["object"]), propertyIdentifier="logBuffer")
        at, count = command.get("at"), command.get("count")
        if command["by"] == "position":
            made.range = Range(byPosition=RangeByPosition(referenceIndex=at, count=count))
        elif command["by"] == "sequence":
            made.range = Range(
                bySequenceNumber=RangeBySequenceNumber(referenceSequenceNumber=at, count=count)
            )
        elif command["by"] == "time":
            date, time = at
            moment = DateTime(date=tuple(date), time=tuple(time))
            made.range = Range(byTime=RangeByTime(referenceTime=moment, count=count))
        return made
    if do == "control":
        return DeviceCommunicationControlRequest(
            timeDuration=command["minutes"], enableDisable=command["state"]
        )
    if do == "reinitialize":
        return ReinitializeDeviceRequest(reinitializedStateOfDevice=command["state"])
    if do == "who_is":
        made = WhoIsRequest()
        if "low" in command:
            made.deviceInstanceRangeLowLimit = command["low"]
            made.deviceInstanceRangeHighLimit = command["high"]
        return made
    if do == "who_has":
        return WhoHasRequest(object=WhoHasObject(objectName=command["name"]))
    if do == "time":
        date, time = command["at"]
        return TimeSynchronizationRequest(time=DateTime(date=tuple(date), time=tuple(time)))
    raise ValueError(do)


def answered(command: dict[str, Any], iocb: IOCB) -> Any:
    """What came of it, as JSON has it."""
    error = iocb.ioError
    if error is not None:
        if isinstance(error, Error):
            return {"error": [str(error.errorClass), str(error.errorCode)]}
        if isinstance(error, RejectPDU):
            return {"reject": str(error.apduAbortRejectReason)}
        if isinstance(error, AbortPDU):
            return {"abort": str(error.apduAbortRejectReason)}
        return {"timeout": True}
    apdu = iocb.ioResponse
    if command["do"] == "read":
        datatype = get_datatype(apdu.objectIdentifier[0], apdu.propertyIdentifier)
        return {"ok": value_of(datatype, apdu.propertyValue, apdu.propertyArrayIndex)}
    if command["do"] == "multiple":
        found = []
        for each in apdu.listOfReadAccessResults:
            kind = each.objectIdentifier[0]
            row = {}
            for element in each.listOfResults:
                name = element.propertyIdentifier
                result = element.readResult
                if result.propertyAccessError is not None:
                    row[name] = ["error", str(result.propertyAccessError.errorCode)]
                else:
                    datatype = get_datatype(kind, name)
                    row[name] = value_of(datatype, result.propertyValue, element.propertyArrayIndex)
            found.append([list(each.objectIdentifier), row])
        return {"ok": found}
    if command["do"] == "range":
        records = apdu.itemData.cast_out(ListOf(LogRecord)) if apdu.itemCount else []
        return {
            "ok": [record.dict_contents() for record in records],
            "flags": list(apdu.resultFlags),
            "first": apdu.firstSequenceNumber,
            "count": apdu.itemCount,
        }
    return {"ok": True}


def commands(application: Application, meter: Address) -> None:
    for line in sys.stdin:
        command = json.loads(line)
        try:
            apdu = request(command)
        except Exception as error:  # noqa: BLE001
            say({"failed": repr(error)})
            continue
        if command["do"] in ("who_is", "who_has", "time"):
            apdu.pduDestination = LocalBroadcast()
            deferred(application.request, apdu)
            say({"ok": True})
            continue
        apdu.pduDestination = Address(command["to"]) if "to" in command else meter
        iocb = IOCB(apdu)
        deferred(application.request_io, iocb)
        iocb.wait()
        try:
            say(answered(command, iocb))
        except Exception as error:  # noqa: BLE001
            say({"failed": repr(error)})
    os._exit(0)


def main() -> None:
    tty, mac, maximum, baud = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    with tempfile.TemporaryDirectory() as folder:
        device = LocalDeviceObject(
            objectName="master",
            objectIdentifier=("device", 4000000),
            maxApduLengthAccepted=480,
            segmentationSupported="noSegmentation",
            vendorIdentifier=15,
            # a computer that is busy lets frames be late
            apduTimeout=3000,
            numberOfApduRetries=4,
        )
        device._interface = tty
        device._max_masters = maximum
        device._baudrate = baud
        device._maxinfo = 1
        device._mstp_dir = folder
        application = Application(device, str(mac))
        threading.Thread(target=commands, args=(application, Address(int(sys.argv[5]))), daemon=True).start()
        say({"ready": True})
        run()


if __name__ == "__main__":
    main()
