"""Events and waveforms of power quality, as the web server tells them: also on MicroPython."""

import json
from struct import pack

from fourquad import points as p
from fourquad.protocols.http import waves

HEAD = (2026, 1, 2, 3, 4, 5, 678, 0, 0, 0, 0, 2, 0, 0, 0, 0)


class Ring:
    """Two events; the third place is torn."""

    newest = 12
    records = {
        11: pack("<IHHBBBx", 86400 + 3661, 45, 230, 2, 80, 10),
        12: pack("<IHHBBBx", 86400 + 3662, 46, 230, 8, 120, 0),
    }

    def read(self, number, buffer):
        if number not in self.records:
            return False
        buffer[:] = self.records[number]
        return True


class Groups:
    """One group, whose point k of cycle c and quantity q is 100 * q + c, or its negative."""

    count = 1
    room = 7
    cleared = False

    def head(self, group, buffer):
        if self.cleared:
            raise KeyError(group)
        buffer[:] = pack("<16H", *HEAD)
        return True

    def read(self, group, start, buffer):
        if self.cleared:
            raise KeyError(group)
        cycle, rest = divmod(start, 768)
        value = 100 * (rest // 128) + cycle
        buffer[:] = pack("<2h", value, -value) * 32
        return True


class Window:
    """As events/quality_window.py."""

    EVENT_SIZE = 12
    newest = 3

    def __init__(self):
        self.ring = Ring()
        self.groups = Groups()


class Api:
    """With a meter, or without power quality."""

    def __init__(self, window):
        self.window = window
        self.points = self

    def provider(self, point):
        if self.window is None or point != p.QUALITY:
            raise KeyError(point)
        return self.window


def said(reply):
    assert reply.status == 200
    return json.loads("".join(reply.body))


def test_events_the_newest_first_and_none_that_is_torn():
    found = said(waves.events(Api(Window()), None, ""))["records"]
    assert [each["number"] for each in found] == [3, 2]
    assert found[0]["words"] == [2000, 1, 2, 1, 1, 2, 46, 8, 230, 120, 0]
    assert found[1]["words"] == [2000, 1, 2, 1, 1, 1, 45, 2, 230, 80, 10]


def test_time_and_reason_of_each_group():
    found = said(waves.waves(Api(Window()), None, ""))
    assert found == {"room": 7, "waves": [{"number": 1, "words": list(HEAD)}]}


def test_points_of_a_group_by_quantity_and_cycle():
    found = said(waves.wave(Api(Window()), None, "1"))
    assert found["words"] == list(HEAD)
    assert [len(each) for each in found["samples"]] == [2 * 128 * 20] * 6
    # the eleventh cycle of I1: 310 and -310, low octet first
    assert found["samples"][3][256 * 10 :][:8] == "3601cafe"
    # no text is longer than four of them in a piece
    assert max([len(text) for text in waves.wave(Api(Window()), None, "1").body]) <= 256


def test_what_was_cleared_meanwhile_reads_0():
    window = Window()
    reply = waves.wave(Api(window), None, "1")
    window.groups.cleared = True
    assert set("".join(said(reply)["samples"])) == {"0"}


def test_what_is_not_there():
    for name in ("0", "2", "", "x", "1x", "-1", "99999", "\u00b9"):
        assert waves.wave(Api(Window()), None, name).status == 404, name
    for answer in (waves.events, waves.waves, waves.wave):
        assert answer(Api(None), None, "1").status == 404
