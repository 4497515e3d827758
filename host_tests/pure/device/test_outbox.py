"""Messages for a broker, over power cuts and long outages."""

from device.outbox_life import Life, cut_all
from net.mqtt_bench import Bench
from records.cut_flash import SHAPES

from fourquad import models
from fourquad import points as p
from fourquad.events import outbox as o
from fourquad.points import network as n
from fourquad.protocols.mqtt import client as c


def whole(sectors, **settings):
    """One that may say all that a kw320 can."""
    bench = Bench(sectors=sectors, **settings)
    bench.meter.model = type("Model", (), {"NAME": "kw320"})
    bench.meter.model.MQTT = models.load("kw320", options=("network",)).MQTT
    for setting, _, _, rows in bench.meter.model.MQTT:
        bench.meter.values[setting] = (1 << len(rows)) - 1
    bench.boot()
    bench.start()
    return bench


def test_an_hour_without_a_broker():
    # the shortest interval, everything that there is to be told, the 26 sectors that a board of 2 MB has
    bench = whole(26, interval=10)
    bench.make(2)
    bench.talk()
    bench.hang_up()
    bench.broker.there = False
    for _ in range(60):
        bench.make(6)
        bench.wait(60000)
        bench.talk()
    assert bench.outbox.read(2) == bench.outbox.count() == 360
    bench.broker.there = True
    bench.wait(2 * c.LONGEST_MS)
    bench.talk(20000)
    assert bench.broker.delivered == list(range(362))
    assert [each[1] for each in bench.broker.got] == [0] * 362
    assert bench.outbox.counters == [362, 362, 362, 0, 0, bench.outbox.counters[o.FAILED]]


def test_when_it_is_full_the_oldest_go_and_are_counted():
    for part in (False, True):
        bench = whole(8, interval=10)
        # nobody is there, or who is there has been told of one that it did not acknowledge
        bench.broker.mute = (0x40,)
        bench.make(1)
        if part:
            bench.talk()
        bench.hang_up()
        bench.make(200)
        bench.broker.mute = ()
        bench.broker.delivered = []
        bench.wait(2 * c.LONGEST_MS)
        bench.talk(30000)
        lost = bench.outbox.counters[o.LOST]
        # 15 a sector, of which one is being filled and one is erased ahead
        assert 201 - 8 * 15 <= lost <= 201 - 6 * 15
        assert bench.broker.delivered == list(range(lost, 201))


def test_a_clean_session_leaves_behind_what_was_made_meanwhile():
    # 5.1.8.15.1: "the session data is cleared, all offline data is lost"
    bench = Bench(clean=1)
    bench.start()
    bench.make(5)
    bench.talk()
    assert bench.broker.got == [] and bench.outbox.counters[o.FORGOTTEN] == 5
    bench.make(2)
    bench.talk()
    assert bench.broker.delivered == [5, 6] and bench.outbox.count() == 0
    bench.boot()
    bench.start()
    bench.make()
    bench.talk()
    assert bench.broker.delivered == [5, 6], "it was made before the connection"


def test_what_has_arrived_is_not_sent_after_a_restart():
    bench = Bench()
    bench.start()
    bench.make(4)
    bench.talk()
    bench.hang_up()
    bench.make(2)
    bench.boot()
    bench.talk()
    assert bench.broker.delivered == list(range(6))
    assert [each[:2] for each in bench.broker.got[4:]] == [(4, 1), (5, 1)], "it may have been sent"
    for _ in range(2):
        bench.boot()
        bench.talk()
    assert len(bench.broker.got) == 6


def test_other_choices_begin_anew():
    bench = Bench()
    bench.start()
    bench.make(3)
    bench.meter.values[n.MQTT_REAL] = 1
    bench.outbox.on_setting(p.MODULE_RESET)
    assert bench.outbox.ring is None
    bench.store.tick(0)
    bench.start()
    bench.make(2)
    bench.talk()
    assert bench.broker.delivered == [0, 1]
    bench.boot()
    bench.talk()
    assert bench.outbox.count() == 0 and len(bench.broker.got) == 2


def test_marks_of_messages_that_are_gone():
    # the sectors of the messages were replaced, those of the marks were not: numbers come again
    bench = Bench()
    bench.start()
    bench.make(5)
    bench.talk()
    for sector in range(20):
        bench.flash.erase(sector)
    bench.hang_up()
    bench.broker.delivered = []
    bench.wait(c.LONGEST_MS)
    for _ in range(3):
        bench.boot()
        bench.start()
        bench.make(2)
    bench.talk()
    assert bench.broker.delivered == list(range(6))


def test_a_message_that_cannot_be_read_is_lost_alone():
    bench = Bench()
    bench.start()
    bench.make(3)
    size = bench.outbox.stored() + 8
    bench.flash.image[32 + size + 6] ^= 0x10
    bench.talk()
    assert bench.broker.delivered == [0, 2] and bench.outbox.counters[o.LOST] == 1


def test_a_flash_that_takes_nothing_any_more():
    bench = Bench()
    bench.start()
    bench.make(2)

    def refuse(*_):
        raise OSError(5)

    bench.outbox.ring.append = bench.outbox.marks.append = refuse
    bench.make(1)
    bench.talk()
    assert bench.broker.delivered == [0, 1] and bench.outbox.counters[o.LOST] == 1
    bench.store.tick(0)
    assert bench.store.failed and bench.meter.faults


def test_a_life_without_a_cut():
    for qos in (0, 1, 2):
        assert not Life(qos).cut


def test_cuts():
    # all of them, in every shape: host_tests/pc/records/test_outbox_cuts_exhaustive.py
    for qos in (1, 2):
        assert cut_all(qos, lambda i: i % 6 == 1, lambda i: (i // 6 % SHAPES,)) > 20
