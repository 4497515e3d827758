"""KW320 over SNMP (manual 5.1.8.11, which prints no objects): ours, in the order of the registers from 4000H
on. Names: snmp_names.py.
"""

from fourquad import points as p
from fourquad.models.services.snmp_objects import GAUGE, columns, matrix, scalars
from fourquad.points import alarms as a
from fourquad.points import modules as m

ABOUT = b"Fourquad KW320, power and energy meter"
MODEL = 1  # below the enterprise number

_P = p.PRESENTED
_H = p.HARMONIC
_RECORD = p.EXTREME_FIELDS
_EVENT = 8  # words of the sequence of events

# Scales: 0.01 Hz, 0.1 V, mA, 0.1 W, 0.1 var, 0.1 VA, 0.001, 0.1 %, 0.1 degrees.
OBJECTS = (
    # readings of the last second, of the side that BASIC_MODE says
    scalars(1, 1, _P + p.FREQUENCY, scale=100),
    scalars(1, 2, _P + p.V1, 8, 10),
    scalars(1, 10, _P + p.I1, 5, 1000),
    scalars(1, 15, _P + p.P1, 12, 10),
    scalars(1, 27, _P + p.PF1, 4, 1000),
    scalars(1, 31, _P + p.V_UNBALANCE, 2, 1000),
    scalars(1, 33, _P + p.LOAD_CHARACTER, scale=1),
    scalars(1, 34, _P + p.ANGLE_V2, 5, 10),
    scalars(1, 39, _P + p.QUADRANT, scale=1),
    scalars(1, 40, _P + p.LOAD_PERCENT, scale=10),
    # demands
    scalars(2, 1, _P + p.P_DEMAND, 3, 10),
    scalars(2, 4, _P + p.I1_DEMAND, 3, 1000),
    # energies: two of them have a sign
    scalars(3, 1, p.ENERGY + p.EP_IMP, 5, tag=GAUGE),
    scalars(3, 6, p.ENERGY + p.EP_NET),
    scalars(3, 7, p.ENERGY + p.EQ_TOTAL, tag=GAUGE),
    scalars(3, 8, p.ENERGY + p.EQ_NET),
    scalars(3, 9, p.ENERGY + p.ES, 16, tag=GAUGE),
    scalars(3, 25, p.SETTING + p.ENERGY_SIDE),
    # total harmonic distortion
    scalars(4, 1, _H + p.THD_V1, 8),
    # sums and factors of voltages and of currents, and all orders
    columns(5, 1, _H + p.HARMONIC_V1 + p.ORDERS, 4, 3, 1, p.VOLTAGE_HARMONICS),
    columns(5, 2, _H + p.HARMONIC_I1 + p.ORDERS, 3, 3, 1, p.CURRENT_HARMONICS),
    matrix(5, 3, _H + p.HARMONIC_V1, 1, 3, p.VOLTAGE_HARMONICS, 2, 63),
    matrix(5, 3, _H + p.HARMONIC_I1, 4, 3, p.CURRENT_HARMONICS, 2, 63),
    # symmetrical components
    scalars(6, 1, _H + p.SEQUENCE_U, 12),
    # maxima and minima
    columns(7, 1, p.EXTREME, _RECORD, p.EXTREMES, 1, _RECORD),
    columns(7, 2, p.EXTREME + _RECORD * p.EXTREMES, _RECORD, p.EXTREMES, 1, _RECORD),
    # I/O modules
    scalars(8, 1, p.STATE + p.MODULES),
    columns(8, 2, p.MODULE + m.DI1, 1, m.INPUTS, 0, online=True),
    columns(8, 2, p.MODULE + m.COUNT1, 1, m.INPUTS, 0, tag=GAUGE, online=True, column=3),
    columns(8, 3, p.MODULE + m.RELAY1, 1, m.RELAYS, 0, online=True),
    columns(8, 4, p.MODULE + m.DO1, 1, m.OUTPUTS, 0, online=True),
    columns(8, 5, p.MODULE + m.AI1, 1, m.ANALOG, 0, online=True),
    columns(8, 6, p.MODULE + m.AO1, 1, m.ANALOG, 0, scale=1000, online=True),
    # alarms
    scalars(9, 1, p.STATE + p.SYSTEM_STATUS),
    scalars(9, 2, p.STATE + p.ALARM_NUMBER),
    scalars(9, 3, p.ALARM + a.STANDING),
    columns(9, 4, p.ALARM, a.WORDS, a.RECORDS, 1, a.WORDS),
    # sequence of events
    scalars(10, 1, p.STATE + p.SOE_NUMBER),
    columns(10, 2, p.SEQUENCE, _EVENT, m.EVENTS, 1, _EVENT),
    # the device, and what its readings are of
    scalars(11, 1, p.STATE + p.EPOCH, tag=GAUGE),
    scalars(11, 2, p.STATE + p.RUN_TIME, tag=GAUGE),
    scalars(11, 3, p.STATE + p.LOAD_TIME, tag=GAUGE),
    scalars(11, 4, p.STATE + p.SEAL_STATE),
    scalars(12, 1, p.SETTING + p.WIRING_U, 6),
    scalars(12, 7, p.SETTING + p.BASIC_MODE),
)

# What is told as it comes: alarms that begin or end, changes of inputs in the sequence of events.
NOTIFICATIONS = (
    (p.STATE + p.ALARM_NUMBER, p.ALARM, a.WORDS, a.RECORDS, b"\x09\x04\x01", 2),
    (p.STATE + p.SOE_NUMBER, p.SEQUENCE, _EVENT, m.EVENTS, b"\x0a\x02\x01", 2),
)
