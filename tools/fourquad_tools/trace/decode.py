"""A frame in a line, for people."""

from __future__ import annotations

from fourquad.protocols.modbus import codes as m
from fourquad_tools.trace import frames
from fourquad_tools.trace.frames import Frame

_EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledge",
    6: "busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target failed to respond",
}
_READS = {1: "coils", 2: "inputs", 3: "registers", 4: "input registers"}
_WRITES = {15: "coils", 16: "registers"}
_LINK = {
    0: "reset link",
    1: "reset user",
    2: "test link",
    3: "user data",
    4: "user data",
    9: "request status",
}
_LINK_BACK = {0: "ACK", 1: "NACK", 11: "link status", 15: "not supported"}
_APPLICATION = {
    0: "confirm",
    1: "read",
    2: "write",
    3: "select",
    4: "operate",
    5: "direct operate",
    6: "direct operate, no answer",
    7: "freeze",
    8: "freeze, no answer",
    9: "freeze and clear",
    10: "freeze and clear, no answer",
    13: "cold restart",
    14: "warm restart",
    20: "enable unsolicited",
    21: "disable unsolicited",
    22: "assign class",
    23: "delay measurement",
    24: "record current time",
    129: "response",
    130: "unsolicited response",
}
_CONTROLS = ["NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR"]
_CONTROLS += ["SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK"]
# Of MS/TP, by their types.
_FRAMES = ["token", "poll for master", "reply to poll", "test request", "test response"]
_FRAMES += ["data, reply expected", "data", "reply postponed"]
_MOST_TEXT = 160  # characters


def describe(frame: Frame) -> str:
    """What a frame says."""
    data = frame.data
    if frame.protocol == frames.IEC:
        return _text(data)
    if not frame.whole:
        return "no frame"
    if frame.protocol == frames.DNP3:
        return _dnp3(data)
    if frame.protocol == frames.BACNET:
        return _mstp(data)
    if frame.protocol == frames.MODBUS_TCP:
        if data[2:4] != b"\0\0" or len(data) < 8:
            return "no Modbus"
        return f"transaction {data[0] << 8 | data[1]}, {_modbus(data[6:], frame.inward)}"
    return _modbus(data[:-2], frame.inward)


def _mstp(data: bytes) -> str:
    """Kind of a frame, and who says it to whom."""
    kind, to, source = data[2:5]
    words = _FRAMES[kind] if kind < len(_FRAMES) else f"frame type {kind}"
    size = f", {len(data) - 10} octets" if len(data) > 10 else ""
    return f"{source} to {'all' if to == 255 else to}: {words}{size}"


def _modbus(data: bytes, request: bool) -> str:
    """Unit and PDU."""
    unit, function, body = data[0], data[1], data[2:]
    words = _exception(function, body) if function & m.REFUSED else _pdu(function, body, request)
    return f"{'broadcast' if unit == 0 and request else f'unit {unit}'}: {words}"


def _exception(function: int, body: bytes) -> str:
    code = body[0] if body else 0
    return f"function {function & 0x7F}: exception {code}, {_EXCEPTIONS.get(code, 'of the maker')}"


def _pdu(function: int, body: bytes, request: bool) -> str:
    one, two = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:4], "big")
    if function in _READS:
        if not request:
            return f"{_READS[function]}, {body[0] if body else 0} octets"
        return f"read {two} {_READS[function]} from {one:04X}H"
    if function == 5 and len(body) == 4:
        return f"coil {one:04X}H = {'on' if two == 0xFF00 else 'off' if two == 0 else two}"
    if function == 6 and len(body) == 4:
        return f"register {one:04X}H = {two}"
    if function in _WRITES and len(body) >= 4:
        values = ""
        if request and function == 16:
            values = " = " + " ".join(
                str(int.from_bytes(body[i : i + 2], "big")) for i in range(5, 21, 2)[:two]
            )
            values += " ..." if two > 8 else ""
        return f"{'write' if request else 'written'} {two} {_WRITES[function]} from {one:04X}H{values}"
    return f"function {function}, {len(body)} octets"


def _dnp3(data: bytes) -> str:
    control = data[3]
    to, come = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
    function = control & 0x0F
    names = _LINK if control & 0x40 else _LINK_BACK
    words = f"{come} to {to}: {names.get(function, f'link function {function}')}"
    if len(data) < 13 or names is _LINK_BACK or function not in (3, 4):
        return words
    transport, application, code = data[10], data[11], data[12]
    if not transport & 0x40:
        return f"{words}, a further part"
    words = f"{come} to {to}: {_APPLICATION.get(code, f'function {code}')}, sequence {application & 0x0F}"
    if code in (129, 130) and len(data) >= 15:
        words += f", IIN {data[13]:02X} {data[14]:02X}"
    return words if transport & 0x80 else words + ", more parts come"


def _text(data: bytes) -> str:
    out = []
    for octet in data:
        letter = octet & 0x7F
        if letter < 0x20 or letter == 0x7F:
            name = _CONTROLS[letter] if letter < len(_CONTROLS) else f"{letter:02X}"
            out.append(f"<{name}>")
        else:
            out.append(chr(letter))
    text = "".join(out)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 4] + " ..."
