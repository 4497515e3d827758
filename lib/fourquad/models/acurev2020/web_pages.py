"""AcuRev 2020: the WEB module's pages (manual chapters 10 and 11), as tables of what its web server says. No
board loads them: the layout is made of them on a PC (fourquad_tools.web).
"""

from fourquad import points as p
from fourquad.models import web_shared_pages as shared
from fourquad.models.acurev2020.logged import MAILED, PARAMETERS
from fourquad.models.acurev2020.web_metering_pages import METERING
from fourquad.models.web_rows import block, form, page, table
from fourquad.points import alarms as a
from fourquad.points import circuits as c

RESET = p.SETTING + p.MODULE_RESET


def _codes():
    """(name, unit, counts of it, side, whether it has a sign) of what an alarm watches, by its code; there is
    one side only.
    """
    groups = ("phase A", "phase B", "phase C", "the system")
    found = [("Frequency", "Hz", 100, 0, False)]
    found += [
        (name, "V", 10, 0, False)
        for name in (
            "Voltage A",
            "Voltage B",
            "Voltage C",
            "Voltage, mean",
            "Voltage AB",
            "Voltage BC",
            "Voltage CA",
            "Line voltage, mean",
        )
    ]
    for name, unit, factor, signed in (
        ("Current", "A", 10, False),
        ("Active power", "kW", 10, True),
        ("Reactive power", "kvar", 10, True),
        ("Apparent power", "kVA", 10, False),
        ("Power factor", "", 1000, True),
    ):
        found += [(f"{name} of {group}", unit, factor, 0, signed) for group in groups]
    found += [(f"Unbalance of the {what}", "%", 10, 0, False) for what in ("voltages", "currents")]
    found += [(f"THD of voltage {name}", "%", 100, 0, False) for name in ("A", "B", "C")]
    found += [("THD of the voltages, mean", "%", 100, 0, False)]
    found += [(f"Current of input {i + 1}", "A", 10, 0, False) for i in range(c.INPUTS)]
    found += [(f"Active power of input {i + 1}", "kW", 10, 0, True) for i in range(c.INPUTS)]
    found += [(f"Active power of user channel {i + 1}", "kW", 10, 0, True) for i in range(c.USERS)]
    found += [(f"DI{i + 1}", "", 1, 0, False) for i in range(8)]
    return found


def _field(channel, field):
    return a.FIRST + a.FIELDS * channel + field


LISTS = {"alarms": _codes()}
_CHANNELS = (
    (a.CHANNELS, {"b": [f"channel {i + 1}" for i in range(a.COUNT)]}),
    (a.PAIRS, {"b": [f"channels {i + 1} and {i + 2}" for i in range(0, a.COUNT, 2)]}),
)
FIELDS = (
    _CHANNELS
    + tuple([(_field(i, a.CODE), {"list": "alarms"}) for i in range(a.COUNT)])
    + tuple(
        [
            (_field(i, a.SET_POINT), {"k": "point", "of": p.SETTING + _field(i, a.CODE)})
            for i in range(a.COUNT)
        ]
    )
    + shared.fields_of_mail(MAILED)
    + shared.fields_of_loggers(PARAMETERS)
)
# Every value is of the primary side.
RATIOS = {"form": "meter", "times": [[]], "over": [[]], "divides": {}}

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
                ["Frequency", "Hz", ["frequency"]],
            ]
            + [
                [f"{name} of inputs {first + 1} to {first + 3}", unit, keys, names]
                for name, unit, made, field in (("Current", "A", "", c.AMPS), ("Power", "kW", "kilo:", c.P))
                for first in range(0, c.INPUTS, 3)
                for keys in [[f"{made}groups.{first + i}*{c.FIELDS}+{field}" for i in range(3)]]
                for names in [[f"input {first + i + 1}" for i in range(3)]]
            ],
            files=shared.LOGGED,
        ),
        source="realtime",
    ),
    shared.LOGGER_FILES,
    shared.alarm_log("Alarm status"),
    shared.event_sequence(8),
    shared.events("System events"),
)

SETTINGS = (
    (
        page("settings/meter", "Meter", 0, form("meter"), form("demand", title="Demand")),
        page("settings/ports", "Serial port", 0, form("ports")),
        page("settings/io", "I/O", 0, form("io"), form("soe", title="Sequence of events")),
        page("settings/alarms", "Alarms", 0, form("alarms")),
        page("settings/display", "Display", 0, form("display")),
    )
    + shared.network_settings(
        ("network", "Network"),
        ("http", "Web pages"),
        ("access", "Access by address", "Access"),
        ("time", "Time"),
        ("snmp", "SNMP"),
        ("bacnet", "BACnet/IP"),
        ("loggers", "Data loggers"),
        ("posts", "HTTP/FTP post", "Posts"),
        ("mail", "E-mail", "Mail"),
    )
    + (
        shared.USERS,
        shared.BACKUP,
        shared.management(p.CLEAR_DEMAND, p.CLEAR_ENERGY, p.CLEAR_ALARMS, p.CLEAR_RUN_TIME),
    )
)

SYSTEM = (
    shared.POSTS,
    shared.diagnostics("Network diagnostic"),
    page(
        "system/about",
        "Device information",
        10,
        table(
            ("Value",),
            ("Model", "", ("model",)),
            ("Device description", "", ("title",)),
            ("Host name", "", ("host",)),
            ("Address", "", ("address_1",), 0),
            ("Run time", "h", ("run_time",), 2),
            ("Gaps in the samples", "", ("gaps",), 0),
        ),
        source="about",
    ),
    shared.FIRMWARE,
)

PAGES = METERING + LOGS + SETTINGS + SYSTEM
