"""Registers that are only read, and too many to have a place each in a map: a model's SHEETS are tuples of
rows as REGIONS has them, without gaps in a sheet. A value is asked for when a master wants it.
"""

from fourquad import points as p
from fourquad.protocols.modbus import kinds as k


class Sheet:
    """The `rows` of a sheet, in the order of their addresses, as a block of registers (map.py)."""

    def __init__(self, rows, points):
        self._rows = rows
        self._points = points
        self.first, _, _, _ = rows[0]
        last, registers, _, _ = rows[-1]
        self.end = last + registers

    def _at(self, address):
        """Number of the row that has this address."""
        rows, low, high = self._rows, 0, len(self._rows)
        while high - low > 1:
            middle = (low + high) // 2
            first, _, _, _ = rows[middle]
            if first <= address:
                low = middle
            else:
                high = middle
        return low

    def read_block(self, master, index, count, target, at):
        """Registers `index` on, big-endian, to target[at:]."""
        address = self.first + index
        end = address + count
        number = self._at(address)
        while address < end:
            first, registers, kind, pid = self._rows[number]
            number += 1
            words = k.registers(kind)
            while address < min(end, first + registers):
                place = address - first
                bits = 0 if kind in k.SILENT else k.encode(kind, self._points.read(pid + place // words))
                for word in range(words - 1 - place % words, -1, -1):
                    if address < end:
                        target[at] = bits >> (16 * word + 8) & 0xFF
                        target[at + 1] = bits >> 16 * word & 0xFF
                        at += 2
                        address += 1

    def write_block(self, master, index, count, data, at):
        """Nobody writes it."""
        return p.READ_ONLY


def blocks_of(sheets, points):
    """As compile.take_blocks has blocks: (first, end, provider, first index there)."""
    made = [Sheet(rows, points) for rows in sheets]
    return [(sheet.first, sheet.end, sheet, 0) for sheet in made]
