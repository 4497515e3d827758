"""Secrets in a file, sealed with a passphrase, and the mark that tells who knows it that the file is whole.

The key is PBKDF2-HMAC-SHA256 of passphrase and salt. What is sealed is its length (one byte) and itself,
filled up with zeros to whole blocks of 32 bytes, exclusive-or a stream: block number i of a file is
HMAC-SHA256(key, "c" and i in 4 bytes, the high one first). The mark is HMAC-SHA256(key, "m" and the SHA-256
of what is before it).
"""

from hashlib import sha256

from fourquad.protocols.http.passwords import Derivation

ROUNDS = 4000  # some 7 s of an RP2040 that measures
FEWEST, MOST = 1000, 20000  # that a file may ask for
SALT = 16  # bytes
SHORTEST = 8  # bytes of a passphrase
LONGEST = 64
_BLOCK = 32


class Seal:
    """`passphrase`: SHORTEST to LONGEST bytes; `step()` until it is True, then secrets in their order."""

    def __init__(self, passphrase, salt, rounds=ROUNDS):
        self._work = Derivation(passphrase, salt, rounds)
        self._inner = self._outer = b""
        self._number = 0

    def step(self):
        """A slice of making the key; whether it is there."""
        if not self._work:
            return True
        if not self._work.step():
            return False
        key = self._work.key() + bytes(_BLOCK)
        self._work = None
        self._inner = bytes([octet ^ 0x36 for octet in key])
        self._outer = bytes([octet ^ 0x5C for octet in key])
        return True

    def _hmac(self, message):
        return sha256(self._outer + sha256(self._inner + message).digest()).digest()

    def _turned(self, data):
        """Data of whole blocks, exclusive-or the stream."""
        out = b""
        for at in range(0, len(data), _BLOCK):
            block = self._hmac(b"c" + self._number.to_bytes(4, "big"))
            self._number += 1
            out += bytes([block[i] ^ data[at + i] for i in range(_BLOCK)])
        return out

    def hide(self, text):
        """A secret of at most 255 bytes, sealed."""
        data = bytes((len(text),)) + text
        return self._turned(data + bytes(-len(data) % _BLOCK))

    def show(self, data):
        """What was sealed; None where that cannot be: another passphrase, or damage."""
        if not data or len(data) % _BLOCK:
            return None
        plain = self._turned(data)
        end = 1 + plain[0]
        return None if end > len(plain) or any(plain[end:]) else plain[1:end]

    def mark(self, digest):
        """Of a file whose bytes have this SHA-256."""
        return self._hmac(b"m" + digest)
