"""Characters of IEC 62056-21: control characters, block check, parity in software.

A character has seven data bits and even parity (5.1.2, 7E1). On a line of eight data bits without parity that
is the same signal, so the parity bit can be made and checked here.
"""

SOH = 1
STX = 2
ETX = 3
EOT = 4
ACK = 6
LF = 10
CR = 13
NAK = 21

BAD = -1  # a character with wrong parity

# How the port gives its bytes.
PLAIN = 0  # seven bits; the port, or nobody, has seen to the parity
EVEN = 1  # eight bits, the eighth is the parity bit
FOLLOW = 2  # as the sign-on has it: for pseudo-terminals and TCP, which carry whatever a master makes


def _even(c):
    n = c ^ c >> 4
    n ^= n >> 2
    n ^= n >> 1
    return c | (n & 1) << 7


WITH_PARITY = bytes([_even(c) for c in range(128)])


def block_check(buffer, first, end):
    """The block check character of buffer[first:end] (IEC 1155: the parity of each of the seven bits)."""
    check = 0
    for i in range(first, end):
        check ^= buffer[i]
    return check & 0x7F


def put(out, at, text):
    """Write a text or bytes of ASCII at out[at:]; where it ends."""
    data = text.encode() if isinstance(text, str) else text
    end = at + len(data)
    out[at:end] = data
    return end
