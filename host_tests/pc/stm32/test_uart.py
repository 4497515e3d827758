"""The STM32 serial port on a model of its registers: frames, answers, and the driver's pin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from drivers_on_model import Pin, drivers
from h743 import TICK_HZ, Bus

REQUEST = bytes.fromhex("010310000064") + b"\x40\xe1"
BYTE = 10 / 38400


@pytest.fixture
def bench() -> Iterator[Any]:
    bus = Bus()
    with drivers(bus, "uart") as (uart,):
        answer = bytearray(300)
        yield bus, uart, answer


def opened(bench: Any, number: int = 2, place: int = 0, baud: int = 38400, parity: int = 3) -> Any:
    _, uart, answer = bench
    port = uart.Port(number, place, "D54", answer)
    port.configure(baud, parity)
    return port


def poll(bus: Bus, port: Any, buffer: bytearray, seconds: float) -> list[tuple[float, int]]:
    """What `frame` says while time passes, at each change."""
    seen = []
    end = bus.now + round(seconds * TICK_HZ)
    start = bus.now
    while bus.now < end:
        n = port.frame(buffer)
        if not seen or seen[-1][1] != n:
            seen.append(((bus.now - start) / TICK_HZ, n))
        if n > 0:
            break
        bus.advance(50e-6)
    return seen


def test_a_frame_ends_with_a_silence_of_1750_us(bench: Any) -> None:
    bus, _, _ = bench
    port = opened(bench)
    buffer = bytearray(64)
    assert port.frame(buffer) == 0
    bus.usarts[2].receive(REQUEST)
    seen = poll(bus, port, buffer, 0.02)
    assert [n for _, n in seen] == [0, *range(-1, -9, -1), 8]
    assert seen[-1][0] == pytest.approx(8 * BYTE + 0.00175, abs=200e-6)
    assert buffer[:8] == REQUEST
    assert port.frame(buffer) == 0
    assert bus.usarts[2].lost == 0


def test_two_frames_and_a_ring_that_wraps(bench: Any) -> None:
    bus, _, _ = bench
    port = opened(bench)
    buffer = bytearray(300)
    for n in range(40):
        data = bytes((n + i) & 0xFF for i in range(60))
        bus.usarts[2].receive(data)
        poll(bus, port, buffer, 0.05)
        assert buffer[:60] == data
    bus.usarts[2].receive(bytes(300))
    assert poll(bus, port, bytearray(10), 0.2)[-1][1] == 300  # more than there is room for


def test_consume_takes_from_an_unfinished_frame(bench: Any) -> None:
    bus, _, _ = bench
    port = opened(bench)
    buffer = bytearray(64)
    bus.usarts[2].receive(b"abcdef")
    bus.advance(6.5 * BYTE)
    assert port.frame(buffer) == -6
    assert port.remaining() > 1000
    port.consume(4)
    assert port.frame(buffer) == -2 and buffer[:2] == b"ef"


@pytest.mark.parametrize(("number", "place"), [(2, 0), (6, 1)])
def test_an_answer_and_its_direction(bench: Any, number: int, place: int) -> None:
    bus, _, answer = bench
    port = opened(bench, number, place)
    usart = bus.usarts[number]
    assert Pin.made["D54"] == (Pin.ALT, 7)
    answer[:9] = b"123456789"
    began = bus.now
    port.send(9)
    answer[:9] = b"overwritt"  # what is on its way does not change
    assert port.sending() == 1
    bus.advance(8.9 * BYTE)
    assert port.sending() == 1
    while port.sending():
        bus.advance(10e-6)
    assert bytes(usart.line) == b"123456789"
    (rise, up), (fall, down) = usart.direction
    assert (up, down) == (1, 0)
    assert rise - began < 2000
    # a bit of time for the driver to come up, and none after the last stop bit
    assert (fall - rise) / TICK_HZ == pytest.approx(9 * BYTE + 1 / 38400, rel=1e-3)
    assert port.duration(96) == 25
    # who has asked for its end may not be who waits for it
    assert not port.quiet(0)
    assert port.frame(bytearray(9)) == 0 and port.quiet(0)


def test_sends_again_and_hears_in_between(bench: Any) -> None:
    bus, _, answer = bench
    port = opened(bench)
    buffer = bytearray(64)
    for n in range(3):
        bus.usarts[2].receive(REQUEST)
        poll(bus, port, buffer, 0.02)
        assert buffer[:8] == REQUEST
        answer[:3] = bytes([n] * 3)
        port.send(3)
        while port.sending():
            bus.advance(10e-6)
    assert bytes(bus.usarts[2].line) == b"\0\0\0\1\1\1\2\2\2"


@pytest.mark.parametrize(("parity", "bits"), [(0, 11), (1, 11), (2, 11), (3, 10)])
def test_formats(bench: Any, parity: int, bits: int) -> None:
    bus, _, _ = bench
    port = opened(bench, baud=9600, parity=parity)
    assert bus.usarts[2].frame_bits == bits
    assert port.duration(1000) == -(-bits * 1_000_000 // 9600)
    bus.usarts[2].receive(REQUEST)
    seen = poll(bus, port, bytearray(64), 0.05)
    assert seen[-1] == (pytest.approx((8 + 3.5) * bits / 9600, abs=3e-4), 8)


def test_two_ports_at_once(bench: Any) -> None:
    bus, _, _ = bench
    one, two = opened(bench, 2, 0), opened(bench, 6, 1)
    bus.usarts[2].receive(b"first one")
    bus.usarts[6].receive(b"second")
    bus.advance(0.02)
    a, b = bytearray(16), bytearray(16)
    one.frame(a), two.frame(b)
    bus.advance(0.002)
    assert (one.frame(a), two.frame(b)) == (9, 6)
    assert (a[:9], b[:6]) == (b"first one", b"second")


def test_stop(bench: Any) -> None:
    bus, _, _ = bench
    port = opened(bench)
    port.stop()
    bus.usarts[2].receive(REQUEST)
    bus.advance(0.01)
    assert port.frame(bytearray(8)) == 0
