"""AcuRev 2020 over SNMP (manual 11.2.9, which prints no objects): ours. Names: snmp_names.py."""

from fourquad import points as p
from fourquad.models.acurev2020.settings import ALARM_RECORDS as _RECORDS
from fourquad.models.services.snmp_objects import GAUGE, columns, scalars
from fourquad.points import alarms as a
from fourquad.points import circuits as c
from fourquad.points import modules as m

ABOUT = b"Fourquad AcuRev 2020, power and energy meter of eighteen circuits"
MODEL = 2  # below the enterprise number

_P = p.PRESENTED
_ONE = c.READINGS
_USER = c.READINGS + c.FIELDS * c.FIRST_USER
_EVENT = 8  # words of the sequence of events

# Scales: 0.01 Hz, 0.1 V, mA, 0.1 W, 0.1 var, 0.1 VA, 0.001, 0.1 %.
OBJECTS = (
    # the system: readings of the last second
    scalars(1, 1, _P + p.FREQUENCY, scale=100),
    scalars(1, 2, _P + p.V1, 8, 10),
    scalars(1, 10, _P + p.I1, 4, 1000),
    scalars(1, 14, _P + p.P1, 12, 10),
    scalars(1, 26, _P + p.PF1, 4, 1000),
    scalars(1, 30, _P + p.V_UNBALANCE, 2, 1000),
    # inputs and user channels: current, P, Q, S, power factor, load nature
    columns(2, 1, _ONE + c.AMPS, 1, c.INPUTS, 0, c.FIELDS, 1000),
    columns(2, 1, _ONE + c.P, 3, c.INPUTS, 1, c.FIELDS, 10, column=3),
    columns(2, 1, _ONE + c.PF, 1, c.INPUTS, 0, c.FIELDS, 1000, column=6),
    columns(2, 1, _ONE + c.NATURE, 1, c.INPUTS, 0, c.FIELDS, 1, column=7),
    columns(2, 2, _USER + c.AMPS, 1, c.USERS, 0, c.FIELDS, 1000),
    columns(2, 2, _USER + c.P, 3, c.USERS, 1, c.FIELDS, 10, column=3),
    columns(2, 2, _USER + c.PF, 1, c.USERS, 0, c.FIELDS, 1000, column=6),
    columns(2, 2, _USER + c.NATURE, 1, c.USERS, 0, c.FIELDS, 1, column=7),
    # energies of all groups: inputs, user channels, phases, the system
    columns(3, 1, c.ENERGY, 5, c.GROUPS, c.GROUPS, tag=GAUGE),
    # THD of voltages, of inputs
    scalars(4, 1, p.HARMONIC + p.THD_V1, 4),
    columns(4, 5, c.SPECTRUM + c.THD, 1, c.INPUTS, 0, c.WORDS),
    # inputs, pulses, relays
    columns(8, 1, p.MODULE + m.DI1, 1, 8, 0),
    columns(8, 1, p.MODULE + m.COUNT1, 1, 8, 0, tag=GAUGE, column=3),
    columns(8, 2, p.MODULE + m.RELAY1, 1, 8, 0),
    # alarms
    scalars(9, 1, p.STATE + p.SYSTEM_STATUS),
    scalars(9, 2, p.STATE + p.ALARM_NUMBER),
    scalars(9, 3, p.ALARM + a.STANDING),
    columns(9, 4, c.ALARM_RECORDS, a.WORDS, _RECORDS, 1, a.WORDS),
    # sequence of events
    scalars(10, 1, p.STATE + p.SOE_NUMBER),
    columns(10, 2, p.SEQUENCE, _EVENT, m.EVENTS, 1, _EVENT),
    # the device
    scalars(11, 1, p.STATE + p.EPOCH, tag=GAUGE),
    scalars(11, 2, p.STATE + p.RUN_TIME, tag=GAUGE),
    scalars(12, 1, p.SETTING + c.CIRCUIT_WIRING),
)

# What is told as it comes: alarms that begin or end, changes of inputs in the sequence of events.
NOTIFICATIONS = (
    (p.STATE + p.ALARM_NUMBER, c.ALARM_RECORDS, a.WORDS, _RECORDS, b"\x09\x04\x01", 2),
    (p.STATE + p.SOE_NUMBER, p.SEQUENCE, _EVENT, m.EVENTS, b"\x0a\x02\x01", 2),
)
