"""Tells the audit log who does something: the panel, or a serial port. Only a device with such a log
has it."""

from fourquad.points import audit as n


def attribute(audit, panel, ports):
    """Whose key is pressed, and whose request is done, is said while that is done."""
    panel.menu.key = told(panel.menu.key, audit, n.PANEL)
    for i in range(len(ports)):
        ports[i].poll = _polled(ports[i].poll, audit, n.PORT + i)


def told(call, audit, who):
    """What does the same as `call`, done by `who`."""

    def done(*given):
        audit.who = who
        result = call(*given)
        audit.who = n.METER
        return result

    return done


def _polled(poll, audit, who):
    # asked all day: `*given` would be garbage
    def done(now):
        audit.who = who
        result = poll(now)
        audit.who = n.METER
        return result

    return done
