"""S4100: energies of the system and the phases on the primary side, by quadrant; demands are those of
billing/sub_intervals.py.
"""

GROUPS = 4
COUNT_WH = 10
MODULI = (1000000000,)
PRIMARY = True
CHANNELS = ()
RATES = 1
PERIODS = False
PROFILE = False
SUPERVISION = False
PROTECTED = False
PULSES = ()
