"""Alarms of a whole meter over power cuts, with and without a warning of the supply.

Cuts at every operation of the flash: host_tests/pure/records/test_event_store.py.
"""

from device_fakes import Plant, load

from fourquad import points as p
from fourquad.points import alarms as a

HIGH, LOW = load(230.0, 7.0), load(230.0, 5.0)


def plant():
    """A meter whose first channel watches I1 above 6 A."""
    one = Plant()
    for offset, value in (
        (a.FIRST + a.CODE, 9),
        (a.FIRST + a.SET_POINT, 6000),
        (a.CHANNELS, 1),
        (a.ON, 1),
    ):
        one.write(p.SETTING + offset, value)
    one.run(1500)
    return one


def shown(one):
    """Number of the newest record, and all words."""
    read = one.points.read
    return read(p.STATE + p.ALARM_NUMBER), [read(p.ALARM + i) for i in range(a.RECORDS * a.WORDS)]


def times(words):
    """The times of records, as numbers that rise."""
    out = []
    for at in range(0, len(words), a.WORDS):
        year, month, day, hour, minute, second, ms = words[at + 3 : at + a.WORDS]
        out.append((year * 400 + month * 31 + day, ((hour * 60 + minute) * 60 + second) * 1000 + ms))
    return out


def test_a_record_is_kept_without_a_warning():
    one = plant()
    one.front.buffer = HIGH
    one.run(500)
    one.front.buffer = LOW
    one.run(500)
    number, words = shown(one)
    assert number == 2 and words[:2] == [0x0901, 9] and words[10:12] == [0x0900, 9]
    assert abs(words[2] - 7000) < 20 and abs(words[12] - 5000) < 20
    first, second = times(words[:20])
    assert 300 < second[1] - first[1] < 700
    one.cut()
    assert shown(one) == (number, words)
    # and the channel goes on
    one.front.buffer = HIGH
    one.run(1500)
    assert shown(one)[0] == 3


def test_what_waits_is_saved_when_the_supply_warns():
    one = plant()
    for n in range(40):
        one.front.buffer = LOW if n & 1 else HIGH
        one.run(100)
    log = one.device.meter.alarms.log
    before = shown(one)
    assert log.key >= 35 and log.pending > 0
    one.warn()
    assert log.pending == 0
    one.cut()
    assert shown(one) == before


def test_a_clear_is_kept():
    for warned in (True, False):
        one = plant()
        one.front.buffer = HIGH
        one.run(500)
        assert shown(one)[0] == 1
        one.write(p.COMMAND + p.CLEAR_ALARMS, 1)
        if warned:
            one.warn()
        else:
            one.run(250)
        one.cut()
        assert shown(one) == (0, [0] * 160)
