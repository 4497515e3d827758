"""The harnesses of `make fuzz` without its engine: every seed passes, and what is wrong is told."""

from __future__ import annotations

import binascii
import importlib.util
import sys

import pytest

from fuzz import bacnet, dnp3, flash, frames, iec62056, modbus, modbus_tcp
from fuzz.__main__ import SEEDS
from fuzz.targets import TARGETS, module

LARGEST = 200_000  # octets of all seeds together


def test_checks_are_those_of_the_standards() -> None:
    # the check values of CRC-16/MODBUS and CRC-16/DNP in the catalogue of parametrised CRC algorithms
    assert frames.modbus_crc(b"123456789") == (0x4B37).to_bytes(2, "little")
    assert frames.dnp3_crc(b"123456789") == (0xEA82).to_bytes(2, "little")
    # DNP3, the examples of a link header in IEEE 1815, 9.2
    assert frames.dnp3_frame(0xC0, b"", 1, 0x400) == binascii.unhexlify("056405c001000004e921")
    assert frames.iec_framed(b"B0") == b"\x01B0\x03q"
    # MS/TP, the examples of annex G of ASHRAE 135
    assert frames.mstp_frame(0, 0x10, 5) == bytes.fromhex("55FF00100500008C")
    assert frames.mstp_frame(6, 0x10, 5, bytes.fromhex("012230")).endswith(bytes.fromhex("01223010BD"))


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_in_the_tree_and_pass(name: str) -> None:
    found = [path.read_bytes() for path in sorted((SEEDS / name).iterdir())]
    assert found == module(name).seeds()
    target = module(name).Target()
    for seed in found:
        target.run(seed)


def test_many_requests_are_no_answer_without_an_end() -> None:
    # forms without a body, which come an octet at a time
    module("http").Target().run(bytes(131))


def test_the_seeds_are_small() -> None:
    assert 0 < sum(path.stat().st_size for path in SEEDS.rglob("*") if path.is_file()) < LARGEST


def test_a_wrong_answer_is_told() -> None:
    request = bytes((1, 3, 0x40, 0, 0, 1))
    good = bytes((1, 3, 2, 0, 7))
    modbus.check(good + frames.modbus_crc(good), request)
    for bad in (bytes((2, 3, 2, 0, 7)), bytes((1, 3, 3, 0, 7)), bytes((1, 4, 2, 0, 7)), bytes((1, 0x83, 0))):
        with pytest.raises(frames.Broken):
            modbus.check(bad + frames.modbus_crc(bad), request)
    with pytest.raises(frames.Broken, match="CRC"):
        modbus.check(good + b"\0\0", request)
    with pytest.raises(frames.Broken, match="block check"):
        iec62056.check(b"\x02(1)\x03\x00", b"")
    with pytest.raises(frames.Broken, match="header CRC"):
        frames.dnp3_frames(binascii.unhexlify("056405c001000004e922"))


def test_a_wrong_answer_of_mstp_is_told() -> None:
    good = frames.mstp_frame(6, 9, 1, b"\x01\x00\x20\x01\x0f")
    bacnet.check(good, b"")
    for bad in (
        good[:-1] + b"\0",
        good[:7] + b"\0" + good[8:],
        frames.mstp_frame(5, 9, 1, b"\x01\x00\x20\x01\x0f"),
        frames.mstp_frame(6, 9, 1, b"\x01\x00"),
        frames.mstp_frame(6, 9, 1, b"\x01\x08\x20\x01\x0f"),
        frames.mstp_frame(6, 9, 1, b"\x01\x00" + b"\x30" * 481),
    ):
        with pytest.raises(frames.Broken):
            bacnet.check(bad, b"")


def test_a_wrong_answer_on_tcp_is_told() -> None:
    # a transaction of the messaging guide's form: two registers from 4000H on
    request = bytes.fromhex("0007 0000 0006 01 03 4000 0002")
    good = bytes.fromhex("0007 0000 0007 01 03 04 43660000")
    modbus_tcp.check(request, good)
    modbus_tcp.check(request, bytes.fromhex("0007 0000 0003 01 83 02"))
    for bad in (
        "0008 0000 0007 01 03 04 43660000",
        "0007 0000 0007 02 03 04 43660000",
        "0007 0000 0006 01 03 04 43660000",
        "0007 0000 0005 01 03 02 4366",
        "0007 0000 0003 01 84 02",
        "0007 0000 0003 01 83 0C",
    ):
        with pytest.raises(frames.Broken):
            modbus_tcp.check(request, bytes.fromhex(bad))
    # after a write of the address the meter goes by another
    renaming = bytes.fromhex("0006 0000 0006 01 06 1001 0009")
    assert modbus_tcp.renamed(renaming, renaming, 1) == 9
    assert modbus_tcp.renamed(renaming, bytes.fromhex("0006 0000 0003 01 86 03"), 1) == 1
    several = bytes.fromhex("0006 0000 000B 01 10 1000 0002 04 0000 0009")
    assert modbus_tcp.renamed(several, several[:12], 1) == 9
    with pytest.raises(frames.Broken, match="another unit"):
        modbus_tcp.check(request, good, 9)
    assert modbus_tcp.split(2 * request + request[:-1]) == ([request, request], False)
    assert modbus_tcp.split(request + bytes.fromhex("0008 0001 0006")) == ([request], True)
    assert modbus_tcp.split(bytes.fromhex("0008 0000 0001")) == ([], True)


def test_a_change_without_an_answer_is_told() -> None:
    target = modbus.Target()
    target.run(b"")
    target._meter.meter.settings.groups[0].values[0] += 1
    with pytest.raises(frames.Broken, match="no answer confirms"):
        target.run(b"\0\1\2\3")


def test_damages_of_an_image() -> None:
    image = bytes(range(256)) * 32
    assert flash.damaged(image, b"\x02\0\0\0\0\2ab") == image[:2] + b"ab" + image[4:]
    assert flash.damaged(image, b"\x07\0\0\1\0\1\x06") == image[:7] + b"\x06" + image[8:]
    assert flash.damaged(image, b"\x01\0\0\4\1\0") == image[:1] + b"\x03" + image[2:]
    assert flash.damaged(image, b"\x10\0\0\2\1\0") == image[:16] + b"\xff" * 16 + image[32:]
    assert flash.damaged(image, b"\x10\0\0\2\1") == image


def _answers(target: bacnet.Target | dnp3.Target | iec62056.Target, data: bytes) -> list[bytes]:
    """What the checks are given while an input runs."""
    module_of = sys.modules[type(target).__module__]
    heard: list[bytes] = []
    checked = module_of.check

    def check(answer: bytes, octets: bytes) -> bytes | None:
        heard.append(answer)
        return checked(answer, octets)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module_of, "check", check)
        target.run(data)
    return heard


@pytest.mark.parametrize("name", ["dnp3", "iec62056", "bacnet"])
def test_an_input_meets_the_same_station_whatever_came_before(name: str) -> None:
    seeds = module(name).seeds()
    target = module(name).Target()
    forth = [_answers(target, seed) for seed in seeds]
    back = [_answers(target, seed) for seed in reversed(seeds)][::-1]
    alone = _answers(module(name).Target(), seeds[-1])
    assert forth == back
    assert alone == forth[-1]
    assert any(any(answers) for answers in forth)


def test_sessions_of_iec62056_reach_reading_and_writing() -> None:
    target = iec62056.Target()

    def ask(mode: int, *messages: bytes, wait: int = 2) -> bytes:
        answers = _answers(target, bytes((mode,)) + iec62056.pack(*messages, wait=wait))
        return answers[-1] if answers else b""

    preset = b"W1\x021.8.0(123.45*kWh)"
    assert ask(3, preset).startswith(b"\x02(ER06 PRG)\x03")
    assert ask(7, preset) == b"\x06"
    assert ask(5, preset) == b""
    sign_on = iec62056.pack(b"/?!\r\n") + iec62056.pack(b"\x06050\r\n", wait=3)
    readout = _answers(target, b"\0" + sign_on)[-1]
    assert readout.startswith(b"\x02")
    assert readout[-5:-1] == b"!\r\n\x03"


def test_only_what_looks_at_the_input_is_followed() -> None:
    pytest.importorskip("atheris")
    from fuzz import one

    left = one.left_alone()
    assert len(left) == len(set(left)) > 100
    for name in [*one.FOLLOWED, *one.PASSED, *left]:
        assert importlib.util.find_spec(name), name
    assert set(left) > one.PASSED
    assert not {"fourquad.protocols.dnp3.session", "fourquad.records.journal"} & set(left)
    assert {"fourquad", "fourquad.meter.meter", "fourquad_tools.sim.simulator"} <= set(left)
