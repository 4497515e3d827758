"""An agent of v3, and a manager of it that is made here, from RFC 3412, 3414, 3826 and 7860."""

import hashlib

from protocols.snmp.snmp_bench import Bench, integer, parse, seq, tlv

from fourquad import points as p
from fourquad.points import network as n

AUTH, PRIV, REPORTABLE = 1, 2, 4
ENGINE = b"\x80\x00\x7e\xd9\x05" + bytes(range(8))
USER = b"fourquad"
KU = bytes(range(32))  # what would be the key of a password
KU_PRIV = bytes(range(100, 132))


class Toy:
    """A block cipher that anybody can break, with the face of cryptolib.aes."""

    def __init__(self, key, mode, iv=None):
        assert len(key) == 16 and mode in (1, 2) and (mode == 2) == (iv is not None)
        self.key = key
        self.last = iv

    def encrypt(self, data):
        assert len(data) % 16 == 0
        out = b""
        for at in range(0, len(data), 16):
            block = data[at : at + 16]
            if self.last is not None:
                block = bytes([block[i] ^ self.last[i] for i in range(16)])
            block = toy(self.key, block)
            if self.last is not None:
                self.last = block
            out += block
        return out


def toy(key, block):
    return bytes([(block[(7 * i + 3) % 16] + key[i] * 5 + i) & 0xFF for i in range(16)])


def cfb(key, iv, data, back=False):
    """CFB of 128 bits, block by block as SP 800-38A (6.3) says it."""
    out = b""
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        stream = toy(key, iv)
        part = bytes([part[i] ^ stream[i] for i in range(len(part))])
        iv = data[at : at + 16] if back else part
        out += part
    return out


def hmac(key, data):
    """RFC 2104 with SHA-256."""
    key += bytes(64 - len(key))
    inner = hashlib.sha256(bytes([b ^ 0x36 for b in key]) + data).digest()
    return hashlib.sha256(bytes([b ^ 0x5C for b in key]) + inner).digest()


def local(key, engine=ENGINE):
    return hashlib.sha256(key + engine + key).digest()


class V3(Bench):
    """`boots`, `time`: what the manager believes."""

    def __init__(self, auth=2, priv=1):
        Bench.__init__(self)
        values, texts = self.points.values, self.points.texts.known
        values[p.SETTING + n.SNMP_VERSION] = 1
        values[p.SETTING + n.SNMP_AUTH] = auth
        values[p.SETTING + n.SNMP_PRIV] = priv
        texts[n.SNMP_ENGINE] = bytes(range(8))
        if auth:
            texts[n.SNMP_AUTH_KEY] = bytes(20) + KU
            texts[n.SNMP_PRIV_KEY] = bytes(20) + KU_PRIV
        self.agent._secret = (Toy, None)
        self.agent.began(self.now)
        self.boots, self.time = 1, 0
        self.said = 0

    def message(self, flags, pdu, engine=ENGINE, user=USER, context=ENGINE, more=b"", size=1500, model=3):
        """A message; `more`: octets that come after what is to be encrypted."""
        scoped = seq(tlv(4, context), tlv(4, b""), pdu) + more
        salt = b""
        if flags & PRIV:
            salt = b"saltsalt"
            iv = self.boots.to_bytes(4, "big") + self.time.to_bytes(4, "big") + salt
            scoped = tlv(4, cfb(local(KU_PRIV)[:16], iv, scoped))
        digest = b"\xa5" * 24 if flags & AUTH else b""
        head = seq(integer(77), integer(size), tlv(4, bytes((flags,))), integer(model))
        parts = (
            tlv(4, engine),
            integer(self.boots),
            integer(self.time),
            tlv(4, user),
            tlv(4, digest),
            tlv(4, salt),
        )
        whole = seq(integer(3), head, tlv(4, seq(*parts)), scoped)
        if digest:
            right = hmac(local(KU), whole.replace(digest, bytes(24)))[:24]
            whole = whole.replace(digest, right)
        return whole

    def told(self, data):
        """(flags, engine, boots, time, user, PDU) of the answer, whose digest is right; None."""
        answer = self.ask(data)
        if answer is None:
            return None
        _, (_, head), (_, security), scoped = parse(answer)[0][1]
        assert head[0] == (2, integer(77)[2:])
        flags = head[2][1][0]
        engine, boots, time, user, digest, salt = [each[1] for each in parse(security)[0][1]]
        if flags & AUTH:
            assert len(digest) == 24
            assert hmac(local(KU), answer.replace(digest, bytes(24)))[:24] == digest
        content = scoped[1]
        if flags & PRIV:
            assert scoped[0] == 4 and len(salt) == 8
            iv = bytes(4 - len(boots)) + boots + bytes(4 - len(time)) + time + salt
            plain = cfb(local(KU_PRIV)[:16], iv, content, True)
            content = parse(plain)[0][1]
        assert content[0] == (4, ENGINE) and content[1] == (4, b"")
        return flags, engine, boots, time, user, content[2]
