"""Records of the load profile in a ring (records/ring.py), 32 bytes each.

A payload: minute of UTC since 2000 at which its interval ended (32 bits), which is the key; status (8); six
energies (24 each); 0xFF. Little-endian.
"""

from struct import pack_into, unpack_from

from fourquad.records.ring import NO_TAG, Ring
from fourquad.records.slots import FRAME

ENERGIES = 6
TOP = (1 << 24) - 1  # highest energy of a record
UNREADABLE = 0xFF
_PAYLOAD = 24
SIZE = _PAYLOAD + FRAME  # bytes of a record in flash


class ProfileRing(Ring):
    """A ring of such records; `tag` as Ring has it. After `load`: `minute`, `status`, `values`."""

    def __init__(self, flash, first_sector, sectors, tag=NO_TAG):
        super().__init__(flash, first_sector, sectors, _PAYLOAD, mark=b"FQP", tag=tag)
        self._payload = bytearray(_PAYLOAD)
        self.minute = self.status = 0
        self.values = [0] * ENERGIES

    def append(self, minute, status, values):
        """Commit a record, see Ring.append. `values` are 0..TOP."""
        data = self._payload
        pack_into("<IB", data, 0, minute, status)
        at = 5
        for v in values:
            data[at] = v & 0xFF
            data[at + 1] = v >> 8 & 0xFF
            data[at + 2] = v >> 16
            at += 3
        data[at] = 0xFF
        super().append(data)

    def load(self, number):
        """Read a record; whether there is one of that number. One that cannot be read has the status
        UNREADABLE.
        """
        if not self.oldest <= number <= self.newest:
            return False
        data, values = self._payload, self.values
        if self.read(number, data):
            self.minute, self.status = unpack_from("<IB", data, 0)
            for i in range(ENERGIES):
                at = 5 + 3 * i
                values[i] = data[at] | data[at + 1] << 8 | data[at + 2] << 16
        else:
            self.status = UNREADABLE
            self.values = [0] * ENERGIES
        return True
