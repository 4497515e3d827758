"""KW320: the screens of the panel's mode Digital I/O. The manual's figures of it are lost: they are ours. An
image has them in menu.py.
"""

from fourquad import points as p
from fourquad.models.kw320.modules import MODULES
from fourquad.points import columns as c
from fourquad.points import modules as m

_WIRINGS = 5  # bits that rows have for wirings, before those of the modules
_ROWS = 4  # of a screen
# What a module has: name of the screen, first point, kind of number (display/formats.py).
_KINDS = (
    (c.INPUTS, "inputs", p.MODULE + m.DI1, "DI"),
    (c.INPUTS, "counts", p.MODULE + m.COUNT1, "N"),
    (c.RELAYS, "relays", p.MODULE + m.RELAY1, "RO"),
    (c.OUTPUTS, "outputs", p.MODULE + m.DO1, "DO"),
    (c.ANALOG_OUTPUTS, "analog outputs, mA or V", p.MODULE + m.AO1, "AO"),
    (c.ANALOG_INPUTS, "analog inputs, 4096 of 20 mA or 5 V", p.MODULE + m.AI1, "N"),
)


def _screens(row):
    """Pages as menu.py has them, of a module while it is connected."""
    name, bit = row[c.NAME].upper(), 1 << _WIRINGS + row[c.BIT]
    pages = ()
    for place, title, point, kind in _KINDS:
        first, count, _ = row[place]
        for start in range(0, count, _ROWS):
            rows = [
                (i - start, point + first + i, kind, str(first + i + 1), bit)
                for i in range(start, min(start + _ROWS, count))
            ]
            pages += ((f"{name}: {title}", "M" + name[2:], "", tuple(rows)),)
    return pages


DIGITAL = ()
for _row in MODULES:
    DIGITAL += _screens(_row)
