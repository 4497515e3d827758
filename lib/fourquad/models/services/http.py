"""The web pages of a model with a network module (KW320 manual 5.1.7): settings, texts and rows. The manual
prints no registers; these are ours. Numbers are at D700H + their place, the title at DD00H; what is kept of
passwords has none.
"""

from fourquad import points as p
from fourquad.models.rows import command, listening, order, secret, service, setting, text
from fourquad.points import network as n

PASSWORDS = (b"view", b"admin")  # of a user and of an administrator, until somebody changes them (5.1.7.1)
TITLE = 0xDD00
RESET = 0xDD3F  # 1: the passwords are the manual's again
# Of the pages: offsets of settings that are nobody's but the meter's,
HIDDEN = (
    n.HTTP_USER,
    n.HTTP_ADMIN,
    n.SNMP_BOOTS,
    n.SNMP_AUTH_KEY,
    n.SNMP_PRIV_KEY,
    n.SNMP_ENGINE,
    n.BACNET_INCREMENTS,
)
# those of them that a backup has, and seals,
SEALED = (n.HTTP_USER, n.HTTP_ADMIN)
# and what it leaves to each meter: addresses, the ports of the pages, who is let in. (first, last)
OWN = (
    (n.DHCP, n.GATEWAY + 3),
    (n.ACCESS_MODBUS, n.HOST_NAME),
    (n.ALLOWED, n.ALLOWED + n.ALLOWED_COUNT - 1),
    (n.HTTP, n.HTTPS_PORT),
    (n.NTP_NOW, n.NTP_NOW),
)
_KEPT = ((0x24, 0x24), (0x30, 0x39), (0x61, 0x66))  # $ 0-9 a-f


def numbers(seal):
    """Settings that are numbers, each with a register."""
    return (
        setting(n.HTTP, seal=seal),
        setting(n.HTTP_PORT, 80, 80, 9999, seal=seal),
        setting(n.HTTPS, default=1, seal=seal),
        setting(n.HTTPS_PORT, 443, 443, 9999, seal=seal),
        setting(n.HTTP_IDLE, 10, 1, 60, seal=seal),
    )


def texts(seal):
    """Those that have registers."""
    return (text(n.HTTP_TITLE, longest=15, seal=seal),)


def kept(seal):
    """Those that have none."""
    return tuple(
        [secret(offset, longest=96, characters=_KEPT, seal=seal) for offset in (n.HTTP_USER, n.HTTP_ADMIN)]
    )


def commands(seal):
    """Rows of COMMANDS."""
    return (command(n.RESET_WEB_PASSWORDS, seal=seal),)


COMMAND_REGISTERS = (order(RESET, p.COMMAND + n.RESET_WEB_PASSWORDS),)
LISTENING = (listening(n.HTTP_PORT, 80, 6000, 9999), listening(n.HTTPS_PORT, 443, 6000, 9999))


def services(tables):
    """Rows of SERVICES; `tables`: the name of the module with the model's pages."""
    return (
        service(
            "http",
            "stream",
            "http.server",
            port=n.HTTP_PORT,
            switch=n.HTTP,
            most=4,
            idle_s=60,
            tables=tables,
            whitelist=n.ACCESS_HTTP,
            fast=True,
        ),
    )


def secure(tables):
    """Rows of SECURE: services for devices that have TLS."""
    return (
        service(
            "https",
            "stream",
            "http.server",
            port=n.HTTPS_PORT,
            switch=n.HTTPS,
            most=4,
            idle_s=60,
            tables=tables,
            whitelist=n.ACCESS_HTTP,
            fast=True,
        ),
    )
