"""AES-128 (FIPS 197) with the face of MicroPython's `cryptolib`, which a board has, for SNMPv3 of a simulated
meter. It only encrypts, in the modes ECB and CBC, and takes no care of how long it takes: nothing for secrets
beyond a test bench.
"""

from __future__ import annotations

import functools
import struct

ECB, CBC = 1, 2
BLOCK = 16
_ROUNDS = 10
_WORDS = struct.Struct(">4I")  # the columns of a state


def _double(octet: int) -> int:
    octet <<= 1
    return octet ^ 0x11B if octet & 0x100 else octet


def _substitution() -> bytes:
    """The S-box: the inverse in GF(2**8), and an affine map of it (5.1.1)."""
    powers, inverse = [1], [0] * 256
    for _ in range(254):
        powers.append(powers[-1] ^ _double(powers[-1]))
    for i, octet in enumerate(powers):
        inverse[octet] = powers[-i % 255]
    out = bytearray()
    for octet in inverse:
        value = octet
        for shift in (1, 2, 3, 4):
            value ^= octet << shift | octet >> 8 - shift
        out.append(value & 0xFF ^ 0x63)
    return bytes(out)


_BOX = _substitution()


def _columns() -> list[list[int]]:
    """What an octet of each row adds to its column: substituted, and times 2, 1, 1, 3 (5.1.1, 5.1.3)."""
    first = [_double(box) << 24 | box << 16 | box << 8 | _double(box) ^ box for box in _BOX]
    return [[word >> 8 * row | word << 32 - 8 * row & 0xFFFFFFFF for word in first] for row in range(4)]


_MIXED = _columns()


@functools.lru_cache(64)
def _schedule(key: bytes) -> tuple[int, ...]:
    """The keys of the rounds, a word for each column (5.2)."""
    words = [key[i : i + 4] for i in range(0, BLOCK, 4)]
    constant = 1
    while len(words) < 4 * (_ROUNDS + 1):
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(_BOX[octet] for octet in word[1:] + word[:1])
            word = bytes((word[0] ^ constant,)) + word[1:]
            constant = _double(constant)
        words.append(bytes(a ^ b for a, b in zip(word, words[-4], strict=True)))
    return tuple(int.from_bytes(word, "big") for word in words)


class Aes:
    """`aes(key, mode, iv)`, as cryptolib's: `encrypt` of CBC goes on where the last call ended."""

    def __init__(self, key: bytes, mode: int, iv: bytes | None = None) -> None:
        if len(key) != BLOCK or mode not in (ECB, CBC) or (mode == CBC) != (iv is not None):
            raise ValueError("a key of 16 octets; a vector for CBC alone")
        self._keys = _schedule(bytes(key))
        self._last = iv

    def encrypt(self, data: bytes) -> bytes:
        """Whole blocks."""
        if len(data) % BLOCK:
            raise ValueError("blksize % 16")
        out = bytearray()
        for at in range(0, len(data), BLOCK):
            block = data[at : at + BLOCK]
            if self._last is not None:
                block = bytes(a ^ b for a, b in zip(block, self._last, strict=True))
            block = self._block(block)
            if self._last is not None:
                self._last = block
            out += block
        return bytes(out)

    def _block(self, block: bytes) -> bytes:
        keys = self._keys
        first, second, third, fourth = _MIXED
        a, b, c, d = (word ^ key for word, key in zip(_WORDS.unpack(block), keys, strict=False))
        for at in range(4, 4 * _ROUNDS, 4):
            # each column of a state has its rows from the columns after it (5.1.2)
            a, b, c, d = (
                first[a >> 24] ^ second[b >> 16 & 255] ^ third[c >> 8 & 255] ^ fourth[d & 255] ^ keys[at],
                first[b >> 24] ^ second[c >> 16 & 255] ^ third[d >> 8 & 255] ^ fourth[a & 255] ^ keys[at + 1],
                first[c >> 24] ^ second[d >> 16 & 255] ^ third[a >> 8 & 255] ^ fourth[b & 255] ^ keys[at + 2],
                first[d >> 24] ^ second[a >> 16 & 255] ^ third[b >> 8 & 255] ^ fourth[c & 255] ^ keys[at + 3],
            )
        rows = ((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))
        last = [
            _BOX[p >> 24] << 24 | _BOX[q >> 16 & 255] << 16 | _BOX[r >> 8 & 255] << 8 | _BOX[s & 255]
            for p, q, r, s in rows
        ]
        return _WORDS.pack(*(word ^ key for word, key in zip(last, keys[-4:], strict=True)))
