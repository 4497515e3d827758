"""KW320 demands (manual 4.1, 5.1.8, 6.3.7): of the system's powers, signed, and of the currents."""

from fourquad.points import billing as b

GROUPS = 0
COUNT_WH = 100
MODULI = (1000000000,)
CHANNELS = (b.ACTIVE_NET, b.REACTIVE_NET, b.APPARENT, b.CURRENT_1, b.CURRENT_2, b.CURRENT_3)
RATES = 1
PERIODS = False
PROFILE = False
SUPERVISION = False
PROTECTED = False
PULSES = ()
