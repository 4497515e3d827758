"""The fuzz that MicroPython can do: mutated frames and a plain rule of what may be answered.

The million frames and the full oracle are in host_tests/pc/protocols.
"""

from protocols.modbus_fakes import FakeMeter, with_crc
from protocols.random16 import Random, mutated

FRAMES = 4000

BODIES = (
    b"\x01\x01\x00\x00\x00\x08",
    b"\x01\x02\x00\x00\x00\x1c",
    b"\x01\x03\x40\x00\x00\x7d",
    b"\x01\x03\x30\x00\x00\x3c",
    b"\x01\x03\x0f\xfd\x00\x49",
    b"\x01\x03\x42\xa0\x00\x05",
    b"\x01\x05\x00\x00\xff\x00",
    b"\x01\x06\x10\x0c\x00\x05",
    b"\x01\x10\x40\x48\x00\x02\x04\x0a\x9d\x40\x89",
    b"\x01\x10\x10\x3f\x00\x07\x0e\x00\x04\x07\xec\x00\x02\x00\x1d\x00\x17\x00\x3b\x00\x3b",
    b"\x00\x06\x10\x0d\x00\x14",
)


def test_mutated_frames():
    rng = Random(320)
    meter = FakeMeter()
    before = meter.snapshot()
    for _ in range(FRAMES):
        body = mutated(rng, BODIES[rng.below(len(BODIES))], 3)
        good = rng.below(4) != 0
        frame = with_crc(body) if good else body + b"\x12\x34"
        n = meter.slave.run(frame, len(frame), 0)
        after = meter.snapshot()
        wrote = after != before
        if not good or len(body) < 2 or body[0] > 1 or body[1] & 0x80:
            assert n == 0 and not wrote, frame
            continue
        if wrote:
            assert body[1] in (5, 6, 16), frame
            meter = FakeMeter()
        if body[0] == 0:
            assert n == 0, frame
            continue
        answer = meter.slave.answer if not wrote else None
        if answer is None:
            assert n == 8, frame
            continue
        assert answer[0] == 1 and answer[1] & 0x7F == body[1], frame
        if answer[1] & 0x80:
            assert n == 5 and 1 <= answer[2] <= 4, frame
            assert (answer[2] == 1) == (body[1] not in (1, 2, 3, 5, 6, 16)), frame
        elif body[1] <= 3:
            assert n == answer[2] + 5, frame
            count = body[4] << 8 | body[5]
            assert answer[2] == (2 * count if body[1] == 3 else (count + 7) // 8), frame
        else:
            assert n == 8, frame
