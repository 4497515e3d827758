"""KW320: what its web pages show and what their forms set (manual 5.1.7). Names and units: web_names.py."""

from fourquad import points as p
from fourquad.models.rows import value
from fourquad.models.services import http, posts
from fourquad.points import modules as m
from fourquad.points import network as n
from fourquad.points.mail import MAIL_PASSWORD

NAME = "kw320"
PASSWORDS = http.PASSWORDS

_VOLTS = ("v1", "v2", "v3", "v_avg", "v12", "v23", "v31", "vl_avg")
_AMPS = ("i1", "i2", "i3", "i_avg", "i_n")
_POWERS = ("p1", "p2", "p3", "p_sum", "q1", "q2", "q3", "q_sum", "s1", "s2", "s3", "s_sum")
_FACTORS = ("pf1", "pf2", "pf3", "pf_sum")
ENERGIES = (
    "ep_imp",
    "ep_exp",
    "eq_imp",
    "eq_exp",
    "ep_total",
    "ep_net",
    "eq_total",
    "eq_net",
    "es",
    "ep1_imp",
    "ep1_exp",
    "ep2_imp",
    "ep2_exp",
    "ep3_imp",
    "ep3_exp",
    "eq1_imp",
    "eq1_exp",
    "eq2_imp",
    "eq2_exp",
    "eq3_imp",
    "eq3_exp",
    "es1",
    "es2",
    "es3",
)
# In the order of the extremes (registers/extremes.py), with what makes them what the pages show.
_EXTREMES = (
    ("v1", 1),
    ("v2", 1),
    ("v3", 1),
    ("v12", 1),
    ("v23", 1),
    ("v31", 1),
    ("i1", 1),
    ("i2", 1),
    ("i3", 1),
    ("p_sum", 0.001),
    ("q_sum", 0.001),
    ("s_sum", 0.001),
    ("pf_sum", 1),
    ("frequency", 1),
    ("p_demand", 0.001),
    ("q_demand", 0.001),
    ("s_demand", 0.001),
    ("v_unbalance", 100),
    ("i_unbalance", 100),
    ("thd_v1", 0.01),
    ("thd_v2", 0.01),
    ("thd_v3", 0.01),
    ("thd_i1", 0.01),
    ("thd_i2", 0.01),
    ("thd_i3", 0.01),
)
_H = p.HARMONIC
_V = _H + p.HARMONIC_V1
_I = _H + p.HARMONIC_I1
_SHOWN = p.EXTREME + p.EXTREMES_SHOWN


def _readings(names, first, scale=1):
    """Readings of the primary side, in the order of their points."""
    return tuple([value(name, "number", p.PRIMARY + first + i, scale) for i, name in enumerate(names)])


def _of_phases(name, first, step, kind="number", scale=0.01, count=0):
    """The same of three channels."""
    return tuple([value(f"{name}{i + 1}", kind, first + step * i, scale, count) for i in range(3)])


_DEMANDS = _readings(("p_demand", "q_demand", "s_demand"), p.P_DEMAND, 0.001) + _readings(
    ("i1_demand", "i2_demand", "i3_demand"), p.I1_DEMAND
)
_UNBALANCE = _readings(("v_unbalance", "i_unbalance"), p.V_UNBALANCE, 100)
_FREQUENCY = _readings(("frequency",), p.FREQUENCY)
_ANGLES = ("angle_v2", "angle_v3", "angle_i1", "angle_i2", "angle_i3")

PAGES = (
    (
        "dashboard",
        _readings(("v_avg",), p.V_AVG)
        + _readings(("vl_avg",), p.VL_AVG)
        + _readings(("i_avg",), p.I_AVG)
        + _FREQUENCY
        + (
            value("thd_v_avg", "number", _H + p.THD_V1 + 3, 0.01),
            value("thd_i_avg", "number", _H + p.THD_I1 + 3, 0.01),
        )
        + _readings(("pf_sum",), p.PF_SUM)
        + _readings(("p_sum",), p.P_SUM, 0.001)
        + _readings(("s_sum",), p.S_SUM, 0.001)
        + (
            value("ep_imp", "energy", p.ENERGY + p.EP_IMP),
            value("s_demand_max", "number", _SHOWN + 16, 0.001),
            value("p_demand_max", "number", _SHOWN + 14, 0.001),
        ),
    ),
    (
        "basic",
        _readings(_VOLTS, p.V1)
        + _readings(_AMPS, p.I1)
        + _readings(_POWERS, p.P1, 0.001)
        + _readings(_FACTORS, p.PF1)
        + _FREQUENCY
        + _UNBALANCE
        + (
            value("load_character", "letter", p.PRIMARY + p.LOAD_CHARACTER),
            value("load_percent", "number", p.PRIMARY + p.LOAD_PERCENT),
        ),
    ),
    (
        "energy",
        tuple([value(name, "energy", p.ENERGY + i) for i, name in enumerate(ENERGIES)]) + _DEMANDS,
    ),
    ("minmax", tuple([value(name, "extreme", i, scale) for i, (name, scale) in enumerate(_EXTREMES)])),
    (
        "thd",
        _of_phases("thd_v", _H + p.THD_V1, 1)
        + _of_phases("thd_i", _H + p.THD_I1, 1)
        + _of_phases("odd_v", _V + p.ORDERS, p.VOLTAGE_HARMONICS)
        + _of_phases("even_v", _V + p.ORDERS + 1, p.VOLTAGE_HARMONICS)
        + _of_phases("crest_v", _V + p.ORDERS + 2, p.VOLTAGE_HARMONICS, scale=0.001)
        + _of_phases("thff_v", _V + p.ORDERS + 3, p.VOLTAGE_HARMONICS)
        + _of_phases("odd_i", _I + p.ORDERS, p.CURRENT_HARMONICS)
        + _of_phases("even_i", _I + p.ORDERS + 1, p.CURRENT_HARMONICS)
        + _of_phases("k_i", _I + p.ORDERS + 2, p.CURRENT_HARMONICS, scale=0.1),
    ),
    (
        "harmonics",
        _of_phases("v", _V, p.VOLTAGE_HARMONICS, "list", count=p.ORDERS)
        + _of_phases("i", _I, p.CURRENT_HARMONICS, "list", count=p.ORDERS),
    ),
    (
        "angles",
        _readings(("v1", "v2", "v3"), p.V1)
        + _readings(("i1", "i2", "i3"), p.I1)
        + tuple([value(name, "number", p.SECONDARY + p.ANGLE_V2 + i, 1.0) for i, name in enumerate(_ANGLES)]),
    ),
    (
        "sequence",
        tuple(
            [
                value(name, "component", _H + p.SEQUENCE_U + 2 * i, 0.1, p.V_AVG)
                for i, name in enumerate(("u_pos", "u_neg", "u_zero"))
            ]
        )
        + tuple(
            [
                value(name, "component", _H + p.SEQUENCE_I + 2 * i, 0.001, p.I_AVG)
                for i, name in enumerate(("i_pos", "i_neg", "i_zero"))
            ]
        )
        + _UNBALANCE,
    ),
    (
        "io",
        (
            value("modules", "number", p.STATE + p.MODULES),
            value("inputs", "list", p.MODULE + m.DI1, 1, m.INPUTS),
            value("relays", "list", p.MODULE + m.RELAY1, 1, m.RELAYS),
            value("outputs", "list", p.MODULE + m.DO1, 1, m.OUTPUTS),
            value("counters", "list", p.MODULE + m.COUNT1, 1, m.INPUTS),
            value("ai", "list", p.MODULE + m.AI1, 1, m.ANALOG),
            value("ao", "list", p.MODULE + m.AO1, 1, m.ANALOG),
        ),
    ),
    posts.PAGE,
    (
        "about",
        (
            value("model", "word", "KW320"),
            value("title", "text", p.SETTING + n.HTTP_TITLE),
            value("host", "text", p.SETTING + n.HOST_NAME),
            value("address_1", "number", p.SETTING + p.ADDRESS_1),
            value("address_2", "number", p.SETTING + p.ADDRESS_2),
            value("seal", "number", p.STATE + p.SEAL_STATE),
            value("run_time", "number", p.STATE + p.RUN_TIME, 0.01),
            value("gaps", "number", p.STATE + p.GAPS),
        ),
    ),
)

# Names of forms, and the settings of each, (first, last) offset: of one group, whose file has all of them or
# none after a power cut.
FORMS = (
    ("meter", ((p.GROUP_MEASUREMENT, p.GROUP_PORTS - 1),)),
    ("seal", ((p.SEAL_OPTIONS, p.SEAL_OPTIONS),)),
    ("ports", ((p.PROTOCOL_1, p.SECOND_PROTOCOL),)),
    ("demand", ((p.GROUP_BILLING, p.GROUP_IO - 1),)),
    ("io", ((p.GROUP_IO, p.GROUP_DISPLAY - 1),)),
    ("soe", ((p.SOE_MODULE, p.SOE_MODULE),)),
    ("display", ((p.GROUP_DISPLAY, p.GROUP_IEC - 1),)),
    ("password", ((p.PASSWORD, p.PASSWORD),)),
    ("alarms", ((p.GROUP_ALARMS, p.GROUP_QUALITY - 1),)),
    ("quality", ((p.GROUP_QUALITY, p.GROUP_NETWORK - 1),)),
    ("network", ((n.DHCP, n.FAST_READ), (n.HOST_NAME, n.HOST_NAME))),
    ("access", ((n.ACCESS_MODBUS, n.ACCESS_HTTP), (n.ALLOWED, n.ALLOWED + n.ALLOWED_COUNT - 1))),
    ("http", ((n.HTTP, n.HTTP_TITLE),)),
    ("time", ((n.NTP, n.NTP_SERVER + n.NTP_SERVERS - 1),)),
    ("mqtt", ((864, 895),)),
    ("snmp", ((928, 959),)),
    ("dnp3", ((n.DNP3_MODE, n.DNP3_CALL_PORT),)),
    ("bacnet", ((976, 991),)),
    ("mail", ((992, 1023),)),
) + posts.FORMS
# Offsets of settings that are never told: whether there is something is.
_PASSWORDS = (p.PASSWORD, n.MQTT_PASSWORD, n.SNMP_AUTH_PASSWORD, n.SNMP_PRIV_PASSWORD, MAIL_PASSWORD)
SECRETS = _PASSWORDS + posts.SECRETS
# And of those that are nobody's but the meter's.
HIDDEN = http.HIDDEN + posts.HIDDEN
SEALED = http.SEALED
OWN = http.OWN  # 5.1.8.19
# What may be written: (first, last) point.
WRITABLE = (
    (p.SETTING, p.SETTING + p.GROUP_LOGS - 1),
    (p.COMMAND, p.COMMAND + 63),
    (p.ENERGY, p.ENERGY + p.ENERGIES - 1),
    (p.STATE + p.YEAR, p.STATE + p.SECOND),
    (p.MODULE, p.MODULE + m.CLEAR_COUNTS),
) + posts.POINTS
