"""BACnet/IP: names of its settings, for people. No board loads it."""

from fourquad.points import network as n

SETTINGS = (
    (n.BACNET, "BACnet/IP", "", "1: it is there"),
    (n.BACNET_PORT, "BACnet/IP: UDP port", "", ""),
    (n.BACNET_INSTANCE, "BACnet/IP: device instance", "", "which no other device of the system may have"),
    (n.BACNET_VENDOR, "BACnet/IP: vendor identifier", "", "65535 is nobody's: an integrator's own goes here"),
    (n.BACNET_FOREIGN, "BACnet/IP: foreign device", "", "1: it registers with a BBMD"),
    (n.BACNET_BBMD_PORT, "BACnet/IP: port of the BBMD", "", ""),
    (n.BACNET_TTL, "BACnet/IP: time to live", "min", "of a registration, which is renewed before its end"),
    (n.BACNET_NAME, "BACnet/IP: device name", "", "which no other device of the system may have"),
    (n.BACNET_LOCATION, "BACnet/IP: device location", "", ""),
    (n.BACNET_DESCRIPTION, "BACnet/IP: device description", "", ""),
) + tuple([(n.BACNET_BBMD + i, f"BACnet/IP: address of the BBMD, {i + 1}. number", "", "") for i in range(4)])
