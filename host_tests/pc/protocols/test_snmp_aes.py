"""The simulator's AES, and what SNMP makes of it: vectors of FIPS 197 and NIST SP 800-38A."""

from __future__ import annotations

import pytest

from fourquad.protocols.snmp import crypto
from fourquad_tools.sim.aes import CBC, ECB, Aes

KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
IV = bytes(range(16))
PLAIN = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)


def test_a_block() -> None:
    """FIPS 197, C.1."""
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert Aes(IV, ECB).encrypt(block).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


def test_ecb_and_cbc() -> None:
    """SP 800-38A, F.1.1 and F.2.1; CBC goes on from call to call."""
    assert Aes(KEY, ECB).encrypt(PLAIN)[:16].hex() == "3ad77bb40d7a3660a89ecaf32466ef97"
    wanted = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
    aes = Aes(KEY, CBC, IV)
    assert (aes.encrypt(PLAIN[:16]) + aes.encrypt(PLAIN[16:32])).hex() == wanted


def test_cfb() -> None:
    """SP 800-38A, F.3.13; a part of a block is the beginning of one."""
    wanted = bytes.fromhex(
        "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"
        "26751f67a3cbb140b1808cf187a4f4dfc04b05357c5d1c0eeac4c66f9ff7f2e6"
    )
    for size in (1, 15, 16, 17, 63, 64):
        buffer = bytearray(b"ab" + PLAIN[:size] + b"cd")
        list(crypto.encrypt(Aes, KEY, IV, buffer, 2, 2 + size))
        assert buffer == b"ab" + wanted[:size] + b"cd"
        assert crypto.decrypt(Aes, KEY, IV, wanted[:size]) == PLAIN[:size]


def test_cfb_of_more_than_goes_at_once() -> None:
    text = bytes(i * 37 & 0xFF for i in range(1000))
    buffer = bytearray(text)
    list(crypto.encrypt(Aes, KEY, IV, buffer, 0, len(buffer)))
    last, plain = IV, b""
    for at in range(0, len(text), 16):
        stream = Aes(KEY, ECB).encrypt(last)
        last = bytes(buffer[at : at + 16])
        plain += bytes(a ^ b for a, b in zip(last, stream, strict=False))
    assert plain == text == crypto.decrypt(Aes, KEY, IV, bytes(buffer))


def test_what_it_does_not_take() -> None:
    for key, mode, iv in ((KEY[:15], ECB, None), (KEY, 3, None), (KEY, CBC, None), (KEY, ECB, IV)):
        with pytest.raises(ValueError, match="16 octets"):
            Aes(key, mode, iv)
    with pytest.raises(ValueError, match="blksize"):
        Aes(KEY, ECB).encrypt(PLAIN[:15])
