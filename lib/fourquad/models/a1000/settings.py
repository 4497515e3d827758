"""A1000 settings and commands (manual 1.1-1.7, 2.1.2, 2.2).

Rows as in fourquad.meter.settings; no setting has a Modbus register and the seal closes none: programming
mode does (protocols/iec62056/server.py). The manual gives ranges but hardly any default; those here are ours.
"""

from fourquad import points as p
from fourquad.models.a1000.display import DEFAULT_LIST

BAUDS = (300, 600, 1200, 2400, 4800, 9600, 19200)

_LETTERS = 0x465144  # FQD: three letters that nobody has registered


def _row(offset, default, low, high, choices=None):
    return (offset, 0, 0, default, low, high, choices, 0)


SETTINGS = (
    _row(p.NOMINAL_FREQUENCY, 0, 0, 1),
    _row(p.BAUD_1, 9600, 300, 19200, BAUDS),  # the speed offered on RS-485
    _row(p.BAUD_2, 9600, 300, 19200, BAUDS),  # on the optical port
    # three phases in four wires, or in three with two or three currents
    _row(p.WIRING_U, 0, 0, 3, (0, 2, 3)),
    _row(p.WIRING_I, 0, 0, 2, (0, 2)),
    # energies and demands are of the secondary side: ratios of 1, so that both sides read alike
    _row(p.PT1, 2200, 500, 4000),
    _row(p.PT2, 2200, 500, 4000),
    _row(p.CT1, 5, 1, 5, (1, 5)),
    _row(p.CT2, 5, 1, 5, (1, 5)),
    _row(p.NOMINAL_VOLTAGE, 2200, 500, 4000),
    _row(p.RATED_CURRENT, 5000, 100, 10000),
    _row(p.MAXIMUM_CURRENT, 10000, 100, 60000),
    _row(p.POLARITY_1, 0, 0, 1),
    _row(p.POLARITY_2, 0, 0, 1),
    _row(p.POLARITY_3, 0, 0, 1),
    _row(p.ENERGY_WAVE, 1, 0, 1),
    _row(p.REACTIVE_MODE, 0, 0, 1),
    _row(p.ENERGY_SIDE, 1, 1, 1),
    _row(p.ENERGY_DECIMALS, 2, 1, 2),
    _row(p.PULSE_P, 1600, 1, 22500),
    _row(p.PULSE_Q, 1600, 1, 22500),
    _row(p.PULSE_WIDTH, 80, 80, 80),
    _row(p.LED_P, 1600, 1, 22500),
    _row(p.LED_Q, 1600, 1, 22500),
    _row(p.DEMAND_WINDOW, 15, 5, 60, (5, 10, 15, 30, 60)),
    _row(p.DEMAND_MODE, 0, 0, 3, (0, 3)),
    _row(p.DEMAND_SUB_INTERVAL, 5, 1, 5, (1, 2, 3, 5)),
    _row(p.POWER_INTERVAL, 5, 1, 5, (1, 2, 3, 5)),
    _row(p.SELF_READ_DAY, 1, 0, 28),
    _row(p.SELF_READ_HOUR, 0, 0, 23),
    _row(p.TOU_ON, 1, 0, 1),
    _row(p.SV_OVER_VOLTAGE, 115, 100, 150),
    _row(p.SV_UNDER_VOLTAGE, 85, 50, 100),
    _row(p.SV_LOST_VOLTAGE, 60, 10, 85),
    _row(p.SV_OVER_CURRENT, 120, 50, 200),
    _row(p.SV_LOW_CURRENT, 5, 1, 100),
    _row(p.SV_DELAY, 10, 1, 600),
    _row(p.DEVICE_NUMBERS, 1, 0, 999999),  # the meter's number, low six digits
) + tuple(
    [_row(p.DEVICE_NUMBERS + i, 0, 0, 999999) for i in range(1, 8)]
    + [
        _row(p.IEC_PASSWORD_1, 0, 0, 99999999),
        _row(p.IEC_PASSWORD_2, 0, 0, 99999999),
        _row(p.IEC_LETTERS, _LETTERS, 0x414141, 0x5A5A5A),
        # whether a sign-on without address is answered (with several meters on a bus all would)
        _row(p.IEC_BARE_1, 0, 0, 1),
        _row(p.IEC_BARE_2, 1, 0, 1),
        _row(p.IEC_HEADER, 0, 0, 1),
        _row(p.DATE_FORM, 0, 0, 1),
        _row(p.DISPLAY_CONTINUOUS, 1, 0, 1),
        _row(p.DISPLAY_INTERVAL, 15, 5, 60, (5, 15, 30, 60)),
    ]
    + [
        _row(p.DISPLAY_LIST + i, DEFAULT_LIST[i] if i < len(DEFAULT_LIST) else 0, 0, (1 << 30) - 1)
        for i in range(p.DISPLAY_ENTRIES)
    ]
)

# Commands have no value to write on a bus of registers; the columns are those of fourquad.meter.settings.
COMMANDS = tuple(
    [
        (offset, 0, 1, (0,), 0, ())
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
VARIANTS = (("a1000", ()),)
