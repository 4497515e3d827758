"""AcuRev 2020: what its web pages show and what their forms set (manual chapters 10 and 11). The pages:
web_pages.py.
"""

from fourquad import points as p
from fourquad.models.acurev2020.settings import ALARM_RECORDS
from fourquad.models.rows import value
from fourquad.models.services import http, posts
from fourquad.points import circuits as c
from fourquad.points import mail as g
from fourquad.points import modules as m
from fourquad.points import network as n

NAME = "acurev2020"
PASSWORDS = http.PASSWORDS

_VOLTS = ("v1", "v2", "v3", "v_avg", "v12", "v23", "v31", "vl_avg")
_H = p.HARMONIC
_V = _H + p.HARMONIC_V1


def _readings(names, first, scale=1):
    """Readings in the order of their points."""
    return tuple([value(name, "number", p.PRIMARY + first + i, scale) for i, name in enumerate(names)])


def _of_phases(name, first, step, kind="number", scale=0.01, count=0):
    """The same of three voltages."""
    return tuple([value(f"{name}{i + 1}", kind, first + step * i, scale, count) for i in range(3)])


_GROUPS = value("groups", "list", c.READINGS, 1, c.FIELDS * c.GROUPS)


def _demand(name, quantity, scale):
    """Last, predicted, maximum, and when that was, of a group."""
    rows = [
        value(name + word, "number", c.DEMAND + 4 * c.GROUPS * i + quantity, scale, step=4)
        for i, word in enumerate(("", "_next", "_max"))
    ]
    rows.append(value(name + "_time", "packed", c.DEMAND + 12 * c.GROUPS + 3 * quantity, step=12))
    return tuple(rows)


def _energy(name, source):
    return (value(name, "tenths", c.ENERGY + c.GROUPS * source, step=1),)


def _month(name, month, place):
    """Of a source that is counted by tariff: total, tariffs 1-4."""
    first = c.MONTH + 5 * c.GROUPS * (len(c.BY_TARIFF) * month + place)
    return tuple([value(f"{name}{rate}", "tenths", first + rate, step=5) for rate in range(5)])


PAGES = (
    (
        "dashboard",
        _readings(("v_avg",), p.V_AVG)
        + _readings(("vl_avg",), p.VL_AVG)
        + _readings(("frequency",), p.FREQUENCY)
        + _readings(("pf_sum",), p.PF_SUM)
        + _readings(("p_sum",), p.P_SUM, 0.001)
        + _readings(("s_sum",), p.S_SUM, 0.001)
        + (
            value("amps", "number", c.READINGS + c.FIELDS * c.TOTAL + c.AMPS),
            value("ep_imp", "tenths", c.ENERGY + c.GROUPS * c.P_IMPORT + c.TOTAL),
            value("thd_v_avg", "number", _H + p.THD_V1 + 3, 0.01),
            value("p_demand_max", "number", c.DEMAND + 8 * c.GROUPS + 4 * c.TOTAL, 0.001),
            value("s_demand_max", "number", c.DEMAND + 8 * c.GROUPS + 4 * c.TOTAL + 2, 0.001),
        ),
    ),
    (
        "realtime",
        _readings(_VOLTS, p.V1)
        + _readings(("frequency",), p.FREQUENCY)
        + _readings(("v_unbalance", "i_unbalance"), p.V_UNBALANCE, 100)
        + (_GROUPS,),
    ),
    ("groups", (_GROUPS,)),
    (
        "demand",
        _demand("p", 0, 0.001) + _demand("q", 1, 0.001) + _demand("s", 2, 0.001) + _demand("i", 3, 1),
        c.GROUPS,
    ),
    (
        "energy",
        _energy("ep_imp", c.P_IMPORT)
        + _energy("ep_exp", c.P_EXPORT)
        + _energy("eq_imp", c.Q_IMPORT)
        + _energy("eq_exp", c.Q_EXPORT)
        + _energy("es", c.APPARENT)
        + _month("this_p", 0, 0)
        + _month("this_q", 0, 1)
        + _month("this_s", 0, 2)
        + _month("last_p", 1, 0)
        + _month("last_q", 1, 1)
        + _month("last_s", 1, 2),
        c.GROUPS,
    ),
    (
        "voltages",
        _of_phases("v", _V, p.VOLTAGE_HARMONICS, "list", count=30)
        + _of_phases("thd", _H + p.THD_V1, 1)
        + _of_phases("odd", _V + p.ORDERS, p.VOLTAGE_HARMONICS)
        + _of_phases("even", _V + p.ORDERS + 1, p.VOLTAGE_HARMONICS)
        + _of_phases("crest", _V + p.ORDERS + 2, p.VOLTAGE_HARMONICS, scale=0.001)
        + _of_phases("thff", _V + p.ORDERS + 3, p.VOLTAGE_HARMONICS)
        + _readings(("v_unbalance",), p.V_UNBALANCE, 100),
    ),
    (
        "currents",
        (
            value("orders", "list", c.SPECTRUM + 1, 0.01, c.ORDERS, step=c.WORDS),
            value("thd", "number", c.SPECTRUM + c.THD, 0.01, step=c.WORDS),
            value("odd", "number", c.SPECTRUM + c.ODD, 0.01, step=c.WORDS),
            value("even", "number", c.SPECTRUM + c.EVEN, 0.01, step=c.WORDS),
            value("k", "number", c.SPECTRUM + c.K, 0.1, step=c.WORDS),
        ),
        c.INPUTS,
    ),
    (
        "angles",
        _readings(("v1", "v2", "v3"), p.V1)
        + tuple(
            [
                value(name, "number", p.SECONDARY + p.ANGLE_V2 + i, 1.0)
                for i, name in enumerate(("angle_v2", "angle_v3"))
            ]
        )
        + (value("angles", "list", c.READINGS + c.ANGLE, 1.0, c.INPUTS), _GROUPS),
    ),
    (
        "io",
        (
            value("modules", "number", p.STATE + p.MODULES),
            value("inputs", "list", p.MODULE + m.DI1, 1, 8),
            value("relays", "list", p.MODULE + m.RELAY1, 1, 8),
            value("counters", "list", p.MODULE + m.COUNT1, 1, 8),
        ),
    ),
    posts.PAGE,
    (
        "about",
        (
            value("model", "word", "AcuRev 2020"),
            value("title", "text", p.SETTING + n.HTTP_TITLE),
            value("host", "text", p.SETTING + n.HOST_NAME),
            value("address_1", "number", p.SETTING + p.ADDRESS_1),
            value("run_time", "number", p.STATE + p.RUN_TIME, 0.01),
            value("gaps", "number", p.STATE + p.GAPS),
        ),
    ),
)

ALARMS = (c.ALARM_RECORDS, ALARM_RECORDS)  # first point and number of the records

# Names of forms, and the settings of each: (first, last) offset.
FORMS = (
    (
        "meter",
        ((p.NOMINAL_FREQUENCY, p.NOMINAL_FREQUENCY), (c.CIRCUIT_WIRING, c.CT_1 + c.INPUTS - 1)),
    ),
    ("ports", ((p.ADDRESS_1, p.PARITY_1),)),
    ("demand", ((p.GROUP_BILLING, p.GROUP_IO - 1),)),
    ("io", ((p.GROUP_IO, p.GROUP_DISPLAY - 1),)),
    ("soe", ((p.SOE_MODULE, p.SOE_MODULE),)),
    ("display", ((p.PASSWORD, p.PASSWORD),)),
    ("alarms", ((p.GROUP_ALARMS, p.GROUP_QUALITY - 1),)),
    ("network", ((n.DHCP, n.FAST_READ), (n.HOST_NAME, n.HOST_NAME))),
    ("access", ((n.ACCESS_MODBUS, n.ACCESS_HTTP), (n.ALLOWED, n.ALLOWED + n.ALLOWED_COUNT - 1))),
    ("http", ((n.HTTP, n.HTTP_TITLE),)),
    ("time", ((n.NTP, n.NTP_SERVER + n.NTP_SERVERS - 1),)),
    ("snmp", ((n.SNMP, n.SNMP_CONTACT),)),
    ("bacnet", ((n.BACNET, n.BACNET_DESCRIPTION),)),
    ("mail", ((g.MAIL, g.MAIL_TO + g.RECIPIENTS - 1),)),
) + posts.FORMS
# Offsets of settings that are never told: whether there is something is.
SECRETS = (p.PASSWORD, n.SNMP_AUTH_PASSWORD, n.SNMP_PRIV_PASSWORD, g.MAIL_PASSWORD) + posts.SECRETS
# And of those that are nobody's but the meter's.
HIDDEN = http.HIDDEN + posts.HIDDEN
SEALED = http.SEALED
OWN = http.OWN + ((n.BACNET_INSTANCE, n.BACNET_INSTANCE),)  # chapter 11
# What may be written: (first, last) point.
WRITABLE = (
    (p.SETTING, p.SETTING + p.GROUP_LOGS - 1),
    (p.COMMAND, p.COMMAND + 63),
    (p.STATE + p.YEAR, p.STATE + p.SECOND),
    (p.MODULE, p.MODULE + m.CLEAR_COUNTS),
) + posts.POINTS
