"""A1000: codes of IEC 62056-21 (manual, appendix A; the spec page for order and formats).

The codes beyond appendix A are ours where OBIS (IEC 62056-61) has none; group C 96 is left to manufacturers
there. Rows of CODES: (code, kind, decimals or detail, unit, point id, level), see
protocols/iec62056/registers.py.
"""

from fourquad import points as p
from fourquad.models.a1000.display import ITEMS
from fourquad.points import billing as b

PREFIX = "1-1:"
IDENTIFICATION = "A1000V01"  # after the manufacturer's letters and the speed
LETTERS = p.SETTING + p.IEC_LETTERS
ADDRESSES = (p.SETTING + p.DEVICE_NUMBERS, p.SETTING + p.DEVICE_NUMBERS + 4)  # meter and device number
PASSWORDS = (p.SETTING + p.IEC_PASSWORD_1, p.SETTING + p.IEC_PASSWORD_2)
HEADER_ON = p.SETTING + p.IEC_HEADER
PROGRAM_MODE = p.BILLING + b.PROGRAM_MODE
RESET = p.COMMAND + p.RESET_BY_SERIAL  # what a code says; the port tells which of the resets it is

DISPLAY_ITEMS = sum(
    [len(places) or 1 for _, _, places, _, _, _, _, _ in ITEMS]
)  # numbers that the display list may name

# Group C of OBIS, the quantity, units of its demand (none: it has none) and of its energy.
QUANTITIES = (
    (1, b.ACTIVE_IMPORT, "kW", "kWh"),
    (2, b.ACTIVE_EXPORT, "kW", "kWh"),
    (5, b.REACTIVE_Q1, "kvar", "kvarh"),
    (6, b.REACTIVE_Q2, "kvar", "kvarh"),
    (7, b.REACTIVE_Q3, "kvar", "kvarh"),
    (8, b.REACTIVE_Q4, "kvar", "kvarh"),
    (3, b.REACTIVE_IMPORT, "kvar", "kvarh"),
    (4, b.REACTIVE_EXPORT, "kvar", "kvarh"),
    (9, b.APPARENT, "kVA", "kVAh"),
    (15, b.ACTIVE_TOTAL, "", "kWh"),
    (16, b.ACTIVE_NET, "", "kWh"),
)

# Supervised events: groups C and D, their number, and for each whether energies are kept with it.
EVENTS = (96, 60, b.EVENTS, bytes([1 if 6 <= e < 12 else 0 for e in range(b.EVENTS)]))

# The load profile: its code, and codes and units of its columns (OBIS: D 29 is the energy of an interval).
PROFILE = "P.01"
PROFILE_COLUMNS = (
    ("1.29.0", "kWh"),
    ("2.29.0", "kWh"),
    ("5.29.0", "kvarh"),
    ("6.29.0", "kvarh"),
    ("7.29.0", "kvarh"),
    ("8.29.0", "kvarh"),
)

_S = p.SETTING
_B = p.BILLING
_R = p.SECONDARY
_PW = 1
_PRG = 2

HEADER = ("0.0.0", "0.9.1", "0.9.2", "0.1.0", "F.F")

CODES = (
    ("0.0.0", "twelve", 0, "", _S + p.DEVICE_NUMBERS, _PRG),  # meter number
    ("0.0.1", "twelve", 0, "", _S + p.DEVICE_NUMBERS + 2, _PRG),  # user number
    ("0.0.2", "twelve", 0, "", _S + p.DEVICE_NUMBERS + 4, _PRG),  # device number
    ("0.0.3", "twelve", 0, "", _S + p.DEVICE_NUMBERS + 6, _PRG),  # bureau number
    ("0.1.0", "number", 4, "", _B + b.RESETS, 0),
    ("0.1.2", "stamp", 0, "", _B + b.LAST_RESET, 0),
    ("0.2.0", "fixed", IDENTIFICATION, "", 0, 0),
    ("0.3.0", "number", 1, "imp/kWh", _S + p.PULSE_P, _PRG),
    ("0.3.1", "number", 1, "imp/kvarh", _S + p.PULSE_Q, _PRG),
    ("0.3.3", "number", 1, "imp/kWh", _S + p.LED_P, _PRG),
    ("0.3.4", "number", 1, "imp/kvarh", _S + p.LED_Q, _PRG),
    ("0.8.0", "number", 2, "min", _S + p.DEMAND_WINDOW, _PRG),
    ("0.8.1", "number", 1, "min", _S + p.DEMAND_SUB_INTERVAL, _PRG),
    ("0.8.2", "number", 1, "", _S + p.DEMAND_MODE, _PRG),
    ("0.8.3", "number", 1, "min", _S + p.POWER_INTERVAL, _PRG),
    ("0.8.4", "fixed", "15", "min", 0, 0),
    ("0.9.1", "time", 0, "", _B + b.LOCAL_TIME, _PW),
    ("0.9.2", "date", 0, "", _B + b.LOCAL_TIME, _PW),
    ("0.9.4", "moment", 0, "", _B + b.LOCAL_TIME, _PW),
    ("F.F", "errors", _B + b.ERROR_1, "", _B + b.ERROR_2, 0),
    # momentary values
    ("14.7.0", "reading", 2, "Hz", _R + p.FREQUENCY, 0),
    ("32.7.0", "reading", 1, "V", _R + p.V1, 0),
    ("52.7.0", "reading", 1, "V", _R + p.V2, 0),
    ("72.7.0", "reading", 1, "V", _R + p.V3, 0),
    ("31.7.0", "reading", 3, "A", _R + p.I1, 0),
    ("51.7.0", "reading", 3, "A", _R + p.I2, 0),
    ("71.7.0", "reading", 3, "A", _R + p.I3, 0),
    ("16.7.0", "kilo", 4, "kW", _R + p.P_SUM, 0),
    ("36.7.0", "kilo", 4, "kW", _R + p.P1, 0),
    ("56.7.0", "kilo", 4, "kW", _R + p.P2, 0),
    ("76.7.0", "kilo", 4, "kW", _R + p.P3, 0),
    ("3.7.0", "kilo", 4, "kvar", _R + p.Q_SUM, 0),
    ("23.7.0", "kilo", 4, "kvar", _R + p.Q1, 0),
    ("43.7.0", "kilo", 4, "kvar", _R + p.Q2, 0),
    ("63.7.0", "kilo", 4, "kvar", _R + p.Q3, 0),
    ("9.7.0", "kilo", 4, "kVA", _R + p.S_SUM, 0),
    ("29.7.0", "kilo", 4, "kVA", _R + p.S1, 0),
    ("49.7.0", "kilo", 4, "kVA", _R + p.S2, 0),
    ("69.7.0", "kilo", 4, "kVA", _R + p.S3, 0),
    ("13.7.0", "reading", 3, "", _R + p.PF_SUM, 0),
    ("33.7.0", "reading", 3, "", _R + p.PF1, 0),
    ("53.7.0", "reading", 3, "", _R + p.PF2, 0),
    ("73.7.0", "reading", 3, "", _R + p.PF3, 0),
    # average power factors of the demand interval and of the rolling interval (072 and 071 of the display)
    ("13.5.0", "factor", 3, "", b.demand(b.DEMAND_LAST, 0), 0),
    ("13.15.0", "factor", 3, "", b.demand(b.DEMAND_SUB, 0), 0),
    # time of use (C 13 activity calendar, C 11 special days) and what belongs to it
    ("13.0.1", "table", "sections", "", p.TABLE + b.PROFILE_1, _PRG),
    ("13.0.2", "table", "sections", "", p.TABLE + b.PROFILE_1 + 1, _PRG),
    ("13.0.3", "table", "sections", "", p.TABLE + b.PROFILE_1 + 2, _PRG),
    ("13.0.4", "table", "sections", "", p.TABLE + b.PROFILE_1 + 3, _PRG),
    ("13.1.0", "table", "seasons", "", p.TABLE + b.SEASONS, _PRG),
    ("13.2.0", "table", "weekend", "", p.TABLE + b.WEEKEND, _PRG),
    ("13.3.0", "table", "zone", "", p.TABLE + b.ZONE, _PRG),
    ("11.0.0", "table", "holidays", "", p.TABLE + b.HOLIDAYS, _PRG),
    ("11.0.1", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 1, _PRG),
    ("11.0.2", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 2, _PRG),
    ("11.0.3", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 3, _PRG),
    ("11.0.4", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 4, _PRG),
    ("11.0.5", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 5, _PRG),
    ("11.0.6", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 6, _PRG),
    ("11.0.7", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 7, _PRG),
    ("11.0.8", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 8, _PRG),
    ("11.0.9", "table", "holidays", "", p.TABLE + b.HOLIDAYS + 9, _PRG),
    # status and counters
    ("96.14.0", "number", 1, "", _B + b.TARIFF, 0),
    ("96.2.0", "number", 4, "", _B + b.PROGRAMMINGS, 0),
    ("96.2.1", "stamp", 0, "", _B + b.LAST_PROGRAMMED, 0),
    ("96.2.2", "number", 4, "", _B + b.TABLE_CHANGES, 0),
    ("96.2.3", "stamp", 0, "", _B + b.LAST_TABLE_CHANGE, 0),
    ("96.2.4", "number", 4, "", _B + b.CLOCK_SETS, 0),
    ("96.2.5", "stamp", 0, "", _B + b.LAST_CLOCK_SET, 0),
    ("96.2.6", "number", 4, "", _B + b.PRESETS, 0),
    ("96.2.7", "stamp", 0, "", _B + b.LAST_PRESET, 0),
    ("96.2.8", "number", 8, "", _B + b.PROGRAMMER, _PRG),
    ("96.2.9", "number", 1, "", _B + b.PROGRAM_MODE, 0),
    # resets by cause: automatic, button, optical port, RS-485
    ("96.3.0", "number", 4, "", _B + b.RESETS_AUTOMATIC, 0),
    ("96.3.1", "number", 4, "", _B + b.RESETS_AUTOMATIC + 1, 0),
    ("96.3.2", "number", 4, "", _B + b.RESETS_AUTOMATIC + 2, 0),
    ("96.3.3", "number", 4, "", _B + b.RESETS_AUTOMATIC + 3, 0),
    ("96.3.4", "stamp", 0, "", _B + b.RESET_STAMPS, 0),
    ("96.3.5", "stamp", 0, "", _B + b.RESET_STAMPS + 1, 0),
    ("96.3.6", "stamp", 0, "", _B + b.RESET_STAMPS + 2, 0),
    ("96.3.7", "stamp", 0, "", _B + b.RESET_STAMPS + 3, 0),
    # settings
    ("96.50.0", "number", 2, "", _S + p.SELF_READ_DAY, _PRG),
    ("96.50.1", "number", 2, "", _S + p.SELF_READ_HOUR, _PRG),
    ("96.50.2", "number", 1, "", _S + p.TOU_ON, _PRG),
    ("96.50.3", "number", 1, "", _S + p.ENERGY_DECIMALS, _PRG),
    ("96.50.4", "letters", 0, "", _S + p.IEC_LETTERS, _PRG),
    ("96.50.5", "number", 1, "", _S + p.IEC_HEADER, _PRG),
    ("96.50.6", "number", 1, "", _S + p.IEC_BARE_1, _PRG),
    ("96.50.7", "number", 1, "", _S + p.IEC_BARE_2, _PRG),
    ("96.50.8", "number", 1, "", _S + p.BAUD_1, _PRG),
    ("96.50.9", "number", 1, "", _S + p.BAUD_2, _PRG),
    ("96.51.0", "number", 1, "", _S + p.DATE_FORM, _PRG),
    ("96.51.1", "number", 1, "", _S + p.DISPLAY_CONTINUOUS, _PRG),
    ("96.51.2", "number", 2, "min", _S + p.DISPLAY_INTERVAL, _PRG),
    ("96.51.3", "list", p.DISPLAY_ENTRIES, "", _S + p.DISPLAY_LIST, _PRG),
    ("96.52.0", "number", 3, "%", _S + p.SV_OVER_VOLTAGE, _PRG),
    ("96.52.1", "number", 3, "%", _S + p.SV_UNDER_VOLTAGE, _PRG),
    ("96.52.2", "number", 3, "%", _S + p.SV_LOST_VOLTAGE, _PRG),
    ("96.52.3", "number", 3, "%", _S + p.SV_OVER_CURRENT, _PRG),
    ("96.52.4", "number", 3, "", _S + p.SV_LOW_CURRENT, _PRG),
    ("96.52.5", "number", 3, "s", _S + p.SV_DELAY, _PRG),
    ("96.53.0", "number", 1, "", _S + p.WIRING_U, _PRG),
    ("96.53.1", "number", 1, "", _S + p.WIRING_I, _PRG),
    ("96.53.2", "number", 1, "", _S + p.NOMINAL_VOLTAGE, _PRG),
    ("96.53.3", "number", 1, "mA", _S + p.RATED_CURRENT, _PRG),
    ("96.53.4", "number", 1, "mA", _S + p.MAXIMUM_CURRENT, _PRG),
    ("96.53.5", "number", 1, "", _S + p.POLARITY_1, _PRG),
    ("96.53.6", "number", 1, "", _S + p.POLARITY_2, _PRG),
    ("96.53.7", "number", 1, "", _S + p.POLARITY_3, _PRG),
    ("96.53.8", "number", 1, "", _S + p.NOMINAL_FREQUENCY, _PRG),
    # commands: 1 acts; they cannot be read
    ("96.80.0", "command", 0, "", p.COMMAND + p.RESET_BY_SERIAL, _PW),  # billing reset
    ("96.80.1", "command", 0, "", p.COMMAND + p.CLEAR_TARIFF_ENERGY, _PRG),
    ("96.80.2", "command", 0, "", p.COMMAND + p.CLEAR_DEMAND, _PRG),
    ("96.80.3", "command", 0, "", p.COMMAND + p.CLEAR_SUPERVISION, _PRG),
    ("96.80.4", "command", 0, "", p.COMMAND + p.CLEAR_PROFILE, _PRG),
    ("96.80.5", "command", 0, "", p.COMMAND + p.CLEAR_PERIODS, _PRG),
    ("96.90.1", "password", 0, "", _S + p.IEC_PASSWORD_1, _PRG),
    ("96.90.2", "password", 0, "", _S + p.IEC_PASSWORD_2, _PRG),
)

# The data readout, in the order of appendix A.
READOUT = (
    "1.8.0",
    "2.8.0",
    "5.8.0",
    "6.8.0",
    "7.8.0",
    "8.8.0",
    "1.8.0*101",
    "2.8.0*101",
    "5.8.0*101",
    "6.8.0*101",
    "7.8.0*101",
    "8.8.0*101",
    "1.8.1",
    "1.8.2",
    "1.8.3",
    "1.8.4",
    "2.8.1",
    "2.8.2",
    "2.8.3",
    "2.8.4",
    "5.8.1",
    "5.8.2",
    "5.8.3",
    "5.8.4",
    "6.8.1",
    "6.8.2",
    "6.8.3",
    "6.8.4",
    "7.8.1",
    "7.8.2",
    "7.8.3",
    "7.8.4",
    "8.8.1",
    "8.8.2",
    "8.8.3",
    "8.8.4",
    "1.8.1*101",
    "1.8.2*101",
    "1.8.3*101",
    "1.8.4*101",
    "2.8.1*101",
    "2.8.2*101",
    "2.8.3*101",
    "2.8.4*101",
    "5.8.1*101",
    "5.8.2*101",
    "5.8.3*101",
    "5.8.4*101",
    "6.8.1*101",
    "6.8.2*101",
    "6.8.3*101",
    "6.8.4*101",
    "7.8.1*101",
    "7.8.2*101",
    "7.8.3*101",
    "7.8.4*101",
    "8.8.1*101",
    "8.8.2*101",
    "8.8.3*101",
    "8.8.4*101",
    "1.2.0",
    "2.2.0",
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "2.2.1",
    "2.2.2",
    "2.2.3",
    "2.2.4",
    "1.4.0",
    "2.4.0",
    "1.4.1",
    "1.4.2",
    "1.4.3",
    "1.4.4",
    "2.4.1",
    "2.4.2",
    "2.4.3",
    "2.4.4",
    "1.6.0",
    "2.6.0",
    "1.6.1",
    "1.6.2",
    "1.6.3",
    "1.6.4",
    "2.6.1",
    "2.6.2",
    "2.6.3",
    "2.6.4",
)
