"""The settings file."""

from records.files_fake import Files

from fourquad.records.settings import SettingsStore

VALUES = [0, 1, -1, 2147483647, -2147483648, 19200]


def test_nothing_saved():
    assert SettingsStore(Files()).load("kw320", 6) is None


def test_round_trip_and_a_file_for_each_model():
    files = Files()
    store = SettingsStore(files)
    store.save("kw320", VALUES)
    store.save("s4100", [5])
    assert store.load("kw320", 6) == VALUES
    assert store.load("s4100", 1) == [5]
    assert sorted(files.data) == ["kw320.set", "s4100.set"]


def test_the_file_is_as_documented():
    files = Files()
    SettingsStore(files).save("kw320", [-2])
    data = files.data["kw320.set"]
    assert data[:-4] == b"FQS\x01\x05kw320\x01\x00\xfe\xff\xff\xff"
    assert len(data) == 20


def test_unchanged_settings_are_not_written():
    files = Files()
    store = SettingsStore(files)
    store.save("kw320", VALUES)
    store.save("kw320", VALUES)
    assert files.writes == 1


def test_what_does_not_fit_is_not_taken():
    files = Files()
    store = SettingsStore(files)
    store.save("kw320", VALUES)
    assert store.load("kw320", 5) is None
    assert store.load("kw320", 7) is None
    files.data["a1000.set"] = files.data["kw320.set"]
    assert store.load("a1000", 6) is None


def test_a_damaged_file_is_not_taken():
    files = Files()
    store = SettingsStore(files)
    store.save("kw320", VALUES)
    whole = files.data["kw320.set"]
    for cut in range(len(whole)):
        files.data["kw320.set"] = whole[:cut]
        assert store.load("kw320", 6) is None
        wrong = bytearray(whole)
        wrong[cut] ^= 0x10
        files.data["kw320.set"] = bytes(wrong)
        assert store.load("kw320", 6) is None


def test_out_of_range_is_refused_and_changes_nothing():
    files = Files()
    store = SettingsStore(files)
    for values in ([1 << 31], [-(1 << 31) - 1]):
        try:
            store.save("kw320", values)
        except ValueError:
            continue
        raise AssertionError("value taken")
    assert files.writes == 0


def test_a_file_of_bytes():
    files = Files()
    store = SettingsStore(files)
    assert store.load_bytes("kw320.io") is None
    for data in (b"", b"x", bytes(range(256)) * 20):
        store.save_bytes("kw320.io", data)
        assert store.load_bytes("kw320.io") == data
        assert files.data["kw320.io.set"][:-4] == (
            b"FQS\x02\x08kw320.io" + bytes((len(data) & 255, len(data) >> 8)) + data
        )
    writes = files.writes
    store.save_bytes("kw320.io", data)
    assert files.writes == writes
    files.data["kw320.ab.set"] = files.data["kw320.io.set"]
    assert store.load_bytes("kw320.ab") is None


def test_a_file_of_bytes_is_none_of_integers():
    store = SettingsStore(Files())
    store.save("kw320", VALUES)
    assert store.load_bytes("kw320") is None
    store.save_bytes("kw320", bytes(24))
    assert store.load("kw320", 6) is None


def test_a_damaged_file_of_bytes_is_not_taken():
    files = Files()
    store = SettingsStore(files)
    store.save_bytes("kw320", b"\1\0\2\0\3\0\0\0")
    whole = files.data["kw320.set"]
    for cut in range(len(whole)):
        files.data["kw320.set"] = whole[:cut]
        assert store.load_bytes("kw320") is None
        wrong = bytearray(whole)
        wrong[cut] ^= 0x10
        files.data["kw320.set"] = bytes(wrong)
        assert store.load_bytes("kw320") is None
