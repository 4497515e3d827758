"""AcuRev 2020 billing: the time line and the tariffs; energies, months and demands are those of the circuits
(registers/circuit_energy.py, billing/circuit_demand.py).
"""

GROUPS = 0
COUNT_WH = 100
MODULI = (1000000000,)
CHANNELS = ()
RATES = 5
RATED = 0
PERIODS = False
PROFILE = False
SUPERVISION = False
PROTECTED = False
PULSES = ()
