"""KW320: the module's pages (manual 5.1.7 to 5.1.11), as tables of what its web server says. No board loads
them: the layout is made of them on a PC (fourquad_tools.web).
"""

from fourquad import points as p
from fourquad.models import web_shared_pages as shared
from fourquad.models.kw320.alarm_names import CODES
from fourquad.models.kw320.alarms import WATCHED
from fourquad.models.kw320.logged import MAILED, PARAMETERS
from fourquad.models.kw320.modules import MODULES
from fourquad.models.kw320.quality import WAVEFORM
from fourquad.models.kw320.settings import CT2_COUNTS
from fourquad.models.kw320.web_metering_pages import METERING
from fourquad.models.services import mqtt
from fourquad.models.web_rows import block, form, page, rows, table, text
from fourquad.points import alarms as a
from fourquad.points import columns as c
from fourquad.points import modules as m
from fourquad.points import values as v

_RESET = p.SETTING + p.MODULE_RESET


# What the pages show of a unit of the alarms' codes: counts of one, and its name.
_SHOWN = {
    "0.01 Hz": (100, "Hz"),
    "0.1 V": (10, "V"),
    "mA": (1000, "A"),
    "W": (1000, "kW"),
    "var": (1000, "kvar"),
    "VA": (1000, "kVA"),
    "0.001": (1000, ""),
    "0.1 %": (10, "%"),
    "0.01 %": (100, "%"),
    "0.1 degrees by which V2 lags V1": (10, "\u00b0"),
}


def _codes():
    """(name, unit, counts of it, side, whether it has a sign) of what an alarm watches, by its code; side: a
    place in `ratios`.
    """
    found = []
    for code, (name, unit) in enumerate(CODES):
        kind, _, sign = unit.partition(", ")
        factor, shown = _SHOWN.get(kind, (1, ""))
        found.append((name[0].upper() + name[1:], shown, factor, WATCHED[code][c.SIDE], sign == "signed"))
    return found


# Lists that several fields share.
LISTS = {"alarms": _codes()}


def _field(channel, field):
    return a.FIRST + a.FIELDS * channel + field


def _set_point(channel):
    """A value of the primary side, which is stored as one of the secondary one."""
    return (_field(channel, a.SET_POINT), {"k": "point", "of": p.SETTING + _field(channel, a.CODE)})


# More of fields than the names tell: (offset, what is said besides).
FIELDS = (
    tuple([(_field(i, a.CODE), {"list": "alarms"}) for i in range(a.COUNT)])
    + tuple([_set_point(i) for i in range(a.COUNT)])
    + tuple([(offset, {"b": [name for name, _ in names]}) for offset, _, _, names in mqtt.MQTT])
    + shared.fields_of_mail(MAILED)
    + shared.fields_of_loggers(PARAMETERS)
)
# What makes a value of the secondary side one of the primary: of none, voltages, currents, powers, each
# settings of the meter to multiply with and to divide by; a divisor that is not in `divides` counts as 1.
RATIOS = {
    "form": "meter",
    "times": [[], [p.SETTING + p.PT1], [p.SETTING + p.CT1], [p.SETTING + p.PT1, p.SETTING + p.CT1]],
    "over": [[], [p.SETTING + p.PT2], [p.SETTING + p.CT2], [p.SETTING + p.PT2, p.SETTING + p.CT2]],
    "divides": {str(p.SETTING + p.CT2): CT2_COUNTS},
}


def _terminals(row):
    told = {"name": row[c.NAME], "bit": row[c.BIT], "number": MODULES.index(row) + 1}
    kinds = (("inputs", c.INPUTS), ("relays", c.RELAYS), ("ao", c.ANALOG_OUTPUTS), ("ai", c.ANALOG_INPUTS))
    for name, kind in kinds:
        if row[kind][c.NUMBER]:
            told[name] = row[kind][: c.SETTINGS_AT]
    return told


IO = (
    page(
        "metering/io",
        "I/O modules",
        5,
        block(
            "io",
            modules=[_terminals(row) for row in MODULES],
            relay=p.MODULE + m.RELAY1,
            clear=p.MODULE + m.CLEAR_COUNTS,
        ),
        source="io",
        menu="I/O",
    ),
)

_FILES = [[f"Data log {n}", f"/api/datalog/{n}.csv", "as CSV"] for n in (1, 2, 3)]
LOGS = (
    page(
        "logs/trend",
        "Trend",
        5,
        block(
            "trend",
            live=[
                ["Phase voltages", "V", ["v1", "v2", "v3"]],
                ["Line voltages", "V", ["v12", "v23", "v31"]],
                ["Currents", "A", ["i1", "i2", "i3"]],
                ["Active power", "kW", ["p1", "p2", "p3", "p_sum"]],
                ["Reactive power", "kvar", ["q1", "q2", "q3", "q_sum"]],
                ["Apparent power", "kVA", ["s1", "s2", "s3", "s_sum"]],
                ["Power factor", "", ["pf1", "pf2", "pf3", "pf_sum"]],
                ["Frequency", "Hz", ["frequency"]],
            ],
            files=[each[:2] for each in _FILES] + shared.LOGGED,
        ),
        source="basic",
    ),
    page(
        "logs/data",
        "Data logs",
        0,
        block("downloads", files=_FILES, caption="What the meter's three logs have"),
        text(
            "A file has a line for each record: its time and the registers that the log takes, as they are "
            "(docs: registers). Which these are is set over Modbus (1100H) or with the utility."
        ),
    ),
    shared.LOGGER_FILES,
    shared.alarm_log("Alarm log"),
    shared.event_sequence(6),
    page(
        "logs/quality",
        "Power quality log",
        10,
        rows(
            "/api/log/quality",
            "records",
            ("No.", "number"),
            ("Time", "time"),
            ("Event", "what"),
            ("Limit", "limit"),
            decode="quality",
            empty="No event yet.",
        ),
        only="kw320q",
    ),
    page(
        "logs/waveforms",
        "Waveform log",
        10,
        block(
            "waves",
            capture=p.COMMAND + p.CAPTURE_WAVEFORM,
            clear=p.COMMAND + p.CLEAR_WAVEFORMS,
            volt=WAVEFORM[0],
            amps=WAVEFORM[1],
            ct2=p.SETTING + p.CT2,
            frequency=p.SETTING + p.NOMINAL_FREQUENCY,
            wiring=p.SETTING + p.WIRING_U,
            lines=(v.WIRING_2LL, v.WIRING_3LL),
        ),
        only="kw320q",
    ),
    shared.events("Event log"),
)

SETTINGS = (
    (
        page(
            "settings/meter",
            "Meter",
            0,
            form("meter"),
            form("demand", title="Demand"),
            form("seal", title="Seal"),
        ),
        page("settings/ports", "Serial ports", 0, form("ports")),
        page(
            "settings/io",
            "I/O modules",
            0,
            form("io"),
            form("soe", title="Sequence of events"),
            menu="I/O",
        ),
        page("settings/alarms", "Alarms", 0, form("alarms")),
        page("settings/quality", "Power quality", 0, form("quality"), only="kw320q"),
        page("settings/display", "Display", 0, form("display"), form("password", title="Password")),
    )
    + shared.network_settings(
        ("network", "Network"),
        ("http", "Web pages"),
        ("access", "Access by address", "Access"),
        ("time", "Time"),
        ("dnp3", "DNP3"),
        ("mqtt", "MQTT"),
        ("snmp", "SNMP"),
        ("bacnet", "BACnet/IP"),
        ("loggers", "Data loggers"),
        ("posts", "Posts"),
        ("mail", "Mail"),
    )
    + (
        shared.USERS,
        shared.BACKUP,
        shared.management(p.CLEAR_DEMAND, p.CLEAR_ENERGY, p.CLEAR_MAX_MIN, p.CLEAR_ALARMS, p.CLEAR_RUN_TIME),
    )
)

SYSTEM = (
    shared.POSTS,
    shared.diagnostics("Diagnostics"),
    page(
        "system/about",
        "About",
        10,
        table(
            ("Value",),
            ("Model", "", ("model",)),
            ("Device description", "", ("title",)),
            ("Host name", "", ("host",)),
            ("Address on port 1", "", ("address_1",), 0),
            ("Address on port 2", "", ("address_2",), 0),
            ("Seal", "", ("seal",), {"10": "sealed", "": "open"}),
            ("Run time", "h", ("run_time",), 2),
            ("Gaps in the samples", "", ("gaps",), 0),
        ),
        source="about",
    ),
    shared.FIRMWARE,
)

PAGES = METERING + IO + LOGS + SETTINGS + SYSTEM
RESET = _RESET
