"""KW320Q: names of what it adds to a KW320, for people. No board loads it."""

from fourquad import points as p

TITLE = "KW320Q: power quality"

_DI = "0 not, 1 as it closes, 2 as it opens, 3 both; "

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (p.CAPTURE_DI_1, "Capture by DI1-DI6", "", _DI + "bits 1, 0 are DI1 ... bits 11, 10 DI6"),
    (p.CAPTURE_DI_2, "Capture by DI7-DI10", "", _DI + "bits 1, 0 are DI7 ... bits 7, 6 DI10"),
    (p.CAPTURE_DI_3, "Capture by DI11-DI14", "", _DI + "bits 1, 0 are DI11 ... bits 7, 6 DI14"),
    (
        p.RATED_VOLTAGE,
        "Rated voltage",
        "V",
        "to 690 in 3LL; between lines in 2LL and 3LL, else of a phase; secondary side",
    ),
    (p.SAG_CAPTURE, "Sags", "", "1 logged and captured, 0 neither"),
    (p.SAG_THRESHOLD, "Threshold of sags", "%", "of the rated voltage; below it"),
    (p.SAG_HALVES, "Length of sags", "half cycles", "that a sag must last to be an event"),
    (p.SWELL_CAPTURE, "Swells", "", "1 logged and captured, 0 neither"),
    (p.SWELL_THRESHOLD, "Threshold of swells", "%", "of the rated voltage; above it"),
    (
        p.RATED_AMPERES,
        "Rated current",
        "mA",
        "to 5000 where CT2 is 5; secondary side",
    ),
    (p.OVER_CURRENT_CAPTURE, "Over-currents", "", "1 captured"),
    (p.OVER_CURRENT_THRESHOLD, "Threshold of over-currents", "%", "of the rated current; above it"),
)

# (offset into points.COMMAND, name)
COMMANDS = (
    (p.CAPTURE_WAVEFORM, "Capture waveforms now"),
    (p.CLEAR_WAVEFORMS, "Clear waveforms"),
    (p.CLEAR_QUALITY, "Clear power quality events"),
)

_TIME = (
    (0, 1, "year - 2000 and month", "word", "the former in the high byte"),
    (1, 1, "day and hour", "word", "the former in the high byte"),
    (2, 1, "minute and second", "word", "the former in the high byte"),
    (3, 1, "ms", "word", ""),
    (4, 1, "phases", "word", "bits 0-2 sag of 1-3, bits 3-5 swell of 1-3"),
    (5, 1, "rated voltage", "word", "V, as it was set"),
    (6, 1, "threshold", "word", "%, as it was set"),
    (7, 1, "half cycles", "word", "8007H as it was set; 0 of a swell"),
)


def _events():
    """Lines of ten events."""
    return tuple(
        (3 + 8 * n + at, count, f"Event {n + 1}: {what}", form, about, "R")
        for n in range(10)
        for at, count, what, form, about in _TIME
    )


# Of each block: first point, (place, registers, name, form, meaning, access) of its lines.
BLOCKS = (
    (
        p.QUALITY,
        (
            (0, 1, "Newest event", "word", "1-50000, 0 none; the oldest one is 1", "R"),
            (1, 1, "First event to be read", "word", "1 to the newest", "R/W"),
            (2, 1, "Events to be read", "word", "1-10", "R/W"),
        )
        + _events(),
    ),
    (
        p.QUALITY + p.WAVE_GROUP,
        (
            (0, 1, "Group to be read", "word", "1 to the newest", "R/W"),
            (
                1,
                1,
                "Part of it to be read",
                "word",
                "0 reasons of four groups, 1 time and reason, 2-121 cycles: ten before of V1, V2, V3, I1, "
                "I2, I3, ten after of each",
                "R/W",
            ),
            (2, 1, "Status of the window", "word", "0BH valid, FFH not there, AAH being cleared", "R"),
            (3, 1, "Newest group", "word", "1-100, 0 none", "R"),
            (4, 64, "Window", "signed", "64 points of a cycle, or 16 words a group", "R"),
        ),
    ),
)

_WAVE = """A point is volts x 37.59105, or amperes x 14427.15 (CT2 333), 20291.1 (100), 1683.153 (1 and 5), \
7414.289 (80), 18514.68 (200), on the secondary side; what is beyond 16 bits ends there. Time and reason: \
year, month, day, hour, minute, second, ms, 1 by command, inputs of IO11, IO21, IO31 (two bits each: 1 \
closed, 2 opened), phases of a sag, of a swell, of an over-current, zeros. After a read of exactly \
8E00H-8E43H the part is one more, the group four more where the part is 0."""

SECTIONS = (
    (
        "Power quality: settings",
        0x8000,
        0x800F,
        "Manual 6.3.8, [how each case was decided](decisions.md#power-quality). As it comes nothing is "
        "logged and nothing captured.",
    ),
    (
        "Power quality events",
        0x8CFD,
        0x8D4F,
        "Each master has its own 8CFEH and 8CFFH. What is not there reads 0.",
    ),
    ("Waveforms", 0x8E00, 0x8E43, _WAVE),
)
