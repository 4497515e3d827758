"""A1000 billing (manual 1.1-1.6, 1.8): seven energies in four tariffs, 30 demands and those that the display
derives, sixteen periods, load profile, supervision, four pulse outputs and two LEDs.
"""

from fourquad import points as p
from fourquad.points import billing as b

GROUPS = 1
COUNT_WH = 10
# by ENERGY_DECIMALS: 999999.9 and 99999.99 kWh; the registers keep two decimals in both
MODULI = (10000000, 100000000, 10000000)

CHANNELS = (
    b.ACTIVE_IMPORT,
    b.ACTIVE_EXPORT,
    b.REACTIVE_Q1,
    b.REACTIVE_Q2,
    b.REACTIVE_Q3,
    b.REACTIVE_Q4,
    b.APPARENT,
    b.REACTIVE_IMPORT,
    b.REACTIVE_EXPORT,
)
RATES = 5
PERIODS = True
PROFILE = True
SUPERVISION = True
PROTECTED = True

# Sources, whether an LED, setting of the constant.
PULSES = (
    ((b.ACTIVE_IMPORT,), False, p.PULSE_P),
    ((b.ACTIVE_EXPORT,), False, p.PULSE_P),
    ((b.REACTIVE_Q1, b.REACTIVE_Q2), False, p.PULSE_Q),
    ((b.REACTIVE_Q3, b.REACTIVE_Q4), False, p.PULSE_Q),
    ((b.ACTIVE_IMPORT, b.ACTIVE_EXPORT), True, p.LED_P),
    ((b.REACTIVE_Q1, b.REACTIVE_Q2, b.REACTIVE_Q3, b.REACTIVE_Q4), True, p.LED_Q),
)

# Sub-intervals and power intervals that a demand window allows.
PAIRS = ((5, (1, 5)), (10, (1, 2, 5)), (15, (1, 3, 5)), (30, (1, 2, 3, 5)), (60, (2, 3, 5)))
