"""What a KW320Q adds to a KW320: power quality events and waveforms (manual 4.6, 6.3.8)."""

from fourquad import points as p
from fourquad.models.rows import command, order, register, setting
from fourquad.points import values as v

PARTS = ("meter.halves", "events.quality")

SETTINGS = (
    setting(p.RATED_VOLTAGE, default=400, low=50, high=400),
    setting(p.SAG_CAPTURE),
    setting(p.SAG_THRESHOLD, default=50, low=20, high=100),
    setting(p.SAG_HALVES, default=10, low=4, high=200),
    setting(p.SWELL_CAPTURE),
    setting(p.SWELL_THRESHOLD, default=100, low=50, high=140),
    setting(p.RATED_AMPERES, default=1000, low=500, high=1000),
    setting(p.OVER_CURRENT_CAPTURE),
    setting(p.OVER_CURRENT_THRESHOLD, default=100, low=50, high=150),
    setting(p.CAPTURE_DI_1, high=0x0FFF),
    setting(p.CAPTURE_DI_2, high=0x00FF),
    setting(p.CAPTURE_DI_3, high=0x00FF),
)

LIMITS = (
    (p.RATED_VOLTAGE, p.WIRING_U, v.WIRING_3LL, 50, 690),
    (p.RATED_AMPERES, p.CT2, 5, 500, 5000),
)

COMMANDS = (command(p.CAPTURE_WAVEFORM), command(p.CLEAR_WAVEFORMS), command(p.CLEAR_QUALITY))

REGIONS = (
    (0x800A, 1, "reserved", 0),
    (0x8CFD, 83, "block", p.QUALITY),  # events
    (0x8E00, 68, "block", p.QUALITY + p.WAVE_GROUP),  # waveforms
)

SETTING_REGISTERS = (
    register(0x8001, p.SETTING + p.CAPTURE_DI_1),
    register(0x8002, p.SETTING + p.CAPTURE_DI_2),
    register(0x8003, p.SETTING + p.CAPTURE_DI_3),
    register(0x8004, p.SETTING + p.RATED_VOLTAGE),
    register(0x8005, p.SETTING + p.SAG_CAPTURE),
    register(0x8006, p.SETTING + p.SAG_THRESHOLD),
    register(0x8007, p.SETTING + p.SAG_HALVES),
    register(0x8008, p.SETTING + p.SWELL_CAPTURE),
    register(0x8009, p.SETTING + p.SWELL_THRESHOLD),
    register(0x800B, p.SETTING + p.RATED_AMPERES),
    register(0x800C, p.SETTING + p.OVER_CURRENT_CAPTURE),
    register(0x800D, p.SETTING + p.OVER_CURRENT_THRESHOLD),
)

COMMAND_REGISTERS = (
    order(0x8000, p.COMMAND + p.CAPTURE_WAVEFORM, act=0xAA),
    order(0x800E, p.COMMAND + p.CLEAR_WAVEFORMS, act=0x55),
    order(0x800F, p.COMMAND + p.CLEAR_QUALITY, act=0x55),
)

WRITABLE = ((0x8000, 0x800F), (0x8CFE, 0x8CFF), (0x8E00, 0x8E01))

# 50,000 events; 100 groups of waveforms, four sectors each, and how many there are
STORAGE = (("quality", 264, 4), ("waveforms", 402, 6))

# Counts of a waveform for a volt, and for an ampere by CT2 (4.6); 100 is the Rogowski coil of 100 mV.
WAVEFORM = (
    37.59105,
    (
        (5, 1683.153),
        (1, 1683.153),
        (80, 7414.289),
        (100, 20291.1),
        (200, 18514.68),
        (333, 14427.15),
    ),
)
