"""Points and limits of IEC 62053-22:2020 (active, classes 0.2S and 0.5S) and IEC 62053-23:2020 (reactive,
class 2). A current is a part of I_n; lag in degrees, negative leads.
"""

from __future__ import annotations

PF_HALF, PF_08_LEAD, PF_QUARTER, PF_HALF_LEAD = 60.0, -36.869898, 75.522488, -60.0

# current, lag, limit of class 0.2S, of class 0.5S (percent)
ACTIVE = (
    *((i, 0.0, 0.4, 1.0) for i in (0.01, 0.02)),
    *((i, 0.0, 0.2, 0.5) for i in (0.05, 0.1, 0.2, 0.5, 1.0, 1.2)),
    *((i, lag, 0.5, 1.0) for lag in (PF_HALF, PF_08_LEAD) for i in (0.02, 0.05)),
    *((i, lag, 0.3, 0.6) for lag in (PF_HALF, PF_08_LEAD) for i in (0.1, 0.2, 0.5, 1.0, 1.2)),
    *((i, lag, 0.5, 1.0) for lag in (PF_QUARTER, PF_HALF_LEAD) for i in (0.1, 0.2, 0.5, 1.0, 1.2)),
)

EXPORT = 180.0  # what a meter for both directions must do as well in the other one
ACTIVE += (
    *((i, EXPORT, 0.2, 0.5) for i in (0.05, 1.0)),
    (0.01, EXPORT, 0.4, 1.0),
    *((i, EXPORT + PF_HALF, 0.3, 0.6) for i in (0.1, 1.0)),
)

SIN_1, SIN_HALF, SIN_QUARTER = 90.0, 30.0, 14.477512
# current, lag, limit of class 2
REACTIVE = (
    (0.02, SIN_1, 2.5),
    *((i, SIN_1, 2.0) for i in (0.05, 0.1, 0.5, 1.0, 1.2)),
    (0.05, SIN_HALF, 2.5),
    *((i, SIN_HALF, 2.0) for i in (0.1, 0.5, 1.0, 1.2)),
    *((i, SIN_QUARTER, 2.5) for i in (0.1, 0.5, 1.0, 1.2)),
)
# the same for a capacitive load, whose reactive energy is counted as exported
REACTIVE += tuple((i, -lag, limit) for i, lag, limit in REACTIVE if i in (0.02, 0.05, 1.0))

# influences on reactive energy, class 2 of IEC 62053-23: lag, limit of 10 % of voltage, of 2 % of frequency
REACTIVE_INFLUENCES = ((SIN_1, 1.0, 2.5), (SIN_HALF, 1.5, 2.5))

START = 0.001  # of I_n at PF 1, classes 0.2S and 0.5S: a meter starts and goes on to register
NO_LOAD = 1.15  # of U_n without current: it registers nothing
