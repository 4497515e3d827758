"""opendnp3 (PyPI dnp3-python) as a master in a process of its own, because an error in a callback aborts it.

Commands come as JSON objects, one a line, on standard input; what opendnp3 says goes out on standard
output, one JSON object a line: {"values": [[index, value, flags, ms], ...], "gv": "Group30Var5", "event":
false}, {"state": ...}, {"log": ...}.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from pydnp3 import asiodnp3, asiopal, opendnp3, openpal

_LOCK = threading.Lock()


def say(**what: Any) -> None:
    with _LOCK:
        print(json.dumps(what), flush=True)


def _visitor(base: type) -> type:
    class Visitor(base):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.found: list[list[Any]] = []

        def OnValue(self, indexed: Any) -> None:
            value = indexed.value
            moment = getattr(value, "time", None)
            self.found.append(
                [indexed.index, value.value, _flags(value), 0 if moment is None else moment.value]
            )

    return Visitor


def _flags(value: Any) -> int:
    flags = getattr(value, "flags", None)
    return flags.value if hasattr(flags, "value") else int(getattr(value, "quality", 0) or 0)


VISITORS = {
    opendnp3.ICollectionIndexedBinary: _visitor(opendnp3.IVisitorIndexedBinary),
    opendnp3.ICollectionIndexedCounter: _visitor(opendnp3.IVisitorIndexedCounter),
    opendnp3.ICollectionIndexedFrozenCounter: _visitor(opendnp3.IVisitorIndexedFrozenCounter),
    opendnp3.ICollectionIndexedAnalog: _visitor(opendnp3.IVisitorIndexedAnalog),
    opendnp3.ICollectionIndexedBinaryOutputStatus: _visitor(opendnp3.IVisitorIndexedBinaryOutputStatus),
}


class Handler(opendnp3.ISOEHandler):
    """Everything measured, as it comes."""

    def __init__(self) -> None:
        super().__init__()

    def Process(self, info: Any, values: Any, *_: Any) -> None:
        kind = VISITORS.get(type(values))
        if kind is None:
            say(log=f"no visitor for {type(values).__name__}")
            return
        visitor = kind()
        values.Foreach(visitor)
        say(values=visitor.found, gv=info.gv.name, event=bool(info.isEventVariation))

    def Start(self) -> None:
        """A response begins."""

    def End(self) -> None:
        """It has ended."""


class Log(openpal.ILogHandler):
    """opendnp3's own log, warnings and errors."""

    def __init__(self) -> None:
        super().__init__()

    def Log(self, entry: Any) -> None:
        say(log=entry.message, filters=entry.filters.GetBitfield())


class Application(opendnp3.IMasterApplication):
    """The master's clock, and what it hears of the outstation."""

    def __init__(self, now_ms: int) -> None:
        super().__init__()
        self.now_ms = now_ms

    def Now(self) -> Any:
        return openpal.UTCTimestamp(self.now_ms)

    def OnReceiveIIN(self, iin: Any) -> None:
        say(iin=[iin.LSB, iin.MSB])

    def OnTaskComplete(self, info: Any) -> None:
        say(task=info.type.name, result=info.result.name)

    def OnTaskStart(self, *_: Any) -> None:
        """A task begins."""

    def OnOpen(self) -> None:
        say(state="open")

    def OnClose(self) -> None:
        say(state="closed")

    def AssignClassDuringStartup(self) -> bool:
        return False

    def ConfigureAssignClassRequest(self, *_: Any) -> None:
        """None."""

    def OnStateChange(self, *_: Any) -> None:
        """The link's state."""


def main(options: dict[str, Any]) -> None:
    log, handler, application = Log(), Handler(), Application(options["now_ms"])
    manager = asiodnp3.DNP3Manager(1, log)
    settings = asiopal.SerialSettings()
    settings.deviceName = options["port"]
    settings.baud = 19200
    channel = manager.AddSerial(
        "serial", opendnp3.levels.NORMAL, asiopal.ChannelRetry().Default(), settings, None
    )
    config = asiodnp3.MasterStackConfig()
    config.link.LocalAddr = options["master"]
    config.link.RemoteAddr = options["outstation"]
    master = config.master
    master.responseTimeout = openpal.TimeDuration().Seconds(5)
    master.disableUnsolOnStartup = options["unsolicited"]
    master.unsolClassMask = (
        opendnp3.ClassField().AllEventClasses() if options["unsolicited"] else opendnp3.ClassField(0)
    )
    master.startupIntegrityClassMask = (
        opendnp3.ClassField().AllClasses() if options["integrity"] else opendnp3.ClassField(0)
    )
    master.timeSyncMode = getattr(opendnp3.TimeSyncMode, options["time_sync"])
    station = channel.AddMaster("master", handler, application, config)
    station.Enable()
    callback = asiodnp3.PrintingCommandCallback.Get()
    for line in sys.stdin:
        command = json.loads(line)
        kind = command.pop("cmd")
        if kind == "class":
            station.ScanClasses(opendnp3.ClassField(*command["mask"]))
        elif kind == "range":
            gv = opendnp3.GroupVariationID(command["group"], command["variation"])
            station.ScanRange(gv, command["start"], command["stop"])
        elif kind == "all":
            station.ScanAllObjects(opendnp3.GroupVariationID(command["group"], command["variation"]))
        elif kind in ("direct", "select"):
            crob = opendnp3.ControlRelayOutputBlock(
                getattr(opendnp3.ControlCode, command["code"]),
                command["count"],
                command["on"],
                command["off"],
            )
            act = station.DirectOperate if kind == "direct" else station.SelectAndOperate
            act(crob, command["index"], callback)
        elif kind == "end":
            break
    say(state="end")
    station.Disable()
    manager.Shutdown()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
