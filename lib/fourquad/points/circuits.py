"""Points of a meter of many circuits: what each of its groups has. A group is an input (0-17), a user channel
(18-23), a phase of all inputs (24-26), or all of them (27); those of several inputs are sums.

They are ids from points.HISTORY on, where other models have previous periods, which this one has not.
"""

INPUTS = 18
USERS = 6
FIRST_USER = 18
FIRST_PHASE = 24
TOTAL = 27
GROUPS = 28

# Settings: offsets into points.SETTING.
CIRCUIT_WIRING = 20  # 18 x 1LN, 6 x 2LN or 6 x 3LN
CT_1 = 24  # primary amperes of the transformer of the first input; the others follow

# Values of CIRCUIT_WIRING: as many inputs as a user channel has.
EACH_1LN = 0
USERS_2LN = 1
USERS_3LN = 2

# Blocks of ids.
READINGS = 8192  # floats of the last second, primary side: FIELDS of each group
SPECTRUM = 8384  # of each input WORDS whole numbers
DEMAND = 9024  # of each group four: last, predicted, maximum; then the times of the maxima
ALARM_RECORDS = 9728  # records of alarms, as many as the model has, four blocks
ENERGY = 9984  # counts of 0.1 kWh: of each source all groups
MONTH = 10176  # of this month, then of the last one, of each of BY_TARIFF all groups: total, tariffs 1-4

# Sources of energies, and those that are counted by tariff.
P_IMPORT, P_EXPORT, Q_IMPORT, Q_EXPORT, APPARENT = range(5)
BY_TARIFF = (P_IMPORT, Q_IMPORT, APPARENT)

CURRENT_DEMAND = 3  # of the four of a group: P, Q, S, current

# Of READINGS.
AMPS, P, Q, S, PF, NATURE = range(6)  # A, W, var, VA;
FIELDS = 6
UNBALANCE = GROUPS * FIELDS  # of the currents of each user channel, 0-1
ANGLE = UNBALANCE + USERS  # of each input, degrees 0-360 by which its current lags the voltage A
ALL_READINGS = ANGLE + INPUTS

# Of SPECTRUM, of an input: THD and the orders from the 2nd to the 31st, odd and even HD in 0.01 %, K in 0.1.
THD = 0
ORDERS = 30
ODD = 31
EVEN = 32
K = 33
WORDS = 34


def phase_of(n):
    """The phase (0-2) of input `n` (0-17): columns of three, of the first and of the second nine."""
    return n % 9 // 3


def used(wiring, n):
    """Whether input `n` (0-17) is connected: two-phase users leave the third column."""
    return wiring != USERS_2LN or n % 9 < 6


def members(wiring, group):
    """The inputs (0-17) that make up a group in this value of CIRCUIT_WIRING."""
    if group < INPUTS:
        return (group,) if used(wiring, group) else ()
    if group < FIRST_PHASE:
        user = group - FIRST_USER
        first = user if user < 3 else user + 6
        return tuple([first + 3 * k for k in range(wiring + 1)]) if wiring else ()
    phase = group - FIRST_PHASE
    return tuple([n for n in range(INPUTS) if used(wiring, n) and (group == TOTAL or phase_of(n) == phase)])
