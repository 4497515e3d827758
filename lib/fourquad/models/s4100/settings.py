"""S4100 settings (manual: default settings, analog values, device object). Where the manual is silent:
docs/s4100/decisions.md.
"""

from fourquad import points as p
from fourquad.models.rows import by_offset, command, module, setting, text
from fourquad.points import modules as m
from fourquad.points import system as s
from fourquad.points import values as v

BAUDS = (9600, 19200, 38400, 76800, 115200)
TYPES = (10, 11, 12, 31, 40)
VERSION = b"1000"  # of the firmware, as the objects have it: 1.000

LOGS = 3
# What may be logged: AI1-AI75, but the reserved ones.
_SOURCES = tuple([n for n in range(1, 76) if n not in (28, 30)])
_DEFAULT_SOURCES = (2, 11, 19)


def _log(n):
    """Settings of a trend log."""
    at = s.LOG_STEP * n
    return (
        setting(s.LOG_ENABLE + at),
        setting(s.LOG_SOURCE + at, default=_DEFAULT_SOURCES[n], choices=_SOURCES),
        setting(s.LOG_STOPS + at),
    )


_ANY_TIME = b"\xff" * 8
_OCTETS = ((0, 255),)


def _times(n):
    """Its texts: when it starts and stops."""
    return tuple(
        [
            text(first + s.LOG_TEXTS * n, _ANY_TIME, shortest=8, longest=8, characters=_OCTETS)
            for first in (s.LOG_START, s.LOG_STOP)
        ]
    )


SETTINGS = by_offset(
    setting(p.NOMINAL_FREQUENCY, default=v.HZ_60, high=v.HZ_60),
    # what the system type says
    setting(p.WIRING_U, default=v.WIRING_3LN, high=v.WIRING_1LL),
    setting(p.WIRING_I, default=v.THREE_CT, high=v.TWO_CT),
    # AV5 in hundredths
    setting(p.PT1, default=100, low=1, high=32000),
    setting(p.PT2, default=100, low=100, high=100),
    setting(p.CT1, default=100, low=5, high=32000),
    # the output of the current transformers: 1 is 1 V, 3 is 1/3 V
    setting(p.CT2, default=1, low=1, high=3, choices=(1, 3)),
    setting(p.VAR_PF_CONVENTION, default=v.IEC, high=v.IEEE),
    setting(p.BASIC_MODE, default=v.PRESENT_PRIMARY, choices=(v.PRESENT_PRIMARY,)),
    setting(p.ADDRESS_1, default=1, low=0, high=127),
    setting(p.BAUD_1, default=76800, choices=BAUDS),
    setting(p.PASSWORD, high=99999),
    # the input counts pulses, each of them; the contact follows the alerts
    setting(m.IO11_DI_TYPE, default=1, low=1, high=1),
    setting(m.IO11_DI_CONSTANT, default=1, low=1, high=1),
    setting(m.IO11_RELAY_WORK, default=v.RELAY_ALARM, low=v.RELAY_ALARM, high=v.RELAY_ALARM),
    setting(m.IO11_RELAY_OUTPUT, default=v.RELAY_LATCH, high=v.RELAY_LATCH),
    setting(m.IO11_RELAY_PULSE, default=50, low=50, high=50),
    setting(s.SYSTEM_TYPE, default=40, choices=TYPES),
    setting(s.SYSTEM_VOLTAGE, default=6000, low=820, high=320000),
    setting(s.LOSS_THRESHOLD, default=10, low=1, high=99),
    setting(s.IMBALANCE_THRESHOLD, default=25, low=1, high=99),
    setting(s.DISPLAY_UNITS, default=1),
    setting(s.SUB_INTERVALS, default=1, low=1, high=6),
    setting(s.SUB_INTERVAL, default=90000, low=0, high=3276700),
    setting(s.DEVICE_NUMBER, default=1000000, low=0, high=4194302),
    setting(s.MAX_MASTER, default=127, low=1, high=127),
    setting(s.INFO_FRAMES, default=1, low=1, high=1),
    setting(s.DATABASE_REVISION, default=0, high=0xFFFF),
    # nobody's: an integrator's own goes here
    setting(s.VENDOR, default=0xFFFF, high=0xFFFF),
    setting(s.RESET_PASSWORD, high=99999),
    more=_log(0) + _log(1) + _log(2),
)

TEXTS = (
    (
        text(s.DEVICE_NAME, b"Fourquad s4100 energy meter - S/N: ", shortest=1, longest=64),
        text(s.DEVICE_PLACE, b"Installed location not yet identified", longest=64),
        text(s.SERIAL, longest=24),
    )
    + _times(0)
    + _times(1)
    + _times(2)
)

# The instance is one of 1000000-3097151.
BY_SERIAL = (((s.DEVICE_NUMBER, 1000000, 21),), (s.DEVICE_NAME,))

COMMANDS = (command(p.CLEAR_TARIFF_ENERGY), command(s.RESTART))

# The output of the transformers is no ratio: what is measured is a part of the rated current.
CT2_COUNTS = ()

_ROOT_3 = 1.7320508

# Columns: meter/system_type.py. Without a neutral (31) no phase has a power of its own.
SYSTEM_TYPES = (
    (40, v.WIRING_3LN, v.THREE_CT, 3, True, 3, True, _ROOT_3, 1 / _ROOT_3),
    (31, v.WIRING_3LL, v.THREE_CT, 3, False, 3, False, _ROOT_3, 1.0),
    (12, v.WIRING_1LL, v.THREE_CT, 2, True, 1, True, 1.0, 0.5),
    (11, v.WIRING_1LN, v.THREE_CT, 1, False, 1, True, 1.0, 1.0),
    (10, v.WIRING_1LN, v.THREE_CT, 1, True, 0, True, 1.0, 1.0),
)
INPUT_VOLTS = (82, 660)  # V, of SYSTEM_VOLTAGE over the ratio of the voltage transformers

# V to neutral and between lines, percent of what is out of range, Hz, power factor, part of rated current.
ALERTS = (347.0, 600.0, 120, 45.0, 65.0, 0.5, 0.01)
OUTPUTS = 11  # AI82

# The pulse input and the alarm contact, which is open while one of these alerts is there: a phase loss.
MODULES = (module("terminals", bit=0, inputs=(1, 1, m.IO11_DI_TYPE), relays=(1, 1, m.IO11_RELAY_WORK)),)
PULSE_INPUTS = 1  # the first inputs do nothing but count
HIGHEST_COUNT = 4294967040  # AI29: the largest REAL that 32 bits hold
OPENS_CONTACT = 0x700  # BI9-BI11

# What AV1 takes: billing/sub_intervals.py.
ORDERS = ((30078, 0), (21211, 1), (21212, 2), (16498, 3))
