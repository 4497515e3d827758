"""What the meter on the emulated board publishes through a real broker (mosquitto) beside its serial line."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import mosquitto as mqtt
import pytest
from emulated import Emulated, image
from test_meter import ask, start, wire, write

IMAGE = "W5500_EMU-kw320"
HERE = b"10.0.2.2"  # this computer, as the board sees it
MODULE_RESET, SWITCH, PORT, QOS, INTERVAL, BROKER, SAYS = (
    0x101A,
    0xD760,
    0xD761,
    0xD764,
    0xD766,
    0xD900,
    0xD9E0,
)
FLOATS = 0x4000


mqtt.needed()


@pytest.fixture
def board() -> Iterator[Emulated]:
    with Emulated(image(IMAGE), "--net", "502=0") as emulated:
        wire(emulated)
        start(emulated)
        emulated("run", ns=3e9)  # the W5500 takes its time to start
        yield emulated


def says(board: Emulated) -> tuple[int, ...]:
    """State, code of the broker, how many messages wait, made, sent, acknowledged, lost, forgotten ..."""
    return struct.unpack(">9H", ask(board, 1, 3, SAYS >> 8, SAYS & 255, 0, 9)[1:])


def test_messages_of_a_broker_that_goes_and_comes(board: Emulated, tmp_path: Path) -> None:
    with mqtt.Broker(tmp_path) as broker:
        data = HERE.ljust(64, b"\0")
        write(board, BROKER, *struct.unpack(">32H", data))
        for register, value in (
            (PORT, broker.port),
            (QOS, 1),
            (INTERVAL, 10),
            (SWITCH, 1),
            (MODULE_RESET, 1),
        ):
            write(board, register, value)
        with mqtt.Subscriber(broker.port) as subscriber:
            board("pace", speed=1)
            first, second = subscriber.count(2)[:2]
            board("pace", paused=True)
            assert second["number"] == first["number"] + 1
            assert second["timestamp"] == first["timestamp"] + 10
            told = mqtt.values(second)
            volts = struct.unpack(">f", ask(board, 1, 3, FLOATS >> 8, 2, 0, 2)[1:])[0]
            assert told["v1"] == pytest.approx(volts, rel=1e-3) and volts == pytest.approx(230.0, rel=2e-3)
            assert told["frequency"] == pytest.approx(50.0, abs=0.01)
        broker.kill()
        board("run", ns=65e9)
        state = says(board)
        assert state[0] != 3 and state[2] >= 6
        broker.start()
        with mqtt.Subscriber(broker.port) as subscriber:
            board("pace", speed=1)
            numbers = [each["number"] for each in subscriber.count(state[2])]
            board("pace", paused=True)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "in order, each once"
        assert numbers[0] <= second["number"] + 1
        assert says(board)[6:8] == (0, 0), "none was lost"
        volts = struct.unpack(">f", ask(board, 1, 3, FLOATS >> 8, 2, 0, 2)[1:])[0]
        assert volts == pytest.approx(230.0, rel=2e-3)
