"""Runs on the board: what each taker has of the heap, in bytes after a collection, as main.py makes the
meter. Lines "TAKES what bytes"; those that are indented are parts of what comes after them. NET as in
heap.py; DNP3's masters are made as if they had come. `load.mjs script=takers.py said=1` shows the lines.
"""

# ruff: noqa: F821  the bench puts SECONDS and NET before this text

import gc

import __main__ as main
from fourquad.device import device as d
from fourquad.device import network as w
from fourquad.meter import meter as m
from fourquad.points import columns as c


def free():
    """Bytes that are free after a collection."""
    gc.collect()
    return gc.mem_free()


def around(owner, name, say=None):
    """Tell what each call of this takes."""
    inner = getattr(owner, name)

    def outer(*args, **named):
        before = free()
        try:
            return inner(*args, **named)
        finally:
            print("TAKES", say(*args) if say else name, before - free())

    setattr(owner, name, outer)


class Part:
    """A module of a part, in the place of meter.meter._module."""

    def __init__(self, name):
        self.name = name
        self.before = free()
        self.module = __import__("fourquad." + name, None, None, ("make",))

    def make(self, meter):
        """The part."""
        made = self.module.make(meter)
        print("TAKES   " + self.name, self.before - free())
        return made


print("TAKES before", gc.mem_alloc(), "of", gc.mem_alloc() + free())
around(main, "load")
around(d, "Meter")
m._module = Part
around(m, "Settings", lambda *args: "  Settings")
around(m, "Chain", lambda *args: "  Chain")
for method in ("_modules", "_settings", "_registers", "_map", "_ports", "_connect"):
    around(d.Device, method)
around(d, "connect", lambda *args: "  stores")
around(d, "Panel")
app = main.build()
print("TAKES ring", len(app.sampler.buffer))
print("TAKES free", free())
around(w, "make", lambda row, parts: row[c.NAME])
# put services_on here
# put run_for_seconds here
print("TAKES free", free())
masters = app.loop.ports[-1]._parts.shared.get("dnp3")
for source in (3, 4) if masters else ():
    before = free()
    masters.find("192.168.1.20", source)
    print("TAKES master", before - free())
print(f'RESULT {{"heap_free": {free()}}}')
