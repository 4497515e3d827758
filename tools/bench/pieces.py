"""Runs on the board: the meter as main.py composes it, until Ctrl-C, with the services that NET names (as in
heap.py) on. Then a row for each kind of work of each service, "PIECE {...}": how long the longest call of a
machine (fourquad.net) took in us, how many bytes of the heap it asked for, how many calls there were, and in
how many of them garbage was collected, which are in no other number.

Kinds: the name of the service and the call, "first" before a master of DNP3 is known; of web pages the path
that was asked for and what the call did: take the request in, begin the answer, go on with a job, or say a
piece.
"""

# ruff: noqa: F821  the bench puts NET before this text

import gc
import json
import time

import __main__ as main
import app as program
from fourquad.net import desk as d
from fourquad.net.switchboard import Switchboard

clock_us = time.ticks_us
seen = {}
CALLS = ("run", "poll", "datagram")
US, BYTES, COUNT, COLLECTIONS = range(4)  # columns of what was seen


def doing(machine, call):
    """What the machine of a web page is about to do."""
    if not hasattr(machine, "_reply"):
        return " first " + call if not getattr(machine, "_known", True) else " " + call
    if call == "run" or machine.request.path == "":
        return " take"
    phase = " say " if machine._reply else " job " if machine._job else " begin "
    return phase + machine.request.path


def timed(desk, machine, call):
    """A call of a machine, measured."""
    inner = getattr(machine, call)

    def outer(*args):
        kind = desk.name + doing(machine, call)
        if kind not in seen:
            seen[kind] = [0, 0, 0, 0]
        row = seen[kind]
        row[COUNT] += 1
        start = clock_us()
        had = gc.allocated()
        try:
            return inner(*args)
        finally:
            took = time.ticks_diff(clock_us(), start)
            had = gc.allocated() - had
            if had < 0:
                row[COLLECTIONS] += 1
            elif took > row[US]:
                row[US] = took
                row[BYTES] = had

    setattr(machine, call, outer)


def watch(desk, machine):
    """Measure what a machine does."""
    if not hasattr(machine, "watched"):
        machine.watched = True
        for call in CALLS:
            if hasattr(machine, call):
                timed(desk, machine, call)


take, open_ = d.Desk.take, Switchboard.open


def taken(self):
    """Desk.take, watched."""
    machine = take(self)
    watch(self, machine)
    return machine


def opened(self, desk, port, now):
    """Switchboard.open, watched."""
    if desk.kind != "stream":
        watch(desk, desk.service)
    return open_(self, desk, port, now)


d.Desk.take, Switchboard.open = taken, opened
app = main.build()
# put services_on here
gc.collect()
print("GO")
try:
    app.run()
except KeyboardInterrupt:
    program.quiet()
gc.collect()
for kind in sorted(seen):
    row = seen[kind]
    told = {"kind": kind, "us": row[US], "bytes": row[BYTES], "calls": row[COUNT]}
    told["collections"] = row[COLLECTIONS]
    print("PIECE", json.dumps(told))
print("DONE")
