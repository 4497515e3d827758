"""A1000 settings and commands (manual 1.1-1.7, 2.1.2, 2.2).

No setting has a Modbus register and the seal closes none: programming mode does
(protocols/iec62056/server.py). The manual gives ranges but hardly any default; those here are ours.
"""

from fourquad import points as p
from fourquad.models.a1000.display import DEFAULT_LIST
from fourquad.models.rows import by_offset, command, setting
from fourquad.points import values as v

BAUDS = (300, 600, 1200, 2400, 4800, 9600, 19200)

_LETTERS = 0x465144  # FQD: three letters that nobody has registered


_ROWS = (
    setting(p.NOMINAL_FREQUENCY, default=v.HZ_50),
    setting(p.BAUD_1, default=9600, choices=BAUDS),  # the speed offered on RS-485
    setting(p.BAUD_2, default=9600, choices=BAUDS),  # on the optical port
    # three phases in four wires, or in three with two or three currents
    setting(p.WIRING_U, choices=(v.WIRING_3LN, v.WIRING_2LL, v.WIRING_3LL)),
    setting(p.WIRING_I, choices=(v.THREE_CT, v.TWO_CT)),
    # energies and demands are of the secondary side: ratios of 1, so that both sides read alike
    setting(p.PT1, default=2200, low=500, high=4000),
    setting(p.PT2, default=2200, low=500, high=4000),
    setting(p.CT1, default=5, choices=(1, 5)),
    setting(p.CT2, default=5, choices=(1, 5)),
    setting(p.NOMINAL_VOLTAGE, default=2200, low=500, high=4000),
    setting(p.RATED_CURRENT, default=5000, low=100, high=10000),
    setting(p.MAXIMUM_CURRENT, default=10000, low=100, high=60000),
    setting(p.POLARITY_1),
    setting(p.POLARITY_2),
    setting(p.POLARITY_3),
    setting(p.ENERGY_WAVE, default=v.FULL_WAVE),
    setting(p.REACTIVE_MODE, default=v.TRUE_REACTIVE),
    setting(p.ENERGY_SIDE, default=v.ENERGY_SECONDARY, choices=(v.ENERGY_SECONDARY,)),
    setting(p.ENERGY_DECIMALS, default=2, low=1, high=2),
    setting(p.PULSE_P, default=1600, low=1, high=22500),
    setting(p.PULSE_Q, default=1600, low=1, high=22500),
    setting(p.PULSE_WIDTH, default=80, low=80, high=80),
    setting(p.LED_P, default=1600, low=1, high=22500),
    setting(p.LED_Q, default=1600, low=1, high=22500),
    setting(p.DEMAND_WINDOW, default=15, choices=(5, 10, 15, 30, 60)),
    setting(p.DEMAND_MODE, choices=(v.DEMAND_FIXED, v.DEMAND_ROLLING)),
    setting(p.DEMAND_SUB_INTERVAL, default=5, choices=(1, 2, 3, 5)),
    setting(p.POWER_INTERVAL, default=5, choices=(1, 2, 3, 5)),
    setting(p.SELF_READ_DAY, default=1, high=28),
    setting(p.SELF_READ_HOUR, high=23),
    setting(p.TOU_ON, default=1),
    setting(p.SV_OVER_VOLTAGE, default=115, low=100, high=150),
    setting(p.SV_UNDER_VOLTAGE, default=85, low=50, high=100),
    setting(p.SV_LOST_VOLTAGE, default=60, low=10, high=85),
    setting(p.SV_OVER_CURRENT, default=120, low=50, high=200),
    setting(p.SV_LOW_CURRENT, default=5, low=1, high=100),
    setting(p.SV_DELAY, default=10, low=1, high=600),
    setting(p.DEVICE_NUMBERS, default=1, high=999999),  # the meter's number, low six digits
) + tuple(
    [setting(p.DEVICE_NUMBERS + i, high=999999) for i in range(1, 8)]
    + [
        setting(p.IEC_PASSWORD_1, high=99999999),
        setting(p.IEC_PASSWORD_2, high=99999999),
        setting(p.IEC_LETTERS, default=_LETTERS, low=0x414141, high=0x5A5A5A),
        # whether a sign-on without address is answered (with several meters on a bus all would)
        setting(p.IEC_BARE_1),
        setting(p.IEC_BARE_2, default=1),
        setting(p.IEC_HEADER),
        setting(p.DATE_FORM, default=v.YEAR_MONTH_DAY),
        setting(p.DISPLAY_CONTINUOUS, default=v.DISPLAY_STEADY),
        setting(p.DISPLAY_INTERVAL, default=15, choices=(5, 15, 30, 60)),
    ]
    + [
        setting(
            p.DISPLAY_LIST + i, default=DEFAULT_LIST[i] if i < len(DEFAULT_LIST) else 0, high=(1 << 30) - 1
        )
        for i in range(p.DISPLAY_ENTRIES)
    ]
)

SETTINGS = by_offset(*_ROWS)

# The settings in the one file of the first meters, in its order: never to be changed.
OLD_FILE = (
    p.NOMINAL_FREQUENCY,
    p.BAUD_1,
    p.BAUD_2,
    p.WIRING_U,
    p.WIRING_I,
    p.PT1,
    p.PT2,
    p.CT1,
    p.CT2,
    p.NOMINAL_VOLTAGE,
    p.RATED_CURRENT,
    p.MAXIMUM_CURRENT,
    p.POLARITY_1,
    p.POLARITY_2,
    p.POLARITY_3,
    p.ENERGY_WAVE,
    p.REACTIVE_MODE,
    p.ENERGY_SIDE,
    p.ENERGY_DECIMALS,
    p.PULSE_P,
    p.PULSE_Q,
    p.PULSE_WIDTH,
    p.LED_P,
    p.LED_Q,
    p.DEMAND_WINDOW,
    p.DEMAND_MODE,
    p.DEMAND_SUB_INTERVAL,
    p.POWER_INTERVAL,
    p.SELF_READ_DAY,
    p.SELF_READ_HOUR,
    p.TOU_ON,
    p.SV_OVER_VOLTAGE,
    p.SV_UNDER_VOLTAGE,
    p.SV_LOST_VOLTAGE,
    p.SV_OVER_CURRENT,
    p.SV_LOW_CURRENT,
    p.SV_DELAY,
) + tuple(
    [p.DEVICE_NUMBERS + i for i in range(8)]
    + [
        p.IEC_PASSWORD_1,
        p.IEC_PASSWORD_2,
        p.IEC_LETTERS,
        p.IEC_BARE_1,
        p.IEC_BARE_2,
        p.IEC_HEADER,
        p.DATE_FORM,
        p.DISPLAY_CONTINUOUS,
        p.DISPLAY_INTERVAL,
    ]
    + [p.DISPLAY_LIST + i for i in range(p.DISPLAY_ENTRIES)]
)

COMMANDS = tuple(
    [
        command(offset)
        for offset in (
            p.RESET_BY_BUTTON,
            p.RESET_BY_OPTICAL,
            p.RESET_BY_SERIAL,
            p.CLEAR_DEMAND,
            p.CLEAR_TARIFF_ENERGY,
            p.CLEAR_SUPERVISION,
            p.CLEAR_PROFILE,
            p.CLEAR_PERIODS,
        )
    ]
)

CT2_COUNTS = (1, 5)
CT_TYPES = (("ct", ()),)
VARIANTS = (("a1000", (), None),)
