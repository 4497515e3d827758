"""Power goes at each flash operation of a meter that logs sags and captures their waveforms: what was
committed is there at the next start, whole, and nothing that is damaged passes for whole.
"""

from __future__ import annotations

import pytest
from cut_flash import SHAPES, Cut, CutFlash
from mains import Dip, Mains, Rig
from test_waveforms import Master

from fourquad import points as p

SETTINGS = ((p.RATED_VOLTAGE, 230), (p.SAG_CAPTURE, 1), (p.SAG_THRESHOLD, 80), (p.SAG_HALVES, 4))
SECTORS = 1024
SAGS = 3


class Life:
    """A meter, and what masters have seen of it."""

    def __init__(self, flash: CutFlash) -> None:
        self.flash = flash
        self.events: list[list[int]] = []
        self.waves: list[bytes] = []

    def run(self) -> None:
        mains = Mains()
        self.rig = rig = Rig(mains, SETTINGS, flash=self.flash).run(1)
        self.master = Master(rig)
        for n in range(SAGS):
            t = rig.now
            mains.dips = [Dip(t + 0.02, t + 0.1, n, 0.3 + 0.1 * n)]
            rig.run(0.7)
            self.look()
        assert self.master.write(0x800F, 0x55) == 0
        self.events = []
        assert self.master.write(0x800E, 0x55) == 0
        self.waves = []

    def look(self) -> None:
        """See all there is."""
        master = self.master
        words = master.read(0x8CFD, 83)
        self.events = [words[3 + 8 * i : 11 + 8 * i] for i in range(words[0])]
        self.waves = [self.group(k) for k in range(1, master.read(0x8E03)[0] + 1)]

    def group(self, number: int) -> bytes:
        return bytes(self.master.window(number, 1)[11:12]) + self.master.group(number).tobytes()


def lives(fuses: range) -> int:
    """Cuts in the operations `fuses`, each in another shape; the operations of a life."""
    flash = CutFlash(SECTORS)
    flash.rearm(-1, 0)
    whole = Life(flash)
    whole.run()
    total = len(flash.done)
    for fuse in fuses:
        if fuse >= total:
            break
        flash = CutFlash(SECTORS)
        flash.rearm(fuse, fuse // 3 % SHAPES)
        life = Life(flash)
        with pytest.raises(Cut):
            life.run()
        flash.rearm(-1, 0)
        again = Life(flash)
        again.rig = Rig(Mains(), SETTINGS, flash=flash).run(1)
        again.master = Master(again.rig)
        # every page is read: none is damaged
        again.look()
        for before, after in ((life.events, again.events), (life.waves, again.waves)):
            more = len(after) - len(before)
            # the one that was under way may be there, and all may be gone that were being cleared
            assert after[: len(before)] == before and more in (0, 1) or (not after and len(before) == SAGS), (
                fuse
            )
        # and it goes on
        t = again.rig.now
        again.rig.mains.dips = [Dip(t + 0.02, t + 0.1, 2, 0.5)]
        again.rig.run(0.7)
        events, waves = len(again.events), len(again.waves)
        again.look()
        assert len(again.events) == events + 1 and len(again.waves) == waves + 1
    return total


def test_cuts_at_some_operations() -> None:
    assert lives(range(1, 1000, 29)) > 150


@pytest.mark.thorough
def test_cuts_at_every_operation() -> None:
    assert lives(range(1000)) > 150
