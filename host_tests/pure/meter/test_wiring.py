"""The wiring check as a part of a meter: faults that are put into its readings, and what it says of them."""

from meter.tables import meter

from fourquad import models
from fourquad import points as p
from fourquad.metering import wiring_check as w
from fourquad.points import values as v
from fourquad.points import wiring

EVERY_MS = 10000
# The kinds by their bits, as docs/acurev1312/registers.md has them.
NO_VOLTAGE, NO_CURRENT, SAME, ANGLE, ORDER, SWAPPED_U, REVERSED, ALL, SWAPPED_I = range(9)


class Bench:
    """A meter whose readings are set by hand."""

    def __init__(self):
        self.meter = meter(models.load("acurev1312"))
        self.meter.chain.valid = True
        self.part = self.meter.wiring
        self.now = 0

    def see(self, volts, angles, amps, lags, lines=None):
        """Readings of the secondary side; degrees behind V1 (V12 where there are no phases)."""
        r = self.meter.readings.secondary
        for k in range(len(volts)):
            r[(p.V12 if lines else p.V1) + k] = volts[k]
            if k:
                r[p.ANGLE_V2 + k - 1] = angles[k]
        for k in range(len(amps)):
            r[p.I1 + k] = amps[k]
            r[p.ANGLE_I1 + k] = lags[k] % 360
        return self.check()

    def check(self):
        """The values after a check; how many steps it took is in `steps`."""
        self.part.window(self.now, self.now)
        self.now += 2 * EVERY_MS
        self.steps = 0
        began = self.now
        while True:
            self.part.tick(self.now)
            self.steps += 1
            self.now = self.part.wake
            if self.now - began >= EVERY_MS:
                break
        return [self.meter.points.read(p.WIRING + i) for i in range(wiring.FINDINGS + wiring.MOST)]


STAR = (0.0, 120.0, 240.0)
VOLTS = (230.0, 231.0, 229.0)
AMPS = (5.0, 4.0, 6.0)


def lags(lag=20.0, order=(0, 1, 2), signs=(1, 1, 1)):
    return [STAR[order[k]] + lag + (0 if signs[k] > 0 else 180) for k in range(3)]


def test_a_sound_installation_is_normal():
    bench = Bench()
    assert bench.see(VOLTS, STAR, AMPS, lags()) == [0] * 11
    # a start, the readings, the voltages, 6 orders of 8 sets of directions, and the end
    assert bench.steps == 52


def test_faults_have_bits_phases_and_findings():
    bench = Bench()
    seen = bench.see(VOLTS, STAR, AMPS, lags(signs=(1, -1, 1)))
    assert seen[:5] == [1 << REVERSED | 2 << 12, 0, 0x720, 0x720, 0]
    seen = bench.see(VOLTS, STAR, AMPS, lags(order=(0, 2, 1)))
    assert seen[:5] == [1 << SWAPPED_I | 6 << 12, 0, 0x923, 0x923, 0]
    seen = bench.see(VOLTS, (0.0, 240.0, 120.0), AMPS, [20.0, 260.0, 140.0])
    assert seen[:5] == [1 << ORDER, 0x500, 0, 0x500, 0]
    seen = bench.see((230.0, 0.0, 229.0), STAR, (5.0, 0.0, 6.0), lags())
    assert seen[0] == 1 << NO_VOLTAGE | 1 << NO_CURRENT | 2 << 12
    assert seen[1:5] == [0x120, 0x220, 0x120, 0x220]
    seen = bench.see(VOLTS, STAR, AMPS, lags(signs=(-1, -1, -1)))
    assert seen[:2] == [1 << ALL, 0]
    # and it is gone when it has been mended
    assert bench.see(VOLTS, STAR, AMPS, lags()) == [0] * 11


def test_each_is_what_all_explanations_at_once_say():
    bench = Bench()
    for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)):
        for mask in range(8):
            signs = [-1 if mask >> k & 1 else 1 for k in range(3)]
            angles = [a % 360 for a in lags(25.0, order, signs)]
            found = w.check(VOLTS, STAR, AMPS, angles)
            seen = bench.see(VOLTS, STAR, AMPS, angles)
            assert seen[3 : 3 + len(found)] == [(f[0] + 1) * 256 + f[1] * 16 + f[2] for f in found]
            assert seen[3 + len(found) :] == [0] * (8 - len(found))


def test_other_wirings():
    bench = Bench()
    write = bench.meter.settings.write
    write(p.WIRING_U, v.WIRING_1LN)
    bench.meter.chain.configure()
    assert bench.see((230.0,), (0.0,), (5.0,), (20.0,))[0] == 0
    assert bench.see((230.0,), (0.0,), (5.0,), (200.0,))[0] == 1 << ALL
    write(p.WIRING_U, v.WIRING_1LL)
    bench.meter.chain.configure()
    assert bench.see((120.0, 120.0), (0.0, 180.0), (5.0, 5.0), (20.0, 200.0))[0] == 0
    seen = bench.see((120.0, 120.0), (0.0, 180.0), (5.0, 5.0), (20.0, 20.0))
    assert seen[:5] == [1 << REVERSED | 2 << 12, 0, 0x720, 0x720, 0]
    seen = bench.see((120.0, 120.0), (0.0, 0.0), (5.0, 5.0), (20.0, 20.0))
    assert seen[:2] == [1 << SAME | 3 << 12, 0x312]
    write(p.WIRING_U, v.WIRING_2LL)
    bench.meter.chain.configure()
    # V1 of the star lags V12 by 30 degrees; of the currents the second is computed
    sound = [30.0 + 20 + a for a in STAR]
    assert bench.see((400.0, 400.0, 400.0), STAR, AMPS, sound, True)[0] == 0


def test_it_can_be_switched_off():
    bench = Bench()
    bench.see(VOLTS, STAR, AMPS, lags(signs=(1, -1, 1)))
    assert bench.meter.points.write(p.SETTING + p.WIRING_CHECK, 0) == p.OK
    assert bench.check() == [0, -1, -1] + [0] * 8
    assert bench.meter.points.write(p.SETTING + p.WIRING_CHECK, 1) == p.OK
    assert bench.check()[0] == 1 << REVERSED | 2 << 12
    assert bench.meter.points.write(p.WIRING, 0) == p.READ_ONLY
