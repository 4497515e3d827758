"""Requests to an s4100 that are spoilt: an answer of the protocol or none, no exception; one that is not
acknowledged changes nothing.
"""

# first, because MicroPython's stack does not take imports that are nested deeper
from meter.tables import meter as _meter  # noqa: F401
from protocols.bacnet.test_trend import TRUE, Logs, unsigned
from protocols.random16 import Random, mutated

from fourquad import points as p
from fourquad.points import system as s
from fourquad.protocols.bacnet import codes as c

LOG = b"\x0c\x05\x00\x00\x02"
SEEDS = (
    b"\x00\x05\x01\x1a" + LOG + b"\x19\x83",
    b"\x00\x05\x01\x1a" + LOG + b"\x19\x83\x3e\x21\x05\x31\x05\x3f",
    b"\x00\x05\x01\x1a" + LOG + b"\x19\x83\x6e\x21\x07\x31\xf0\x6f",
    b"\x00\x05\x01\x1a" + LOG + b"\x19\x83\x7e\xa4\x7e\x0b\x1d\x07\xb4\x09\x00\x14\x00\x31\x05\x7f",
    b"\x00\x05\x01\x0f" + LOG + b"\x19\x85\x3e\x10\x3f",
    b"\x00\x05\x01\x0f" + LOG + b"\x19\x84\x3e\x0c\x00\x00\x00\x05\x19\x55\x3f",
    b"\x00\x05\x01\x0f" + LOG + b"\x19\x8e\x3e\xa4\x7e\x0b\x1d\x07\xb4\x09\x00\x14\x00\x3f",
    b"\x00\x05\x01\x0f" + LOG + b"\x19\x8d\x3e\x21\x00\x3f",
    b"\x00\x05\x01\x0e" + LOG + b"\x1e\x09\x08\x1f",
    b"\x00\x05\x01\x0f\x0c\x00\x80\x00\x05\x19\x55\x3e\x44\x41\x20\x00\x00\x3f",
    b"\x00\x05\x01\x0f\x0c\x02\x00\x00\x03\x19\x40\x3e\x21\x1f\x3f",
)
NUMBER = 3000


def state(logs):
    settings = logs.meter.settings
    found = [list(group.values) for group in settings.groups]
    found += [list(group.texts.values) for group in settings.groups if group.texts]
    return found, [log.count() for log in logs.meter.trends.logs]


def test_mutations():
    rng = Random(1912)
    logs = Logs()
    assert logs.put(c.LOG_ENABLE, TRUE) == 0
    logs.intervals(30)
    kinds = set()
    before = state(logs)
    for i in range(NUMBER):
        apdu = mutated(rng, SEEDS[i % len(SEEDS)])
        answer = logs.ask(apdu) if apdu else b""
        kind = answer[0] & 0xF0 if answer else -1
        kinds.add(kind)
        assert kind in (-1, 0x10, 0x20, 0x30, 0x50, 0x60, 0x70)
        assert len(answer) <= 480
        after = state(logs)
        assert before == after or kind == 0x20
        before = after
        logs.service()
        logs.machine.application.communicate(0, 0)
    assert kinds >= {-1, 0x20, 0x30, 0x50, 0x60}


def test_every_request_cut_at_every_octet():
    logs = Logs()
    before = state(logs)
    for seed in SEEDS:
        for n in range(1, len(seed)):
            answer = logs.ask(seed[:n])
            # a range may be left out, and be said to be of all
            assert answer == b"" or answer[0] & 0xF0 in (0x30, 0x60), (seed, n)
    assert state(logs) == before
    assert logs.points.read(p.SETTING + s.DATABASE_REVISION) == 0
    assert logs.put(c.RECORD_COUNT, unsigned(0)) == 0
