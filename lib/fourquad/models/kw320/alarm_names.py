"""KW320: names of the alarms' settings and records, for people. No board loads it."""

from fourquad import points as p
from fourquad.points import alarms as a

_MASK = "bit 0 channel 1 ... bit 15 channel 16"

# What the codes stand for: name, unit of set points and records.
CODES = (
    ("frequency", "0.01 Hz"),
    ("V1", "0.1 V"),
    ("V2", "0.1 V"),
    ("V3", "0.1 V"),
    ("average phase voltage", "0.1 V"),
    ("V12", "0.1 V"),
    ("V23", "0.1 V"),
    ("V31", "0.1 V"),
    ("average line voltage", "0.1 V"),
    ("I1", "mA"),
    ("I2", "mA"),
    ("I3", "mA"),
    ("average current", "mA"),
    ("neutral current", "mA"),
    ("P of phase A", "W, signed"),
    ("P of phase B", "W, signed"),
    ("P of phase C", "W, signed"),
    ("P", "W, signed"),
    ("Q of phase A", "var, signed"),
    ("Q of phase B", "var, signed"),
    ("Q of phase C", "var, signed"),
    ("Q", "var, signed"),
    ("S of phase A", "VA"),
    ("S of phase B", "VA"),
    ("S of phase C", "VA"),
    ("S", "VA"),
    ("PF of phase A", "0.001, signed"),
    ("PF of phase B", "0.001, signed"),
    ("PF of phase C", "0.001, signed"),
    ("PF", "0.001, signed"),
    ("voltage unbalance", "0.1 %"),
    ("current unbalance", "0.1 %"),
    ("load character", "76 L, 67 C, 82 R"),
    ("THD of V1 (V12)", "0.01 %"),
    ("THD of V2 (V31)", "0.01 %"),
    ("THD of V3 (V23)", "0.01 %"),
    ("THD of V, average", "0.01 %"),
    ("THD of I1", "0.01 %"),
    ("THD of I2", "0.01 %"),
    ("THD of I3", "0.01 %"),
    ("THD of I, average", "0.01 %"),
    ("AI1", "0-4095"),
    ("AI2", "0-4095"),
    ("AI3", "0-4095"),
    ("AI4", "0-4095"),
    ("demand of P", "W, signed"),
    ("demand of Q", "var, signed"),
    ("demand of S", "VA"),
    ("demand of I1", "mA"),
    ("demand of I2", "mA"),
    ("demand of I3", "mA"),
    ("reversed phase order", "0.1 degrees by which V2 lags V1"),
)
CODES += tuple((f"DI{n}", "1 alarm while on, 2 while off, 3 once it goes off") for n in range(1, 29))


def _of_channel(i):
    """(offset, name, unit, meaning) of the settings of a channel (from 0)."""
    at = a.FIRST + a.FIELDS * i
    name = f"Alarm {i + 1}: "
    return (
        (at + a.CODE, name + "code", "", "what it watches: see the codes"),
        (at + a.COMPARISON, name + "comparison", "", "1 greater, 2 equal, 3 less"),
        (at + a.SET_POINT, name + "set point", "", "in the unit of the code, secondary side"),
        (at + a.DELAY, name + "delay", "10 ms", ""),
        (at + a.RELAY, name + "relay", "", "0 none"),
    )


SETTINGS = (
    (a.ON, "Alarms", "", "0 off, 1 on"),
    (a.FLASH, "Backlight flashes", "", "while an alarm stands"),
    (a.CHANNELS, "Alarm channels that are on", "", _MASK),
    (
        a.PAIRS,
        "Pairs of alarm channels",
        "",
        "bit 0 channels 1 and 2 ... bit 7 channels 15 and 16: an alarm if both are",
    ),
) + tuple((a.DO1 + i, f"Alarm channels on DO{i + 1}", "", _MASK) for i in range(a.OUTPUTS))
for _i in range(a.COUNT):
    SETTINGS += _of_channel(_i)

RECORDS = (
    (
        p.ALARM,
        a.WORDS,
        tuple(
            (
                f"Alarm record {n + 1}",
                "status (high byte code; bit 0 occurred, bit 1 of a pair), code, value, year ... ms",
            )
            for n in range(a.RECORDS)
        ),
    ),
)

SECTIONS = (
    (
        "Alarms",
        0x1046,
        0x109D,
        "Manual 4.4, 6.3.4. One write stays in 1046H-104DH or in 104EH-109DH. Values are of the secondary "
        "side whatever 101DH says; those with a sign are two's complement. Codes: "
        + ", ".join(f"{code} {name}" for code, (name, _) in enumerate(CODES[:52]))
        + ", 52-79 DI1-DI28.",
    ),
    (
        "Alarm records",
        0x42A9,
        0x4348,
        "Manual 4.4. 1032H is the number of the newest one; 1021H clears them. The year is a full one.",
    ),
)
