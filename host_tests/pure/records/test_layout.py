"""Areas of the storage: none reaches into another, and a flash that holds only the last of them will do."""

from fourquad import models
from fourquad.device import billing_store as billing
from fourquad.device import layout
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.records.flash import RamFlash

AREAS = (
    (layout.FILES_FIRST, layout.FILES_SECTORS),
    (layout.JOURNAL_FIRST, layout.JOURNAL_SECTORS),
    (layout.PROFILE_FIRST, layout.PROFILE_SECTORS),
    (layout.PERIODS_FIRST, layout.PERIODS_SECTORS),
    (layout.EXTREMES_FIRST, layout.EXTREMES_SECTORS),
)
LOGS = AREAS[2:]


def test_areas_follow_one_another_without_overlap():
    end = 0
    for first, sectors in AREAS:
        assert first >= end and sectors > 0
        end = first + sectors
    assert end <= layout.STORAGE_SECTORS
    # 1408 KB of a part of 2 MB are the storage, 512 KB of them raw
    assert layout.STORAGE_SECTORS * layout.SECTOR_SIZE == 1408 * 1024
    assert layout.FILES_SECTORS * layout.SECTOR_SIZE == 896 * 1024
    assert (layout.JOURNAL_SECTORS + layout.LOGS_SECTORS) * layout.SECTOR_SIZE == 512 * 1024
    assert layout.LOGS_FIRST == layout.JOURNAL_FIRST + layout.JOURNAL_SECTORS
    for first, sectors in LOGS:
        assert first >= layout.LOGS_FIRST and first + sectors <= layout.LOGS_FIRST + layout.LOGS_SECTORS


def test_billing_is_kept_in_its_own_sectors():
    channels = [Channel(kind, phase, 1.0) for kind in ("V", "I") for phase in (1, 2, 3)]
    meter = Meter(models.load("a1000"), channels, 10**6, 12)
    flash = RamFlash(layout.LOGS_SECTORS)
    logs = billing.connect(meter, flash, layout.LOGS_FIRST)
    assert len(logs) == 2
    meter.billing.profile.ring.append(15, 0, [1] * 6)
    touched = [sector for sector in range(flash.sectors) if flash.erase_counts[sector]]
    assert touched
    first = [sector + layout.LOGS_FIRST for sector in touched]
    for sector in first:
        assert any(start <= sector < start + count for start, count in LOGS[:2]), sector
    for start, count in LOGS[:2]:
        assert any(start <= sector < start + count for sector in first), start
