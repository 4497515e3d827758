"""Unsolicited responses: the first, triggers, confirmation, retries, reads meanwhile."""

from protocols.dnp3_fakes import Station, fragments, text, unframe, with_options
from protocols.dnp3_lists import UNSOLICITED

from fourquad.protocols.dnp3 import application as a

ALL = "3C 02 06 3C 03 06 3C 04 06"


def sent(octets):
    """(control, sequence, function, indications, objects) of what was sent unasked."""
    if not octets:
        return None
    (f,) = fragments(octets)
    return f[0] & 0xF0, f[0] & 15, f[1], f[2] | f[3] << 8, text(f[4:])


def station(enabled=ALL, **options):
    s = Station(with_options(UNSOLICITED, **options))
    control, sequence, function, bits, objects = sent(s.poll())
    assert (control, sequence, function, objects) == (0xF0, 0, 130, "")
    assert bits & a.RESTART
    s.confirm(0, True)
    if enabled:
        assert s.error(a.ENABLE_UNSOLICITED, enabled) == 0
    s.settle()
    return s


def switch(s, i, on):
    s.meter.io.set_input(i, on)


def wait(s, ms):
    """What is sent within `ms`."""
    for _ in range(ms // 10):
        answer = sent(s.poll(10))
        if answer:
            return answer
    return None


def test_the_first_is_empty_and_repeated():
    s = Station(UNSOLICITED)
    first = s.poll()
    assert s.poll(4990) == b""
    for _ in range(2):
        again = s.poll(10)
        # the same fragment; the transport's numbers go on
        assert fragments(again) == fragments(first) and again != first
        s.poll(4990)
    assert s.poll(10) == b""
    assert s.poll(59000) == b""
    answer = sent(s.poll(2000))
    assert answer[0] == 0xF0 and answer[4] == ""


def test_a_master_that_appears_gets_it_again():
    s = Station(UNSOLICITED)
    s.poll()
    for _ in range(3):
        s.poll(5000)
    assert s.poll(10) == b""
    s.error(a.DISABLE_UNSOLICITED, ALL)
    assert sent(s.poll(10))[2] == 130


def test_nothing_before_it_is_enabled():
    s = station("")
    switch(s, 0, 1)
    s.settle(2000)
    assert s.error(a.ENABLE_UNSOLICITED, "3C 02 06") == 0
    answer = wait(s, 100)
    assert answer[:3] == (0xF0, 1, 130)
    assert answer[4].startswith("02 02 17 01 00 81")


def test_events_and_their_confirmation():
    s = station()
    switch(s, 3, 1)
    control, sequence, function, bits, objects = wait(s, 100)
    assert objects.startswith("02 02 17 01 03 81") and not bits & a.CLASS_1
    switch(s, 3, 0)
    s.settle(100)
    s.confirm(sequence, True)
    answer = wait(s, 100)
    assert answer[1] == (sequence + 1) & 15 and answer[4].startswith("02 02 17 01 03 01")
    # a wrong confirmation, one of a solicited response, one of another master
    s.confirm((sequence + 2) & 15, True)
    s.confirm(answer[1], False)
    assert wait(s, 6000)[4] == answer[4]
    s.confirm(answer[1], True)
    s.settle(20000)


def test_only_of_the_classes_that_are_enabled():
    s = station("3C 03 06")
    switch(s, 0, 1)
    s.settle(20)
    s.meter.secondary[0] = 77.0
    answer = wait(s, 1000)
    assert answer[4].startswith("20 07 17 01 00") and answer[3] & a.CLASS_1
    s.confirm(answer[1], True)
    s.settle(2000)
    assert s.error(a.DISABLE_UNSOLICITED, "3C 03 06") == 0
    s.meter.secondary[0] = 0.0
    s.settle(2000)


def test_number_of_events():
    s = station(counts=(3, 0, 0), holds=(5000, 0, 0))
    switch(s, 0, 1)
    s.settle(100)
    switch(s, 1, 1)
    s.settle(100)
    switch(s, 2, 1)
    answer = wait(s, 100)
    assert answer[4].startswith("02 02 17 03 00")


def test_hold_time():
    s = station(holds=(5000, 0, 0))
    switch(s, 0, 1)
    s.settle(2000)
    switch(s, 1, 1)
    s.settle(2900)
    answer = wait(s, 200)
    assert answer[4].startswith("02 02 17 02 00")


def test_retries_and_then_again_later():
    for retries in (0, 2):
        s = station(retries=retries)
        switch(s, 0, 1)
        first = wait(s, 100)
        for _ in range(retries):
            assert wait(s, 5100) == first
        assert wait(s, 50000) is None
        answer = wait(s, 20000)
        assert answer[4] == first[4] and answer[1] == (first[1] + 1) & 15
        s.confirm(answer[1], True)
        s.settle(10000)


def test_without_end():
    s = station(retries=-1)
    switch(s, 0, 1)
    first = wait(s, 100)
    for _ in range(100):
        assert wait(s, 5100) == first


def test_a_read_waits_for_the_confirmation():
    s = station()
    switch(s, 0, 1)
    unsolicited = wait(s, 100)
    assert s.request(a.READ, ALL + " 64 01 00 00 00") is None
    s.settle(100)
    answer = s.confirm(unsolicited[1], True)
    assert answer[0] == 0xC0 | s.sequence and text(answer[4:]) == "64 01 00 00 00 01 00 00 00 00"
    # other requests do not wait
    switch(s, 0, 0)
    wait(s, 100)
    assert s.error(a.WRITE, "50 01 00 07 07 00") == 0


def test_a_read_is_answered_when_nobody_confirms():
    s = station()
    switch(s, 0, 1)
    assert wait(s, 100)
    assert s.request(a.READ, "64 01 00 00 00") is None
    answer = wait(s, 6000)
    assert answer == (0xC0, s.sequence, 129, answer[3], "64 01 00 00 00 01 00 00 00 00")
    assert answer[3] & a.CLASS_1
    # a master that does not confirm is not made to wait each time
    assert s.request(a.READ, "64 01 00 00 00")
    assert wait(s, 50000) is None
    assert wait(s, 20000)[2] == 130


def test_none_while_a_response_waits():
    s = station("")
    switch(s, 0, 1)
    s.settle(100)
    assert s.request(a.READ, "3C 02 06")[0] == 0xE0
    s.error(a.ENABLE_UNSOLICITED, ALL)
    answer = wait(s, 100)
    assert answer[4].startswith("02 02 17 01 00 81")
    s.confirm(answer[1], True)
    switch(s, 0, 0)
    s.out.session.requests.enabled = 0
    s.settle(100)
    assert s.request(a.READ, "3C 02 06")[0] == 0xE0
    s.out.session.requests.enabled = 7
    switch(s, 1, 1)
    s.settle(4000)
    s.confirm()
    assert wait(s, 100)[4].startswith("02 02 17 01 01 81")


def test_more_than_one_holds():
    s = station(events=100, holds=(2000, 0, 0))
    for i in range(70):
        switch(s, 0, 1 - i % 2)
        s.settle(20)
    total = 0
    while total < 70:
        answer = wait(s, 2000)
        n = int(answer[4].split()[3], 16)
        assert len(answer[4].split()) <= 492
        total += n
        s.confirm(answer[1], True)
    assert total == 70
    s.settle(3000)


def test_it_goes_to_the_master_of_the_options():
    s = Station(with_options(UNSOLICITED, master=9))
    octets = s.poll()
    assert unframe(octets)[0][:3] == (0x44, 9, 1)
    s = Station(with_options(UNSOLICITED, master=0))
    assert s.poll() == b""
    s.error(a.DISABLE_UNSOLICITED, ALL)
    assert unframe(s.poll())[0][:3] == (0x44, 3, 1)


def test_what_cannot_be_enabled():
    s = station()
    assert s.error(a.ENABLE_UNSOLICITED, "3C 01 06") == a.UNKNOWN_OBJECT
    assert s.error(a.ENABLE_UNSOLICITED, "1E 00 06") == a.UNKNOWN_OBJECT
    assert s.error(a.ENABLE_UNSOLICITED, "3C 02 00 00 01") == a.PARAMETER
    assert s.error(a.ENABLE_UNSOLICITED, "") == a.PARAMETER
    s = Station()  # the serial port of the manual
    for function in (a.ENABLE_UNSOLICITED, a.DISABLE_UNSOLICITED):
        assert s.error(function, ALL) == a.NO_FUNCTION
    s.settle(2000)


def test_a_restart_begins_anew():
    s = station()
    switch(s, 0, 1)
    wait(s, 100)
    s.request(a.COLD_RESTART)
    answer = wait(s, 100)
    assert answer[4] == "" and answer[3] & a.RESTART
