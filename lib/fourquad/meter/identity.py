"""Who a meter is on a network: its number and its names, out of its serial number until somebody writes them.

BY_SERIAL of a model: (settings, texts), all in points.system.GROUP_SYSTEM. A setting is (offset, lowest,
bits): its default is so many bits of the serial number's CRC-32 above the lowest value. A text is an offset:
the serial number stands after the default of its row. What a flash has of another meter, because it was
copied, does not count.
"""

from binascii import crc32

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import system as s


class Identity(Part):
    """Counts in DATABASE_REVISION each change of a number or a name by which others know the meter."""

    name = "identity"

    def __init__(self, meter):
        self._settings = meter.settings
        self._points = meter.points
        self._numbers, self._names = meter.model.BY_SERIAL
        self._known = tuple([offset for offset, _, _ in self._numbers]) + self._names

    def begin(self, serial):
        """After the settings that were saved are there: this is the meter `serial`, at most 24 bytes."""
        texts = self._points.provider(p.SETTING + s.GROUP_SYSTEM).texts
        if texts.read(s.SERIAL - s.GROUP_SYSTEM) == serial:
            return
        for offset, lowest, bits in self._numbers:
            self._settings.default(offset, lowest + (crc32(serial) & (1 << bits) - 1))
        for offset in self._names + (s.SERIAL,):
            texts.reset(offset - s.GROUP_SYSTEM, serial)

    def on_setting(self, offset):
        if offset in self._known:
            revision = self._settings.get(s.DATABASE_REVISION) + 1
            self._settings.write(s.DATABASE_REVISION, revision & 0xFFFF)


def make(meter):
    """The part of a meter whose model has BY_SERIAL."""
    return Identity(meter)
