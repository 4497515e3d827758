"""KW320: names of the data logs' registers, for people. No board loads it."""

from fourquad import points as p

_LOGS = (0x1100, 0x11C0, 0x1280)
_LOGGABLE = "4000H-412BH, 4294H-42A8H, 4349H-4398H, 4500H-461BH, 4620H-463DH"
_FIELDS = "year - 2000 and month, day and hour, minute and second, each pair in one register, the former high"


def _settings(n):
    """Of log n (0-2): (place, registers, name, form, meaning, access)."""
    log = f"Log {n + 1}: "
    rows = (
        (0, 1, "registers and sectors", "word", "high byte 0-117, low byte 0-100"),
        (1, 1, "interval", "word", "min; 0-1440, 0 none"),
        (
            2,
            117,
            "list of registers",
            "word",
            "4000H-412BH, 4294H-42A8H, 4349H-4398H, 4500H-461BH, 4620H-463DH",
        ),
        (119, 59, "descriptors", "word", "a byte an item, the high one first: 1 or 2 registers"),
        (178, 1, "mode", "word", "0 newest, 1 from start to end, 2 once a day"),
        (179, 3, "start", "word", _FIELDS),
        (182, 3, "end", "word", _FIELDS),
        (185, 7, "reserved", "word", "0"),
    )
    return tuple(
        [(192 * n + at, count, log + what, form, meaning, "R/W") for at, count, what, form, meaning in rows]
    )


def _status(n):
    log = f"Log {n + 1}: "
    return (
        (0, 2, log + "most records", "udword", "", "R"),
        (2, 2, log + "used records", "udword", "", "R"),
        (4, 1, log + "record size", "word", "bytes", "R"),
        (5, 1, log + "reserved", "word", "", "R"),
        (6, 3, log + "time of the oldest record", "word", _FIELDS, "R"),
        (9, 3, log + "time of the newest record", "word", _FIELDS, "R"),
    )


# Of each block: first point, (place, registers, name, form, meaning, access) of its lines.
BLOCKS = (
    (p.SETTING + p.GROUP_LOGS, _settings(0) + _settings(1) + _settings(2)),
    (
        p.LOG,
        (
            (
                0,
                1,
                "Log to be read",
                "word",
                "0-2 in the high byte; in the low byte if the high one is 0",
                "R/W",
            ),
            (
                1,
                1,
                "Records in the window, status",
                "word",
                "high byte 1-246 / record size; low byte, read-only: 0BH ready, FFH not ready, AAH erasing, "
                "BBH erased, CxH wrong list, bit n of x: log n + 1",
                "R/W",
            ),
            (2, 2, "Offset of the first record", "udword", "from the oldest record", "R/W"),
            (4, 123, "Window", "word", "records one after the other, then zeros", "R"),
        ),
    ),
) + tuple([(p.LOG + p.LOG_STATUS + n * p.LOG_STATUS_STEP, _status(n)) for n in range(3)])

_ABOUT = """Manual 6.3.8, [how each case was decided](decisions.md#data-logs). A log records while \
registers, sectors and interval are not 0; a change of its settings erases it, and only it. All logs \
together have 100 sectors at most. A list that cannot be is accepted, and told in 6001H."""

SECTIONS = (
    ("Data logs: settings", 0x1100, 0x133F, _ABOUT),
    (
        "Data logs: records",
        0x6000,
        0x607E,
        "Each master has a window of its own. A record: number (two registers), year - 2000, month, day, "
        "hour, minute, second (a byte each), its registers, CRC-16/MODBUS of all that, the low byte first.",
    ),
    ("Data logs: status", 0x6100, 0x630B, ""),
)
