"""AcuRev 2020: pages of readings (manual 10.1, 10.2). No board loads them.

Readings of all groups come as one list: "groups.3*6+1" is the second of the fourth group.
"""

from fourquad import points as p
from fourquad.models.web_rows import bars, block, card, cards, choice, page, phasor, table
from fourquad.points import circuits as c
from fourquad.points import modules as m

_PHASES = ("Phase A", "Phase B", "Phase C")
_COLOURS = ("a", "b", "c")
# Of a group: label, unit, what makes it so, field, decimals.
_FIELDS = (
    ("Current", "A", "", c.AMPS),
    ("Active power", "kW", "kilo:", c.P),
    ("Reactive power", "kvar", "kilo:", c.Q),
    ("Apparent power", "kVA", "kilo:", c.S),
    ("Power factor", "", "", c.PF),
    ("Load nature", "", "letter:", c.NATURE),
)
_RATES = ("Total", "Sharp", "Peak", "Valley", "Normal")


def _of(group, made, field):
    return f"{made}groups.{group}*{c.FIELDS}+{field}"


def _rows(*groups):
    """Rows of the readings of some groups."""
    return [(label, unit, [_of(g, made, field) for g in groups]) for label, unit, made, field in _FIELDS]


def _inputs():
    """A row of each input."""
    return [
        (f"Input {n + 1}", "", [_of(n, made, field) for _, _, made, field in _FIELDS])
        for n in range(c.INPUTS)
    ]


def _user(user):
    """A user channel to choose: its sums, and its inputs, which are three apart."""
    first = user if user < 3 else user + 6
    name = f"User channel {user + 1}"
    return (str(c.FIRST_USER + user), name, {"a": first, "b": first + 3, "c": first + 6, "name": name})


_GROUP_OPTIONS = (
    [(str(c.TOTAL), "System")]
    + [(str(c.FIRST_PHASE + i), name) for i, name in enumerate(_PHASES)]
    + [(str(c.FIRST_USER + u), f"User channel {u + 1}") for u in range(c.USERS)]
    + [(str(n), f"Input {n + 1}") for n in range(c.INPUTS)]
)
_CHANNEL = choice("g", "Channel", *_GROUP_OPTIONS)
_INPUT = choice("n", "Channel", *[(str(n), f"Input {n + 1}") for n in range(c.INPUTS)])


def _demand(label, unit, name):
    return (label, unit, (name, name + "_next", name + "_max", name + "_time"))


def _months(which):
    rows = (("Import active energy", "kWh", "p"), ("Import reactive energy", "kvarh", "q"))
    rows += (("Apparent energy", "kVAh", "s"),)
    return [(label, unit, [f"{which}_{name}{rate}" for rate in range(5)]) for label, unit, name in rows]


METERING = (
    page(
        "dashboard",
        "Dashboard",
        5,
        cards(
            card(
                "Real-time",
                "metering/realtime",
                ("Average voltage", "V", "v_avg"),
                ("Average line voltage", "V", "vl_avg"),
                ("Sum of the currents", "A", "amps"),
                ("Frequency", "Hz", "frequency"),
            ),
            card(
                "Power & energy",
                "metering/energy",
                ("Total power factor", "PF", "pf_sum"),
                ("Total active power", "kW", "p_sum"),
                ("Total apparent power", "kVA", "s_sum"),
                ("Import active energy", "kWh", "ep_imp"),
            ),
            card("Harmonics", "metering/voltages", ("THD of the voltage, average", "%", "thd_v_avg")),
            card(
                "Maximum demand",
                "metering/demand",
                ("Maximum active power demand", "kW", "p_demand_max"),
                ("Maximum apparent power demand", "kVA", "s_demand_max"),
            ),
        ),
        block("since"),
    ),
    page(
        "metering/realtime",
        "Real-time",
        5,
        table(
            _PHASES + ("Average",),
            ("Phase voltage", "V", ("v1", "v2", "v3", "v_avg")),
            caption="Voltages",
        ),
        table(("AB", "BC", "CA", "Average"), ("Line voltage", "V", ("v12", "v23", "v31", "vl_avg"))),
        table(
            _PHASES + ("Total",),
            *_rows(c.FIRST_PHASE, c.FIRST_PHASE + 1, c.FIRST_PHASE + 2, c.TOTAL),
            caption="All circuits",
        ),
        table(
            ("Value",),
            ("Frequency", "Hz", ("frequency",)),
            ("Voltage unbalance", "%", ("v_unbalance",)),
            ("Current unbalance", "%", ("i_unbalance",)),
            caption="System",
        ),
        source="realtime",
    ),
    page(
        "metering/circuits",
        "Circuits",
        5,
        table(
            [f"{label} {unit}".strip() for label, unit, _, _ in _FIELDS],
            *_inputs(),
            caption="Inputs, whatever the wiring makes of them",
        ),
        source="groups",
    ),
    page(
        "metering/users",
        "User channels",
        5,
        table(_PHASES + ("Total",), *_rows("{a}", "{b}", "{c}", "{u}"), caption="{name}"),
        source="groups",
        choices=(choice("u", "Select a channel", *[_user(i) for i in range(c.USERS)]),),
    ),
    page(
        "metering/demand",
        "Demand",
        10,
        table(
            ("Last", "Predicted", "Maximum", "Time of the maximum"),
            _demand("Active power", "kW", "p"),
            _demand("Reactive power", "kvar", "q"),
            _demand("Apparent power", "kVA", "s"),
            _demand("Current", "A", "i"),
        ),
        source="demand.{g}",
        choices=(_CHANNEL,),
    ),
    page(
        "metering/energy",
        "Energy",
        10,
        table(
            ("Value",),
            ("Import active energy", "kWh", ("ep_imp",)),
            ("Export active energy", "kWh", ("ep_exp",)),
            ("Import reactive energy", "kvarh", ("eq_imp",)),
            ("Export reactive energy", "kvarh", ("eq_exp",)),
            ("Apparent energy", "kVAh", ("es",)),
            caption="Energy",
        ),
        table(_RATES, *_months("this"), caption="This month"),
        table(_RATES, *_months("last"), caption="Last month"),
        source="energy.{g}",
        choices=(_CHANNEL,),
    ),
    page(
        "metering/voltages",
        "Harmonics of the voltages",
        15,
        bars(
            "Harmonics, % of the fundamental",
            "Order",
            2,
            "2-31",
            *[(f"V{'ABC'[i]}", f"v{i + 1}", mark) for i, mark in enumerate(_COLOURS)],
        ),
        table(
            _PHASES,
            ("THD", "%", ("thd1", "thd2", "thd3")),
            ("Odd harmonics", "%", ("odd1", "odd2", "odd3")),
            ("Even harmonics", "%", ("even1", "even2", "even3")),
            ("Crest factor", "", ("crest1", "crest2", "crest3")),
            ("THFF", "%", ("thff1", "thff2", "thff3")),
        ),
        table(("Value",), ("Voltage unbalance", "%", ("v_unbalance",))),
        source="voltages",
    ),
    page(
        "metering/currents",
        "Harmonics of a current",
        15,
        bars("Harmonics, % of the fundamental", "Order", 2, "2-31", ("Current", "orders", "a")),
        table(
            ("Value",),
            ("THD", "%", ("thd",)),
            ("Odd harmonics", "%", ("odd",)),
            ("Even harmonics", "%", ("even",)),
            ("K factor", "", ("k",), 1),
        ),
        source="currents.{n}",
        choices=(_INPUT,),
    ),
    page(
        "metering/angles",
        "Phase angles",
        10,
        phasor(
            "Phasors, against the voltage of phase A",
            [(f"V{'ABC'[i]}", f"v{i + 1}", f"angle_v{i + 1}" if i else None, _COLOURS[i]) for i in range(3)],
            [
                (str(n + 1), f"groups.{n}*{c.FIELDS}+{c.AMPS}", f"angles.{n}", _COLOURS[c.phase_of(n)] + " i")
                for n in range(c.INPUTS)
            ],
        ),
        table(
            ("Current lags by °",),
            *[(f"Input {n + 1}", "", (f"angles.{n}",), 1) for n in range(c.INPUTS)],
        ),
        source="angles",
    ),
    page(
        "metering/io",
        "I/O",
        5,
        block(
            "io",
            modules=[{"name": "io", "bit": 0, "number": 1, "inputs": (0, 8), "relays": (0, 8)}],
            relay=p.MODULE + m.RELAY1,
            clear=p.MODULE + m.CLEAR_COUNTS,
        ),
        source="io",
    ),
)
