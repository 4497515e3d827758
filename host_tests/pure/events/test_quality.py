"""Power quality of a meter of 12-bit codes, with its flash: everywhere, on the machine code, too."""

import sys
from array import array
from struct import unpack

from metering.bench_12bit import LL1, SPLIT, VOLTS, Bench

from fourquad import models
from fourquad import points as p
from fourquad.device.quality_store import connect
from fourquad.protocols.modbus.map import RegisterMap
from fourquad.records.flash import RamFlash

WATCHED = LL1 + (
    (p.RATED_VOLTAGE, 230),
    (p.SAG_CAPTURE, 1),
    (p.SAG_THRESHOLD, 80),
    (p.SAG_HALVES, 4),
    (p.SWELL_CAPTURE, 1),
    (p.SWELL_THRESHOLD, 115),
)
SECTORS = {"quality": (0, 8), "waveforms": (8, 14)}


def bench(flash=None):
    b = Bench(SPLIT, settings=WATCHED, model=models.load("kw320q"))
    flash = flash or RamFlash(24)
    b.stores = connect(b.meter, b.meter.quality, flash, SECTORS)
    serve(b)
    b.map = RegisterMap(b.meter.model, b.meter.points)
    return b.run(2500)


def serve(b):
    for store in b.stores:
        while store.tick(b.ms):
            pass
        while store.due:
            store.service()


def registers(b, address, count):
    serve(b)
    out = bytearray(2 * count)
    assert b.map.read(address, count, out, 0) == 0
    return unpack(f">{count}H", out)


def write(b, address, *values):
    data = bytearray()
    for value in values:
        data.extend(bytes((value >> 8, value & 0xFF)))
    return b.map.write(address, len(values), data, 0)


def sag(b, ms):
    """Half the voltage of the first phase."""
    whole = b.waves
    b.waves = ((115.0, 0.0),) + SPLIT[1:]
    b.run(ms)
    b.waves = whole
    b.run(600)


def test_a_sag_is_an_event_and_a_waveform():
    b = bench()
    assert registers(b, 0x8CFD, 3) == (0, 1, 10) and registers(b, 0x8E00, 4) == (1, 0, 0xFF, 0)
    sag(b, 100)
    assert b.read(p.QUALITY + p.SAGS) == 1 and b.read(p.QUALITY + p.SWELLS) == 0
    assert abs(b.read(p.QUALITY + p.SAGS + p.WORST) - 1150) <= 10
    assert abs(b.read(p.QUALITY + p.SAGS + p.LENGTH) - 100) <= 10
    assert registers(b, 0x8CFD, 1) == (1,) and registers(b, 0x8E03, 1) == (1,)
    assert registers(b, 0x8D04, 4) == (1, 230, 80, 4)
    assert write(b, 0x8E00, 1, 1) == 0
    head = registers(b, 0x8E00, 68)
    assert head[:4] == (1, 1, 0x0B, 1) and head[11:18] == (0, 0, 0, 0, 1, 0, 0)
    # the first cycle of V1 is whole, that before the point is half, on 12 bits
    for part, rms in ((2, 230.0), (11, 115.0), (12, 225.0), (62, 115.0), (71, 230.0)):
        assert write(b, 0x8E01, part) == 0
        words = array("h", [w - ((w & 0x8000) << 1) for w in registers(b, 0x8E00, 68)[4:]])
        mean = (sum([w * w for w in words]) / 64.0) ** 0.5 / 37.59105
        assert abs(mean - rms) < 0.005 * rms + VOLTS, (part, mean)
        assert registers(b, 0x8E01, 1) == (part + 1,)
    # channels that are not there
    assert write(b, 0x8E01, 22) == 0 and registers(b, 0x8E04, 64) == (0,) * 64


def test_it_is_there_after_a_power_cut():
    flash = RamFlash(24)
    b = bench(flash)
    sag(b, 100)
    assert write(b, 0x8E00, 1, 2) == 0
    before = registers(b, 0x8CFD, 11) + registers(b, 0x8E00, 68)
    b = bench(flash)
    assert write(b, 0x8E00, 1, 2) == 0
    assert registers(b, 0x8CFD, 11) + registers(b, 0x8E00, 68) == before


def test_a_supply_that_fails_ends_a_capture():
    b = bench()
    assert write(b, 0x8000, 0xAA) == 0
    b.run(100)
    b.meter.close()
    for store in b.stores:
        store.snapshot()
    b.run(600)
    assert registers(b, 0x8E03, 1) == (0,)


def test_measuring_allocates_nothing_while_nothing_happens_and_in_a_sag():
    if sys.implementation.name != "micropython":
        return
    import micropython

    b = bench()
    run, buffer = b.meter.chain.halves.run, b.buffer
    period = b.meter.frame_period
    for half in (False, True):
        if half:
            b.waves = ((115.0, 0.0),) + SPLIT[1:]
            b.run(900)
        b.cycle()
        run(buffer, 0, 1, period)
        micropython.heap_lock()
        try:
            for _ in range(20):
                run(buffer, 0, 1, period)
        finally:
            micropython.heap_unlock()


def test_events_without_end_do_not_wear_the_flash_out():
    b = bench()
    quality = b.meter.quality
    kept = []
    quality.view.keep = lambda *event: kept.append(event)
    for i in range(1200):
        quality._note(8, 0)
        quality.window(i, i)
        b.stores[0].tick(i)
    # 64 at once; then 8 sectors of 203 records are to take 16 years, at 100,000 erases each
    every = 10 * 16 * 365 * 86400 / (100000 * 8 * 203)
    assert 64 + 0.6 * 1200 / every < len(kept) <= 64 + 1200 / every
    assert quality.missed == 1200 - len(kept)


def test_when_the_supply_warns_registers_come_before_events():
    """Closing the meter tells events their time and writes nothing; the stores do, after the registers."""
    flash = RamFlash(24)
    b = bench(flash)
    quality = b.meter.quality
    quality._note(1, quality._halves.time())
    flash.clear_counts()
    b.meter.close()
    assert flash.programs == flash.erases == 0 and quality.view.newest == 0
    for store in b.stores:
        store.snapshot()
    assert flash.programs > 0 and flash.erases == 0 and quality.view.newest == 1
