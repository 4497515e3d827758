"""Passwords as they are kept: PBKDF2 with HMAC-SHA256 (RFC 8018), made in slices because it takes long on
purpose.

What is kept is a text, `ROUNDS$salt$hash`, the latter two in hexadecimal digits; with nothing kept the
password is the manual's.
"""

from binascii import hexlify, unhexlify
from hashlib import sha256

ROUNDS = 400
SHORTEST = 6  # characters of a new one (manual 5.1.8.21)
LONGEST = 32
SALT = 8  # bytes
_BLOCK = 64


class Derivation:
    """The hash of a password (bytes, at most 64) with a salt; `step()` until it is True, then `text()`."""

    def __init__(self, password, salt, rounds=ROUNDS):
        key = password + bytes(_BLOCK - len(password))
        self._inner = bytes([octet ^ 0x36 for octet in key])
        self._outer = bytes([octet ^ 0x5C for octet in key])
        self._salt = salt
        self._rounds = rounds
        self._done = 0
        self._last = salt + b"\0\0\0\1"
        self._sum = 0

    def step(self):
        """A round; whether that was the last one."""
        self._last = _hash(self._outer, _hash(self._inner, self._last))
        self._sum ^= int.from_bytes(self._last, "big")
        self._done += 1
        return self._done >= self._rounds

    def text(self):
        """What is kept."""
        head = str(self._rounds).encode() + b"$" + hexlify(self._salt) + b"$"
        return head + hexlify(self.key())

    def key(self):
        """The 32 bytes that it gives."""
        return self._sum.to_bytes(32, "big")


def _hash(key, data):
    """Of both; that they are not joined first saves the half of the garbage."""
    made = sha256(key)
    made.update(data)
    return made.digest()


def of_kept(password, kept):
    """The Derivation whose text is `kept` if the password is the right one; None where `kept` is no text of
    ours.
    """
    parts = kept.split(b"$")
    if len(parts) != 3 or not parts[0].isdigit() or len(parts[1]) % 2:
        return None
    try:
        return Derivation(password, unhexlify(parts[1]), int(parts[0]))
    except ValueError:
        return None


def same(one, other):
    """Whether two texts are the same, in a time that does not say where they differ."""
    differ = len(one) ^ len(other)
    for i in range(min(len(one), len(other))):
        differ |= one[i] ^ other[i]
    return not differ


def allowed(password):
    """Whether a new password may be this one."""
    return SHORTEST <= len(password) <= LONGEST and all(0x20 <= code < 0x7F for code in password)
