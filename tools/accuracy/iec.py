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

SIN_1, SIN_HALF, SIN_QUARTER = 90.0, 30.0, 14.477512
# current, lag, limit of class 2
REACTIVE = (
    (0.02, SIN_1, 2.5),
    *((i, SIN_1, 2.0) for i in (0.05, 0.1, 0.5, 1.0, 1.2)),
    (0.05, SIN_HALF, 2.5),
    *((i, SIN_HALF, 2.0) for i in (0.1, 0.5, 1.0, 1.2)),
    *((i, SIN_QUARTER, 2.5) for i in (0.1, 0.5, 1.0, 1.2)),
)
