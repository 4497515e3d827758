"""Places of a model's stores: none reaches into another, boards in the field find theirs, less is said."""

from fourquad import models
from fourquad.device import layout, store
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.records.flash import RamFlash

# of the first versions: sectors from the storage's end to the beginning of a store, and how many it has
FIELD = {"journal": (128, 64), "profile": (64, 34), "periods": (30, 18), "extremes": (12, 8)}
STORAGES = (
    (layout.STORAGE_SECTORS, layout.FILES_SECTORS),
    (layout.LARGE_SECTORS, layout.FILES_SECTORS),
    (layout.LARGE_SECTORS, layout.OLD_FILES_SECTORS),
    (layout.LARGE_SECTORS, 0),
)
LOGS = (("log 1", 40, 8), ("log 2", 40, 8), ("events", 10, 4), ("waves", 80, 16))
MODELS = ("kw320", "a1000")


def _apart(places, sectors, first=0):
    used = []
    for begin, count in places.values():
        assert first <= begin and begin + count <= sectors
        used += list(range(begin, begin + count))
    assert len(set(used)) == len(used)


def _field(name):
    """The rows of a model that the first versions had."""
    return tuple(row for row in models.load(name).STORAGE if row[0] in FIELD)


def test_boards_in_the_field_find_what_they_have():
    for name in MODELS:
        rows = models.load(name).STORAGE
        # with the file system that they have, and with a smaller one
        for sectors, files in STORAGES:
            for more in ((), LOGS[:2]):
                raw = sectors - files
                if more and raw == layout.RAW_SECTORS and name == "a1000":
                    continue
                places = layout.lay(rows + more, raw)
                _apart(places, raw)
                for kept, _, _ in _field(name):
                    begin, count = places[kept]
                    assert (raw - begin, count) == FIELD[kept]


def test_a_flash_may_begin_with_something_else():
    rows = models.load("a1000").STORAGE
    places = layout.lay(rows + LOGS, layout.LARGE_SECTORS, layout.FILES_SECTORS)
    _apart(places, layout.LARGE_SECTORS, layout.FILES_SECTORS)
    assert places["journal"] == (224, 64) and places["profile"] == (288, 34)
    # 172 sectors, in pieces of 160 and 12, where 170 are wanted: each has a tenth less
    less = (("log 1", 36, 40), ("log 2", 36, 40), ("events", 9, 10), ("waves", 72, 80))
    said = ["storage: {} has {} of {} sectors".format(*row) for row in less]
    assert layout.short(rows + LOGS, places) == said


def test_what_a_model_does_not_have_makes_room_for_others():
    rows = _field("kw320")
    # an old file system leaves 128 sectors; no profile and no periods are among them
    places = layout.lay(rows + (("log", 52, 4),), layout.RAW_SECTORS)
    assert places["log"] == (64, 52)
    assert layout.short(rows, places) == []


def test_less_storage_is_said_and_never_overlaps():
    rows = _field("kw320") + LOGS
    for sectors in range(128, 300, 7):
        places = layout.lay(rows, sectors)
        _apart(places, sectors)
        said = layout.short(rows, places)
        less = [name for name, wanted, _ in rows if places[name][1] < wanted]
        assert len(said) == len(less)
        for name, _, least in rows:
            assert places[name][1] >= least
        # what must survive an update is not made smaller for a log
        assert places["journal"] == (sectors - 128, 64)
    # 640 KB of storage with 128 KB of files
    places = layout.lay(_field("kw320"), 160 - 32)
    assert places["journal"] == (0, 64)


def test_small_storage_has_small_stores():
    rows = models.load("a1000").STORAGE
    for sectors in (15, 30, 60, 115):
        places = layout.lay(rows, sectors)
        _apart(places, sectors)
        assert layout.short(rows, places)


def test_what_does_not_fit_is_refused_in_a_sentence():
    rows = models.load("a1000").STORAGE
    for sectors, first in ((14, 0), (0, 0), (352, 340), (3, 5)):
        try:
            layout.lay(rows, sectors, first)
        except ValueError as error:
            said = str(error)
            there = max(0, sectors - first)
            assert said == f"storage: 15 sectors are wanted at least, {there} are there"
            continue
        raise AssertionError(sectors)


def test_places_of_earlier_rows_stay_when_rows_are_added():
    rows = _field("kw320")
    raw = layout.LARGE_SECTORS - layout.FILES_SECTORS
    before = layout.lay(rows + LOGS[:2], raw)
    after = layout.lay(rows + LOGS[:3] + (("waves", 50, 16),), raw)
    for name in before:
        assert after[name] == before[name]


def test_billing_is_kept_in_its_own_sectors():
    channels = [Channel(kind, phase, 1.0) for kind in ("V", "I") for phase in (1, 2, 3)]
    model = models.load("a1000")
    meter = Meter(model, channels, 10**6, 12)
    flash = RamFlash(layout.RAW_SECTORS)
    places = layout.lay(model.STORAGE, flash.sectors)
    logs = store.connect(meter, flash, places)
    assert len(logs) == 2
    meter.billing.profile.ring.append(15, 0, [1] * 6)
    touched = [sector for sector in range(flash.sectors) if flash.erase_counts[sector]]
    mine = [places[name] for name in ("profile", "periods")]
    for sector in touched:
        assert any(begin <= sector < begin + count for begin, count in mine), sector
    for begin, count in mine:
        assert any(begin <= sector < begin + count for sector in touched)
