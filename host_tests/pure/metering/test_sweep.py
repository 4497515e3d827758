"""Where the frames stand: every instant of a period is sampled alike, harmonics stand still."""

from fourquad.metering.sweep import Sweep

TEN = 2  # windows that one of harmonics takes
PLACES = 20


class Harmonics:
    """As metering.harmonics.Harmonics: busy while it takes its own window."""

    def __init__(self, distorted):
        self.distorted = distorted
        self.left = 0
        self.begun = 0

    def taking(self):
        return self.left > 0

    def begin(self):
        self.left = TEN
        self.begun += 1
        return True


def walk(windows, distorted):
    """Moves of so many windows, and the numbers of those at which one of harmonics began."""
    sweep, harmonics = Sweep(), Harmonics(distorted)
    moves, starts = [], []
    for n in range(windows):
        begun = harmonics.begun
        move = sweep.step(harmonics)
        if harmonics.begun != begun:
            starts.append(n)
        if harmonics.left:
            assert move == 0.0
            harmonics.left -= 1
        moves.append(move)
    return moves, starts


def test_frames_that_follow_a_sine_do_not_move():
    moves, starts = walk(300, False)
    assert moves == [0.0] * 300 and len(starts) > 10


def test_each_part_of_a_frame_gets_its_share_of_the_time():
    moves, _ = walk(3000, True)
    counts = [0] * PLACES
    place = 0.0
    for move in moves:
        # five cycles of two half waves
        for k in range(10):
            counts[int((place + move * (k + 0.5) / 10) % 1.0 * PLACES)] += 1
        place += move
    share = sum(counts) / PLACES
    assert max(counts) < 1.1 * share and min(counts) > 0.9 * share, counts


def test_a_zigzag_comes_back_and_is_slow_enough():
    moves, _ = walk(1000, True)
    place = 0.0
    for n in range(len(moves)):
        place += moves[n]
        assert abs(moves[n]) < 0.21
        if n >= 10:
            # of a second: half a frame at most
            assert abs(sum(moves[n - 9 : n + 1])) < 1.2, n


def test_windows_of_harmonics_are_two_seconds_apart_and_never_in_step():
    _, starts = walk(20000, False)
    steps = [starts[k + 1] - starts[k] for k in range(len(starts) - 1)]
    assert min(steps) == 14 and max(steps) == 24
    assert 18.0 < sum(steps) / len(steps) < 21.0
    # a load of any period of windows is met in each of its parts as often as its length says
    for period in (4, 10, 20, 25, 40):
        met = [0] * period
        for start in starts:
            for k in range(TEN):
                met[(start + k) % period] += 1
        # nothing but the draw's chance is left
        assert min(met) > 0.7 * sum(met) / period, (period, met)


def test_a_load_that_cycles_keeps_the_frames_moving():
    sweep, harmonics = Sweep(), Harmonics(True)
    for _ in range(60):
        sweep.step(harmonics)
        harmonics.left = max(0, harmonics.left - 1)
    harmonics.distorted = False
    later = []
    for _ in range(400):
        later.append(sweep.step(harmonics))
        harmonics.left = max(0, harmonics.left - 1)
    assert any(later[:60]) and not any(later[300:])
