"""SNMP: names and meanings of its settings, for people. No board loads it."""

from fourquad.points import network as n

_PASSWORD = "becomes a key"

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (
        (n.SNMP, "SNMP", "", "1: the agent is there"),
        (n.SNMP_VERSION, "SNMP: version", "", "0 v1 and v2c, 1 v3"),
        (n.SNMP_PORT, "SNMP: UDP port", "", "161, or from 16100 on"),
        (n.SNMP_TRAPS, "SNMP: notifications", "", "0 none, 1 traps, 2 informs"),
        (n.SNMP_BUFFER, "SNMP: buffer", "", "notifications that wait at most"),
        (n.SNMP_HOLD, "SNMP: hold time", "s", "for which a notification waits; 0 sent at once"),
        (n.SNMP_AUTH, "SNMP v3: authentication", "", "0 none, 1 HMAC-SHA-96, 2 HMAC-SHA-256"),
        (n.SNMP_PRIV, "SNMP v3: privacy", "", "0 none, 1 AES-128; it needs authentication"),
        (n.SNMP_ENTERPRISE, "SNMP: enterprise number", "", "below which the meter's objects are"),
    )
    + tuple(
        [(n.SNMP_TARGET_PORT + i, f"SNMP: port of target {i + 1}", "", "") for i in range(n.SNMP_TARGETS)]
    )
    + tuple(
        [
            (n.SNMP_TARGET + i, f"SNMP: address of target {i + 1}", "", "IPv4; empty: none")
            for i in range(n.SNMP_TARGETS)
        ]
    )
    + (
        (n.SNMP_COMMUNITY, "SNMP: community", "", "read only"),
        (n.SNMP_USER, "SNMP v3: user", "", ""),
        (n.SNMP_AUTH_PASSWORD, "SNMP v3: password of authentication", "", _PASSWORD),
        (n.SNMP_PRIV_PASSWORD, "SNMP v3: password of privacy", "", _PASSWORD),
        (n.SNMP_NAME, "SNMP: sysName", "", "empty: the host name"),
        (n.SNMP_LOCATION, "SNMP: sysLocation", "", ""),
        (n.SNMP_CONTACT, "SNMP: sysContact", "", ""),
    )
)
