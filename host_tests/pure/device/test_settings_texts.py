"""Settings that are texts, in a model of the test's own: none of ours has one yet."""

from records.files_fake import Files

from fourquad import points as p
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.meter.settings import HOLE, Settings
from fourquad.models import rows
from fourquad.models.rows import HOST, setting, text
from fourquad.records.settings import SettingsStore

OBJECT_NAME = p.GROUP_NETWORK + 3
HOST_NAME = p.GROUP_NETWORK + 9
LOCATION = p.GROUP_DISPLAY + 40
PORT = p.GROUP_NETWORK + 5


class Model:
    NAME = "made"
    SETTINGS = rows.by_offset(setting(PORT, default=502, low=1, high=65535), setting(p.CT1, high=9))
    TEXTS = rows.by_offset(
        text(OBJECT_NAME, default=b"meter 1", shortest=1, longest=16, seal=1),
        text(HOST_NAME, longest=63, characters=HOST),
        text(LOCATION, default=b"not yet identified", longest=255),
    )
    SEALS = ((), (p.CT1, 0))


class Meter:
    def __init__(self, model=Model):
        self.model = model
        self.seen = []
        self.settings = Settings(model.SETTINGS, self.seen.append, (), model.SEALS, (), model.TEXTS)
        self.points = p.Points()
        self.settings.provide(self.points)

    def ask(self, verb, offset, *data):
        pid = p.SETTING + offset
        face = self.points.provider(pid).texts
        return getattr(face, verb)(pid - self.points.base(pid), *data)


def test_texts_are_read_and_written_as_bytes():
    meter = Meter()
    assert meter.ask("read", OBJECT_NAME) == b"meter 1" and meter.ask("read", HOST_NAME) == b""
    assert meter.ask("check", HOST_NAME, b"meter-7.example") == p.OK
    assert meter.ask("write", HOST_NAME, b"meter-7.example") == p.OK
    assert meter.ask("read", HOST_NAME) == b"meter-7.example"
    assert meter.seen == [HOST_NAME]
    assert [group.first for group in meter.settings.groups if group.changed] == [p.GROUP_NETWORK]
    # the same once more changes nothing
    meter.settings.changed = False
    meter.ask("write", HOST_NAME, b"meter-7.example")
    assert not meter.settings.changed and meter.seen == [HOST_NAME]


def test_length_and_characters_are_limited():
    meter = Meter()
    for data, answer in (
        (b"", p.RANGE),
        (b"x", p.OK),
        (b"x" * 16, p.OK),
        (b"x" * 17, p.RANGE),
        (b" ~", p.OK),
        (b"a\n", p.RANGE),
        (b"a\x7f", p.RANGE),
        (b"\xc3\xa9", p.RANGE),
    ):
        assert meter.ask("check", OBJECT_NAME, data) == answer, data
    for data, answer in (
        (b"", p.OK),
        (b"Az09-.", p.OK),
        (b"a_b", p.RANGE),
        (b"a b", p.RANGE),
        (b"a/b", p.RANGE),
        (b"a:b", p.RANGE),
        (b"a@b", p.RANGE),
        (b"a[b", p.RANGE),
        (b"a`b", p.RANGE),
        (b"a{b", p.RANGE),
        (b"h" * 63, p.OK),
        (b"h" * 64, p.RANGE),
    ):
        assert meter.ask("check", HOST_NAME, data) == answer, data


def test_a_seal_closes_them_by_the_same_rules():
    meter = Meter()
    meter.settings.sealed = True
    assert meter.ask("check", OBJECT_NAME, b"x") == p.FORBIDDEN
    assert meter.ask("check", OBJECT_NAME, b"") == p.RANGE
    assert meter.ask("check", HOST_NAME, b"x") == p.OK


def test_a_text_is_no_number_and_a_number_no_text():
    meter = Meter()
    assert meter.points.check(p.SETTING + HOST_NAME, 1) == p.UNKNOWN
    try:
        meter.points.read(p.SETTING + HOST_NAME)
    except KeyError:
        pass
    else:
        raise AssertionError("a text was read as a number")
    assert meter.ask("check", PORT, b"x") == p.UNKNOWN
    try:
        meter.ask("read", PORT)
    except KeyError:
        pass
    else:
        raise AssertionError("a number was read as a text")
    assert meter.points.read(p.SETTING + PORT) == 502
    assert meter.settings.get(HOST_NAME) == 0 and not meter.settings.has(HOST_NAME)
    # a group of texts alone, and one without any
    assert meter.points.provider(p.SETTING + LOCATION).values[LOCATION - p.GROUP_DISPLAY] == HOLE
    assert meter.points.provider(p.SETTING + p.CT1).texts is None


def test_they_are_in_the_file_of_their_group():
    files = Files()
    store = SettingsStore(files)
    meter = Meter()
    meter.ask("write", HOST_NAME, b"h.1")
    meter.points.write(p.SETTING + PORT, 1502)
    save_settings(meter, store)
    assert list(files.data) == ["made.network.set"]
    assert files.data["made.network.set"][:-4] == (
        b"FQS\2\x0cmade.network" + b"\x18\0" + b"\1\0\5\0\xde\5\0\0" + b"\3\0\7meter 1" + b"\x09\0\3h.1"
    )
    meter.ask("write", LOCATION, b"L" * 255)
    save_settings(meter, store)
    again = Meter()
    assert load_settings(again, store)
    assert again.ask("read", HOST_NAME) == b"h.1" and again.ask("read", OBJECT_NAME) == b"meter 1"
    assert again.ask("read", LOCATION) == b"L" * 255
    assert again.points.read(p.SETTING + PORT) == 1502
    assert not again.settings.changed and again.seen == []


def test_what_is_not_allowed_any_more_keeps_its_default():
    class Later:
        NAME = "made"
        SETTINGS = Model.SETTINGS
        SEALS = Model.SEALS
        TEXTS = rows.by_offset(
            text(OBJECT_NAME, default=b"m", shortest=1, longest=5),
            text(HOST_NAME + 1, default=b"new", longest=63),
            text(LOCATION, longest=255),
        )

    files = Files()
    store = SettingsStore(files)
    meter = Meter()
    meter.ask("write", OBJECT_NAME, b"too long")
    meter.ask("write", HOST_NAME, b"gone")
    meter.ask("write", LOCATION, b"kept")
    while meter.settings.changed:
        save_settings(meter, store)
    later = Meter(Later)
    load_settings(later, store)
    assert later.ask("read", OBJECT_NAME) == b"m" and later.ask("read", HOST_NAME + 1) == b"new"
    assert later.ask("read", LOCATION) == b"kept"


def test_a_file_that_ends_within_a_text():
    store = SettingsStore(Files())
    whole = b"\0\0" + b"\3\0\4abcd" + b"\x09\0\2hh"
    for end in range(len(whole) + 1):
        store.save_bytes("made.network", whole[:end])
        meter = Meter()
        load_settings(meter, store)
        assert meter.ask("read", OBJECT_NAME) == (b"abcd" if end >= 9 else b"meter 1")
        assert meter.ask("read", HOST_NAME) == (b"hh" if end == len(whole) else b"")
