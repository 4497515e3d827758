"""AcuRev 2020's network module: names of what it has, for people. No board loads it."""

from fourquad.models.acurev2020.logged import MAILED, PARAMETERS
from fourquad.models.acurev2020.network import SERVICES
from fourquad.models.services import (
    audit_names,
    bacnet_names,
    ethernet_names,
    http_names,
    mail_names,
    posts_names,
    snmp_names,
)
from fourquad.points import network as n

TITLE = "AcuRev 2020: network module"
_WHO = "1 only from the addresses below, 0 from anywhere"
SETTINGS = (
    ethernet_names.SETTINGS
    + (
        (n.ACCESS_MODBUS, "Who may use Modbus TCP", "", _WHO),
        (n.ACCESS_HTTP, "Who may use the web pages", "", _WHO),
    )
    + http_names.SETTINGS
    + snmp_names.SETTINGS
    + bacnet_names.SETTINGS
    + posts_names.settings(PARAMETERS)
    + mail_names.settings(MAILED)
)
COMMANDS = http_names.COMMANDS
OTHERS = ethernet_names.counted(SERVICES) + posts_names.OTHERS + mail_names.OTHERS
SECTIONS = (
    (
        "Settings",
        0xD700,
        0xD7FF,
        "Manual, chapters 6 and 11, which have no registers for them: these are ours. What is written "
        "waits: it takes effect when the module is reset (08B6H = 1, or 2 with the defaults) or the meter "
        "starts again.",
    ),
    (
        "Data loggers and posts",
        0xDA00,
        0xDA7F,
        "Manual 11.2.5 and 11.2.6 ([posts](../posts.md)). What is written takes effect when the module is "
        "reset, but for test and clear.",
    ),
    ("Data loggers and posts: state", 0xDA80, 0xDAFF, ""),
    ("Texts", 0xD800, 0xDEFF, "Two characters a register, zeros after the last; written as a whole."),
    ("Counters", 0xDF00, 0xDFFF, "Of each service since the start, modulo 65536."),
) + audit_names.sections(0xE800)
BLOCKS = audit_names.BLOCKS
