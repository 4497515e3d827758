"""Binary output objects (ASHRAE 135, 12.7): relays, which are commanded by priority (19.2).

Present_Value is what the relay does now: others than BACnet's masters switch it, too, and a pulse ends by
itself. What is relinquished by all is off.
"""

from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet import columns as col
from fourquad.protocols.bacnet import properties as pr

_NULL_TAG = 0
_ENUMERATED_TAG = 9
_NOTHING = 2  # in a priority array, besides 0 and 1
_OFF = 0


def _commands(o):
    """The priority array of the object that is chosen: an octet for each priority; None before the first
    command.
    """
    return o.commands.get(o.instance) if o.commands else None


def _in_force(commands):
    """The value that these commands come to."""
    for value in commands or ():
        if value != _NOTHING:
            return value
    return _OFF


def put_commands(o, w, index):
    """Priority_Array; its length with index 0."""
    if index == 0:
        w.unsigned(pr.LOWEST_PRIORITY)
        return 0
    if index > pr.LOWEST_PRIORITY:
        return c.INVALID_ARRAY_INDEX
    commands = _commands(o)
    for i in range(pr.LOWEST_PRIORITY):
        if index in (pr.WHOLE, i + 1):
            if commands and commands[i] != _NOTHING:
                w.enumerated(commands[i])
            else:
                w.null()
    return 0


def take_command(o, r):
    """A command of o.priority, or Null, which takes it back."""
    value = _NOTHING
    if pr.is_application(r, _ENUMERATED_TAG):
        value = r.enumerated()
        if r.bad < 0 and value > 1:
            return c.VALUE_OUT_OF_RANGE
    elif pr.is_application(r, _NULL_TAG):
        r.skip()
    else:
        return c.INVALID_DATA_TYPE
    if not pr.complete(r):
        return c.INVALID_DATA_TYPE
    commands = _commands(o)
    if commands is None:
        commands = bytearray([_NOTHING] * pr.LOWEST_PRIORITY)
    at = o.priority - 1
    before, old = _in_force(commands), commands[at]
    commands[at] = value
    after = _in_force(commands)
    highest = all(each == _NOTHING for each in commands[:at])
    if after != before or highest and value != _NOTHING:
        why = pr.ANSWERS[o.points.write(o.row[col.POINT], after)]
        if why:
            commands[at] = old
            return why
    if o.commands is None:
        o.commands = {}
    o.commands[o.instance] = commands
    return 0
