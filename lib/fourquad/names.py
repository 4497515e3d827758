"""Names and units of the points, for people: the `points` command and the documents. No board loads it."""

from fourquad import points as p

_READINGS = (
    ("frequency", "Hz"),
    ("v1", "V"),
    ("v2", "V"),
    ("v3", "V"),
    ("v_avg", "V"),
    ("v12", "V"),
    ("v23", "V"),
    ("v31", "V"),
    ("vl_avg", "V"),
    ("i1", "A"),
    ("i2", "A"),
    ("i3", "A"),
    ("i_avg", "A"),
    ("i_n", "A"),
    ("p1", "W"),
    ("p2", "W"),
    ("p3", "W"),
    ("p_sum", "W"),
    ("q1", "var"),
    ("q2", "var"),
    ("q3", "var"),
    ("q_sum", "var"),
    ("s1", "VA"),
    ("s2", "VA"),
    ("s3", "VA"),
    ("s_sum", "VA"),
    ("pf1", ""),
    ("pf2", ""),
    ("pf3", ""),
    ("pf_sum", ""),
    ("v_unbalance", ""),
    ("i_unbalance", ""),
    ("load_character", "ASCII"),
    ("angle_v2", "degrees"),
    ("angle_v3", "degrees"),
    ("angle_i1", "degrees"),
    ("angle_i2", "degrees"),
    ("angle_i3", "degrees"),
    ("quadrant", ""),
    ("load_percent", "%"),
)

_ENERGIES = (
    ("ep_imp", "kWh"),
    ("ep_exp", "kWh"),
    ("eq_imp", "kvarh"),
    ("eq_exp", "kvarh"),
    ("ep_total", "kWh"),
    ("ep_net", "kWh"),
    ("eq_total", "kvarh"),
    ("eq_net", "kvarh"),
    ("es", "kVAh"),
    ("ep1_imp", "kWh"),
    ("ep1_exp", "kWh"),
    ("ep2_imp", "kWh"),
    ("ep2_exp", "kWh"),
    ("ep3_imp", "kWh"),
    ("ep3_exp", "kWh"),
    ("eq1_imp", "kvarh"),
    ("eq1_exp", "kvarh"),
    ("eq2_imp", "kvarh"),
    ("eq2_exp", "kvarh"),
    ("eq3_imp", "kvarh"),
    ("eq3_exp", "kvarh"),
    ("es1", "kVAh"),
    ("es2", "kVAh"),
    ("es3", "kVAh"),
)

# What has a unit beside the readings and energies: the unit, and how many of it one count is.
_UNITS = {
    "PT1": ("V", 0.1),
    "PT2": ("V", 0.1),
    "CT1": ("A", 1),
    "BAUD_1": ("baud", 1),
    "BAUD_2": ("baud", 1),
    "BACKLIGHT": ("min", 1),
    "DEMAND_WINDOW": ("min", 1),
    "DEMAND_SUB_INTERVAL": ("min", 1),
    "IO11_RELAY_PULSE": ("ms", 1),
    "RUN_TIME": ("h", 0.01),
}


def _section(first, last):
    """(offset, NAME) of the constants of points.py from `first` to `last`, in their order there."""
    names = [name for name, value in vars(p).items() if name.isupper() and isinstance(value, int)]
    return [(getattr(p, name), name) for name in names[names.index(first) : names.index(last) + 1]]


def _table():
    rows = []
    for prefix, base, count in (
        ("secondary.", p.SECONDARY, p.READINGS),
        ("primary.", p.PRIMARY, p.READINGS),
        ("fast.", p.FAST, p.FAST_READINGS),
    ):
        rows += [(base + i, prefix + _READINGS[i][0], _READINGS[i][1], 1) for i in range(count)]
    # One count of energy is 0.1 kWh, on the secondary side a hundredth of that: see `scale`.
    rows += [(p.ENERGY + i, "energy." + name, unit, 0.1) for i, (name, unit) in enumerate(_ENERGIES)]
    for prefix, base, first, last in (
        ("setting.", p.SETTING, "NOMINAL_FREQUENCY", "IO11_RELAY_PULSE"),
        ("command.", p.COMMAND, "CLEAR_DEMAND", "CLEAR_TARIFF_DEMAND"),
        ("state.", p.STATE, "WEEKDAY", "GAPS"),
    ):
        for i, name in _section(first, last):
            rows.append((base + i, prefix + name.lower()) + _UNITS.get(name, ("", 1)))
    rows += [(p.IO + p.DI1 + i, f"io.di{i + 1}", "", 1) for i in range(28)]
    rows += [(p.IO + p.RELAY1 + i, f"io.relay{i + 1}", "", 1) for i in range(8)]
    rows += [(p.IO + p.DI1_COUNT + i, f"io.di{i + 1}_count", "pulses", 1) for i in range(6)]
    return tuple(rows)


# Every point: (id, name, unit, how many of the unit one count is).
POINTS = _table()

BY_NAME = {row[1]: row[0] for row in POINTS}


def scaled(pid, value, scale, energy_side):
    """`value` of a point in its unit; `energy_side` is the setting ENERGY_SIDE."""
    if p.ENERGY <= pid < p.ENERGY + p.ENERGIES:
        return round(value * (0.001 if energy_side else scale), 3)
    return value if scale == 1 else round(value * scale, 2)
