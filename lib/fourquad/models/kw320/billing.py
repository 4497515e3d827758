"""KW320 demands (manual 4.1, 5.1.8, 6.3.7): of the powers, signed and by tariff, and of the currents."""

from fourquad.points import billing as b

GROUPS = 0
COUNT_WH = 100
MODULI = (1000000000,)
CHANNELS = (b.ACTIVE_NET, b.REACTIVE_NET, b.APPARENT, b.CURRENT_1, b.CURRENT_2, b.CURRENT_3)
RATES = 5
RATED = 3  # the powers: 103AH-103EH
PERIODS = False
PROFILE = False
SUPERVISION = False
PROTECTED = False
PULSES = ()
