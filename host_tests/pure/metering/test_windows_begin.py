"""The first window of a synchroniser, and a window of harmonics that new settings cut short."""

from harmonic_waves import Rig

from fourquad import points as p
from fourquad.metering.kernels.plan import FRAMES
from fourquad.metering.sync import Synchroniser

CLOCK = 12_000_000
HERTZ = 52.0
SINE = {1: (230.0, 0.0)}
DISTORTED = {1: (5.0, 30.0), 5: (2.5, 0.0)}


def test_the_first_window_has_none_before_it():
    period = int(CLOCK / (FRAMES * HERTZ) + 0.5)
    for nominal in (0, 1):
        sync = Synchroniser(CLOCK, (0,), ())
        sync.set_nominal(nominal)
        sync.update(0.0, 10, 10 * period, period, 1)
        # the frames stood still on the mains, so its frequency is theirs
        assert abs(sync.frequency - CLOCK / FRAMES / period) < 1e-4


def test_a_window_that_new_settings_cut_short_is_taken_anew():
    rig = Rig((SINE, SINE, {1: (5.0, 0.0)}, {1: (5.0, 0.0)}))
    distorted = Rig((SINE, SINE, DISTORTED, DISTORTED))
    rig.harmonics.begin()
    for _ in range(6):
        rig.harmonics.run(distorted.buffer, 0, 1)
    rig.harmonics.configure(*rig.settings)
    values = rig.run()
    assert values[p.THD_I1] <= 10, values[p.THD_I1]
    values = distorted.run()
    assert abs(values[p.THD_I1] - 5000) <= 5


def test_until_settings_come_the_mains_have_50_hertz():
    sync = Synchroniser(CLOCK, (0,), ())
    assert (sync.nominal, sync.period) == (50, CLOCK // (FRAMES * 50))
