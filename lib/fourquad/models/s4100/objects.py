"""S4100 BACnet objects (manual: device object, analog values, analog inputs, binary inputs): names as the
tables print them, units as BACnet has them; energies that it has no units for are said to be kWh.
"""

from fourquad import points as p
from fourquad.models.rows import (
    UNIT_A,
    UNIT_HUNDREDTHS_S,
    UNIT_HZ,
    UNIT_KVA,
    UNIT_KVAR,
    UNIT_KW,
    UNIT_KWH,
    UNIT_PERCENT,
    UNIT_PF,
    UNIT_V,
    analog,
    binary,
    trend,
)
from fourquad.models.s4100.settings import VERSION
from fourquad.points import billing as b
from fourquad.points import modules as m
from fourquad.points import system as s

_S = p.SETTING
_COUNTS = 100  # of an energy to a kWh
_KILO = 1000
_ABC = (b"A", b"B", b"C")


def _energy(name, about, point):
    return analog(name, about, point, UNIT_KWH, _COUNTS)


def _reading(name, about, reading, units, scale=None):
    return analog(name, about, s.SHOWN + reading, units, scale, s.RELIABLE + reading)


def _demands(name, about, first):
    """Of active, reactive and apparent power."""
    kinds = ((b"KW_", b"Real", UNIT_KW), (b"KVAR_", b"Reactive", UNIT_KVAR))
    kinds += ((b"KVA_", b"Apparent", UNIT_KVA),)
    return tuple(
        [
            analog(head + name, b"Total " + power + b" Power " + about, s.DEMANDS + first + i, units, _KILO)
            for i, (head, power, units) in enumerate(kinds)
        ]
    )


def _energies(name, about, point, step):
    """Of the phases."""
    return tuple(
        [
            _energy(name + b"_" + _ABC[i], about + b" Phase " + _ABC[i], point + step * (i + 1))
            for i in range(3)
        ]
    )


def _phases(name, about, reading, units, scale=None):
    return tuple(
        [
            _reading(name + b"_" + _ABC[i], about + b" Phase " + _ABC[i], reading + i, units, scale)
            for i in range(3)
        ]
    )


_GROUP = b.tariff_energy(b.ACTIVE_NET, 0, 1) - b.tariff_energy(b.ACTIVE_NET)
_IMPORT = b.tariff_energy(b.ACTIVE_IMPORT)
_EXPORT = b.tariff_energy(b.ACTIVE_EXPORT)
_QUADRANTS = tuple([b.tariff_energy(q) for q in (b.REACTIVE_Q1, b.REACTIVE_Q2, b.REACTIVE_Q3, b.REACTIVE_Q4)])
_VA = s.ALERTS + s.APPARENT

_INPUTS = (
    (
        _energy(b"KWh_Net", b"Accumulated Real Energy: Net (Import - Export)", b.tariff_energy(b.ACTIVE_NET)),
        _energy(b"KWh_Import", b"Real Energy Import", _IMPORT),
        _energy(b"KWh_Export", b"Real Energy Export", _EXPORT),
    )
    + tuple(
        [
            _energy(b"KVARh_Q" + n, b"Reactive Energy Quadrant " + n, _QUADRANTS[i])
            for i, n in enumerate((b"1", b"2", b"3", b"4"))
        ]
    )
    + (
        _energy(b"Net_KVAh", b"Apparent Energy: Net (Import - Export)", _VA + s.APPARENT_NET),
        _energy(b"KVAh_Import", b"Apparent Energy Import", _VA + s.APPARENT_IMPORT),
        _energy(b"KVAh_Export", b"Apparent Energy Export", _VA + s.APPARENT_EXPORT),
        _reading(b"KW_Total", b"Total Instantaneous Real Power", p.P_SUM, UNIT_KW, _KILO),
        _reading(b"KVAR_Total", b"Total Instantaneous Reactive Power", p.Q_SUM, UNIT_KVAR, _KILO),
        _reading(b"KVA_Total", b"Total Instantaneous Apparent Power", p.S_SUM, UNIT_KVA, _KILO),
        _reading(b"PF_Total", b"Total Power Factor", p.PF_SUM, UNIT_PF),
        _reading(b"Volts_LL_Avg", b"Voltage, L-L, Average of Active Phases", p.VL_AVG, UNIT_V),
        _reading(b"Volts_LN_Avg", b"Voltage, L-N, Average of Active Phases", p.V_AVG, UNIT_V),
        _reading(b"Current Average", b"Current, Average of Active Phases", p.I_AVG, UNIT_A),
        _reading(b"Frequency", b"Frequency", p.FREQUENCY, UNIT_HZ),
    )
    + _demands(b"Present_Demand", b"Present Demand", s.PRESENT)
    + _demands(b"Max_Demand_Import", b"Max Demand Import", s.MAXIMUM_IMPORT)
    + _demands(b"Max_Demand_Export", b"Max Demand Export", s.MAXIMUM_EXPORT)
    + (
        analog(b"Reserved_AI28", b"(Reserved_AI28)"),
        analog(b"Pulse Count", b"Pulse Count", p.MODULE + m.COUNT1),
        analog(b"Reserved", b"Reserved", s.DEMANDS + s.ORDER),
    )
    + _energies(b"KWh_Import", b"Real Energy Import", _IMPORT, _GROUP)
    + _energies(b"KWh_Export", b"Real Energy Export", _EXPORT, _GROUP)
    + _energies(b"KVARh_Q1", b"Reactive Energy Q1", _QUADRANTS[0], _GROUP)
    + _energies(b"KVARh_Q2", b"Reactive Energy Q2", _QUADRANTS[1], _GROUP)
    + _energies(b"KVARh_Q3", b"Reactive Energy Q3", _QUADRANTS[2], _GROUP)
    + _energies(b"KVARh_Q4", b"Reactive Energy Q4", _QUADRANTS[3], _GROUP)
    + _energies(b"KVAh_Import", b"Apparent Energy Import", _VA + s.APPARENT_IMPORT, 3)
    + _energies(b"KVAh_Export", b"Apparent Energy Export", _VA + s.APPARENT_EXPORT, 3)
    + _phases(b"KW", b"Real Power", p.P1, UNIT_KW, _KILO)
    + _phases(b"KVAR", b"Reactive Power", p.Q1, UNIT_KVAR, _KILO)
    + _phases(b"KVA", b"Apparent Power", p.S1, UNIT_KVA, _KILO)
    + _phases(b"PF", b"Power Factor", p.PF1, UNIT_PF)
    + (
        _reading(b"Volts_AB", b"Voltage Phase A-B", p.V12, UNIT_V),
        _reading(b"Volts_BC", b"Voltage Phase B-C", p.V23, UNIT_V),
        _reading(b"Volts_AC", b"Voltage Phase A-C", p.V31, UNIT_V),
        _reading(b"Volts_AN", b"Voltage Phase A-N", p.V1, UNIT_V),
        _reading(b"Volts_BN", b"Voltage Phase B-N", p.V2, UNIT_V),
        _reading(b"Volts_CN", b"Voltage Phase C-N", p.V3, UNIT_V),
    )
    + _phases(b"Current", b"Current", p.I1, UNIT_A)
    + (
        analog(b"Max_Power", b"Max Power", s.ALERTS + s.MAXIMUM_POWER, UNIT_KW, _KILO),
        analog(b"Reserved_AI77", b"(Reserved AI77)"),
        analog(b"Energy_Resets", b"Count of Energy_Resets", s.ALERTS + s.ENERGY_RESETS),
        analog(b"Reserved_AI79", b"(Reserved AI79)"),
        analog(b"Reserved_AI80", b"(Reserved AI80)"),
        analog(b"Power_Up_Count", b"Count of Power Up Cycles", s.ALERTS + s.POWER_UPS),
        analog(b"Output_Config", b"Output Configuration", s.ALERTS + s.OUTPUTS),
        analog(b"Alarm_Bitmap", b"Alarm Bitmap (all of BI1-BI15)", s.ALERTS + s.BITMAP),
    )
)

_VALUES = (
    analog(b"Config", b"Configuration", s.DEMANDS + s.ORDER, scale=1),
    analog(b"System_Type", b"System Type", _S + s.SYSTEM_TYPE, scale=1),
    analog(b"CT_Ratio_Primary", b"CT Ratio - Primary", _S + p.CT1, UNIT_A, 1),
    analog(b"CT_Ratio_Secondary", b"CT Ratio - Secondary", _S + p.CT2, scale=1),
    analog(b"PT_Ratio", b"PT Ratio", _S + p.PT1, scale=100),
    analog(
        b"System_Voltage",
        b"System Voltage",
        _S + s.SYSTEM_VOLTAGE,
        UNIT_V,
        10,
        s.ALERTS + s.VOLTAGE_RELIABILITY,
    ),
    analog(b"Display_Units", b"Display Units", _S + s.DISPLAY_UNITS, scale=1),
    analog(
        b"Phase_Loss_Voltage_Threshold",
        b"Phase Loss Voltage Threshold",
        _S + s.LOSS_THRESHOLD,
        UNIT_PERCENT,
        1,
    ),
    analog(
        b"Phase_Loss_Imbalance_Threshold",
        b"Phase Loss Imbalance Threshold",
        _S + s.IMBALANCE_THRESHOLD,
        UNIT_PERCENT,
        1,
    ),
    analog(b"Subintervals", b"Number of Subintervals Per Demand Interval", _S + s.SUB_INTERVALS, scale=1),
    analog(b"Subinterval_Length", b"Subinterval Length", _S + s.SUB_INTERVAL, UNIT_HUNDREDTHS_S, 1),
)


def _alert(bit, name, about):
    return binary(name, about, s.ALERTS + s.BITMAP, bit)


def _alerts(bit, name, about):
    """Of the phases."""
    return tuple([_alert(bit + i, name + b"_" + _ABC[i], about + b" Phase " + _ABC[i]) for i in range(3)])


_BITS = (
    _alerts(0, b"Volts_Error", b"Voltage Out of Range")
    + _alerts(3, b"Current_Error", b"Current Out of Range")
    + (
        _alert(6, b"Frequency_Error", b"Frequency Error"),
        _alert(7, b"Reserved_BI8", b"Reserved"),
    )
    + _alerts(8, b"Phase_Loss", b"Phase Loss")
    + _alerts(11, b"Power_Factor", b"Low Power Factor")
    + (_alert(14, b"RTC_Reset", b"RTC Reset"),)
)

_LOGS = tuple(
    [
        trend(b"Trend_Log_" + n, b"Trend Log " + n, s.LOGS + s.LOG_FIELDS * i, i)
        for i, n in enumerate((b"1", b"2", b"3"))
    ]
)
# What a trend log may have, by the instance of its analog input: point, and what its value is over.
LOGGED = tuple([(point, over) for _, point, over, _, _, _ in _INPUTS[:75]])

# Types as BACnet numbers them: analog input, analog value, binary input, trend log.
OBJECTS = ((0, _INPUTS), (2, _VALUES), (3, _BITS), (20, _LOGS))

# Columns: protocols/bacnet/columns.py.
DEVICE = (
    _S + s.DEVICE_NUMBER,
    _S + s.DEVICE_NAME,
    _S + s.DEVICE_PLACE,
    (_S + s.VENDOR, b"Fourquad"),
    b"S4100 compatible energy meter",
    (VERSION, b"RS= " + VERSION + b", OS=" + VERSION + b", BACnet Gateway=" + VERSION),
    (_S + s.MAX_MASTER, _S + s.INFO_FRAMES),
    _S + s.DATABASE_REVISION,
    25,
    _S + s.SERIAL,
    None,
)
