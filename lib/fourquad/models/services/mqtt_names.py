"""MQTT: names of what it has, for people. No board loads it."""

from fourquad.points import network as n

_ROWS = "bit by bit, the first reading or energy in bit 0; one 32-bit value, high word first"

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (n.MQTT, "MQTT", "", "1: messages are made and published"),
    (n.MQTT_PORT, "MQTT: port of the broker", "", ""),
    (n.MQTT_KEEP_ALIVE, "MQTT: keep alive", "s", "0 none"),
    (n.MQTT_CLEAN, "MQTT: clean session", "", "1: what was made while the broker was away is not sent"),
    (n.MQTT_QOS, "MQTT: QoS", "", ""),
    (n.MQTT_RETAINED, "MQTT: retained", "", ""),
    (n.MQTT_INTERVAL, "MQTT: interval", "s", "of the clock"),
    (n.MQTT_WILL_QOS, "MQTT: QoS of the last will", "", ""),
    (n.MQTT_WILL_RETAINED, "MQTT: last will is retained", "", ""),
    (n.MQTT_TLS, "MQTT: TLS", "", "1: only over TLS, which an RP2040 has not; its port is often 8883"),
    (n.MQTT_REAL, "MQTT: readings", "", _ROWS),
    (n.MQTT_ENERGY, "MQTT: energies", "", _ROWS),
    (n.MQTT_DEMAND, "MQTT: demands", "", _ROWS),
    (n.MQTT_BROKER, "MQTT: broker", "", "address or name"),
    (n.MQTT_CLIENT, "MQTT: client id", "", "empty: fq- and the serial number"),
    (n.MQTT_USER, "MQTT: user", "", "empty: none"),
    (n.MQTT_PASSWORD, "MQTT: password", "", ""),
    (n.MQTT_TOPIC, "MQTT: topic", "", "without + and #"),
    (n.MQTT_WILL_TOPIC, "MQTT: topic of the last will", "", "empty: no last will"),
    (n.MQTT_WILL, "MQTT: last will", "", ""),
)
_STATE = "0 off, 1 no broker, 2 it is being called, 3 connected"
_COUNTERS = (
    ("made", ""),
    ("sent", "also those that were sent again"),
    ("acknowledged", ""),
    ("lost", "overwritten before they were sent, or unreadable"),
    ("forgotten", "at the beginning of a clean session"),
    ("failed", "connections"),
)
_CODE = (
    "return code of the last CONNACK (MQTT 3.1.1, 3.2.2.3); 0 accepted; 255 no TLS, or none that is trusted"
)
# (point, name, meaning)
OTHERS = (
    (n.MQTT_SAYS, "MQTT: state", _STATE),
    (n.MQTT_SAYS + 1, "MQTT: code of the broker", _CODE),
    (n.MQTT_SAYS + 2, "MQTT: messages that wait", ""),
) + tuple([(n.MQTT_SAYS + 3 + i, f"MQTT: {name}", more) for i, (name, more) in enumerate(_COUNTERS)])
