"""Mutated frames and half-open sessions of IEC 62056-21, the same on a PC and on MicroPython."""

from protocols.iec62056_fakes import Fake, framed
from protocols.random16 import Random

from fourquad import points as p
from fourquad import ticks
from fourquad.points import billing as b
from fourquad.protocols.iec62056 import slave as s

_BODIES = (
    b"P1\x02(00000001)",
    b"P2\x02(12345678)",
    b"R1\x021-1:1.8.0()",
    b"R1\x021.6.4*101()",
    b"R2\x020.9.1(1)",
    b"R5\x02P.01(2602081200;2602091145)",
    b"R6\x02P.01(;)",
    b"R3\x0213.0.1()",
    b"W1\x020.9.1(101112)",
    b"W1\x020.9.4(0260208120000)",
    b"W1\x021.8.0(123.45*kWh)",
    b"W5\x0213.0.1(0000,F1;0630,F2;2200,F1)",
    b"W5\x0211.0.3(26;0101,b4;1225,F1)",
    b"W1\x0213.3.0(60;60;3,5,0,120;10,5,0,120)",
    b"W5\x0296.51.3(1,7,8;12,2,99,1,16)",
    b"W1\x0296.80.0(1)",
    b"W1\x0296.90.1(11111111)",
    b"B0",
    b"E2\x020()",
)
_OPENINGS = (
    b"/?!\r\n",
    b"/?1!\r\n",
    b"\x06051\r\n",
    b"\x06050\r\n",
    b"\x06001\r\n",
    b"\x15",
    b"\x06",
    b"\r\n",
)
_MARKS = b"\x00\x01\x02\x03\x04\x06\x0a\x0d\x15()*;,/?!:.0aPRWB\x7f\xff"
_STEP = 260  # ms from one look to the next


def mutated(rng):
    """A frame with none to three changes; half of them get a good block check again."""
    if not rng.below(3):
        data = bytearray(_OPENINGS[rng.below(len(_OPENINGS))])
        again = False
    else:
        data = bytearray(_BODIES[rng.below(len(_BODIES))])
        again = rng.below(2)
        if not again:
            data = bytearray(framed(bytes(data)))
    for _ in range(rng.below(4)):
        if not data:
            break
        at = rng.below(len(data))
        kind = rng.below(6)
        if kind == 0:
            data[at] ^= 1 << rng.below(8)
        elif kind == 1:
            data[at] = _MARKS[rng.below(len(_MARKS))]
        elif kind == 2:
            data = data[:at]
        elif kind == 3:
            data = data[:at] + bytes([_MARKS[rng.below(len(_MARKS))]]) + data[at:]
        elif kind == 4:
            data = data + data[at:]
        else:
            data = data[at:]
    if again:
        for i in range(len(data)):
            data[i] &= 0x7F
        return framed(bytes(data))
    return bytes(data)


def state(fake):
    """All that a master could have changed."""
    energies = [fake.read(b.tariff_energy(quantity, rate)) for quantity in range(7) for rate in range(5)]
    tables = [fake.table(i) for i in range(b.TABLES)]
    return (
        [list(group.values) for group in fake.settings.groups],
        fake.local_time(),
        energies,
        tables,
        fake.done,
    )


def run(frames, seed):
    """Throw frames at a meter nobody has the password of; the counters of what it saw."""
    rng = Random(seed)
    fake = Fake()
    for name in (p.IEC_PASSWORD_1, p.IEC_PASSWORD_2):
        fake.settings.write(name, 99999998)
    fake.program(1)
    before = state(fake)
    for n in range(frames):
        if not rng.below(16):
            _look(fake, 8)
            fake.say(b"/?!\r\n")
            _look(fake, 3)
            fake.say(b"\x06051\r\n")
            _look(fake, 6)
        fake.say(mutated(rng))
        _look(fake, 2 + rng.below(4), 1 + rng.below(20))
        if n % 500 == 499:
            _back_to_idle(fake)
            assert state(fake) == before, n
    return fake.slave.counters


def _look(fake, times, pieces=200):
    """The port looks `times` times, and sends some pieces of an answer each time."""
    slave = fake.slave
    for _ in range(times):
        fake.now = ticks.add(fake.now, _STEP)
        for _ in range(pieces):
            count = slave.poll(fake.now)
            assert 0 <= count <= len(slave.answer)
            if not count:
                break


def _back_to_idle(fake):
    """Whatever was left open is over in the standard's time (120 s), a readout that is under way included."""
    end = ticks.add(fake.now, 120000)
    slave = fake.slave
    while ticks.diff(end, fake.now) > 0:
        fake.now = ticks.add(fake.now, 500)
        while slave.poll(fake.now):
            pass
    assert slave.state == s.IDLE and not slave.busy and slave.baud == 300
    assert fake.ask(b"/?!\r\n", 500) == b"/FQD5A1000V01\r\n"
    fake.command(b"B0")
