"""KW320: the pages of the panel's setting mode (manual 3.6); the generated page is docs/kw320/menu.md. An
image has them in menu.py.
"""

from fourquad import points as p
from fourquad.models.kw320.modules import MODULES
from fourquad.points import alarms as a
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import network as n
from fourquad.points import values as v

# A setting page: (first word, second word, point, unit, number, choices); either number (digits, decimals,
# base) or choices ((value, text), ...) is there; then, of a module, its bit in MODULES
# (display/rows/setting.py). Which values are allowed is asked of points.check.
_PROTOCOL_1 = ((0, "MODBUS"), (1, "DNP3"), (2, "MSTP"))
_PROTOCOL_2 = ((0, "OTHER"), (1, "BACNET"), (2, "MESH"), (3, "WEB2"))
_PARITY = (
    (v.PARITY_EVEN, "EVEN"),
    (v.PARITY_ODD, "ODD"),
    (v.PARITY_NONE_2, "NON2"),
    (v.PARITY_NONE_1, "NON1"),
)
_WIRING_U = (
    (v.WIRING_3LN, "3LN"),
    (v.WIRING_1LN, "1LN"),
    (v.WIRING_2LL, "2LL"),
    (v.WIRING_3LL, "3LL"),
    (v.WIRING_1LL, "1LL"),
)
_WIRING_I = ((v.THREE_CT, "3CT"), (v.ONE_CT, "1CT"), (v.TWO_CT, "2CT"))
_DEMAND = (
    (v.DEMAND_FIXED, "FIX"),
    (v.DEMAND_SLIDING, "SLIDE"),
    (v.DEMAND_THERMAL, "THERMAL"),
    (v.DEMAND_ROLLING, "ROLL"),
)
_CONVENTION = ((v.IEC, "IEC"), (v.IEEE, "IEEE"))
_WAVE = ((v.FUNDAMENTAL, "FUND"), (v.FULL_WAVE, "FULL"))
_REACTIVE = ((v.TRUE_REACTIVE, "REAL"), (v.GENERALIZED_REACTIVE, "GENERAL"))
_SIDE = ((v.ENERGY_PRIMARY, "PRIMARY"), (v.ENERGY_SECONDARY, "SECONDARY"))
_RELAY_WORK = ((v.RELAY_CONTROL, "CONTROL"), (v.RELAY_ALARM, "ALARM"))
_RELAY_OUTPUT = ((v.RELAY_LATCH, "LATCH"), (v.RELAY_PULSE, "PULSE"))
_BAUD = tuple((b, str(b)) for b in (1200, 2400, 4800, 9600, 19200, 38400))
_CT2 = tuple((b, str(b)) for b in (1, 5, 333, 80, 100, 200))
_SIGN = ((v.POSITIVE, "POS"), (v.NEGATIVE, "NEG"))
_NO_YES = ((0, "NO"), (1, "YES"))
_MODULE = ((0, "NONE"), (1, "IO11"), (2, "IO21"), (3, "IO31"), (4, "IO12"), (5, "IO22"), (6, "IO32"))
_S = p.SETTING
_COMMAND = p.COMMAND

# S01-S34: 0FFEH-101CH with PT1 as one page, then 1031H, 102FH, 1030H, 1038H; S35, ours, has no register.
_SYSTEM = (
    ("PROT", "CH1", _S + p.PROTOCOL_1, "", None, _PROTOCOL_1),
    ("PAR", "CH1", _S + p.PARITY_1, "", None, _PARITY),
    ("PASS", "", _S + p.PASSWORD, "", (4, 0, 10), None),
    ("ADDR", "CH1", _S + p.ADDRESS_1, "", (5, 0, 10), None),
    ("BAUD", "CH1", _S + p.BAUD_1, "", None, _BAUD),
    ("WIRE", "U", _S + p.WIRING_U, "", None, _WIRING_U),
    ("WIRE", "I", _S + p.WIRING_I, "", None, _WIRING_I),
    ("PT1", "", _S + p.PT1, "V", (7, 1, 10), None),
    ("PT2", "", _S + p.PT2, "V", (4, 1, 10), None),
    ("CT1", "", _S + p.CT1, "A", (5, 0, 10), None),
    ("CT2", "", _S + p.CT2, "", None, _CT2),
    ("PULS", "P", _S + p.PULSE_P, "", (5, 0, 10), None),
    ("PULS", "Q", _S + p.PULSE_Q, "", (5, 0, 10), None),
    ("LCD", "LITE", _S + p.BACKLIGHT, "min", (3, 0, 10), None),
    ("DMD", "TIME", _S + p.DEMAND_WINDOW, "min", (2, 0, 10), None),
    ("DMD", "CALC", _S + p.DEMAND_MODE, "", None, _DEMAND),
    ("CLR", "DMD", _COMMAND + p.CLEAR_DEMAND, "", None, _NO_YES),
    ("CLR", "M-M", _COMMAND + p.CLEAR_MAX_MIN, "", None, _NO_YES),
    ("CLR", "RUN", _COMMAND + p.CLEAR_RUN_TIME, "", None, _NO_YES),
    ("DIR", "I1", _S + p.POLARITY_1, "", None, _SIGN),
    ("DIR", "I2", _S + p.POLARITY_2, "", None, _SIGN),
    ("DIR", "I3", _S + p.POLARITY_3, "", None, _SIGN),
    ("VAR", "PF", _S + p.VAR_PF_CONVENTION, "", None, _CONVENTION),
    ("CLR", "ENGY", _COMMAND + p.CLEAR_ENERGY, "", None, _NO_YES),
    ("ENGY", "WAVE", _S + p.ENERGY_WAVE, "", None, _WAVE),
    ("VAR", "CALC", _S + p.REACTIVE_MODE, "", None, _REACTIVE),
    ("ENGY", "SIDE", _S + p.ENERGY_SIDE, "", None, _SIDE),
    ("NET", "RST", _S + p.MODULE_RESET, "", None, ((0, "NONE"), (1, "RESET"), (2, "DEFAULT"))),
    ("SOE", "", _S + p.SOE_MODULE, "", None, _MODULE),
    ("CLR", "DI", p.MODULE + m.CLEAR_COUNTS, "", None, _MODULE),
    ("ADDR", "CH2", _S + p.ADDRESS_2, "", (3, 0, 10), None),
    ("BAUD", "CH2", _S + p.BAUD_2, "", None, _BAUD),
    ("PAR", "CH2", _S + p.PARITY_2, "", None, _PARITY),
    ("PROT", "CH2", _S + p.SECOND_PROTOCOL, "", None, _PROTOCOL_2),
    ("DMD", "SUB", _S + p.DEMAND_SUB_INTERVAL, "min", (2, 0, 10), None),
)

_OUTPUT_WORK = ((v.OUTPUT_PULSES, "PULSE"), (v.OUTPUT_ALARM, "ALARM"))
_OUTPUT = (
    (v.PULSES_NONE, "NONE"),
    (v.PULSES_ACTIVE_IMPORT, "P IMP"),
    (v.PULSES_ACTIVE_EXPORT, "P EXP"),
    (v.PULSES_REACTIVE_IMPORT, "Q IMP"),
    (v.PULSES_REACTIVE_EXPORT, "Q EXP"),
)
_RANGE = (
    (v.RANGE_0_20_MA, "0-20 MA"),
    (v.RANGE_4_20_MA, "4-20 MA"),
    (v.RANGE_0_5_V, "0-5 V"),
    (v.RANGE_1_5_V, "1-5 V"),
)


def _curve(n):
    """Pages of what the analog output `n` (from 0) follows and of its curve. Frequencies have no sign."""
    word = f"AO{n + 1}"
    parameter = _S + m.AO1_PARAMETER + n
    at = _S + m.AO1_GRADIENTS + m.CURVE * n
    pages = ((word, "SEL", parameter, "", (2, 0, 10), None), (word, "GRAD", at, "", (1, 0, 10), None))
    for i in range(4):
        pages += ((word, f"IN{i + 1}", at + 1 + i, "", (6, 0, 10, parameter), None),)
    for i in range(4):
        pages += ((word, f"OUT{i + 1}", at + 5 + i, "", (4, 0, 10), None),)
    return pages


def _module(row):
    """Pages of a module; the types of its inputs show the last one first."""
    _, bit, inputs, relays, outputs, analog_inputs, analog_outputs = row
    _, count, at = inputs
    at += _S
    pages = (
        ("DI", "TYPE", at, "", (count, 0, 2), None),
        ("DI", "PULS", at + 1, "", (5, 0, 10), None),
    )
    if relays[c.SETTINGS_AT] is not None:
        at = _S + relays[c.SETTINGS_AT]
        pages += (
            ("RO", "WORK", at, "", None, _RELAY_WORK),
            ("RO", "OUT", at + 1, "", None, _RELAY_OUTPUT),
            ("RO", "TIME", at + 2, "ms", (4, 0, 10), None),
        )
    if outputs[c.SETTINGS_AT] is not None:
        first, _, at = outputs
        at += _S
        pages += (
            ("DO", "WORK", at, "", None, _OUTPUT_WORK),
            ("DO", "TIME", at + 1, "ms", (4, 0, 10), None),
            (f"DO{first + 1}", "OUT", at + 2, "", None, _OUTPUT),
            (f"DO{first + 2}", "OUT", at + 3, "", None, _OUTPUT),
        )
    if analog_outputs[c.SETTINGS_AT] is not None:
        first, _, at = analog_outputs
        pages += (("AO", "TYPE", _S + at, "", None, _RANGE),) + _curve(first) + _curve(first + 1)
    if analog_inputs[c.SETTINGS_AT] is not None:
        pages += (("AI", "TYPE", _S + analog_inputs[c.SETTINGS_AT], "", None, _RANGE),)
    return tuple([page + (1 << bit,) for page in pages])


_IO = ()
for _row in MODULES:
    _IO += _module(_row)

_COMPARISON = ((v.GREATER, "ABOVE"), (v.EQUAL, "EQUAL"), (v.LESS, "BELOW"))

# 1046H-109DH; which channels, as 16 bits in hexadecimal digits. A set point has a sign, unless the code is 0,
# the frequency.
_ALARMS = (
    ("ALM", "ON", _S + a.ON, "", None, _NO_YES),
    ("ALM", "LITE", _S + a.FLASH, "", None, _NO_YES),
    ("CHAN", "ON", _S + a.CHANNELS, "", (4, 0, 16), None),
    ("CHAN", "AND", _S + a.PAIRS, "", (2, 0, 16), None),
)
for _n in range(a.OUTPUTS):
    _ALARMS += ((f"DO{_n + 1}", "CHAN", _S + a.DO1 + _n, "", (4, 0, 16), None),)
for _n in range(a.COUNT):
    _at, _word = _S + a.FIRST + a.FIELDS * _n, f"AL{_n + 1}"
    _ALARMS += (
        (_word, "CODE", _at + a.CODE, "", (2, 0, 10), None),
        (_word, "COMP", _at + a.COMPARISON, "", None, _COMPARISON),
        (_word, "SET", _at + a.SET_POINT, "", (6, 0, 10, _at + a.CODE), None),
        (_word, "TIME", _at + a.DELAY, "s", (4, 2, 10), None),
        (_word, "RO", _at + a.RELAY, "", (1, 0, 10), None),
    )

# N01-N10 (5.1.5): there while there is a network module. An address has a row for each of its numbers; that
# of DHCP is shown while it gives one. N11 and N12 are missing: of WiFi, which is a matter of the board
# (`fourquad wifi`), and of a second socket, which no board has.
_OCTETS = ()
_NET = (
    ("DHCP", "", _S + n.DHCP, "", None, ((0, "MANUAL"), (1, "AUTO"))),
    ("IP", "", _S + n.IP, "", _OCTETS, (_S + n.DHCP, n.ASSIGNED)),
    ("MASK", "", _S + n.MASK, "", _OCTETS, (_S + n.DHCP, n.ASSIGNED + 4)),
    ("GATE", "WAY", _S + n.GATEWAY, "", _OCTETS, (_S + n.DHCP, n.ASSIGNED + 8)),
    ("DNS1", "", _S + n.DNS_1, "", _OCTETS, None),
    ("DNS2", "", _S + n.DNS_2, "", _OCTETS, None),
    ("MODB", "PORT", _S + n.MODBUS_PORT, "", (5, 0, 10), None),
    ("HTTP", "PORT", _S + n.HTTP_PORT, "", (5, 0, 10), None),
    ("NET", "RST", _S + p.MODULE_RESET, "", None, ((0, "NO"), (1, "RESET"), (2, "DEFAULT"))),
    ("PASS", "RST", _COMMAND + n.RESET_WEB_PASSWORDS, "", None, ((0, "NO"), (1, "RESET"))),
)

# Groups of parameters (3.6 B): (name, letter of the page numbers, bits of MODULES that it needs or 0, pages);
# None: it is there where its first page is. Only groups with something to set are here.
GROUPS = (("SYS", "S", 0, _SYSTEM), ("NET", "N", None, _NET), ("I/O", "M", 63, _IO), ("ALM", "A", 0, _ALARMS))
