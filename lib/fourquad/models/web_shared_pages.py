"""Pages that the models with a network module have in common. No board loads them."""

from fourquad import points as p
from fourquad.models.web_rows import action, block, form, page, rows, table, text
from fourquad.points import audit
from fourquad.points import posts as q
from fourquad.points.mail import MAIL_CONTENTS, MAIL_START, MAIL_TRIGGERS

_RESET = p.SETTING + p.MODULE_RESET
_LATER = "Settings of the network take effect with the next reset of the network module."
_TEXTS = {
    p.CLEAR_DEMAND: ("Demand", "All demands begin anew."),
    p.CLEAR_ENERGY: ("Energy", "All energies become 0 for good."),
    p.CLEAR_MAX_MIN: ("Maxima and minima", "Maxima and minima begin anew."),
    p.CLEAR_ALARMS: ("Alarm records", "All alarm records are deleted for good."),
    p.CLEAR_RUN_TIME: ("Run time", "The run time becomes 0."),
}


def alarm_log(title):
    """Records of alarms."""
    return page(
        "logs/alarms",
        title,
        10,
        rows(
            "/api/log/alarms",
            "records",
            ("No.", "number"),
            ("Parameter", "name"),
            ("Value", "value"),
            ("Status", "status"),
            ("Time", "time"),
            decode="alarms",
            empty="No alarm yet.",
        ),
        block("downloads", files=[["Alarm log", "/api/log/alarms.csv", "as CSV"]]),
    )


# For a trend: names of the loggers, and their numbers.
LOGGED = [[f"Logger {n}", n] for n in range(1, q.LOGGERS + 1)]
LOGGER_FILES = page(
    "logs/files",
    "Files of the data loggers",
    0,
    block("files", loggers=[name for name, _ in LOGGED], delete=p.SETTING + q.LOGGER_DELETED),
    text(
        "A file has a line for each record. Which readings these are, their interval and the length of a "
        "local file is set by Data loggers; the newest file is still written. The oldest files go."
    ),
    menu="Logger files",
)


def event_sequence(inputs):
    """The sequence of events of so many inputs."""
    return page(
        "logs/soe",
        "Sequence of events",
        10,
        rows(
            "/api/log/soe",
            "records",
            ("Group", "number"),
            *[(f"DI{i + 1}", f"di{i}") for i in range(inputs)],
            ("Time", "time"),
            decode="sequence",
            empty="No event yet.",
        ),
        block("downloads", files=[["Sequence of events", "/api/log/soe.csv", "as CSV"]]),
        menu="SOE log",
    )


_WHAT = (
    (audit.SETTING, "Setting"),
    (audit.TEXT, "Setting"),
    (audit.LOGGED_IN, "Logged in"),
    (audit.REFUSED, "Log-in refused"),
    (audit.LOGGED_OUT, "Logged out"),
    (audit.LOCKED, "Locked after wrong passwords"),
    (audit.CLEARED, "Cleared"),
    (audit.PRESET, "Preset"),
    (audit.CLOCK_SET, "Clock set"),
    (audit.TABLES, "Table changed"),
    (audit.RESET, "Network module reset"),
    (audit.NEW_PASSWORD, "New password"),
    (audit.USER_CHANGED, "User changed"),
    (audit.STARTED, "Meter started"),
    (audit.LOST, "Records lost"),
    (audit.FAILED, "Service failed"),
    (audit.IMPORTED, "Configuration imported"),
    (audit.EXPORTED, "Configuration exported with its passwords"),
)
_WHO = ((audit.METER, "meter"), (audit.PANEL, "panel"))
_WHO += tuple([(number, name) for name, number in reversed(audit.SERVICES)])


def events(title):
    """What somebody has done: the audit log, an administrator's."""
    told = rows(
        "/api/audit",
        "records",
        ("No.", "number"),
        ("Time", "time"),
        ("By", "who"),
        ("From", "host"),
        ("Message", "message"),
        decode="audit",
        empty="Nothing yet.",
    )
    told["what"] = {str(code): text for code, text in _WHAT}
    told["who"] = {str(code): name for code, name in _WHO}
    told["kinds"] = {"number": audit.SETTING, "text": audit.TEXT}
    file = block("downloads", files=[["All events", "/api/audit.csv", "as CSV"]])
    return page("logs/events", title, 10, told, file, admin=True)


def network_settings(*those):
    """Pages of settings that take effect with the module's reset: (name of the form, title) and, if it has
    another there, the name in the menu.
    """
    return tuple(
        [
            page(
                f"settings/{name}",
                title,
                0,
                text(_LATER),
                form(name, reset=True),
                menu=menu[0] if menu else None,
            )
            for name, title, *menu in those
        ]
    )


USERS = page("settings/users", "Users", 0, block("passwords"), admin=True)


def management(*commands):
    """What begins anew by these commands, the network module, the clock."""
    told = [(_TEXTS[each], each) for each in commands]
    return page(
        "settings/management",
        "Management",
        0,
        block(
            "actions",
            caption="Resets",
            rows=[action(label, "Reset", [(p.COMMAND + each, 1)], asked) for (label, asked), each in told]
            + [
                action(
                    "Network module",
                    "Reset",
                    [(_RESET, 1)],
                    "The network module begins anew, with what was saved; all connections end.",
                    reset=1,
                ),
                action(
                    "Network module, defaults",
                    "Reset",
                    [(_RESET, 2)],
                    "The settings of the network become those of the factory, addresses and ports with them: "
                    "this page may not find the meter again.",
                    reset=2,
                ),
            ],
        ),
        block("clock", ids=[p.STATE + p.YEAR + i for i in range(6)]),
        admin=True,
    )


BACKUP = page(
    "settings/backup",
    "Backup and import",
    0,
    text(
        "A backup has all settings but what is this meter's own: addresses, host name, the ports of these "
        "pages and who is let in. The settings of the data logs and of time of use are not in it."
    ),
    block("backup"),
    admin=True,
    menu="Backup",
)


def diagnostics(title):
    """What the services have counted."""
    return page(
        "system/diagnostics",
        title,
        5,
        rows(
            "/api/diagnostics",
            "services",
            ("Service", "name"),
            ("Port", "port"),
            ("Now", "now"),
            ("Accepted", "accepted"),
            ("Refused", "refused"),
            ("Replaced", "replaced"),
            ("Closed for silence", "idle"),
            ("Bytes in", "bytes_in"),
            ("Bytes out", "bytes_out"),
            ("Failed", "failed"),
            caption="Connections of each service since the start, modulo 65536; port 0 is off",
        ),
    )


FIRMWARE = page(
    "system/firmware",
    "Firmware",
    0,
    block("firmware"),
    text(
        "This module takes no firmware over the network: the image is the only one in the flash, with no "
        "spare place in which another could wait and be checked, and no part of it may write the program. So "
        "nobody on the network can, and a broken upload cannot stop the meter.",
        "RP2040, RP2350: hold the BOOTSEL button while you plug in the USB cable, and drag the .uf2 file of "
        "this model and board onto the drive that shows up. STM32, and boards with MicroPython of their own: "
        "fourquad deploy puts the modules on it over the serial console (mpremote). Settings, energies and "
        "logs stay; take a backup before all the same.",
        "No checksum of the image is told: where it ends is not known to it.",
    ),
)


def _columns(names):
    """Names of columns for people: of many the first and the last."""
    each = names.split()
    return ", ".join(each) if len(each) < 7 else f"{each[0]} ... {each[-1]}"


# A field of seconds since 2000 that people see as date and time; 0 is none.
MOMENT = {"k": "moment", "u": "", "m": "local time of the meter; empty: at once"}


def fields_of_loggers(parameters):
    """What each logger may record, by the model's PARAMETERS; lengths have the names that intervals have."""
    found = []
    span = str(p.SETTING + q.LOGGER_INTERVAL)
    for at in range(0, q.LOGGERS * q.LOGGER_STEP, q.LOGGER_STEP):
        found += [
            (q.LOGGER_REAL + at + i, {"b": [_columns(names) for names, *_ in rows_of]})
            for i, rows_of in enumerate(parameters)
        ]
        found.append((q.LOGGER_DETAILS + at, {"b": ["instantaneous", "minimum", "maximum", "average"]}))
        found += [(each + at, {"as": span}) for each in (q.LOGGER_POST, q.LOGGER_LOCAL)]
    found += [(q.LOGGER_START + 2 * n, MOMENT) for n in range(q.LOGGERS)]
    return tuple(found)


def fields_of_mail(mailed):
    """What triggers a mail, and what it has, by the model's MAILED."""
    return (
        (MAIL_TRIGGERS, {"b": ["a new alarm", "a new event"]}),
        (MAIL_CONTENTS, {"b": [name for name, _, _ in mailed]}),
        (MAIL_START, MOMENT),
    )


_STATES = {"0": "off", "1": "recording", "2": "preparing", "3": "wrong settings", "4": "failed"}


def _each(label, name, count, words=0):
    return (label, "", [f"{name}{i + 1}" for i in range(count)], words)


POSTS = page(
    "system/posts",
    "Loggers and posts",
    10,
    table(
        [f"Logger {i + 1}" for i in range(q.LOGGERS)],
        _each("State", "state", q.LOGGERS, _STATES),
        _each("Records", "records", q.LOGGERS),
        caption="Data loggers",
    ),
    table(
        [f"Channel {i + 1}" for i in range(q.CHANNELS)],
        _each("Result of the last attempt", "result", q.CHANNELS),
        _each("Records that wait", "waiting", q.CHANNELS),
        _each("Files that have arrived", "sent", q.CHANNELS),
        _each("Attempts that failed", "failed", q.CHANNELS),
        caption="Posts",
    ),
    text(
        "Results: a code of the server; 1 no address, 2 no connection, 3 no answer, 4 connection broken, "
        "5 not understood, 6 URL unusable, 7 records overwritten, 8 no TLS, or none that is trusted."
    ),
    source="posts",
)
