"""Packets of MQTT 3.1.1; section numbers are those of the standard of OASIS."""

# Types of packets, in the upper half of their first byte (2.2.1).
CONNECT = 0x10
CONNACK = 0x20
PUBLISH = 0x30
PUBACK = 0x40
PUBREC = 0x50
PUBREL = 0x62  # with the flags that it must have
PUBCOMP = 0x70
PINGREQ = 0xC0
PINGRESP = 0xD0

# Flags of PUBLISH (3.3.1).
DUP = 8
RETAIN = 1

# Flags of CONNECT (3.1.2).
_USER, _PASSWORD, _WILL_RETAIN, _WILL, _CLEAN = 0x80, 0x40, 0x20, 0x04, 0x02
_PROTOCOL = b"\0\4MQTT\4"
# What a broker says to who never subscribes, by its first byte: the length of the rest.
ANSWERS = {CONNACK: 2, PUBACK: 2, PUBREC: 2, PUBCOMP: 2, PINGRESP: 0}


def string(data):
    """Bytes with their length before them (1.5.3)."""
    return bytes((len(data) >> 8, len(data) & 0xFF)) + data


def length(count):
    """The remaining length of a packet (2.2.3)."""
    out = b""
    while True:
        low = count & 0x7F
        count >>= 7
        out += bytes((low | (0x80 if count else 0),))
        if not count:
            return out


def connect(client, keep_alive_s, clean, user=b"", password=b"", will=None):
    """A CONNECT. `will`: (topic, message, QoS, retained), or None. Without a user there is no password
    (3.1.2.9).
    """
    flags = _CLEAN if clean else 0
    rest = string(client)
    if will:
        topic, message, qos, retained = will
        flags |= _WILL | qos << 3 | (_WILL_RETAIN if retained else 0)
        rest += string(topic) + string(message)
    if user:
        flags |= _USER
        rest += string(user)
        if password:
            flags |= _PASSWORD
            rest += string(password)
    head = _PROTOCOL + bytes((flags, keep_alive_s >> 8, keep_alive_s & 0xFF))
    return bytes((CONNECT,)) + length(len(head) + len(rest)) + head + rest


class Inbox:
    """What a broker says, put together. Packets of other kinds than ANSWERS are none for us."""

    def __init__(self):
        self.kind = self.first = self.second = 0
        self._count = 0

    def clear(self):
        """Forget the beginning of a packet."""
        self._count = 0

    def take(self, byte):
        """One byte more: True if a packet is whole (`kind`, and its two bytes `first` and `second`), None if
        this is no MQTT, or nothing that a broker may say to who never subscribes.
        """
        count = self._count
        self._count = count + 1
        if count == 0:
            self.kind = byte
            return False if byte in ANSWERS else None
        if count == 1:
            if byte != ANSWERS[self.kind]:
                return None
            if byte:
                return False
        elif count == 2:
            self.first = byte
            return False
        else:
            self.second = byte
        self._count = 0
        return True
