"""KW320's network module: names of what it has, for people. No board loads it."""

from fourquad.models.kw320.logged import MAILED, PARAMETERS
from fourquad.models.kw320.network import SERVICES
from fourquad.models.services import (
    audit_names,
    bacnet_names,
    ethernet_names,
    http_names,
    mail_names,
    mqtt_names,
    posts_names,
    snmp_names,
)
from fourquad.points import network as n

TITLE = "KW320: network module"

_WHO = "1 only from the addresses below, 0 from anywhere"


# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    ethernet_names.SETTINGS
    + (
        (n.ACCESS_MODBUS, "Who may use Modbus TCP", "", _WHO),
        (n.ACCESS_DNP3, "Who may use DNP3", "", _WHO),
        (n.ACCESS_HTTP, "Who may use the web pages", "", _WHO),
        (n.DNP3_MODE, "DNP3: mode", "", "0 TCP and UDP, 1 TCP dual endpoint, 2 UDP only"),
        (n.DNP3_PORT, "DNP3: TCP port", "", ""),
        (n.DNP3_UDP_PORT, "DNP3: UDP port", "", "0 no UDP, or from 20000 on"),
        (n.DNP3_ANSWER_PORT, "DNP3: UDP port of answers", "", "0 that which asked"),
        (n.DNP3_FROM, "DNP3: address of masters", "", "a number may be *"),
        (n.DNP3_CALL_PORT, "DNP3: dual endpoint port", "", "of the master at the address of masters"),
    )
    + http_names.SETTINGS
    + snmp_names.SETTINGS
    + bacnet_names.SETTINGS
    + mqtt_names.SETTINGS
    + posts_names.settings(PARAMETERS)
    + mail_names.settings(MAILED)
)

COMMANDS = http_names.COMMANDS

# (point, name, meaning)
OTHERS = ethernet_names.counted(SERVICES) + mqtt_names.OTHERS + posts_names.OTHERS + mail_names.OTHERS

SECTIONS = (
    (
        "Settings",
        0xD700,
        0xD7FF,
        "Manual chapter 5, which has no registers for them: these are ours. What is written takes effect "
        "when the module is reset: 101AH = 1, or 2 with the defaults. No two services have one port. Bit 1 "
        "of 101EH seals all of them. While the module is there 102FH, 1030H and 1038H refuse another value "
        "(04).",
    ),
    (
        "Data loggers and posts",
        0xDA00,
        0xDA7F,
        "Manual 5.1.8.6 and 5.1.8.7 ([posts](../posts.md)). What is written takes effect when the module is "
        "reset, but for test and clear.",
    ),
    ("Data loggers and posts: state", 0xDA80, 0xDAFF, ""),
    ("Texts", 0xD800, 0xDEFF, "Two characters a register, zeros after the last; written as a whole."),
    (
        "Counters",
        0xDF00,
        0xDFFF,
        "Of each service since the start, modulo 65536: connections that were accepted, refused (for want of "
        "a place, or their address), replaced by a new one, and closed because nothing came. From DFE0H on "
        "how often each has failed by a fault of its program, which ends its connection; after 5 times in a "
        "row the service is left alone for a minute, then for longer.",
    ),
) + audit_names.sections(0xE000)
BLOCKS = audit_names.BLOCKS
