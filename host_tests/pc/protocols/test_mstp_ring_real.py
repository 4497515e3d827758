"""Three simulated meters and bacnet-stack's node (PyPI misty), each a process of its own, on one line in real
time: a ring forms at every speed, requests are answered, and after faults the ring is whole again.

How long that takes is up to the computer; the times of clause 9 are held in test_mstp_ring.py.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from misty_bench import NOBODY, PATIENCE_S, PYTHON, Master, Sim
from mstp_broker import Broker

ADDRESSES = (2, 5, 9)
FOREIGN = 7
MAXIMUM = 10
TRIES = 10

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not PYTHON.exists() and not os.environ.get("CI"),
        reason="build/misty is not there (tools/build/misty.sh): no ring with a foreign master was tried",
    ),
]


class Ring:
    def __init__(self, folder: Path, baud: int) -> None:
        self.folder = folder
        self.baud = baud
        self.broker = Broker(baud)
        self.sims = {address: self.sim(address) for address in ADDRESSES}
        self.broker.start()
        # bacnet-stack makes 76800 with a divisor of its own, which a pty has not
        speed = 38400 if baud == 76800 else baud
        self.master = Master(Path(self.broker.join_line()), FOREIGN, MAXIMUM, speed)
        self.silent = 0

    def sim(self, address: int) -> Sim:
        place = self.folder / f"{address}-{time.monotonic_ns()}"
        place.mkdir()
        settings = (f"address_1={address}", f"baud_1={self.baud}", f"max_master={MAXIMUM}")
        sim = Sim(place, settings)
        self.broker.join_line(sim.pty)
        return sim

    def recover(self, without: int | None = None) -> float:
        """Wait until the token has been once round; how long that was, s."""
        began = time.monotonic()
        alive = sorted({*ADDRESSES, FOREIGN} - {without})
        wanted = sorted(zip(alive, alive[1:] + alive[:1], strict=True))
        while sorted(self.broker.tokens(began)[-len(alive) :]) != wanted:
            assert time.monotonic() - began < PATIENCE_S, (wanted, self.broker.tokens(began)[-20:])
            time.sleep(0.005)
        return time.monotonic() - began

    def lose(self) -> None:
        """The next token is lost."""
        began = time.monotonic()
        self.broker.lose = True
        while self.broker.lose:
            assert time.monotonic() - began < PATIENCE_S
            time.sleep(0.001)

    def read(self, address: int) -> None:
        """The frequency of a meter's line; nobody may have answered on a computer that had no time."""
        for _ in range(TRIES):
            command = {"object": ["analogInput", 18], "property": "presentValue", "to": address}
            answer = self.master.ask("read", **command)
            if answer != NOBODY:
                assert answer["ok"] == pytest.approx(60.0, rel=1e-3), answer
                return
            self.silent += 1
        pytest.fail(f"{address} has not answered {TRIES} times")

    def close(self) -> None:
        self.master.close()
        for sim in self.sims.values():
            sim.close()
        self.broker.stop()


@pytest.mark.parametrize("baud", [38400, 76800, 115200])
def test_a_ring_with_faults(tmp_path: Path, baud: int) -> None:
    ring = Ring(tmp_path, baud)
    rng = random.Random(baud)
    try:
        formed = ring.recover()
        for _ in range(20):
            for address in ADDRESSES:
                ring.read(address)
        lost = []
        for _ in range(20):
            ring.lose()
            lost.append(ring.recover())
        noisy = []
        for _ in range(20):
            time.sleep(rng.random() / 10)
            ring.broker.noise(rng, rng.choice((1, 3, 8, 40)))
            noisy.append(ring.recover())
        ring.sims[5].process.send_signal(signal.SIGKILL)
        ring.sims[5].process.wait(10)
        died = ring.recover(without=5)
        ring.sims[5] = ring.sim(5)
        back = ring.recover()
        for address in ADDRESSES:
            ring.read(address)
        print(
            f"{baud} baud: formed {formed:.1f} s, token lost {max(lost):.1f} s, noise {max(noisy):.1f} s, "
            f"killed {died:.1f} s, back {back:.1f} s; {ring.silent} requests without an answer"
        )
        line = ring.sims[2].command(cmd="stats")["ports"]["mstp"]
        assert line["requests"] >= 20
    finally:
        ring.close()
