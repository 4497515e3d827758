"""The audit log: names of its registers, and words for its codes, for people. No board loads it."""

from fourquad.models.services import audit
from fourquad.points import audit as n

_RECORD = (
    "year, month, day, hour, minute, second, ms, what, who, address (two registers), point, old value "
    "(eight), new value (eight)"
)
BLOCKS = (
    (
        n.AUDIT,
        ((0, 1, "Audit log: records shown", "word", "the newest first", "R"),)
        + tuple(
            [
                (1 + n.WORDS * i, n.WORDS, f"Audit log: record {i + 1}", "word", _RECORD, "R")
                for i in range(n.SHOWN)
            ]
        ),
    ),
)
WHAT = (
    "",
    "setting",
    "text",
    "logged in",
    "refused",
    "logged out",
    "locked",
    "cleared",
    "preset",
    "clock set",
    "tables",
    "",
    "module reset",
    "new password",
    "user changed",
    "started",
    "records lost",
    "service failed",
    "configuration imported",
    "configuration exported with its passwords",
)


def _who():
    """The codes of services, of several the first name."""
    names = {}
    for name, who in n.SERVICES:
        names.setdefault(who, f"{who} {name}")
    return names.values()


def sections(first):
    """Rows of SECTIONS; `first`: the address of the first register."""
    return (
        (
            "Audit log",
            first,
            first + audit.SIZE - 1,
            "Ours ([audit log](../audit.md)). What was done: "
            + ", ".join([f"{code} {word}" for code, word in enumerate(WHAT) if word])
            + ". Who, in the high byte: 0 the meter, 1 its panel, 2 and 3 its ports, "
            + ", ".join(_who())
            + "; in the low byte the level of a web user.",
        ),
    )
