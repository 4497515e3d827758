"""Names and units of the points, for people: the `points` command and the documents. No board loads it."""

from fourquad import points as p
from fourquad.points import alarms as a
from fourquad.points import billing as b
from fourquad.points import modules as m
from fourquad.points import network, system
from fourquad.points.reading_names import ENERGIES, READINGS

# Quantities of billing: name, unit of its energy, unit of its demand.
_QUANTITIES = (
    ("active_import", "kWh", "W"),
    ("active_export", "kWh", "W"),
    ("reactive_q1", "kvarh", "var"),
    ("reactive_q2", "kvarh", "var"),
    ("reactive_q3", "kvarh", "var"),
    ("reactive_q4", "kvarh", "var"),
    ("apparent", "kVAh", "VA"),
    ("reactive_import", "kvarh", "var"),
    ("reactive_export", "kvarh", "var"),
    ("active_net", "kWh", "W"),
    ("active_total", "kWh", "W"),
    ("reactive_net", "kvarh", "var"),
    ("reactive_total", "kvarh", "var"),
    ("current_1", "", "A"),
    ("current_2", "", "A"),
    ("current_3", "", "A"),
)
_RATES = ("", ".t1", ".t2", ".t3", ".t4")
_GROUPS = ("", "l1.", "l2.", "l3.")
_KINDS = ("last", "running", "predicted", "maximum", "maximum_time", "cumulative", "sub")
_PHASED = (
    ("over_voltage", b.OVER_VOLTAGE),
    ("under_voltage", b.UNDER_VOLTAGE),
    ("voltage_loss", b.VOLTAGE_LOSS),
    ("phase_failure", b.PHASE_FAILURE),
    ("over_current", b.OVER_CURRENT),
    ("current_reversal", b.CURRENT_REVERSAL),
    ("missing_current", b.MISSING_CURRENT),
)
_SINGLE = (
    "energy_reversal",
    "phase_sequence",
    "power_down",
    "all_voltage_loss",
    "one_phase_failure",
    "two_phase_failure",
)
_FIELDS = ("count", "seconds", "start", "stop", "import", "export", "active")

# What has a unit besides the readings and energies: the unit, and how many of it one count is.
_UNITS = {
    "PT1": ("V", 0.1),
    "PT2": ("V", 0.1),
    "CT1": ("A", 1),
    "BAUD_1": ("baud", 1),
    "BAUD_2": ("baud", 1),
    "BACKLIGHT": ("min", 1),
    "DEMAND_WINDOW": ("min", 1),
    "DEMAND_SUB_INTERVAL": ("min", 1),
    "POWER_INTERVAL": ("min", 1),
    "NOMINAL_VOLTAGE": ("V", 0.1),
    "RATED_CURRENT": ("A", 0.001),
    "MAXIMUM_CURRENT": ("A", 0.001),
    "PULSE_WIDTH": ("ms", 1),
    "SV_OVER_VOLTAGE": ("%", 1),
    "SV_UNDER_VOLTAGE": ("%", 1),
    "SV_LOST_VOLTAGE": ("%", 1),
    "SV_OVER_CURRENT": ("%", 1),
    "SV_LOW_CURRENT": ("%", 0.1),
    "SV_DELAY": ("s", 1),
    "ENERGY_COUNT": ("Wh", 1),
    "RATED_VOLTAGE": ("V", 1),
    "SAG_THRESHOLD": ("%", 1),
    "SWELL_THRESHOLD": ("%", 1),
    "RATED_AMPERES": ("A", 0.001),
    "OVER_CURRENT_THRESHOLD": ("%", 1),
    "RUN_TIME": ("h", 0.01),
    "LOAD_TIME": ("h", 0.01),
    "TEMPERATURE": ("C", 1),
    "EPOCH": ("s", 1),
    "MILLISECOND": ("ms", 1),
}


def _section(first, last, module=p):
    """(offset, NAME) of the constants of `module` from `first` to `last`, in their order there."""
    names = [name for name, value in vars(module).items() if name.isupper() and isinstance(value, int)]
    return [(getattr(module, name), name) for name in names[names.index(first) : names.index(last) + 1]]


def _billing():
    """Rows of energies by tariff, demands, supervised events and the rest of billing."""
    rows = []
    for g, group in enumerate(_GROUPS):
        for q, (name, unit, _) in enumerate(_QUANTITIES[: b.CURRENT_1]):
            for r, rate in enumerate(_RATES):
                rows.append((b.tariff_energy(q, r, g), f"tariff.{group}{name}{rate}", unit, 0.01))
    for k, kind in enumerate(_KINDS):
        for q, (name, _, unit) in enumerate(_QUANTITIES):
            for r, rate in enumerate(_RATES):
                stamp = k == b.DEMAND_MAXIMUM_TIME
                scale = 1 if stamp else 0.001 if unit == "A" else 0.1
                row = (b.demand(k, q, r), f"demand.{kind}.{name}{rate}", "s" if stamp else unit, scale)
                rows.append(row)
    events = [(f"{name}.{n}", first + n - 1) for name, first in _PHASED for n in (1, 2, 3)]
    events += [(name, b.ENERGY_REVERSAL + i) for i, name in enumerate(_SINGLE)]
    for name, event in events:
        rows += [(b.supervised(event, f), f"event.{name}.{field}", "", 1) for f, field in enumerate(_FIELDS)]
    for offset, name in _section("TARIFF", "ENERGY_MODULUS", b):
        rows.append((p.BILLING + offset, "billing." + name.lower()) + _UNITS.get(name, ("", 1)))
    for i in range(3):
        name = ("records", "capacity", "minutes")[i]
        rows.append((p.PROFILE + i, "profile." + name, "", 1))
    return rows


_EXTREMES = (
    ("v1", "V", 0.1),
    ("v2", "V", 0.1),
    ("v3", "V", 0.1),
    ("v12", "V", 0.1),
    ("v23", "V", 0.1),
    ("v31", "V", 0.1),
    ("i1", "A", 0.001),
    ("i2", "A", 0.001),
    ("i3", "A", 0.001),
    ("p_sum", "W", 1),
    ("q_sum", "var", 1),
    ("s_sum", "VA", 1),
    ("pf_sum", "", 0.001),
    ("frequency", "Hz", 0.01),
    ("p_demand", "W", 1),
    ("q_demand", "var", 1),
    ("s_demand", "VA", 1),
    ("v_unbalance", "", 0.001),
    ("i_unbalance", "", 0.001),
    ("thd_v1", "%", 0.01),
    ("thd_v2", "%", 0.01),
    ("thd_v3", "%", 0.01),
    ("thd_i1", "%", 0.01),
    ("thd_i2", "%", 0.01),
    ("thd_i3", "%", 0.01),
)
_STAMP = ("year", "month", "day", "hour", "minute", "second")


def _harmonics():
    """Rows of harmonics, symmetrical components and extremes."""
    rows = []
    for k, name in enumerate(("v1", "v2", "v3", "v", "i1", "i2", "i3", "i")):
        rows.append((p.HARMONIC + k, f"harmonic.{name}.thd", "%", 0.01))
    for k, name in enumerate(("v1", "v2", "v3", "i1", "i2", "i3")):
        if k < 3:
            at = p.HARMONIC + p.HARMONIC_V1 + p.VOLTAGE_HARMONICS * k
            more = (("crest", "", 0.001), ("thff", "%", 0.01))
        else:
            at = p.HARMONIC + p.HARMONIC_I1 + p.CURRENT_HARMONICS * (k - 3)
            more = (("k_factor", "", 0.1),)
        words = [(f"h{h}", "%", 0.01) for h in range(2, 64)]
        words += [("odd", "%", 0.01), ("even", "%", 0.01)]
        words += more
        for i, (word, unit, scale) in enumerate(words):
            rows.append((at + i, f"harmonic.{name}.{word}", unit, scale))
    axes = [f"{part}.{axis}" for part in ("positive", "negative", "zero") for axis in ("real", "imaginary")]
    rows += [(p.HARMONIC + p.SEQUENCE_U + i, "sequence.u." + axis, "V", 0.1) for i, axis in enumerate(axes)]
    rows += [(p.HARMONIC + p.SEQUENCE_I + i, "sequence.i." + axis, "A", 0.001) for i, axis in enumerate(axes)]
    at = p.EXTREME
    for kind in ("maximum", "minimum"):
        for name, unit, scale in _EXTREMES:
            rows.append((at, f"{kind}.{name}", unit, scale))
            rows += [(at + 1 + i, f"{kind}.{name}.{field}", "", 1) for i, field in enumerate(_STAMP)]
            at += p.EXTREME_FIELDS
    return rows


_CURVE = ("gradients",) + tuple(
    [f"{what}_{point}" for what in ("value", "output") for point in ("start", "2", "3", "end")]
)


def _modules():
    """Rows of I/O modules and their settings."""
    rows = []
    for i, name in _section("IO11_DI_TYPE", "AO4_PARAMETER", m):
        rows.append((p.SETTING + i, "setting." + name.lower(), "ms" if name.endswith("_PULSE") else "", 1))
    for n in range(m.ANALOG):
        at = p.SETTING + m.AO1_GRADIENTS + m.CURVE * n
        rows += [(at + i, f"setting.ao{n + 1}_{name}", "", 1) for i, name in enumerate(_CURVE)]
    for at, count, name, unit in (
        (m.DI1, m.INPUTS, "di{}", ""),
        (m.RELAY1, m.RELAYS, "relay{}", ""),
        (m.DO1, m.OUTPUTS, "do{}", ""),
        (m.AI1, m.ANALOG, "ai{}", ""),
        (m.AO1, m.ANALOG, "ao{}", "mA or V"),
        (m.COUNT1, m.INPUTS, "di{}_count", "pulses"),
    ):
        rows += [(p.MODULE + at + i, "io." + name.format(i + 1), unit, 1) for i in range(count)]
    words = _STAMP + ("ms", "inputs")
    for n in range(m.EVENTS):
        rows += [
            (p.SEQUENCE + len(words) * n + k, f"event{n + 1}.{word}", "", 1) for k, word in enumerate(words)
        ]
    return rows


def _alarms():
    """Rows of the alarms' settings and records."""
    first = p.SETTING + a.FIRST
    rows = [(p.SETTING + i, "setting.alarm_" + name.lower(), "", 1) for i, name in _section("ON", "PAIRS", a)]
    rows += [(p.SETTING + a.DO1 + i, f"setting.alarm_do{i + 1}", "", 1) for i in range(a.OUTPUTS)]
    fields = ("code", "comparison", "set_point", "delay", "relay")
    for n in range(a.COUNT):
        for k, field in enumerate(fields):
            unit = ("s", 0.01) if k == a.DELAY else ("", 1)
            rows.append((first + a.FIELDS * n + k, f"setting.alarm{n + 1}_{field}") + unit)
    words = ("status", "code", "value") + _STAMP + ("ms",)
    for n in range(a.RECORDS):
        at = p.ALARM + a.WORDS * n
        rows += [(at + k, f"alarm{n + 1}.{word}", "", 1) for k, word in enumerate(words)]
    rows += [(p.ALARM + i, "alarm." + name.lower(), "", 1) for i, name in _section("STANDING", "LOST", a)]
    return rows


def _system():
    """Rows of system types, alerts and demand by sub-intervals."""
    rows = []
    for i, name in _section("SYSTEM_TYPE", "VENDOR", system):
        unit = {"SYSTEM_VOLTAGE": ("V", 0.1), "SUB_INTERVAL": ("s", 0.01)}.get(name, ("", 1))
        rows.append((p.SETTING + i, "setting." + name.lower()) + unit)
    for first, what in (
        (system.PRESENT, "present"),
        (system.MAXIMUM_IMPORT, "maximum.import"),
        (system.MAXIMUM_EXPORT, "maximum.export"),
    ):
        for i, unit in enumerate(("W", "var", "VA")):
            rows.append((system.DEMANDS + first + i, f"interval.{what}.{'pqs'[i]}", unit, 1))
    for i, name in _section("BITMAP", "OUTPUTS", system):
        rows.append((system.ALERTS + i, "alert." + name.lower(), "W" if i == system.MAXIMUM_POWER else "", 1))
    for g, group in enumerate(_GROUPS):
        for i, way in enumerate(("net", "imp", "exp")):
            at = system.ALERTS + system.APPARENT + 3 * g + i
            rows.append((at, f"apparent.{group}{way}", "kVAh", 0.01))
    return rows


def _network():
    """Rows of the network's settings."""
    rows = []
    own = _section("DHCP", "DNP3_CALL_PORT", network) + _section("MQTT", "MQTT_WILL", network)
    own += _section("BACNET", "BACNET_DESCRIPTION", network)
    for i, name in own:
        parts = 4 if name in ("IP", "MASK", "GATEWAY", "DNS_1", "DNS_2", "BACNET_BBMD") else 1
        for k in range(parts):
            part = f".{k + 1}" if parts > 1 else ""
            rows.append((p.SETTING + i + k, f"setting.{name.lower()}{part}", "", 1))
    return rows


def _table():
    rows = []
    for prefix, base, count in (
        ("secondary.", p.SECONDARY, p.READINGS),
        ("primary.", p.PRIMARY, p.READINGS),
        ("fast.", p.FAST, p.FAST_READINGS),
    ):
        rows += [(base + i, prefix + READINGS[i][0], READINGS[i][1], 1) for i in range(count)]
    # One count of energy is 0.1 kWh, on the secondary side a hundredth of that: see `scale`.
    rows += [(p.ENERGY + i, "energy." + name, unit, 0.1) for i, (name, unit) in enumerate(ENERGIES)]
    for month in range(p.MONTHS):
        at = p.MONTH_ENERGY + p.ENERGIES * month
        rows += [(at + i, f"month{month + 1}.{name}", unit, 0.1) for i, (name, unit) in enumerate(ENERGIES)]
    for prefix, base, first, last in (
        ("setting.", p.SETTING, "NOMINAL_FREQUENCY", "MAXIMUM_CURRENT"),
        ("setting.", p.SETTING, "PROTOCOL_1", "SEAL_OPTIONS"),
        ("setting.", p.SETTING, "DEMAND_WINDOW", "SV_DELAY"),
        ("setting.", p.SETTING, "PULSE_P", "LED_Q"),
        ("setting.", p.SETTING, "BACKLIGHT", "ENERGY_DECIMALS"),
        ("setting.", p.SETTING, "RATED_VOLTAGE", "CAPTURE_DI_3"),
        ("command.", p.COMMAND, "CLEAR_DEMAND", "SYNCHRONISE_DEMAND"),
        ("command.", p.COMMAND, "CAPTURE_WAVEFORM", "CLEAR_QUALITY"),
        ("state.", p.STATE, "WEEKDAY", "TEMPERATURE"),
    ):
        for i, name in _section(first, last):
            rows.append((base + i, prefix + name.lower()) + _UNITS.get(name, ("", 1)))
    for i, what in enumerate(("event_room", "wave_room")):
        rows.append((p.QUALITY + p.EVENT_ROOM + i, "quality." + what, "", 1))
    for i, what in enumerate(("sag", "swell", "over_current")):
        at = p.QUALITY + p.SAGS + 3 * i
        unit = ("A", 0.001) if i == 2 else ("V", 0.1)
        names = ((f"{what}s", "", 1), (f"{what}.worst",) + unit, (f"{what}.length", "ms", 1))
        rows += [(at + k, "quality." + name, unit, scale) for k, (name, unit, scale) in enumerate(names)]
    rows += _modules()
    rows += _billing() + _harmonics() + _alarms() + _system() + _network()
    return tuple(rows)


# Every point: (id, name, unit, how many of the unit one count is).
POINTS = _table()

BY_NAME = {name: pid for pid, name, _, _ in POINTS}


def scaled(pid, value, scale, energy_side):
    """`value` of a point in its unit; `energy_side` is the setting ENERGY_SIDE."""
    if (
        p.ENERGY <= pid < p.ENERGY + p.ENERGIES
        or p.MONTH_ENERGY <= pid < p.MONTH_ENERGY + p.MONTHS * p.ENERGIES
    ):
        return round(value * (0.001 if energy_side else scale), 3)
    return value if scale == 1 else round(value * scale, 2)
