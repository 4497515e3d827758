"""S4100: names and meanings of settings and objects, for people. No board loads it."""

from fourquad import points as p
from fourquad.points import system as s

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (p.ADDRESS_1, "MAC address", "", "on the panel; above Max_Master no other master polls for it"),
    (p.BAUD_1, "Baud rate", "baud", "on the panel"),
    (s.SYSTEM_TYPE, "System type", "", "40 wye, 31 delta, 12 split phase, 11 A + B, 10 A + N; AV2"),
    (p.CT1, "Rated current of the transformers", "A", "AV3"),
    (p.CT2, "Output of the current transformers", "", "1 is 1 V, 3 is 1/3 V; AV4"),
    (p.PT1, "Ratio of the voltage transformers", "0.01", "AV5"),
    (s.SYSTEM_VOLTAGE, "System voltage", "0.1 V", "82 to 660 V times the ratio of the transformers; AV6"),
    (s.DISPLAY_UNITS, "Words of the display", "", "0 IEC, 1 IEEE; AV7"),
    (s.LOSS_THRESHOLD, "Phase loss threshold", "%", "below the nominal voltage; AV8"),
    (s.IMBALANCE_THRESHOLD, "Phase imbalance threshold", "%", "of the highest voltage; AV9"),
    (s.SUB_INTERVALS, "Sub-intervals of a demand interval", "", "AV10"),
    (s.SUB_INTERVAL, "Length of a sub-interval", "0.01 s", "0, or whole seconds from 10 on; AV11"),
    (s.DEVICE_NUMBER, "Device instance", "", "Object_Identifier of the device"),
    (s.MAX_MASTER, "Max_Master", "", ""),
    (s.VENDOR, "Vendor identifier", "", "65535 is nobody's: an integrator's own goes here"),
    (p.PASSWORD, "Set-up password", "", "of the panel"),
    (s.RESET_PASSWORD, "Reset password", "", "of the panel"),
)

COMMANDS = ()

# What an object says besides, by its type and instance.
NOTES = {
    (0, 28): "NaN",
    (0, 29): "pulses of the input; goes on at 0 after 4294967040",
    (0, 30): "reads 0",
    (0, 77): "NaN",
    (0, 79): "NaN",
    (0, 80): "NaN",
    (0, 18): "NaN outside of 45-65 Hz",
    (
        2,
        1,
    ): "30078 clears the energies, 21211 ends the sub-interval (while AV11 is 0), 21212 makes the maxima "
    "what the present demand is; 21211 and 21212 at most every 10 s; 16498 clears the pulse count; reads 0",
    (2, 6): "CONFIGURATION_ERROR while AV5 leaves it where it cannot be",
    (20, 1): "AI2 as it comes",
    (20, 2): "AI11 as it comes",
    (20, 3): "AI19 as it comes",
    (3, 15): "until the first time synchronization after power-up",
}
