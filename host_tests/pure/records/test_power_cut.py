"""The power cut in short, on both interpreters: every operation of a small life of the journal, torn in
several ways.

The long one, with littlefs in the same flash, is in host_tests/pc/records.
"""

from cut_flash import SHAPES, Cut, CutFlash

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal

SECTORS = 3
SIZE = 16


class _Meter:
    def __init__(self, flash):
        self.energy = 0
        self.committed = -1
        self.buffer = bytearray(SIZE)
        self.store = RegisterStore(Journal(flash, 0, SECTORS, SIZE), self._payload)

    def _payload(self):
        for i in range(SIZE):
            self.buffer[i] = (self.energy * (i + 1)) & 0xFF
        self.buffer[0] = self.energy & 0xFF
        self.buffer[1] = self.energy >> 8
        return self.buffer

    def boot(self):
        payload = self.store.restore()
        assert not self.store.failed
        if payload is None:
            return -1
        self.energy = payload[0] | payload[1] << 8
        assert payload == self._payload()
        return self.energy

    def live(self, steps):
        for step in range(steps):
            self.energy += 3
            assert self.store.snapshot()
            self.committed = self.energy
            # sometimes the main loop comes too late to erase ahead
            if step % 50 < 25:
                self.store.service()


def _cut_at(fuse, shape, steps):
    flash = CutFlash(SECTORS)
    flash.rearm(fuse, shape)
    meter = _Meter(flash)
    try:
        meter.boot()
        meter.live(steps)
    except Cut:
        # the second cut comes in the recovery of the first
        for again in range(4):
            image = bytearray(flash.image)
            flash.rearm(again if again < 3 else -1, shape)
            second = _Meter(flash)
            try:
                found = second.boot()
                assert found == meter.committed or found == meter.energy > 0
            except Cut:
                pass
            if again < 3:
                flash.image = image
        second.live(2)
        assert _Meter(flash).boot() == second.energy
        return True
    return False


def test_every_operation_torn_in_every_way():
    steps = 110
    operations = 0
    while _cut_at(operations, operations % SHAPES, steps):
        operations += 1
    assert operations > steps
    for fuse in range(0, operations, 7):
        for shape in range(SHAPES):
            assert _cut_at(fuse, shape, steps)
