"""The emulated board itself: what the firmware builds on is there and behaves as on the chip."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import Emulated, EmulatorError, image

ADC = "ADC = 0x4004c000\n"
JOURNAL = "import rp2\njournal = rp2.Flash(start=896 * 1024, len=512 * 1024)\n"
# Block 0 of the journal belongs to these tests.
SECTOR = 4096


@pytest.fixture(scope="module")
def board() -> Iterator[Emulated]:
    with Emulated(image()) as emulated:
        emulated.boot()
        yield emulated


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


# ---- flash ---------------------------------------------------------------------------------------


def test_filesystem_leaves_the_journal_raw(board: Emulated) -> None:
    assert board.run('import os\nprint(os.statvfs("/")[:3])') == "(4096, 4096, 224)"
    assert board.run(JOURNAL + "print(journal.ioctl(4, 0))") == "128"


def test_files_survive_a_reset(board: Emulated) -> None:
    board.run('f = open("/kept.txt", "w")\nfor i in range(200):\n    f.write("line %d\\n" % i)\nf.close()')
    board("reset")
    board.boot()
    assert board.run('print(open("/kept.txt").read().split("\\n")[199])') == "line 199"


def test_erase_and_program_without_erase(board: Emulated) -> None:
    out = board.run(
        JOURNAL
        + """
page = bytearray(256)
journal.ioctl(6, 0)
journal.readblocks(0, page, 0)
print(page == b'\\xff' * 256, end=' ')
journal.writeblocks(0, b'\\xf0' * 256, 256)
journal.writeblocks(0, b'\\x3c' * 256, 256)
journal.readblocks(0, page, 256)
print(page == b'\\x30' * 256)
"""
    )
    assert out == "True True"


def test_flash_takes_its_time_and_stops_interrupts(board: Emulated) -> None:
    out = board.run(
        JOURNAL
        + """
import machine, time
ticks = 0
def count(timer):
    global ticks
    ticks += 1
timer = machine.Timer(period=2, mode=machine.Timer.PERIODIC, callback=count)
before, start = ticks, time.ticks_us()
journal.ioctl(6, 0)
erase = time.ticks_diff(time.ticks_us(), start)
during = ticks - before
start = time.ticks_us()
journal.writeblocks(0, bytes(256), 0)
program = time.ticks_diff(time.ticks_us(), start)
timer.deinit()
print(erase, program, during)
"""
    )
    erase, program, during = map(int, out.split())
    assert 45000 <= erase < 46000
    assert 700 <= program < 1200
    assert during <= 1


def test_flash_times_can_be_set(board: Emulated) -> None:
    board("flash", erase_us=400000)
    code = """
import time
start = time.ticks_us()
journal.ioctl(6, 0)
print(time.ticks_diff(time.ticks_us(), start))
"""
    try:
        assert 400000 <= int(board.run(JOURNAL + code)) < 401000
    finally:
        board("flash", erase_us=45000)


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.99])
def test_power_cut_inside_a_page(board: Emulated, fraction: float) -> None:
    board.run(JOURNAL + "journal.ioctl(6, 0)\njournal.writeblocks(0, bytes(256), 0)")
    board("flash", cut=1, fraction=fraction)
    with pytest.raises(EmulatorError, match="power failed"):
        board.run(JOURNAL + "journal.writeblocks(0, bytes(256), 256)")
    board("power", on=True)
    board.boot()
    out = board.run(
        JOURNAL
        + """
page = bytearray(256)
journal.readblocks(0, page, 0)
first = page == bytes(256)
journal.readblocks(0, page, 256)
written = sum(1 for byte in page if byte == 0)
print(first, written, sum(1 for byte in page if byte not in (0, 255)))
"""
    )
    first, written, undefined = out.split()
    assert first == "True"
    assert abs(int(written) - 256 * fraction) <= 2
    assert int(undefined) <= 1


def test_power_cut_inside_an_erase(board: Emulated) -> None:
    board.run(JOURNAL + "journal.ioctl(6, 0)\njournal.writeblocks(0, bytes(4096), 0)")
    board("flash", cut=1, fraction=0.5)
    with pytest.raises(EmulatorError, match="power failed"):
        board.run(JOURNAL + "journal.ioctl(6, 0)")
    board("power", on=True)
    board.boot()
    code = "b = bytearray(4096)\njournal.readblocks(0, b, 0)\nprint(sum(1 for byte in b if byte == 255))"
    erased = int(board.run(JOURNAL + code))
    assert abs(erased - SECTOR / 2) <= 2


def test_time_passes_without_power(board: Emulated) -> None:
    before = board("power", on=False)["ns"]
    assert board("run", ns=3e9)["ns"] - before == pytest.approx(3e9)
    board("power", on=True)
    board.boot()


def test_killed_server_keeps_its_flash_file(tmp_path: Path) -> None:
    kept = tmp_path / "flash.bin"
    with Emulated(image(), "--flash", str(kept)) as first:
        first.boot()
        first.run('f = open("/a", "w")\nf.write("still here")\nf.close()')
    with Emulated(image(), "--flash", str(kept)) as second:
        second.boot()
        assert second.run('print(open("/a").read())') == "still here"


# ---- reset ---------------------------------------------------------------------------------------


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


# ---- ADC and DMA ---------------------------------------------------------------------------------

SAMPLE = (
    ADC
    + """
import array, rp2, time
from machine import ADC as Input, mem32
for pin in (26, 27, 28, 29):
    Input(pin)
def sample(count, divider, channels):
    samples = array.array('H', bytes(2 * count))
    dma = rp2.DMA()
    mem32[ADC] = 1
    mem32[ADC + 0x08] = 1 << 24 | 1 << 3 | 1
    while not mem32[ADC + 0x08] & 1 << 8:
        mem32[ADC + 0x0c]
    mem32[ADC + 0x10] = divider
    control = dma.pack_ctrl(size=1, inc_read=False, treq_sel=36)
    dma.config(read=ADC + 0x0c, write=samples, count=count, ctrl=control, trigger=True)
    start = time.ticks_us()
    mem32[ADC] = channels << 16 | 1 << 3 | 1
    while dma.active():
        pass
    took = time.ticks_diff(time.ticks_us(), start)
    mem32[ADC] = 1
    dma.close()
    return samples, took
"""
)


def test_round_robin_takes_the_inputs_in_turn(board: Emulated) -> None:
    board("adc", set={"0": 100, "1": 200, "2": 300, "3": 400})
    assert board.run(SAMPLE + "print(list(sample(9, 1599 << 8, 15)[0]))") == str(
        [100, 200, 300, 400] * 2 + [100]
    )
    assert board.run(SAMPLE + "print(list(sample(5, 1599 << 8, 10)[0])[1:])") == str([200, 400, 200, 400])


def test_sampling_rate_follows_the_fractional_divider(board: Emulated) -> None:
    for divider in (1874 << 8, 1874 << 8 | 128, 0):
        expected = 1000 * max(96, 1 + divider / 256) / 48
        took = int(board.run(SAMPLE + f"print(sample(1000, {divider}, 15)[1])"))
        assert took == pytest.approx(expected, rel=0.002, abs=50)


def test_load_reaches_the_converter(board: Emulated) -> None:
    channels = [
        {"input": 0, "quantity": "volts", "phase": 0, "scale": 4.0},
        {"input": 1, "quantity": "volts", "phase": 1, "scale": 4.0},
        {"input": 2, "quantity": "amps", "phase": 0, "scale": 200.0},
        {"input": 3, "quantity": "neutral", "scale": 200.0},
    ]
    phases = [
        {"volts": 230.0, "amps": 5.0, "lag": 60.0, "amp_harmonics": {"3": [0.2, 0.0]}},
        {"volts": 115.0},
    ]
    board("adc", channels=channels, load={"frequency": 50.0, "phases": phases})
    # 128 samples a cycle and channel, two cycles
    divider = round(48e6 / (50 * 128 * 4) * 256) - 256
    codes = [int(code) for code in board.run(SAMPLE + f"print(*sample(1024, {divider}, 15)[0])").split()]
    rms = [statistics.pstdev(codes[n::4]) for n in range(4)]
    assert rms[0] == pytest.approx(230.0 * 4, rel=0.002)
    assert rms[1] == pytest.approx(115.0 * 4, rel=0.002)
    assert rms[2] == pytest.approx(5.0 * math.hypot(1, 0.2) * 200, rel=0.002)
    assert rms[3] == pytest.approx(rms[2], rel=0.002)
    power = statistics.fmean((v - 2048) * (i - 2048) for v, i in zip(codes[0::4], codes[2::4], strict=True))
    # the current is converted two sample times later
    late = math.radians(60.0 - 360 * 2 / (128 * 4))
    assert power == pytest.approx(230 * 4 * 5 * 200 * math.cos(late), rel=0.005)
    truth = board("truth")["truth"]
    assert truth["phases"][0]["active"] == pytest.approx(575.0)
    assert truth["phases"][0]["reactive"] == pytest.approx(1150.0 * math.sin(math.pi / 3))
    assert truth["neutral_amps"] == pytest.approx(5.0 * math.hypot(1, 0.2))


def test_timeline_changes_the_load(board: Emulated) -> None:
    load = {
        "phases": [{"volts": 100.0, "amps": 1.0}],
        "timeline": [{"at": 3600, "phases": [{"volts": 200.0}]}],
    }
    board("power", on=False)
    board("adc", channels=[{"input": 0, "quantity": "volts", "phase": 0, "scale": 4.0}], load=load)
    board("run", ns=2 * 3600e9)
    truth = board("truth")["truth"]
    board("power", on=True)
    board.boot()
    assert truth["phases"][0]["volts"] == pytest.approx(200.0)
    assert truth["import_wh"] == pytest.approx(300.0)


def test_dma_chain_runs_without_end(board: Emulated) -> None:
    out = board.run(
        SAMPLE
        + """
lap = array.array('H', bytes(2 * 64))
target = array.array('I', [0])
import uctypes
target[0] = uctypes.addressof(lap)
data, again = rp2.DMA(), rp2.DMA()
mem32[ADC] = 1
mem32[ADC + 0x08] = 1 << 24 | 1 << 3 | 1
mem32[ADC + 0x10] = 1599 << 8
again.config(read=target, write=data.registers[11:12], count=1,
             ctrl=again.pack_ctrl(inc_read=False, inc_write=False), trigger=False)
data.config(read=ADC + 0x0c, write=lap, count=64,
            ctrl=data.pack_ctrl(size=1, inc_read=False, treq_sel=36, chain_to=again.channel), trigger=True)
mem32[ADC] = 15 << 16 | 1 << 3 | 1
places = set()
for i in range(200):
    places.add((data.write - target[0]) // 2)
    time.sleep_us(137)
mem32[ADC] = 1
overflow = mem32[ADC + 0x08] >> 11 & 1
data.active(0)
data.close()
again.close()
print(len(places) > 30, max(places) <= 64, overflow)
"""
    )
    assert out == "True True 0"


@pytest.mark.parametrize("timer", range(4))
def test_dma_pacing_timers(board: Emulated, timer: int) -> None:
    out = board.run(
        f"""
import rp2, time
from machine import mem32
mem32[0x50000420 + 4 * {timer}] = 1 << 16 | 12500
source, copy = bytes(range(100)), bytearray(100)
dma = rp2.DMA()
start = time.ticks_us()
control = dma.pack_ctrl(size=0, treq_sel=59 + {timer})
dma.config(read=source, write=copy, count=100, ctrl=control, trigger=True)
while dma.active():
    pass
print(time.ticks_diff(time.ticks_us(), start), copy == source)
dma.close()
"""
    )
    took, same = out.split()
    assert same == "True"
    assert int(took) == pytest.approx(10000, rel=0.02)


# ---- pins ----------------------------------------------------------------------------------------


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


# ---- serial lines --------------------------------------------------------------------------------

ECHO = """
import machine, time
line = machine.UART(1, {baud}, tx=machine.Pin(4), rx=machine.Pin(5), timeout=0, rxbuf=512)
def echo(timer):
    global seen, since
    count = line.any()
    if count and count == seen and time.ticks_diff(time.ticks_us(), since) > {wait}:
        line.write(line.read())
        count = 0
    if count != seen:
        seen, since = count, time.ticks_us()
seen = since = 0
timer = machine.Timer(period=1, mode=machine.Timer.PERIODIC, callback=echo)
"""


def test_transaction_is_measured(board: Emulated) -> None:
    board.run(ECHO.format(baud=19200, wait=4000))
    answer = board("transact", n=1, send="0103000000c5cd", timeout_ms=500)
    assert answer["reply"] == "0103000000c5cd"
    assert answer["bytes"] == 7
    assert 4000 < answer["latency_us"] < 10000
    assert answer["max_gap_us"] < 10
    silent = board("transact", n=1, send="", timeout_ms=50)
    assert silent["reply"] == "" and silent["latency_us"] is None
    board.run("timer.deinit()")


def test_bytes_take_their_time(board: Emulated) -> None:
    board.run(
        "import machine\n"
        "line = machine.UART(1, 9600, tx=machine.Pin(4), rx=machine.Pin(5))\n"
        "line.write(bytes(24))"
    )
    board("run", ns=50e6)
    stats = board("stats")["uart"][1]
    assert stats["baud"] == pytest.approx(9600, rel=0.001)
    read = board("uart", n=1, read=True)
    assert read["hex"].endswith("00" * 24)


def test_fifo_overruns_when_nobody_reads(board: Emulated) -> None:
    before = board("stats")["uart"][1]["overruns"]
    board.run(
        "import machine\nline = machine.UART(1, 38400, tx=machine.Pin(4), rx=machine.Pin(5), rxbuf=256)"
    )
    board("uart", n=1, send="55" * 1000)
    board.run(JOURNAL + "journal.ioctl(6, 0)")
    assert board("stats")["uart"][1]["overruns"] > before


def test_tcp_frames_are_whole_however_they_arrive() -> None:
    """A request in pieces is held together in real time, so that it has no gap in emulated time."""
    with Emulated(image(), "--hold", "100", paused=False) as running:
        running("pace", speed=0)
        running.run(ECHO.format(baud=19200, wait=4000))
        with running.uart(1) as line:
            for piece in (b"\x01\x03\x00", b"\x00\x00\x02", b"\xc4\x0b"):
                line.sendall(piece)
                time.sleep(0.02)
            reply = b""
            while len(reply) < 8:
                reply += line.recv(64)
            assert reply == bytes.fromhex("010300000002c40b")
        assert running("stats")["uart"][1]["max_gap_us"] < 10


def test_real_time_pace() -> None:
    with Emulated(image(), paused=False) as running:
        time.sleep(1.0)
        start, wall = running("stats")["ns"], time.monotonic()
        time.sleep(2.0)
        passed, real = running("stats")["ns"] - start, time.monotonic() - wall
        assert passed / 1e9 <= real * 1.02


def test_mpremote_reaches_the_console() -> None:
    with Emulated(image(), paused=False) as running:
        running("pace", speed=0)
        console = f"socket://127.0.0.1:{running.ports['uart0']}"
        command = [sys.executable, "-m", "mpremote", "connect", console, "exec", "print(6 * 7)"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert result.stdout.strip() == "42", result.stderr


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
