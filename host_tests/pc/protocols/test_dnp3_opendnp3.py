"""opendnp3 as master on a pseudo-terminal against the simulator."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dnp3_sim import ANALOGS, DEMANDS, ENERGIES, LOAD, NAMES, THD, Sim, everything, holds, needed

# The wheel is for this Python on this machine only.
needed("pydnp3", sys.version_info[:2] == (3, 11) and sys.platform == "linux")

DRIVER = Path(__file__).parent / "opendnp3_master.py"
MASTER = 3
PATIENCE_S = 60.0
NOW_MS = 1785414896789  # what the master says that the time is: 2026-07-30 12:34:56.789
EPOCH_2000_MS = 946684800000


class OpenDnp3:
    """The driver in a process of its own, and what it has said."""

    def __init__(self, port: Path, **options: Any) -> None:
        settings = {
            "port": str(port),
            "master": MASTER,
            "outstation": 1,
            "unsolicited": False,
            "integrity": False,
            "time_sync": "None",
            "now_ms": NOW_MS,
            **options,
        }
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[dict[str, Any]] = []
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self._queue.put(json.loads(line))
        self._queue.put(None)

    def ask(self, **command: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def until(self, what: Callable[[dict[str, Any]], bool], seconds: float = 15.0) -> list[dict[str, Any]]:
        """What it says until `what` is true of it; that is the last."""
        heard: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while True:
            try:
                said = self._queue.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not said in time, but: {heard[-20:]}") from None
            assert said is not None, f"it has gone, but: {heard[-20:]}"
            heard.append(said)
            self.said.append(said)
            if what(said):
                return heard

    def task(self, name: str) -> list[dict[str, Any]]:
        """What it says until a task is done, which must succeed."""
        heard = self.until(lambda said: said.get("task") == name)
        assert heard[-1]["result"] == "SUCCESS", heard
        return heard

    def __enter__(self) -> OpenDnp3:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def values(heard: list[dict[str, Any]], group: int, event: bool = False) -> dict[int, list[Any]]:
    """[value, flags, time] by index of a group in what was said."""
    found = {}
    for said in heard:
        if said.get("gv", "").startswith(f"Group{group}Var") and said["event"] == event:
            found.update({row[0]: row[1:] for row in said["values"]})
    return found


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    yield sim
    sim.close()


def test_from_the_link_to_the_integrity_poll(sim: Sim) -> None:
    with everything(sim):
        before = sim.points()
        with OpenDnp3(sim.pty["network"], integrity=True) as master:
            heard = master.task("STARTUP_INTEGRITY_POLL")
        after = sim.points()
    analogs = values(heard, 30)
    names = {i: (f"secondary.{name}", 1) for i, name in enumerate(NAMES)}
    names |= {33 + i: (name, 1) for i, name in enumerate(DEMANDS)}
    names |= {100 + i: (f"energy.{name}", 0.1) for i, name in enumerate(ENERGIES)}
    names |= {200 + i: (name, 0.01) for i, name in enumerate(THD)}
    assert sorted(analogs) == sorted([*names, *ANALOGS])
    for index, (name, count) in names.items():
        value, flags, _ = analogs[index]
        assert flags == 1, name
        holds(value, name, before, after, count)
    counters = values(heard, 20)
    assert [counters[i][:2] for i in range(6)] == [[after[f"io.di{i + 1}_count"], 1] for i in range(6)]
    assert counters[2][0] == 2 and all(counters[i][:2] == [0, 0] for i in range(6, 28))
    assert len(values(heard, 1)) == 28
    # relays 3-8 are of modules that are not there
    assert [values(heard, 10)[i][1] for i in range(8)] == [1] * 2 + [0] * 6


@pytest.mark.parametrize("mode", ["NonLAN", "LAN"])
def test_time_is_set_when_it_is_needed(tmp_path: Path, mode: str) -> None:
    sim = Sim(tmp_path)
    try:
        with OpenDnp3(sim.pty["network"], time_sync=mode, integrity=True) as master:
            master.task("NON_LAN_TIME_SYNC" if mode == "NonLAN" else "LAN_TIME_SYNC")
            # the need is no longer told; opendnp3 tells the indications after the end of a task
            master.ask(cmd="range", group=30, variation=5, start=0, stop=0)
            master.task("USER_TASK")
            iin = master.until(lambda said: "iin" in said)[-1]["iin"]
            assert not iin[0] & 0x10
        epoch = sim.points()["state.epoch"]
        assert 0 <= epoch - (NOW_MS - EPOCH_2000_MS) // 1000 < 10
    finally:
        sim.close()


def test_reads_by_group_and_range(sim: Sim) -> None:
    with OpenDnp3(sim.pty["network"]) as master:
        for variation in (1, 2, 3, 4, 5, 6):
            master.ask(cmd="all", group=30, variation=variation)
            found = values(master.task("USER_TASK"), 30)
            assert len(found) == 56 + len(ANALOGS)
            assert found[1][0] == pytest.approx(230.0, abs=0.5 if variation < 5 else 0.05)
        for group, variation, count in (
            (1, 1, 28),
            (1, 2, 28),
            (20, 1, 28),
            (20, 2, 28),
            (20, 5, 28),
            (20, 6, 28),
        ):
            master.ask(cmd="all", group=group, variation=variation)
            assert len(values(master.task("USER_TASK"), group)) == count
        master.ask(cmd="range", group=30, variation=5, start=100, stop=108)
        assert sorted(values(master.task("USER_TASK"), 30)) == list(range(100, 109))


def test_the_list_of_the_manual_by_group(sim: Sim) -> None:
    """Class 0 of the serial port has group 100, which this master does not know; it reads the others."""
    assert sim.write_register(0x0FFE, 1, "rs485b") == 0
    try:
        with OpenDnp3(sim.pty["rs485"]) as master:
            master.ask(cmd="all", group=20, variation=5)
            assert sorted(values(master.task("USER_TASK"), 20)) == list(range(37))
            master.ask(cmd="range", group=30, variation=4, start=0, stop=7)
            assert sorted(values(master.task("USER_TASK"), 30)) == list(range(8))
    finally:
        assert sim.write_register(0x0FFE, 0, "rs485b") == 0


def test_events_by_class(sim: Sim) -> None:
    with OpenDnp3(sim.pty["network"], integrity=True) as master:
        master.task("STARTUP_INTEGRITY_POLL")
        sim.ask({"cmd": "input", "n": 5, "value": 1})
        found: dict[int, Any] = {}
        end = time.monotonic() + PATIENCE_S
        while 4 not in found:
            assert time.monotonic() < end, "no event"
            master.ask(cmd="class", mask=[False, True, False, False])
            found = values(master.task("USER_TASK"), 2, event=True)
        assert found[4][0] is True and found[4][2] > EPOCH_2000_MS
        master.ask(cmd="class", mask=[False, True, True, True])
        assert not values(master.task("USER_TASK"), 2, event=True)
    sim.ask({"cmd": "input", "n": 5, "value": 0})


def test_unsolicited(sim: Sim) -> None:
    sim.configure((0xD010, 1))
    with OpenDnp3(sim.pty["network"], unsolicited=True, integrity=True) as master:
        master.task("ENABLE_UNSOLICITED")
        sim.ask({"cmd": "input", "n": 6, "value": 1})
        heard = master.until(lambda said: 5 in values([said], 2, event=True))
        assert values(heard, 2, event=True)[5][0] is True
        load = {**LOAD, "phases": [{**LOAD["phases"][0], "volts": 180.0}, *LOAD["phases"][1:]]}
        sim.ask({"cmd": "load", "load": load})
        sim.ask({"cmd": "advance", "seconds": 3})
        master.until(
            lambda said: values([said], 32, event=True).get(1, [0])[0] == pytest.approx(180.0, abs=1)
        )
        # what was confirmed does not come again
        master.ask(cmd="class", mask=[False, True, True, True])
        assert not values(master.task("USER_TASK"), 2, event=True)
    sim.configure((0xD010, 0))
    sim.ask({"cmd": "input", "n": 6, "value": 0})
    sim.ask({"cmd": "load", "load": LOAD})


@pytest.mark.parametrize("kind", ["direct", "select"])
def test_controls(sim: Sim, kind: str) -> None:
    """This master's Python binding aborts when a command is done; until then it is opendnp3 that speaks."""
    for code, state in (("LATCH_ON", 1), ("LATCH_OFF", 0)):
        with OpenDnp3(sim.pty["network"]) as master:
            master.until(lambda said: said.get("state") == "open")
            master.ask(cmd=kind, index=0, code=code, count=1, on=0, off=0)
            master.task("USER_TASK")
        sim.wait_for("io.relay1", state)


def test_frames_with_confirmation(tmp_path: Path) -> None:
    """The manual's "sends confirmed user data frames: always": opendnp3 resets the link and acknowledges."""
    sim = Sim(tmp_path)
    try:
        sim.configure((0xD00A, 2), (0xD010, 1))
        with OpenDnp3(sim.pty["network"], unsolicited=True, integrity=True) as master:
            heard = master.task("STARTUP_INTEGRITY_POLL")
            assert values(heard, 30)[1][0] == pytest.approx(230.0, abs=0.05)
            assert len(values(heard, 20)) == 28
            master.task("ENABLE_UNSOLICITED")
            sim.ask({"cmd": "input", "n": 6, "value": 1})
            heard = master.until(lambda said: 5 in values([said], 2, event=True))
            assert values(heard, 2, event=True)[5][0] is True
            master.ask(cmd="class", mask=[False, True, True, True])
            assert not values(master.task("USER_TASK"), 2, event=True)
    finally:
        sim.close()
