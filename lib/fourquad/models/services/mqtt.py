"""MQTT (KW320 manual 5.1.8.15): settings, registers and what may be published. The manual prints no registers
and no payload; these are ours: numbers at D700H + their place, texts from D900H on, what the messages are up
to from D9E0H on.
"""

from fourquad import points as p
from fourquad.models.rows import HOST, register, secret, service, setting, text, text_register
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.points import reading_names as names

# Names and units of what a message may have.
_REAL = names.READINGS[: p.FAST_READINGS]
_ENERGY = names.ENERGIES
_DEMAND = names.READINGS[p.P_DEMAND : p.I3_DEMAND + 1]

# Groups: offset of the mask, kind of the values ("<f" float, "<i" count of energy), first point, names and
# units of it and of those after it.
MQTT = (
    (n.MQTT_REAL, "<f", p.PRESENTED, _REAL),
    (n.MQTT_ENERGY, "<i", p.ENERGY, _ENERGY),
    (n.MQTT_DEMAND, "<f", p.PRESENTED + p.P_DEMAND, _DEMAND),
)
PARTS = ("events.outbox",)
# At least 24 sectors full of messages: an hour at the shortest interval, whatever is chosen.
STORAGE = (("mqtt", 1648, 26), ("mqttdone", 4, 4))
SERVICES = (service("mqtt", "client", "mqtt.client", switch=n.MQTT, idle_s=60),)

# A topic has no wildcards (MQTT 3.1.1, 4.7.1).
_TOPIC = ((0x20, 0x22), (0x24, 0x2A), (0x2C, 0x7E))
_SYSTEM = (1 << 9) - 1  # the energies that are no phase's


def numbers(seal):
    """The settings that are numbers; `seal` is the rule for all of them."""
    return (
        setting(n.MQTT, seal=seal),
        setting(n.MQTT_PORT, default=1883, low=1, high=65535, seal=seal),
        setting(n.MQTT_KEEP_ALIVE, default=60, high=65535, seal=seal),
        setting(n.MQTT_CLEAN, seal=seal),
        setting(n.MQTT_QOS, default=1, high=2, seal=seal),
        setting(n.MQTT_RETAINED, seal=seal),
        setting(n.MQTT_INTERVAL, default=60, low=10, high=600, seal=seal),
        setting(n.MQTT_WILL_QOS, high=2, seal=seal),
        setting(n.MQTT_WILL_RETAINED, seal=seal),
        setting(n.MQTT_TLS, seal=seal),
        _mask(n.MQTT_REAL, _REAL, seal),
        _mask(n.MQTT_ENERGY, _ENERGY, seal, _SYSTEM),
        _mask(n.MQTT_DEMAND, _DEMAND, seal),
    )


def _mask(offset, rows, seal, default=None):
    every = (1 << len(rows)) - 1
    return setting(offset, default=every if default is None else default, high=every, seal=seal)


def texts(seal):
    """The settings that are texts, in the order of their registers."""
    return (
        text(n.MQTT_BROKER, longest=64, characters=HOST, seal=seal),
        text(n.MQTT_CLIENT, longest=32, seal=seal),
        text(n.MQTT_USER, longest=40, seal=seal),
        secret(n.MQTT_PASSWORD, longest=40, seal=seal),
        text(n.MQTT_TOPIC, b"fourquad", shortest=1, longest=64, characters=_TOPIC, seal=seal),
        text(n.MQTT_WILL_TOPIC, longest=64, characters=_TOPIC, seal=seal),
        text(n.MQTT_WILL, b"offline", longest=32, seal=seal),
    )


def _registers():
    rows = []
    for row in numbers(0):
        offset = row[c.OFFSET]
        size = 2 if n.MQTT_REAL <= offset <= n.MQTT_DEMAND else 1
        rows.append(register(0xD700 + offset - p.GROUP_NETWORK, p.SETTING + offset, size))
    at = 0xD900
    for row in texts(0):
        rows.append(text_register(at, row))
        at += row[c.LONGEST] // 2
    return tuple(rows)


SETTING_REGISTERS = _registers()
_AT = 0xD700 - p.GROUP_NETWORK
WRITABLE = (
    (_AT + n.MQTT, _AT + n.MQTT_TLS),
    (_AT + n.MQTT_REAL, _AT + n.MQTT_DEMAND + 1),
    (0xD900, 0xD9A7),
)
SAYS = 9
REGIONS = ((0xD9E0, SAYS, "word", n.MQTT_SAYS),)
