"""A utility that was seen to read a data log of a meter of this kind over Modbus TCP: ours answers each of
its requests with the same octets.

Other are the two octets after each record, which no CRC gives there, and what is after the records that were
asked for: the utility does not read it.
"""

from datalog_bench import Bench
from log_master import crc16, words

from fourquad import points as p
from fourquad.calendar.clock import seconds
from fourquad.protocols.modbus.tcp import Connection

ENERGIES = tuple(range(0x4048, 0x4050))
SIZE = 28


class Unit:
    """A provider: the address of the meter is 1."""

    def read(self, index):
        return 1


# time, import and export of active energy, of reactive energy (0.1 kWh, 0.1 kvarh)
FIRST = (
    (19, 16, 0x5D0A1, 0x184CE, 0x21, 0x8460C),
    (19, 18, 0x5D0A4, 0x184CE, 0x21, 0x84610),
    (19, 19, 0x5D0A6, 0x184CE, 0x21, 0x84613),
    (19, 20, 0x5D0A9, 0x184CE, 0x21, 0x84617),
    (19, 21, 0x5D0AC, 0x184CE, 0x21, 0x8461B),
    (19, 22, 0x5D0AF, 0x184CE, 0x21, 0x8461E),
    (19, 23, 0x5D0B2, 0x184CE, 0x21, 0x84622),
    (19, 24, 0x5D0B5, 0x184CE, 0x21, 0x84625),
)
LAST = ((20, 5, 0x5D129, 0x184CE, 0x21, 0x846BA), (20, 6, 0x5D12C, 0x184CE, 0x21, 0x846BE))
NUMBERS = (0x111E, 0x114E)
CONVERSATION = (
    # request, answer up to the records, records
    ("399f0000000f01106000000408000008000000111d", "399f00000006011060000004", ()),
    ("39a000000006010360 01007b", "39a0000000f90103f6080b0000111d", FIRST),
    ("39ab0000000f01106000000408000002000000114d", "39ab00000006011060000004", ()),
    ("39ac00000006010360 01007b", "39ac000000f90103f6020b0000114d", LAST),
)


def _octets(text):
    text = text.replace(" ", "")
    return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


class Counters:
    """The energies' registers as they are set."""

    def __init__(self):
        self.values = (0,) * 4

    def fetch(self, address, count, target, at):
        data = b"".join([words(value >> 16, value & 0xFFFF) for value in self.values])
        first = 2 * (address - ENERGIES[0])
        target[at : at + 2 * count] = data[first : first + 2 * count]
        return 0


def _meter():
    """A log that has what the meter had: 111DH records before, 48 from 19:16 on."""
    bench = Bench(sectors=40)
    bench.set_clock(seconds(2025, 12, 5, 19, 0, 30))
    assert bench.set_up(0, ENERGIES, sectors=100) == 0
    bench.settle()
    counters = Counters()
    bench.logs.fetch = counters.fetch
    begin = seconds(2025, 12, 8, 19, 16, 0) // 60
    bench.run(begin - bench.minute - 1, serve=False)
    bench.serve()
    # as many before the first that is wanted as there were, whenever that was
    log = bench.logs.logs[0]
    while log.count < NUMBERS[0] - 1:
        log.record(bench.minute, bytearray(246), counters.fetch)
    at = NUMBERS[0]
    for hour, minute, *energies in FIRST:
        _record(bench, counters, hour, minute, energies)
        at += 1
    while at < NUMBERS[1]:
        _record(bench, counters, 19, 25 + (at - NUMBERS[0]) % 30, (at, 0, 0, 0))
        at += 1
    for hour, minute, *energies in LAST:
        _record(bench, counters, hour, minute, energies)
    return bench


def _record(bench, counters, hour, minute, energies):
    counters.values = energies
    moment = seconds(2025, 12, 8, hour, minute, 0) // 60
    bench.logs.logs[0].record(moment, bytearray(246), counters.fetch)


def test_the_conversation():
    bench = _meter()
    bench.points.provide(p.SETTING + p.GROUP_PORTS, Unit())
    connection = Connection(bench.map, p.SETTING + p.ADDRESS_1)
    for n, (request, head, expected) in enumerate(CONVERSATION):
        request, head = _octets(request), _octets(head)
        length = connection.run(request, len(request), 0)
        answer = bytes(connection.answer[:length])
        assert answer[: len(head)] == head, n
        body = answer[len(head) :]
        assert len(body) == (240 if expected else 0)
        for i, (hour, minute, *energies) in enumerate(expected):
            one = words(0, NUMBERS[n // 2] + i) + bytes((25, 12, 8, hour, minute, 0))
            one += b"".join([words(value >> 16, value & 0xFFFF) for value in energies])
            assert body[SIZE * i : SIZE * i + SIZE - 2] == one
            crc = crc16(one)
            assert body[SIZE * i + SIZE - 2 : SIZE * i + SIZE] == bytes((crc & 0xFF, crc >> 8))
        assert not any(body[SIZE * len(expected) :])
    # before that it had read the first five registers of the status
    request = _octets("399e00000006010361000005")
    length = connection.run(request, len(request), 0)
    status = bytes(connection.answer[9:length])
    assert len(status) == 10 and status[4:8] == words(0, NUMBERS[1] + 1) and status[8:] == words(SIZE)
