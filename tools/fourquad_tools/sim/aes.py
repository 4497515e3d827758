"""AES-128 (FIPS 197) with the face of MicroPython's `cryptolib`, which a board has, for SNMPv3 of a simulated
meter. It only encrypts, in the modes ECB and CBC, and takes no care of how long it takes: nothing for secrets
beyond a test bench.
"""

from __future__ import annotations

ECB, CBC = 1, 2
BLOCK = 16
_ROUNDS = 10


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
_SHIFTED = tuple(4 * ((i // 4 + i % 4) % 4) + i % 4 for i in range(BLOCK))  # from where a byte of a state is


def _schedule(key: bytes) -> list[bytes]:
    """The keys of the rounds (5.2)."""
    words = [key[i : i + 4] for i in range(0, BLOCK, 4)]
    constant = 1
    while len(words) < 4 * (_ROUNDS + 1):
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(_BOX[octet] for octet in word[1:] + word[:1])
            word = bytes((word[0] ^ constant,)) + word[1:]
            constant = _double(constant)
        words.append(bytes(a ^ b for a, b in zip(word, words[-4], strict=True)))
    return [b"".join(words[i : i + 4]) for i in range(0, len(words), 4)]


class Aes:
    """`aes(key, mode, iv)`, as cryptolib's: `encrypt` of CBC goes on where the last call ended."""

    def __init__(self, key: bytes, mode: int, iv: bytes | None = None) -> None:
        if len(key) != BLOCK or mode not in (ECB, CBC) or (mode == CBC) != (iv is not None):
            raise ValueError("a key of 16 octets; a vector for CBC alone")
        self._keys = _schedule(key)
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
        state = [a ^ b for a, b in zip(block, self._keys[0], strict=True)]
        for n in range(1, _ROUNDS + 1):
            state = [_BOX[state[i]] for i in _SHIFTED]
            if n < _ROUNDS:
                mixed = []
                for c in range(0, BLOCK, 4):
                    column = state[c : c + 4]
                    every = column[0] ^ column[1] ^ column[2] ^ column[3]
                    mixed += [column[r] ^ every ^ _double(column[r] ^ column[(r + 1) % 4]) for r in range(4)]
                state = mixed
            state = [a ^ b for a, b in zip(state, self._keys[n], strict=True)]
        return bytes(state)
