"""More texts than a request can have: every read of registers gives them as they are."""

from fourquad import points as p
from fourquad.meter.settings import Settings
from fourquad.models.rows import register, text
from fourquad.protocols.modbus.map import RegisterMap

FIRST = 0xD800
SIZES = (8, 16, 20, 40, 1, 32, 24)
COUNT = 60


class Tables:
    NAME = "texts"
    REGIONS = ((0x4000, 2, "hole", 0),)
    TEXTS = tuple(
        [text(p.GROUP_NETWORK + i, longest=2 * SIZES[i % len(SIZES)]) for i in range(COUNT)],
    )


def rows():
    out = []
    address = FIRST
    for i in range(COUNT):
        size = SIZES[i % len(SIZES)]
        out.append(register(address, p.SETTING + p.GROUP_NETWORK + i, size, "text"))
        address += size
    return tuple(out)


def test_every_read_gives_the_texts():
    Tables.SETTING_REGISTERS = rows()
    settings = Settings((), texts=Tables.TEXTS)
    points = p.Points()
    settings.provide(points)
    texts = settings.groups[0].texts
    octets = b""
    for i in range(COUNT):
        size = 2 * SIZES[i % len(SIZES)]
        said = bytes([33 + (i * 7 + k) % 90 for k in range(size - i % 2)])
        texts.write(i, said)
        octets += said + bytes(size - len(said))
    registers = RegisterMap(Tables, points)
    total = len(octets) // 2
    assert total > 1024, "places have an end"
    target = bytearray(254)
    for count in (1, 2, 50, 125, 127):
        for first in range(0, total - count + 1, 3 if count > 2 else 1):
            assert registers.read(FIRST + first, count, target, 0) == 0
            assert target[: 2 * count] == octets[2 * first : 2 * (first + count)]
