"""KW320: what its SNMP objects are called, for people and their MIB. No board loads it."""

from fourquad.models.services import snmp_names as shared

MODULE = "FOURQUAD-KW320-MIB"
UPDATED = "202611290000Z"
ABOUT = (
    "Readings, energies and records of a KW320 power and energy meter, in the order of its Modbus "
    "registers from 4000H on. Everything is read only." + shared.NUMBER
)

# (number, name, meaning) of each group.
GROUPS = (
    (1, "Readings", "Readings of the last second, on the side that kw320SettingBasicMode says."),
    (2, "Demands", "Demands of the last window, on the same side."),
    (3, "Energies", "Energy registers. They wrap at 10^9."),
    (4, "Distortion", "Total harmonic distortion; line voltages in 2LL and 3LL."),
    (5, "Harmonics", "Each harmonic, and what is made of them; ratios to the fundamental."),
    (6, "Components", "Symmetrical components, on the secondary side."),
    (7, "Extremes", "Maxima and minima with their times, on the secondary side; year 0: none yet."),
    (8, "Terminals", "Terminals of I/O modules; those of a module that is not connected are not there."),
    (9, "Alarms", "Alarms and their records."),
    (10, "Events", "The sequence of events: changes of the inputs of one module."),
    (11, "Device", "The clock and the counters of the device."),
    (12, "Setup", "Settings that say what the readings are of."),
)

# Meanings of scalars that their names do not tell.
MEANINGS = shared.MEANINGS | {
    "secondary.load_character": "76 inductive, 67 capacitive, 82 resistive",
    "secondary.quadrant": "1 import inductive, 2 export, 3 export, 4 import capacitive",
    "setting.energy_side": "0: counts of energies are 0.1 kWh, 0.1 kvarh, 0.1 kVAh; 1: Wh, varh, VAh",
    "state.modules": "connected: bit 0 IO11, 1 IO12, 2 IO21, 3 IO22, 4 IO31, 5 IO32",
    "state.seal_state": "10 sealed",
    "setting.wiring_u": "0 3LN, 1 1LN, 2 2LL, 3 3LL, 4 1LL",
    "setting.wiring_i": "0 3CT, 1 1CT, 2 2CT",
    "setting.basic_mode": "side of the readings: 0 secondary, 1 primary",
}

_EXTREME = (
    ("Value", "", None, "in the unit of the register: 0.1 V, mA, W, var, VA, 0.001, 0.01 Hz, 0.01 %"),
)
_QUANTITIES = (
    "V1, V2, V3, V12, V23, V31, I1, I2, I3, P, Q, S, PF, frequency, demands of P, Q, S, unbalance of voltage "
    "and current, THD of V1, V2, V3, I1, I2, I3"
)

# (group, table, name, what a row is, indexes as (name, highest, meaning), columns after them as (name, unit,
# counts a unit or None, meaning))
TABLES = (
    (
        5,
        1,
        "VoltageSum",
        "A voltage.",
        (("Index", 3, "V1 (V12), V2 (V31), V3 (V23)"),),
        (
            ("Odd", "%", 100, "odd harmonics from the 3rd on"),
            ("Even", "%", 100, "even harmonics"),
            ("Crest", "", 1000, "crest factor"),
            ("Thff", "%", 100, "telephone harmonic form factor"),
        ),
    ),
    (
        5,
        2,
        "CurrentSum",
        "A current.",
        (("Index", 3, "I1, I2, I3"),),
        (
            ("Odd", "%", 100, "odd harmonics from the 3rd on"),
            ("Even", "%", 100, "even harmonics"),
            ("KFactor", "", 10, "K factor"),
        ),
    ),
    (
        5,
        3,
        "Harmonic",
        "A harmonic.",
        (("Channel", 6, "V1 (V12), V2 (V31), V3 (V23), I1, I2, I3"), ("Order", 63, "2 and higher")),
        (("Ratio", "%", 100, "of the fundamental"),),
    ),
    (7, 1, "Maximum", "A maximum.", (("Index", 25, _QUANTITIES),), _EXTREME + shared.TIME),
    (7, 2, "Minimum", "A minimum.", (("Index", 25, _QUANTITIES),), _EXTREME + shared.TIME),
    (
        8,
        2,
        "Input",
        "A digital input.",
        (("Index", 28, "DI1-DI28"),),
        shared.INPUT,
    ),
    (8, 3, "Relay", "A relay.", (("Index", 8, "1-8"),), shared.OUTPUT),
    (8, 4, "Output", "A digital output.", (("Index", 4, "DO1-DO4"),), shared.OUTPUT),
    (
        8,
        5,
        "AnalogInput",
        "An analog input.",
        (("Index", 4, "AI1-AI4"),),
        (("Code", "", None, "0-4095, of 20 mA or 5 V"),),
    ),
    (
        8,
        6,
        "AnalogOutput",
        "An analog output.",
        (("Index", 4, "AO1-AO4"),),
        (("Value", "mA or V", 1000, "what is put out"),),
    ),
    shared.alarms(16),
    shared.EVENTS,
)

NOTIFICATIONS = shared.NOTIFICATIONS
