"""Frames with group 100 of the KW320's manual as frames with group 30 variation 5, which has the same octets.

No decoder knows group 100; what it says can be judged by one all the same.
"""

from __future__ import annotations

from protocols.dnp3_fakes import frame, unframe

# Octets of an object in what the list of the manual answers.
SIZES = {(100, 1): 5, (20, 1): 5, (20, 2): 3, (20, 5): 4, (20, 6): 2, (30, 1): 5, (30, 2): 3, (30, 4): 2}
RESPONSES = (129, 130)


def known(packet: bytes) -> bytes:
    """The packet with every header of group 100 replaced."""
    frames = unframe(packet)
    # the user data of all frames, each octet with its place
    places = [(i, j) for i, (_, _, _, data) in enumerate(frames) for j in range(1, len(data))]
    datas = [bytearray(data) for _, _, _, data in frames]
    whole = bytearray(datas[i][j] for i, j in places)
    if len(whole) < 2:
        return packet
    response = whole[1] in RESPONSES
    at = 4 if response else 2
    while at + 3 <= len(whole):
        group, variation, qualifier = whole[at : at + 3]
        start = at
        at += 3
        if qualifier in (0, 1):
            width = 1 + qualifier
            low, high = (
                int.from_bytes(whole[at + n * width : at + (n + 1) * width], "little") for n in (0, 1)
            )
            count, prefix = high - low + 1, 0
            at += 2 * width
        elif qualifier in (0x17, 0x28):
            prefix = 1 if qualifier == 0x17 else 2
            count = int.from_bytes(whole[at : at + prefix], "little")
            at += prefix
        elif qualifier in (6, 7, 8):
            count = prefix = 0
            at += qualifier - 6
        else:
            break
        if group == 100:
            whole[start], whole[start + 1] = 30, 5 if variation == 1 else variation
        if response and (group, variation) not in SIZES:
            break
        at += count * (prefix + (SIZES[group, variation] if response else 0))
    for octet, (i, j) in zip(whole, places, strict=True):
        datas[i][j] = octet
    return b"".join(
        frame(control, bytes(data), destination, source)
        for (control, destination, source, _), data in zip(frames, datas, strict=True)
    )
