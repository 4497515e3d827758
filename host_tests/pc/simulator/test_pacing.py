"""How often an idle simulator wakes, and what a client's bytes become, on a clock that the tests own.

Sleeping moves the clock and takes no time, so that nothing depends on the computer's speed.
"""

import asyncio
import itertools
import time

import pytest
from virtual_clock import Clock, run

from fourquad.protocols.crc import checksum
from fourquad_tools.commands import Commands
from fourquad_tools.options import model
from fourquad_tools.pacing import BATCH_S, LIVELY_S, REST_S, WIDE_BATCH_S
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.clients import TCP_GAP_S, Client, whole
from fourquad_tools.sim.lines import BUSY_S, poll_lines
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

LOAD = {"phases": [{"volts": 230.0, "amps": 0.5, "lag": 30.0}] * 3}


@pytest.fixture
def clock(monkeypatch):
    out = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: out.now)
    monkeypatch.setattr(time, "monotonic_ns", lambda: round(out.now * 1e9))
    return out


def simulator(name="kw320"):
    out = Simulator(model(name), *plant_from_json(LOAD), Storage(None), 1_767_225_600.0)
    out.warm_up()
    out.pacer.rests = True
    return out


def serve(clock, sim, coroutine):
    """Run the simulator as a session does while `coroutine` lasts; what that returned."""

    async def all_of_it():
        async def ask():
            try:
                return await coroutine
            finally:
                sim.stopping.set()

        lines = poll_lines(sim.lines.values(), sim.stopping)
        return (await asyncio.gather(sim.pace(), lines, ask()))[2]

    return run(clock, all_of_it())


@pytest.mark.parametrize("name", ["kw320", "a1000"])
def test_an_idle_simulator_wakes_at_most_three_times_a_second(clock, name):
    """T4: there were 107 wake-ups a second. Virtual time keeps up all the same."""
    sim = simulator(name)

    async def idle():
        began, at = clock.now, sim.now
        await asyncio.sleep(2 * BUSY_S)
        sleeps = clock.sleeps
        await asyncio.sleep(60.0)
        return clock.sleeps - sleeps, clock.now - began - (sim.now - at)

    sleeps, behind = serve(clock, sim, idle())
    assert sleeps <= 3 * 60
    assert 0.0 <= behind <= REST_S + WIDE_BATCH_S
    assert sim.slips == 0


def test_a_port_that_rests_is_up_to_the_moment_for_a_request(clock):
    sim = simulator()
    answers = []

    async def ask():
        client = Client(sim.lines["rs485"], answers.append)
        began, at = clock.now, sim.now
        for seconds in (7.03, 20.77, 0.41):
            await asyncio.sleep(seconds)
            client.received(frame("010340020006"))
            await asyncio.sleep(0.1)
            assert clock.now - began - (sim.now - at) <= 2 * BATCH_S
        return len(answers)

    assert serve(clock, sim, ask()) == 3


def test_commands_see_this_moment(clock):
    sim = simulator()

    async def ask():
        began, at = clock.now, sim.now
        await asyncio.sleep(33.33)
        stats = await Commands(sim).do_stats()
        return clock.now - began, stats["seconds"] - at, stats["speed_reached"]

    real, virtual, reached = serve(clock, sim, ask())
    assert real - 2 * BATCH_S <= virtual <= real
    assert reached == pytest.approx(1.0, abs=0.03)


def test_a_computer_that_is_too_slow_says_the_speed_that_it_reached(clock, monkeypatch):
    """Finding 10: --speed 600 ran at 30, and stats said 600."""
    sim = simulator()
    sim.set_speed(600.0)
    step = sim.step

    def slow():
        clock.now += sim.batch / 30
        step()

    monkeypatch.setattr(sim, "step", slow)

    async def ask():
        while clock.now < 1020.0:
            await asyncio.sleep(0.5)
        return await Commands(sim).do_stats()

    stats = serve(clock, sim, ask())
    assert stats["speed"] == 600.0
    assert stats["speed_reached"] == pytest.approx(30.0, rel=0.05)
    assert stats["slips"] > 0


def test_a_line_is_polled_often_only_while_something_is_under_way(clock):
    sim = simulator("a1000")
    line = sim.lines["rs485"]

    async def ask():
        Client(line, lambda data: None)
        await asyncio.sleep(BUSY_S + 1.0)
        quiet = clock.sleeps
        await asyncio.sleep(10.0)
        quiet = clock.sleeps - quiet
        busy = clock.sleeps
        sim.lines["rs485"].clients[0].received(b"/?1!\r\n")
        await asyncio.sleep(1.0)
        return quiet, clock.sleeps - busy

    quiet, busy = serve(clock, sim, ask())
    assert quiet <= 30
    assert busy >= 90
    assert line.answers > 0 and LIVELY_S > BUSY_S


def test_a_node_of_mstp_wakes_when_its_times_are_over(clock):
    """It was asked each 2 ms, 4 % of a core. Alone it polls for masters, one each T_usage_timeout."""
    sim = simulator("s4100")
    line = sim.lines["mstp"]
    sent = []

    async def ask():
        Client(line, lambda data: sent.append((clock.now, data)))
        await asyncio.sleep(5.0)
        sleeps, polls = clock.sleeps, len(sent)
        await asyncio.sleep(10.0)
        return clock.sleeps - sleeps, len(sent) - polls

    sleeps, polls = serve(clock, sim, ask())
    assert polls > 200
    # the meter itself wakes some ten times a second
    assert sleeps <= 2 * polls + 150
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(sent[-polls:])]
    assert min(gaps) >= 0.034 and max(gaps) <= 0.05


def test_a_poll_for_masters_is_answered_at_once(clock):
    sim = simulator("s4100")
    sent = []

    async def ask():
        client = Client(sim.lines["mstp"], lambda data: sent.append((clock.now, data)))
        await asyncio.sleep(0.3)
        for _ in range(5):
            await asyncio.sleep(0.1)
            asked = clock.now
            # from node 9 to node 1
            client.received(bytes.fromhex("55ff0101090000a1"))
            await asyncio.sleep(0.02)
            assert sent[-1][0] - asked <= 0.003
        return [data for _, data in sent]

    assert serve(clock, sim, ask()) == [bytes.fromhex("55ff0209010000a0")] * 5


# What a client's bytes become.


def frame(text):
    """A Modbus frame: hexadecimal text and its CRC."""
    data = bytes.fromhex(text)
    crc = checksum(data, len(data), 0)
    return data + bytes((crc & 0xFF, crc >> 8))


READ = frame("010340020006")
WRITE = frame("010610080005")


def talk(clock, gap, pieces):
    """Send pieces of bytes, each after so many seconds; the answers and the port's counters."""
    sim = simulator()
    sent = []

    async def ask():
        client = Client(sim.lines["rs485"], sent.append, gap)
        for after, data in pieces:
            await asyncio.sleep(after)
            if callable(data):
                data = data(sent)
            client.received(data)
        await asyncio.sleep(1.0)

    serve(clock, sim, ask())
    return sent, sim.lines["rs485"].stats()


@pytest.mark.parametrize("pause", [0.005, 0.016, 0.2])
def test_a_request_on_tcp_may_pause(clock, pause):
    """Field reports: a request split by 5 ms or more was dropped."""
    sent, counts = talk(clock, TCP_GAP_S, [(0.1, READ[:3]), (pause, READ[3:])])
    assert len(sent) == 1 and sent[0][:3] == b"\x01\x03\x0c"
    assert counts["requests"] == 1 and counts["bad_frames"] == 0


def test_a_request_on_a_wire_may_not(clock):
    sent, counts = talk(clock, 0.0, [(0.1, READ[:3]), (0.016, READ[3:])])
    assert sent == []
    assert counts["bad_frames"] == 2


def test_a_whole_request_is_answered_without_waiting_for_more(clock):
    sim = simulator()
    sent = []

    async def ask():
        client = Client(sim.lines["rs485"], lambda data: sent.append(clock.now), TCP_GAP_S)
        began = clock.now
        client.received(READ)
        await asyncio.sleep(1.0)
        return sent[0] - began

    assert serve(clock, sim, ask()) <= 0.0041


def test_a_request_that_never_ended_does_not_spoil_the_next(clock):
    sent, counts = talk(clock, TCP_GAP_S, [(0.1, READ[:5]), (0.1, READ), (0.1, READ[:4]), (0.4, READ)])
    assert len(sent) == 2
    assert counts["bad_frames"] == 2


def test_an_overlong_beginning_is_given_up(clock):
    sent, counts = talk(clock, TCP_GAP_S, [(0.1, b"\x55" * 200), (0.1, b"\x55" * 200), (0.5, READ)])
    assert len(sent) == 1 and counts["bad_frames"] >= 1


def test_an_echo_of_our_answer_is_no_request(clock):
    """Field reports: a client that echoes our answers got them executed, or counted as errors."""
    pieces = [(0.1, READ), (0.01, lambda sent: sent[-1]), (0.1, READ)]
    sent, counts = talk(clock, TCP_GAP_S, pieces)
    assert len(sent) == 2
    assert counts["requests"] == 2 and counts["echoes"] == 1 and counts["bad_frames"] == 0


def test_an_echo_in_one_run_with_the_next_request(clock):
    sent, counts = talk(clock, 0.0, [(0.1, READ), (0.1, lambda sent: sent[-1] + READ)])
    assert len(sent) == 2
    assert counts["requests"] == 2 and counts["echoes"] == 1 and counts["bad_frames"] == 0


def test_a_write_may_be_repeated_though_its_answer_is_the_same(clock):
    sent, counts = talk(clock, TCP_GAP_S, [(0.1, WRITE)] * 5)
    assert sent == [WRITE] * 5
    assert counts["echoes"] == 0


def test_a_client_that_is_known_to_echo_gets_no_write_executed_twice(clock):
    pieces = [(0.1, READ), (0.01, lambda sent: sent[-1]), (0.1, WRITE), (0.01, lambda sent: sent[-1])]
    sent, counts = talk(clock, TCP_GAP_S, pieces)
    assert len(sent) == 2
    assert counts["echoes"] == 2 and counts["requests"] == 2


def test_whole():
    assert whole(READ) and whole(READ + WRITE) and whole(READ + b"\x00")
    assert (
        not whole(b"") and not whole(READ[:-1]) and not whole(READ + WRITE[:5]) and not whole(b"\x01\x03\x00")
    )
