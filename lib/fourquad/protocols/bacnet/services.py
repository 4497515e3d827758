"""The services that a meter executes (ASHRAE 135, clauses 13 to 16), as functions for application.py."""

from fourquad.protocols.bacnet import codes as c
from fourquad.protocols.bacnet.application import ABORTED, SILENT, put_error
from fourquad.protocols.bacnet.properties import LOWEST_PRIORITY

_ONE = ((0, 0),)  # in place of a list of properties
_NO_INDEX = -1
_INFINITE = 0  # minutes
_STATES = 2  # cold start and warm start; the others belong to backup and restore
_PASSWORD = 20  # characters at most


def read_property(application, r, w):
    """15.5."""
    objects = application.objects
    kind = r.object_id(0)
    instance = r.instance
    prop = r.enumerated(1)
    index = r.unsigned(2) if r.is_context(2) else _NO_INDEX
    _nothing_more(r)
    if r.bad >= 0:
        return 0
    if not objects.find(kind, instance):
        return c.UNKNOWN_OBJECT
    w.object_id(kind, objects.instance, 0)
    w.enumerated(prop, 1)
    if index != _NO_INDEX:
        w.unsigned(index, 2)
    w.opening(3)
    why = objects.read(prop, index, w)
    if not isinstance(why, int):
        return _closed(why, w, 3)
    w.closing(3)
    return why


def _closed(steps, w, tag):
    """What goes on with a long property."""
    yield from steps
    w.closing(tag)


def read_property_multiple(application, r, w):
    """15.7: what cannot be read is an error within the answer; ALL, REQUIRED and OPTIONAL are lists. A slice
    is a property.
    """
    if not r.more():
        r.fails(c.MISSING)
    while r.more():
        kind = r.object_id(0)
        instance = r.instance
        r.open(1)
        if r.bad >= 0:
            return
        there = application.objects.find(kind, instance)
        w.object_id(kind, application.objects.instance if there else instance, 0)
        w.opening(1)
        if r.is_closing(1):
            r.fails(c.MISSING)
        while r.more() and not r.is_closing(1):
            prop = r.enumerated(0)
            index = r.unsigned(1) if r.is_context(1) else _NO_INDEX
            if r.bad >= 0:
                return
            some = there and prop in (c.ALL, c.REQUIRED, c.OPTIONAL)
            for each, required in application.objects.properties() if some else _ONE:
                if not some:
                    each = prop
                elif prop != c.ALL and required != (prop == c.REQUIRED):
                    continue
                steps = _result(application.objects, there, each, index, w)
                if steps:
                    yield from steps
                yield
                if w.full:
                    return
        w.closing(1)
        r.close(1)
        if r.bad >= 0:
            return


def _result(objects, there, prop, index, w):
    """A property and its value or error; what goes on with a long one, else None."""
    w.enumerated(prop, 2)
    if index != _NO_INDEX:
        w.unsigned(index, 3)
    at = w.at
    why = c.UNKNOWN_OBJECT
    if there:
        w.opening(4)
        why = objects.read(prop, index, w)
        if not isinstance(why, int):
            return _closed(why, w, 4)
        w.closing(4)
    if why == ABORTED:
        w.full = True
    elif why:
        w.at = at
        w.opening(5)
        put_error(w, why)
        w.closing(5)
    return None


def write_property(application, r, w):
    """15.9. A priority that is not given is the lowest."""
    objects = application.objects
    kind = r.object_id(0)
    instance = r.instance
    prop = r.enumerated(1)
    index = r.unsigned(2) if r.is_context(2) else _NO_INDEX
    r.open(3)
    if r.bad >= 0:
        return 0
    start = r.at
    # the form of the whole request comes first: nothing is written of a request that is rejected
    while r.more() and not r.is_closing(3):
        r.skip()
    end = r.at
    r.close(3)
    priority = r.unsigned(4) if r.is_context(4) else LOWEST_PRIORITY
    if r.bad < 0 and not 1 <= priority <= LOWEST_PRIORITY:
        r.fails(c.OUT_OF_RANGE)
    _nothing_more(r)
    if r.bad >= 0:
        return 0
    if not objects.find(kind, instance):
        return c.UNKNOWN_OBJECT
    r.at = start
    r.end = end
    objects.priority = priority
    return objects.write(prop, index, r)


def device_communication_control(application, r, w):
    """16.1. A password is not wanted: one that is given is not looked at."""
    minutes = r.unsigned(0) if r.is_context(0) else _INFINITE
    state = r.enumerated(1)
    password = r.text(2) if r.is_context(2) else b""
    _nothing_more(r)
    if r.bad < 0 and (state > 2 or minutes > 0xFFFF):
        r.fails(c.UNDEFINED if state > 2 else c.OUT_OF_RANGE)
    elif r.bad < 0 and (password is None or len(password) > _PASSWORD):
        r.fails(c.OUT_OF_RANGE)
    if r.bad < 0:
        application.communicate(state, minutes)
    return 0


def reinitialize_device(application, r, w):
    """16.4: a cold or a warm start; there is nothing to back up."""
    state = r.enumerated(0)
    password = r.text(1) if r.is_context(1) else b""
    _nothing_more(r)
    if r.bad < 0 and (password is None or len(password) > _PASSWORD):
        r.fails(c.OUT_OF_RANGE)
    if r.bad >= 0:
        return 0
    if state >= _STATES:
        return c.NOT_SUPPORTED
    application.restart = state
    return 0


def who_is(application, r, w):
    """16.10: within limits, or everybody."""
    if r.more():
        low = r.unsigned(0)
        high = r.unsigned(1)
        _nothing_more(r)
        if r.bad >= 0 or not low <= application.objects.device_instance() <= high:
            return SILENT
    application.objects.put_i_am(w)
    return 0


def who_has(application, r, w):
    """16.9: an object by its identifier or by its name."""
    objects = application.objects
    if r.is_context(0):
        low = r.unsigned(0)
        high = r.unsigned(1)
        if r.bad >= 0 or not low <= objects.device_instance() <= high:
            return SILENT
    if r.is_context(2):
        kind = r.object_id(2)
        there = r.bad < 0 and objects.find(kind, r.instance)
    else:
        name = r.text(3)
        there = r.bad < 0 and name is not None and objects.find_name(name)
    _nothing_more(r)
    if r.bad >= 0 or not there:
        return SILENT
    objects.put_i_have(w)
    return 0


def time_synchronization(application, r, w):
    """16.7: local time."""
    b = r.buffer
    date = r.four(10)
    time = r.four(11)
    _nothing_more(r)
    if r.bad < 0:
        application.objects.set_time(
            1900 + b[date], b[date + 1], b[date + 2], b[time], b[time + 1], b[time + 2], b[time + 3]
        )
    return SILENT


def _nothing_more(r):
    if r.bad < 0 and r.more():
        r.fails(c.TOO_MANY)


CONFIRMED = (
    (c.READ_PROPERTY, read_property),
    (c.READ_PROPERTY_MULTIPLE, read_property_multiple),
    (c.WRITE_PROPERTY, write_property),
    (c.DEVICE_COMMUNICATION_CONTROL, device_communication_control),
    (c.REINITIALIZE_DEVICE, reinitialize_device),
)
UNCONFIRMED = (
    (c.WHO_IS, who_is),
    (c.WHO_HAS, who_has),
    (c.TIME_SYNCHRONIZATION, time_synchronization),
)
