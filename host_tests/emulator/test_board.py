"""The emulated board: code, time, reset and pins behave as on the chip."""

from __future__ import annotations

import pytest
from emulated import Emulated, EmulatorError

pytestmark = pytest.mark.chosen


def test_says_what_it_is(board: Emulated) -> None:
    out = board.run("import sys, machine\nprint(sys.implementation.version[:2], machine.freq())")
    assert out == "(1, 25) 125000000"


def test_floats_are_single_and_integers_long(board: Emulated) -> None:
    assert (
        board.run("print(float(2**24 + 1) == float(2**24), 2**100 % 1000007)") == f"True {2**100 % 1000007}"
    )


def test_native_code(board: Emulated) -> None:
    code = """
@micropython.viper
def total(p: ptr16, n: int) -> int:
    s = 0
    for i in range(n):
        s += p[i]
    return s
@micropython.asm_thumb
def twice(r0):
    add(r0, r0, r0)
print(total(bytes(range(200)), 100), twice(21))
"""
    assert board.run(code) == f"{sum(i | (i + 1) << 8 for i in range(0, 200, 2))} 42"


def test_exception_is_told(board: Emulated) -> None:
    with pytest.raises(EmulatorError, match="ZeroDivisionError"):
        board.run("1 / 0")


def test_time_passes_and_sleep_is_idle(board: Emulated) -> None:
    before = board("stats")
    board.run("import time\ntime.sleep(10)", timeout_ms=12000)
    after = board("stats")
    assert after["ns"] - before["ns"] == pytest.approx(10e9, rel=0.01)
    assert after["idle_ns"] - before["idle_ns"] > 9.9e9


def test_machine_reset_and_watchdog(board: Emulated) -> None:
    resets = board("stats")["resets"]
    for code in (
        "import machine\nmachine.reset()",
        "import machine\nmachine.WDT(timeout=200)\nwhile True: pass",
    ):
        with pytest.raises(EmulatorError, match="did not end"):
            board.run(code, timeout_ms=1000)
        board.run("pass")
    assert board("stats")["resets"] == resets + 2
    assert board.run("import machine\nprint(machine.reset_cause() == machine.WDT_RESET)") == "True"


def test_open_pin_follows_its_pull(board: Emulated) -> None:
    code = """
from machine import Pin
print(Pin(12, Pin.IN, Pin.PULL_UP).value(), Pin(13, Pin.IN, Pin.PULL_DOWN).value())
"""
    assert board.run(code) == "1 0"
    board("gpio", pin=12, value=0)
    board("gpio", pin=13, value=1)
    assert board.run(code) == "0 1"
    board("gpio", pin=12, value=None)
    board("gpio", pin=13, value=None)
    assert board.run(code) == "1 0"


def test_pin_interrupt(board: Emulated) -> None:
    board.run(
        """
from machine import Pin
edges = []
key = Pin(14, Pin.IN, Pin.PULL_UP)
key.irq(lambda pin: edges.append(pin.value()), Pin.IRQ_FALLING | Pin.IRQ_RISING)
"""
    )
    for value in (0, None, 0, 1):
        board("gpio", pin=14, value=value)
        board("run", ns=1e6)
    assert board.run("print(edges)") == "[0, 1, 0, 1]"
    board("gpio", pin=14, value=None)


def test_output_is_seen_outside_and_read_back(board: Emulated) -> None:
    assert board("gpio", pin=15)["level"] is None
    assert board.run("from machine import Pin\np = Pin(15, Pin.OUT, value=1)\nprint(p.value())") == "1"
    edges = board("gpio", pin=15)
    assert edges["level"] == 1
    board.run("p.value(0)")
    assert board("gpio", pin=15)["level"] == 0
    assert board("gpio", pin=15)["edges"] == edges["edges"] + 1


def test_pio(board: Emulated) -> None:
    code = """
import rp2
@rp2.asm_pio()
def program():
    pull()
    mov(isr, osr)
    push()
machine = rp2.StateMachine(0, program, freq=2000000)
machine.active(1)
machine.put(1234)
print(machine.get())
machine.active(0)
"""
    assert board.run(code) == "1234"


def test_mistakes_are_answered(board: Emulated) -> None:
    for command, arguments in (
        ("nonsense", {}),
        ("run", {}),
        ("uart", {"n": 7, "send": "00"}),
        ("uart", {"n": 1, "send": "0"}),
        ("gpio", {"pin": 30}),
        ("flash", {"load": "/nowhere"}),
        ("adc", {"channels": [{"input": 9, "quantity": "volts", "scale": 1}]}),
        ("adc", {"set": {"0": 4096}}),
    ):
        with pytest.raises(EmulatorError):
            board(command, **arguments)
    assert board("stats", id=5)["id"] == 5


def test_display_shows_what_is_sent(board: Emulated) -> None:
    board.run(
        """
from machine import Pin, SPI
spi = SPI(1, baudrate=4000000, sck=Pin(10), mosi=Pin(11), miso=None)
select, data = Pin(13, Pin.OUT, value=1), Pin(12, Pin.OUT, value=0)
def send(is_data, octets):
    data(is_data)
    select(0)
    spi.write(octets)
    select(1)
send(0, b'\\x81\\xb5\\xaf')
send(0, b'\\xb2\\x04\\x11')
send(1, b'\\x12\\x34')
"""
    )
    shown = board("lcd")
    assert shown["lit"]
    memory = bytes.fromhex(shown["hex"])
    assert memory[2 * 128 + 0x14 : 2 * 128 + 0x17] == b"\x12\x34\x00"
