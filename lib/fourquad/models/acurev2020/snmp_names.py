"""AcuRev 2020: what its SNMP objects are called, for people and their MIB. No board loads it."""

from fourquad.models.services import snmp_names as shared

MODULE = "FOURQUAD-ACUREV2020-MIB"
UPDATED = "202611290000Z"
ABOUT = (
    "Readings, energies and records of an AcuRev 2020 meter of eighteen circuits. All are read only, and of "
    "the primary side." + shared.NUMBER
)

# (number, name, meaning) of each group.
GROUPS = (
    (1, "System", "Readings of the last second, of all inputs together."),
    (2, "Circuits", "Readings of the last second, of inputs and user channels; unused ones read 0."),
    (3, "Energies", "Energy registers. They wrap at 10^9."),
    (4, "Distortion", "Total harmonic distortion of voltages and inputs."),
    (8, "Terminals", "Terminals of the I/O module."),
    (9, "Alarms", "Alarms and their records."),
    (10, "Events", "The sequence of events: changes of the inputs of the I/O module."),
    (11, "Device", "The clock and the counters of the device."),
    (12, "Setup", "Settings that say what the readings are of."),
)

# Meanings of scalars that their names do not tell.
MEANINGS = shared.MEANINGS | {
    "setting.circuit_wiring": "0 18 x 1LN, 1 6 x 2LN, 2 6 x 3LN",
}

_READINGS = (
    ("Current", "A", 1000, ""),
    ("ActivePower", "W", 10, "negative: exported"),
    ("ReactivePower", "var", 10, ""),
    ("ApparentPower", "VA", 10, ""),
    ("PowerFactor", "", 1000, ""),
    ("LoadNature", "", None, "76 inductive, 67 capacitive, 82 resistive, 0 none"),
)

# (group, table, name, what a row is, indexes as (name, highest, meaning), columns after them as (name, unit,
# counts a unit or None, meaning))
TABLES = (
    (2, 1, "Input", "An input.", (("Index", 18, "inputs 1-18"),), _READINGS),
    (2, 2, "User", "A user channel.", (("Index", 6, "user channels 1-6"),), _READINGS),
    (
        3,
        1,
        "Energy",
        "The energies of an input, a user channel, a phase or all inputs.",
        (("Index", 28, "1-18 inputs, 19-24 user channels 1-6, 25-27 phases A, B, C, 28 all inputs"),),
        (
            ("ImportedActive", "0.1 kWh", None, ""),
            ("ExportedActive", "0.1 kWh", None, ""),
            ("ImportedReactive", "0.1 kvarh", None, ""),
            ("ExportedReactive", "0.1 kvarh", None, ""),
            ("Apparent", "0.1 kVAh", None, ""),
        ),
    ),
    (
        4,
        5,
        "InputDistortion",
        "The total harmonic distortion of the current of an input.",
        (("Index", 18, "inputs 1-18"),),
        (("Thd", "%", 100, "of the fundamental"),),
    ),
    (
        8,
        1,
        "DigitalInput",
        "A digital input.",
        (("Index", 8, "DI1-DI8"),),
        shared.INPUT,
    ),
    (8, 2, "Relay", "A relay.", (("Index", 8, "1-8"),), shared.OUTPUT),
    shared.alarms(20),
    shared.EVENTS,
)

NOTIFICATIONS = shared.NOTIFICATIONS
