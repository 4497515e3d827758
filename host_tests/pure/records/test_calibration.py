"""The calibration's two files: what is found after each of them was broken or never written."""

from records.files_fake import Files

from fourquad.device.calibration_store import FACTORY, OWN, CalibrationStore
from fourquad.metering import calibration as cal
from fourquad.records.settings import SettingsStore


def store(files, channels=2):
    return CalibrationStore(SettingsStore(files), cal.size(channels))


def test_own_then_factory_then_none():
    files = Files()
    assert store(files).load() == (None, "none")
    first = cal.changed(cal.blank(2), 0, cal.GAIN, -5000)
    second = cal.changed(first, 1, cal.PHASE, 12000)
    store(files).save(first)
    store(files).save(second)
    record, source = store(files).load()
    assert tuple(record) == second and source == "own"
    own = OWN + ".set"
    # every broken byte is noticed, and the factory's copy taken
    good = files.data[own]
    for i in range(len(good)):
        files.data[own] = good[:i] + bytes((good[i] ^ 1,)) + good[i + 1 :]
        record, source = store(files).load()
        assert tuple(record) == first and source == "factory"
    files.data[own] = good
    assert tuple(store(files).restore_factory()) == first
    assert store(files).load()[1] == "own" and tuple(store(files).load()[0]) == first
    files.data[own] = files.data[FACTORY + ".set"] = b"FQS"
    assert store(files).load() == (None, "none")


def test_records_of_another_front_end_are_not_taken():
    files = Files()
    store(files, 2).save(cal.blank(2))
    assert store(files, 3).load() == (None, "none")
    assert store(files, 3).restore_factory() is None
