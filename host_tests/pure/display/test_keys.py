"""Keys: debounce, order, chords, and the wrap of time."""

from fourquad import ticks
from fourquad.display.keys import DEBOUNCE, HOLD, NONE, Keys

H, P, E, V, CHOOSE = 0, 1, 2, 3, 4


def make():
    return Keys(4, ((H, V, CHOOSE),))


def play(keys, moves, until, start=0):
    """Moves (ms, "+"/"-", key); ticks every 5 ms; the events as (ms, event)."""
    events = []
    for ms in range(0, until, 5):
        now = ticks.add(start, ms)
        for at, what, key in moves:
            if at == ms:
                if what == "+":
                    keys.press(key, now)
                else:
                    keys.release(key, now)
        event = keys.tick(now)
        while event != NONE:
            events.append((ms, event))
            event = keys.tick(now)
    return events


def codes(moves, until=2000, start=0):
    return [e for _, e in play(make(), moves, until, start)]


def test_a_press_is_one_event_at_its_release():
    assert play(make(), ((0, "+", P), (100, "-", P)), 1000) == [(100 + DEBOUNCE, P)]


def test_held_is_one_event():
    assert play(make(), ((0, "+", P), (1500, "-", P)), 2000) == [(HOLD, P)]


def test_bounces_are_one_press():
    moves = ((0, "+", E), (5, "-", E), (10, "+", E), (15, "-", E), (20, "+", E), (150, "-", E), (155, "+", E))
    assert codes(moves + ((160, "-", E),)) == [E]


def test_a_spike_is_nothing():
    assert codes(((0, "+", H), (10, "-", H))) == []


def test_chord_in_either_order():
    assert codes(((0, "+", H), (30, "+", V), (200, "-", H), (210, "-", V))) == [CHOOSE]
    assert codes(((0, "+", V), (300, "+", H), (500, "-", V), (510, "-", H))) == [CHOOSE]
    assert codes(((0, "+", V), (0, "+", H), (100, "-", V), (100, "-", H))) == [CHOOSE]


def test_a_chord_held_is_one_event():
    assert codes(((0, "+", H), (30, "+", V), (1500, "-", H), (1600, "-", V))) == [CHOOSE]


def test_after_a_chord_keys_work_again():
    chord = ((0, "+", H), (30, "+", V), (200, "-", H), (210, "-", V))
    assert codes(chord + ((400, "+", V), (500, "-", V), (600, "+", H), (700, "-", H))) == [CHOOSE, V, H]


def test_rolling_over_two_keys_that_are_no_chord():
    assert codes(((0, "+", P), (50, "+", E), (100, "-", P), (150, "-", E))) == [P, E]


def test_across_the_wrap_of_time():
    start = ticks.PERIOD - 60
    assert codes(((0, "+", P), (100, "-", P)), start=start) == [P]
    assert codes(((0, "+", H), (60, "+", V), (200, "-", H), (210, "-", V)), start=start) == [CHOOSE]


def test_sampled_contacts():
    keys = make()
    events = []
    for ms in range(0, 400, 10):
        keys.sample(1 << P if 50 <= ms < 150 else 0, ms)
        event = keys.tick(ms)
        if event != NONE:
            events.append(event)
    assert events == [P]


def test_a_full_queue_keeps_the_first():
    keys = make()
    for i in range(20):
        keys.press(P, i * 100)
        keys._down(P)
        keys._emit(P)
    assert [keys.tick(5000) for _ in range(10)] == [P] * 8 + [NONE] * 2
