"""The files of the settings: one for each group, taken over from the one file of the first meters."""

from struct import pack, unpack_from

from records.files_fake import Files

import fourquad.models.a1000 as a1000
import fourquad.models.kw320 as kw320
from fourquad import points as p
from fourquad.device.settings_store import load_settings, save_settings
from fourquad.meter.settings import Settings
from fourquad.models import rows
from fourquad.points import modules as m
from fourquad.records.crc32 import put_crc32
from fourquad.records.settings import SettingsStore

# The old file of a KW320 as the manual's registers 0FFDH-1039H and 109EH-10A2H had it, in their order, with
# the panel's sub-interval between: what a meter in the field has.
FIELD = (
    (p.NOMINAL_FREQUENCY, 1),
    (p.PROTOCOL_1, 1),
    (p.PARITY_1, 0),
    (p.PASSWORD, 1309),
    (p.ADDRESS_1, 300),
    (p.BAUD_1, 9600),
    (p.WIRING_U, 2),
    (p.WIRING_I, 2),
    (p.PT1, 110000),
    (p.PT2, 1000),
    (p.CT1, 400),
    (p.CT2, 5),
    (p.PULSE_P, 3200),
    (p.PULSE_Q, 1600),
    (p.BACKLIGHT, 10),
    (p.DEMAND_WINDOW, 30),
    (p.DEMAND_MODE, 3),
    (p.POLARITY_1, 1),
    (p.POLARITY_2, 0),
    (p.POLARITY_3, 1),
    (p.VAR_PF_CONVENTION, 1),
    (p.ENERGY_WAVE, 1),
    (p.REACTIVE_MODE, 1),
    (p.ENERGY_SIDE, 1),
    (p.MODULE_RESET, 0),
    (p.SOE_MODULE, 4),
    (p.BASIC_MODE, 1),
    (p.SEAL_OPTIONS, 31),
    (p.BAUD_2, 4800),
    (p.PARITY_2, 2),
    (p.ADDRESS_2, 12),
    (p.SECOND_PROTOCOL, 2),
    (p.DOWNLOAD_ENABLE, 1),
    (p.DEMAND_SUB_INTERVAL, 6),
    (m.IO11_DI_TYPE, 5),
    (m.IO11_DI_CONSTANT, 77),
    (m.IO11_RELAY_WORK, 1),
    (m.IO11_RELAY_OUTPUT, 1),
    (m.IO11_RELAY_PULSE, 3000),
)


class Meter:
    """The settings of a meter of `model`, as they are before anything is loaded."""

    def __init__(self, model=kw320):
        self.model = model
        self.settings = Settings(model.SETTINGS, None, getattr(model, "LIMITS", ()))

    def get(self, name):
        return self.settings.get(getattr(p, name))


class Cut(Exception):
    pass


class CutFiles(Files):
    """Power goes at write number `fuse` (from 0), before it or after it: one write is atomic."""

    fuse = -1
    after = False

    def write(self, name, data):
        if self.writes == self.fuse and not self.after:
            raise Cut
        Files.write(self, name, data)
        if self.writes == self.fuse + 1 and self.after:
            raise Cut


def old_file(model, values):
    """The file as release 1 wrote it, by hand."""
    data = b"FQS\1" + bytes((len(model.NAME),)) + model.NAME.encode() + pack("<H", len(values))
    for value in values:
        data += pack("<i", value)
    data = bytearray(data + bytes(4))
    put_crc32(data, len(data) - 4, data, len(data) - 4)
    return bytes(data)


def save_all(meter, store):
    while meter.settings.changed:
        save_settings(meter, store)


def test_nothing_saved():
    meter = Meter()
    assert not load_settings(meter, SettingsStore(Files()))
    assert not meter.settings.changed and meter.get("CT2") == 333


def test_only_the_group_that_changed_is_written():
    files = Files()
    store = SettingsStore(files)
    meter = Meter()
    assert meter.settings.write(p.CT1, 400) == p.OK
    save_all(meter, store)
    assert list(files.data) == ["kw320.measurement.set"]
    meter.settings.write(p.BACKLIGHT, 7)
    meter.settings.write(p.PARITY_2, 0)
    save_settings(meter, store)
    assert files.writes == 2 and meter.settings.changed
    save_settings(meter, store)
    assert files.writes == 3 and not meter.settings.changed
    assert sorted(files.data) == ["kw320.display.set", "kw320.measurement.set", "kw320.ports.set"]
    save_settings(meter, store)
    assert files.writes == 3
    again = Meter()
    assert load_settings(again, store)
    assert (again.get("CT1"), again.get("BACKLIGHT"), again.get("PARITY_2")) == (400, 7, 0)
    assert not again.settings.changed


def test_the_file_is_as_documented():
    files = Files()
    meter = Meter()
    meter.settings.write(p.BACKLIGHT, 7)
    save_all(meter, SettingsStore(files))
    # one value: place 0 of the group
    assert files.data["kw320.display.set"][:-4] == b"FQS\2\x0dkw320.display" + b"\x08\0" + b"\1\0\0\0\7\0\0\0"


def test_the_one_file_of_before_is_taken_over_once():
    files = Files()
    store = SettingsStore(files)
    files.data["kw320.set"] = old_file(kw320, [value for _, value in FIELD])
    meter = Meter()
    assert load_settings(meter, store)
    for offset, value in FIELD:
        assert meter.settings.get(offset) == value, offset
    save_all(meter, store)
    assert len(files.data) == 1 + len(meter.settings.groups)
    # from now on the groups' files are the truth
    files.data["kw320.set"] = old_file(kw320, [0] * 39)
    again = Meter()
    load_settings(again, store)
    for offset, value in FIELD:
        assert again.settings.get(offset) == value, offset
    assert not again.settings.changed


def test_the_old_file_of_an_a1000():
    names = [row[0] for row in a1000.SETTINGS]
    assert sorted(a1000.OLD_FILE) == sorted(names) and len(a1000.OLD_FILE) == 92
    files = Files()
    # by hand: the second is the speed on RS-485, the fifth the wiring of currents; then 46 others
    values = [0] * 92
    values[1], values[4], values[39], values[47], values[53], values[54] = 19200, 2, 654321, 87654321, 1, 4242
    files.data["a1000.set"] = old_file(a1000, values)
    meter = Meter(a1000)
    load_settings(meter, SettingsStore(files))
    assert meter.get("BAUD_1") == 19200 and meter.get("WIRING_I") == 2
    # what is out of range has the default
    assert meter.get("BAUD_2") == 9600 and meter.get("PT1") == 2200
    for i in range(92):
        offset = a1000.OLD_FILE[i]
        assert meter.settings.check(offset, meter.settings.get(offset)) == p.OK


def test_a_cut_at_every_write_of_the_take_over():
    for after in (False, True):
        for fuse in range(6):
            files = CutFiles()
            files.data["kw320.set"] = old_file(kw320, [value for _, value in FIELD])
            files.fuse, files.after = fuse, after
            store = SettingsStore(files)
            meter = Meter()
            load_settings(meter, store)
            try:
                save_all(meter, store)
                assert fuse >= len(meter.settings.groups)
            except Cut:
                pass
            files.fuse = -1
            again = Meter()
            load_settings(again, store)
            for offset, value in FIELD:
                assert again.settings.get(offset) == value, offset
            # what was saved after the cut outlives the old file that is still there
            again.settings.write(p.CT1, 77)
            save_all(again, store)
            third = Meter()
            load_settings(third, store)
            assert third.get("CT1") == 77 and third.get("BACKLIGHT") == 10 and not third.settings.changed


def test_a_range_that_hangs_on_another_group():
    class Model:
        NAME = "made"
        SETTINGS = rows.by_offset(
            rows.setting(p.CT1, default=5, low=5, high=50000),
            rows.setting(p.BACKLIGHT, default=2, high=9),
        )
        LIMITS = ((p.CT1, p.BACKLIGHT, 1, 1, 50000),)

    files = Files()
    store = SettingsStore(files)
    meter = Meter(Model)
    meter.settings.write(p.BACKLIGHT, 1)
    meter.settings.write(p.CT1, 3)
    save_all(meter, store)
    again = Meter(Model)
    load_settings(again, store)
    assert again.get("CT1") == 3 and again.get("BACKLIGHT") == 1
    # without the file of the other group the value is none
    del files.data["made.display.set"]
    again = Meter(Model)
    load_settings(again, store)
    assert again.get("CT1") == 5 and again.get("BACKLIGHT") == 2


def test_settings_that_came_and_went_and_groups_that_nobody_knows():
    class Later:
        NAME = "kw320"
        SETTINGS = rows.by_offset(
            rows.setting(p.CT1, default=1, low=1, high=50000),
            rows.setting(p.CT2, default=5, choices=(1, 5)),  # 333 is none any more
            rows.setting(p.MAXIMUM_CURRENT, default=6000, low=100, high=60000),  # new
        )

    files = Files()
    store = SettingsStore(files)
    meter = Meter()
    meter.settings.write(p.CT1, 400)
    meter.settings.write(p.PT1, 1000)
    meter.settings.write(p.BACKLIGHT, 7)
    save_all(meter, store)
    files.data["kw320.gone.set"] = b"what no meter knows"
    later = Meter(Later)
    load_settings(later, store)
    assert (later.get("CT1"), later.get("CT2"), later.get("MAXIMUM_CURRENT")) == (400, 5, 6000)
    later.settings.write(p.CT2, 1)
    save_all(later, store)
    assert files.data["kw320.gone.set"] == b"what no meter knows"
    back = Meter()
    load_settings(back, store)
    assert (back.get("CT1"), back.get("CT2"), back.get("PT1"), back.get("BACKLIGHT")) == (400, 1, 4000, 7)


def test_a_damaged_file_costs_its_group_only():
    files = Files()
    store = SettingsStore(files)
    meter = Meter()
    meter.settings.write(p.CT1, 400)
    meter.settings.write(p.BACKLIGHT, 7)
    save_all(meter, store)
    whole = files.data["kw320.measurement.set"]
    for cut in range(0, len(whole), 5):
        files.data["kw320.measurement.set"] = whole[:cut] + b"\xff" + whole[cut + 1 :]
        again = Meter()
        load_settings(again, store)
        assert again.get("CT1") == 1 and again.get("BACKLIGHT") == 7


def test_a_file_that_ends_early_or_counts_wrongly():
    files = Files()
    store = SettingsStore(files)
    for content in (b"", b"\1", b"\2\0" + pack("<Hi", 0, 7), b"\xff\xff" + pack("<Hi", 0, 7)):
        store.save_bytes("kw320.display", content)
        meter = Meter()
        load_settings(meter, store)
        assert meter.get("BACKLIGHT") == (7 if len(content) > 2 else 1)


def test_flash_that_is_full_is_not_asked_without_end():
    class Full(Files):
        def write(self, name, data):
            raise OSError(28)

    meter = Meter()
    meter.settings.write(p.CT1, 400)
    meter.settings.write(p.BACKLIGHT, 7)
    store = SettingsStore(Full())
    tried = 0
    while meter.settings.changed:
        tried += 1
        try:
            save_settings(meter, store)
        except OSError:
            continue
        raise AssertionError
    assert tried == 2
    assert unpack_from("<i", meter.settings.groups[0].values, 4 * p.CT1)[0] == 400
