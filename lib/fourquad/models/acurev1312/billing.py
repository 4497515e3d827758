"""AcuRev 1312 billing (manual 4.3.2, 5.3): energies of the system and the phases on the primary side, by the
quadrant of the reactive power; active energy by tariff; demands of three powers and three currents; one pulse
output.
"""

from fourquad import points as p
from fourquad.points import billing as b

GROUPS = 4
COUNT_WH = 10
MODULI = (1000000000,)
PRIMARY = True
CHANNELS = (b.ACTIVE_NET, b.REACTIVE_NET, b.APPARENT, b.CURRENT_1, b.CURRENT_2, b.CURRENT_3)
RATES = 5
RATED = 0  # of the demands, as no register tells one by tariff
PERIODS = False
PROFILE = False
SUPERVISION = False
PROTECTED = False

# The sources are those of PULSE_SOURCE: what was consumed, or all reactive energy.
PULSES = (((), False, p.PULSE_P),)
PULSE_SOURCES = ((b.ACTIVE_IMPORT,), (b.REACTIVE_Q1, b.REACTIVE_Q2, b.REACTIVE_Q3, b.REACTIVE_Q4))

# Sub-intervals that a demand window allows: those that divide it.
PAIRS = tuple([(n, tuple([k for k in range(1, n + 1) if n % k == 0])) for n in range(1, 31)])
