"""KW320: the module's pages (manual 5.1.7), as tables of what its web server says. No board loads it: the
layout is made of them on a PC (fourquad_tools.web.layout).

A page: title, the values it asks for and how often in s, blocks. A row of a table is (label, unit, keys).
"""

from fourquad import points as p
from fourquad.models.kw320.web import ENERGIES
from fourquad.models.web_rows import (
    bars,
    block,
    card,
    cards,
    choice,
    page,
    phasor,
    table,
)

PHASES = ("Phase A", "Phase B", "Phase C")
_ABC = (("A", "a"), ("B", "b"), ("C", "c"))


def _three(label, unit, name, *more):
    return (label, unit, (name + "1", name + "2", name + "3") + more)


_EXTREMES = (
    ("Voltage, phase A", "V", "v1"),
    ("Voltage, phase B", "V", "v2"),
    ("Voltage, phase C", "V", "v3"),
    ("Line voltage AB", "V", "v12"),
    ("Line voltage BC", "V", "v23"),
    ("Line voltage CA", "V", "v31"),
    ("Current, phase A", "A", "i1"),
    ("Current, phase B", "A", "i2"),
    ("Current, phase C", "A", "i3"),
    ("Active power", "kW", "p_sum"),
    ("Reactive power", "kvar", "q_sum"),
    ("Apparent power", "kVA", "s_sum"),
    ("Power factor", "", "pf_sum"),
    ("Frequency", "Hz", "frequency"),
    ("Demand of active power", "kW", "p_demand"),
    ("Demand of reactive power", "kvar", "q_demand"),
    ("Demand of apparent power", "kVA", "s_demand"),
    ("Voltage unbalance", "%", "v_unbalance"),
    ("Current unbalance", "%", "i_unbalance"),
    ("THD of the voltage, phase A", "%", "thd_v1"),
    ("THD of the voltage, phase B", "%", "thd_v2"),
    ("THD of the voltage, phase C", "%", "thd_v3"),
    ("THD of the current, phase A", "%", "thd_i1"),
    ("THD of the current, phase B", "%", "thd_i2"),
    ("THD of the current, phase C", "%", "thd_i3"),
)


def _sequence(name, unit, key):
    parts = [f"{key}_{part}" for part in ("pos", "neg", "zero")]
    return (
        (name, unit, ["abs:" + part for part in parts]),
        (f"{name}, real", unit, [part + ".0" for part in parts]),
        (f"{name}, imaginary", unit, [part + ".1" for part in parts]),
    )


_UNITS = {"p": "kWh", "q": "kvarh", "s": "kVAh"}
_WORDS = {"p": "Active energy", "q": "Reactive energy", "s": "Apparent energy"}


def _energy(index, key):
    """What may be written of an energy: "ep1_imp" is the active import of phase A."""
    name, _, direction = key.partition("_")
    words = {"": "", "imp": ", import", "exp": ", export", "total": ", total", "net": ", net"}[direction]
    phase = f", phase {'ABC'[int(name[2]) - 1]}" if len(name) > 2 else ""
    return (
        _WORDS[name[1]] + words + phase,
        _UNITS[name[1]],
        key,
        p.ENERGY + index,
        direction == "net",
    )


METERING = (
    page(
        "dashboard",
        "Dashboard",
        5,
        cards(
            card(
                "Basic metering",
                "metering/basic",
                ("Average voltage", "V", "v_avg"),
                ("Average line voltage", "V", "vl_avg"),
                ("Average current", "A", "i_avg"),
                ("Frequency", "Hz", "frequency"),
            ),
            card(
                "THD",
                "metering/thd",
                ("THD of the voltage, average", "%", "thd_v_avg"),
                ("THD of the current, average", "%", "thd_i_avg"),
            ),
            card(
                "Power & energy",
                "metering/energy",
                ("Total power factor", "PF", "pf_sum"),
                ("Total active power", "kW", "p_sum"),
                ("Total apparent power", "kVA", "s_sum"),
                ("Import active energy", "kWh", "ep_imp"),
            ),
            card(
                "Maximum demand",
                "metering/minmax",
                ("Maximum apparent power demand", "kVA", "s_demand_max"),
                ("Maximum active power demand", "kW", "p_demand_max"),
            ),
        ),
        block("since"),
    ),
    page(
        "metering/basic",
        "Basic metering",
        5,
        table(
            PHASES + ("Average or total",),
            _three("Phase voltage", "V", "v", "v_avg"),
            _three("Current", "A", "i", "i_avg"),
            _three("Active power", "kW", "p", "p_sum"),
            _three("Reactive power", "kvar", "q", "q_sum"),
            _three("Apparent power", "kVA", "s", "s_sum"),
            _three("Power factor", "", "pf", "pf_sum"),
            caption="By phase",
        ),
        table(
            ("AB", "BC", "CA", "Average"),
            ("Line voltage", "V", ("v12", "v23", "v31", "vl_avg")),
            caption="Between the lines",
        ),
        table(
            ("Value",),
            ("Frequency", "Hz", ("frequency",)),
            ("Neutral current", "A", ("i_n",)),
            ("Voltage unbalance", "%", ("v_unbalance",)),
            ("Current unbalance", "%", ("i_unbalance",)),
            ("Load character", "", ("load_character",)),
            ("Load", "%", ("load_percent",)),
            caption="System",
        ),
        source="basic",
    ),
    page(
        "metering/energy",
        "Power & energy",
        5,
        table(
            ("Import", "Export", "Total", "Net"),
            ("Active energy", "kWh", ("ep_imp", "ep_exp", "ep_total", "ep_net")),
            ("Reactive energy", "kvarh", ("eq_imp", "eq_exp", "eq_total", "eq_net")),
            ("Apparent energy", "kVAh", (None, None, "es", None)),
            caption="Energy by direction",
        ),
        table(
            PHASES,
            ("Import active energy", "kWh", ("ep1_imp", "ep2_imp", "ep3_imp")),
            ("Export active energy", "kWh", ("ep1_exp", "ep2_exp", "ep3_exp")),
            ("Import reactive energy", "kvarh", ("eq1_imp", "eq2_imp", "eq3_imp")),
            ("Export reactive energy", "kvarh", ("eq1_exp", "eq2_exp", "eq3_exp")),
            ("Apparent energy", "kVAh", ("es1", "es2", "es3")),
            caption="Energy by phase",
        ),
        table(
            PHASES + ("Total",),
            ("Active power demand", "kW", (None, None, None, "p_demand")),
            ("Reactive power demand", "kvar", (None, None, None, "q_demand")),
            ("Apparent power demand", "kVA", (None, None, None, "s_demand")),
            ("Current demand", "A", ("i1_demand", "i2_demand", "i3_demand", None)),
            caption="Demand",
        ),
        block(
            "edit",
            title="Manual edit",
            admin=True,
            form="meter",
            side=p.SETTING + p.ENERGY_SIDE,
            counts=(0.1, 0.001),
            most=999999999,
            rows=[_energy(i, key) for i, key in enumerate(ENERGIES)],
        ),
        source="energy",
    ),
    page(
        "metering/minmax",
        "Min/max",
        10,
        table(
            ("Min", "Time of the min", "Max", "Time of the max"),
            *[(label, unit, [f"{key}.{i}" for i in (2, 3, 0, 1)]) for label, unit, key in _EXTREMES],
        ),
        source="minmax",
    ),
    page(
        "metering/thd",
        "THD",
        15,
        table(
            PHASES,
            _three("THD of the voltage", "%", "thd_v"),
            _three("THD of the current", "%", "thd_i"),
            _three("Odd harmonics of the voltage", "%", "odd_v"),
            _three("Even harmonics of the voltage", "%", "even_v"),
            _three("Crest factor of the voltage", "", "crest_v"),
            _three("THFF of the voltage", "%", "thff_v"),
            _three("Odd harmonics of the current", "%", "odd_i"),
            _three("Even harmonics of the current", "%", "even_i"),
            _three("K factor of the current", "", "k_i"),
        ),
        source="thd",
    ),
    page(
        "metering/harmonics",
        "Harmonics",
        15,
        bars(
            "Harmonics, % of the fundamental",
            "Order",
            2,
            "{span}",
            *[(f"{{q}}{i + 1}", f"{{q}}{i + 1}", mark) for i, (_, mark) in enumerate(_ABC)],
        ),
        source="harmonics",
        choices=(
            choice("q", "Quantity", ("v", "Voltage"), ("i", "Current")),
            choice("span", "Orders", ("2-31", "2 to 31"), ("32-63", "32 to 63")),
        ),
    ),
    page(
        "metering/angles",
        "Phase angles",
        10,
        phasor(
            "Phasors, against the voltage of phase A",
            [
                (f"V{name}", f"v{i + 1}", f"angle_v{i + 1}" if i else None, mark)
                for i, (name, mark) in enumerate(_ABC)
            ],
            [
                (f"I{name}", f"i{i + 1}", f"angle_i{i + 1}", mark + " i")
                for i, (name, mark) in enumerate(_ABC)
            ],
        ),
        table(
            PHASES,
            ("Voltage lags by", "°", ("=0", "angle_v2", "angle_v3"), 1),
            ("Current lags by", "°", ("angle_i1", "angle_i2", "angle_i3"), 1),
            _three("Voltage", "V", "v"),
            _three("Current", "A", "i"),
        ),
        source="angles",
    ),
    page(
        "metering/sequence",
        "Sequence",
        10,
        table(
            ("Positive", "Negative", "Zero"),
            *_sequence("Voltage", "V", "u"),
            *_sequence("Current", "A", "i"),
            caption="Symmetrical components",
        ),
        table(
            ("Value",),
            ("Voltage unbalance", "%", ("v_unbalance",)),
            ("Current unbalance", "%", ("i_unbalance",)),
            caption="Unbalance",
        ),
        phasor(
            "Components of voltage and current",
            [("V+", "u_pos", None, "a"), ("V-", "u_neg", None, "b"), ("V0", "u_zero", None, "c")],
            [("I+", "i_pos", None, "a i"), ("I-", "i_neg", None, "b i"), ("I0", "i_zero", None, "c i")],
            pairs=True,
        ),
        source="sequence",
    ),
)
