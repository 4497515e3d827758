"""KW320Q: names of what it has besides, for people. No board loads it."""

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

SECTIONS = (
    (
        "Power quality: settings",
        0x8000,
        0x800F,
        "Manual 6.3.8, [how each case was decided](decisions.md#power-quality). As it comes nothing is "
        "logged and nothing captured.",
    ),
)
