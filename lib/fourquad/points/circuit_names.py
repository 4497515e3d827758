"""Names and units of the points of many circuits, for people: the `points` command. No board loads it."""

from fourquad import points as p
from fourquad.points import circuits as c

_READINGS = (("i", "A"), ("p", "W"), ("q", "var"), ("s", "VA"), ("pf", ""), ("load_nature", "ASCII"))
_ENERGIES = (("ep_imp", "kWh"), ("ep_exp", "kWh"), ("eq_imp", "kvarh"), ("eq_exp", "kvarh"), ("es", "kVAh"))
_DEMANDS = (("p", "W"), ("q", "var"), ("s", "VA"), ("i", "A"))
_KINDS = ("demand", "demand_predicted", "demand_maximum")


def group(number):
    """The name of a group of points/circuits.py."""
    if number < c.FIRST_USER:
        return f"input{number + 1}"
    if number < c.FIRST_PHASE:
        return f"user{number - c.FIRST_USER + 1}"
    return "circuits" if number == c.TOTAL else f"phase{number - c.FIRST_PHASE + 1}"


def _table():
    rows = []
    for g in range(c.GROUPS):
        at, name = c.READINGS + c.FIELDS * g, group(g)
        rows += [(at + k, f"{name}.{word}", unit, 1) for k, (word, unit) in enumerate(_READINGS)]
        rows += [
            (c.ENERGY + c.GROUPS * k + g, f"{name}.{word}", unit, 0.1)
            for k, (word, unit) in enumerate(_ENERGIES)
        ]
        for kind, what in enumerate(_KINDS):
            at = c.DEMAND + 4 * c.GROUPS * kind + 4 * g
            rows += [(at + k, f"{name}.{what}.{word}", unit, 1) for k, (word, unit) in enumerate(_DEMANDS)]
    for n in range(c.INPUTS):
        rows.append((c.READINGS + c.ANGLE + n, f"input{n + 1}.angle", "degrees", 1))
        at = c.SPECTRUM + c.WORDS * n
        rows.append((at, f"input{n + 1}.thd", "%", 0.01))
        rows += [(at + h - 1, f"input{n + 1}.h{h}", "%", 0.01) for h in range(2, 32)]
        for place, word, unit, scale in (
            (c.ODD, "odd", "%", 0.01),
            (c.EVEN, "even", "%", 0.01),
            (c.K, "k", "", 0.1),
        ):
            rows.append((at + place, f"input{n + 1}.{word}", unit, scale))
    rows.append((p.SETTING + c.CIRCUIT_WIRING, "setting.circuit_wiring", "", 1))
    rows += [(p.SETTING + c.CT_1 + n, f"setting.ct{n + 1}_input", "A", 1) for n in range(c.INPUTS)]
    rows += [(c.READINGS + c.UNBALANCE + k, f"user{k + 1}.unbalance", "", 1) for k in range(c.USERS)]
    return tuple(rows)


# (id, name, unit, how many of the unit one count is), of a meter with circuits only.
POINTS = _table()
