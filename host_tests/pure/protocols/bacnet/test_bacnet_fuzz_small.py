"""Requests that are spoilt, nested, cut short, or of nothing but brackets: an answer of the protocol or none,
no exception; only a request that is acknowledged writes.
"""

from protocols.bacnet.bacnet_fakes import Plant
from protocols.random16 import Random, mutated

SEEDS = (
    b"\x00\x05\x01\x0c\x0c\x00\x00\x00\x05\x19\x55",
    b"\x00\x05\x01\x0c\x0c\x02\x00\x00\x03\x19\x4c\x29\x01",
    b"\x00\x05\x01\x0e\x0c\x00\x00\x00\x05\x1e\x09\x55\x09\x67\x1f\x0c\x02\x00\x00\x03\x1e\x09\x08\x1f",
    b"\x00\x05\x01\x0f\x0c\x00\x80\x00\x01\x19\x55\x3e\x44\x43\x34\x00\x00\x3f\x49\x08",
    b"\x00\x05\x01\x0f\x0c\x02\x00\x00\x03\x19\x4d\x3e\x75\x06\x00Mains\x3f",
    b"\x00\x05\x01\x11\x09\x05\x19\x02\x2d\x08\x00#egbdf!",
    b"\x00\x05\x01\x14\x09\x02",
    b"\x10\x08\x09\x03\x19\x03",
    b"\x10\x07\x3d\x07\x00OATemp",
    b"\x10\x06\xa4\x7e\x0b\x11\x02\xb4\x16\x2d\x1e\x46",
)
NUMBER = 4000


def test_mutations():
    rng = Random(77)
    plant = Plant()
    kinds = set()
    for i in range(NUMBER):
        apdu = mutated(rng, SEEDS[i % len(SEEDS)])
        before = list(plant.settings.values) + list(plant.settings.names)
        answer = plant.run(apdu) if apdu else b""
        after = list(plant.settings.values) + list(plant.settings.names)
        kind = answer[0] & 0xF0 if answer else -1
        kinds.add(kind)
        assert kind in (-1, 0x10, 0x20, 0x30, 0x50, 0x60, 0x70)
        assert len(answer) <= 480
        assert before == after or kind == 0x20
        plant.application.communicate(0, 0)
    # each kind of answer was seen
    assert kinds == {-1, 0x10, 0x20, 0x30, 0x50, 0x60, 0x70}


def test_brackets_and_lengths_without_end():
    plant = Plant()
    head = b"\x00\x05\x01"
    for service in (12, 14, 15, 17, 20, 26):
        start = head + bytes((service,))
        for body in (
            b"\x3e" * 400,
            b"\x3f" * 400,
            b"\x0c\x00\x80\x00\x01\x19\x55" + b"\x3e" * 300 + b"\x3f" * 300,
            b"\x0c\x00\x80\x00\x01\x19\x55\x3e\x45\xfe\xff\xff",
            b"\x0c\x00\x80\x00\x01\x19\x55\x3e\x45\xff\xff\xff\xff\xff",
            b"\x0c\x00\x80\x00\x01\x19\x55\x3e\xf5\x00\x3f",
            b"\x0d\x04\x00\x00\x00\x05\x19\x55",
            b"\x0c\x00\x00\x00\x05\x1d\xff\xff\xff\xff\xff",
            b"\x0c\x00\x00\x00\x05\x1e" + b"\x09\x55" * 200 + b"\x1f",
            b"\xff" * 200,
            b"\xf9" * 201,
        ):
            answer = plant.run(start + body)
            assert answer == b"" or answer[0] & 0xF0 in (0x20, 0x30, 0x50, 0x60, 0x70)
    assert plant.settings.values == Plant().settings.values


def test_every_request_cut_at_every_octet():
    plant = Plant()
    for seed in SEEDS:
        for n in range(1, len(seed)):
            answer = plant.run(seed[:n])
            assert answer == b"" or answer[0] & 0xF0 in (0x10, 0x20, 0x30, 0x60), (seed, n)
            plant.application.communicate(0, 0)
