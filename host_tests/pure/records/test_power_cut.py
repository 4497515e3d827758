"""The power cut in short, on both interpreters: every operation of a small life of the journal, torn in
several ways.

The long one, with littlefs in the same flash, is in host_tests/pc/records.
"""

from cut_flash import SHAPES, Cut, CutFlash

from fourquad.device.register_store import RegisterStore
from fourquad.records.journal import Journal

SECTORS = 3
SIZE = 16
LONG = 600  # three pages, five records a sector


class _Meter:
    def __init__(self, flash, size=SIZE):
        self.energy = 0
        self.committed = self.coming = -1
        journal = Journal(flash, 0, SECTORS, size)
        # as a meter does: the image is made in the journal's own buffer, where records are found, too
        self.buffer = journal.payload
        self.store = RegisterStore(journal, self._payload, 10)
        self.ms = 0

    def _payload(self):
        buffer = self.buffer
        for i in range(len(buffer)):
            buffer[i] = (self.energy * (i + 1)) & 0xFF
        buffer[0] = self.energy & 0xFF
        buffer[1] = self.energy >> 8
        self.coming = self.energy
        return buffer

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

    def live_in_slices(self, steps):
        """Saves of `tick`; energies go on in between, the flash is served, and some are overtaken by one that
        cannot wait: after the image, after the first page or after the second one.
        """
        store = self.store
        store.tick(self.ms)
        for step in range(steps):
            self.energy += 3
            self.ms += 10000
            slices = 0
            while store.tick(self.ms):
                slices += 1
                if slices == 4:
                    self.committed = self.coming
                    break
                self.energy += 1
                if step % 4 == 3 and slices == 1 + step // 4 % 3:
                    assert store.snapshot()
                    self.committed = self.energy
                    assert not store.tick(self.ms)
                elif step % 20 < 10 and slices == 1 + step % 3:
                    store.service()
            assert store.saves == step + 1


def _cut_at(fuse, shape, steps, size=SIZE):
    flash = CutFlash(SECTORS)
    flash.rearm(fuse, shape)
    meter = _Meter(flash, size)
    try:
        meter.boot()
        if size == SIZE:
            meter.live(steps)
        else:
            meter.live_in_slices(steps)
    except Cut:
        # the second cut comes in the recovery of the first
        for again in range(4):
            image = bytearray(flash.image)
            flash.rearm(again if again < 3 else -1, shape)
            second = _Meter(flash, size)
            try:
                found = second.boot()
                assert found == meter.committed or found == meter.coming > 0
            except Cut:
                pass
            if again < 3:
                flash.image = image
        second.live(2)
        assert _Meter(flash, size).boot() == second.energy
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


def test_every_operation_of_saves_in_slices_torn():
    steps = 30
    operations = 0
    while _cut_at(operations, operations % SHAPES, steps, LONG):
        operations += 1
    # a page each, those of a record that was given up besides, and an erase for five records
    assert operations > 3 * steps + steps // 5


def test_power_goes_between_any_two_slices():
    for steps in (1, 4, 8, 12):
        flash = CutFlash(SECTORS)
        flash.rearm(-1, 0)
        meter = _Meter(flash, LONG)
        meter.boot()
        meter.live_in_slices(steps)
        meter.ms += 10000
        for slices in range(5):
            assert _Meter(_copy(flash), LONG).boot() == meter.committed
            meter.energy += 5
            if meter.store.tick(meter.ms) and slices == 3:
                meter.committed = meter.coming


def _copy(flash):
    copy = CutFlash(SECTORS)
    copy.rearm(-1, 0)
    copy.image = bytearray(flash.image)
    return copy
