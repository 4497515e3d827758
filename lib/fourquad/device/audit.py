"""Tells the audit log who does something: the panel, or a serial port. Only a device with such a log
has it."""

from fourquad.points import audit as n


def attribute(audit, panel, ports):
    """Whose key is pressed, and whose request is done, is said while that is done."""
    key = panel.menu.key
    done = told(lambda given: key(*given), audit, n.PANEL)
    panel.menu.key = lambda *given: done(given)
    for i in range(len(ports)):
        ports[i].poll = told(ports[i].poll, audit, n.PORT + i)


def told(call, audit, who):
    """What does the same as `call`, done by `who`."""

    def done(given):
        audit.who = who
        result = call(given)
        audit.who = n.METER
        return result

    return done
