"""An s4100 of the simulator on a pseudo-terminal, and bacnet-stack's MS/TP node with bacpypes (PyPI misty,
which tools/build/misty.sh installs) as its master.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / "build" / "misty" / "bin" / "python"
DRIVER = Path(__file__).parent / "misty_master.py"
SERIAL = b"SIM"  # of a simulator that keeps nothing
INSTANCE = 1000000 + zlib.crc32(SERIAL) % 2**21
DEVICE = ["device", INSTANCE]
PATIENCE_S = 60.0
NOBODY = {"abort": "65"}  # bacpypes itself: nobody has answered
SEGMENTATION = {"abort": "4"}  # segmentation-not-supported
LOAD: dict[str, Any] = {
    "frequency": 60.0,
    "phases": [
        {"volts": 277.0, "amps": 40.0, "lag": 30.0},
        {"volts": 278.0, "amps": 30.0, "lag": -20.0},
        {"volts": 276.0, "amps": 20.0, "lag": 150.0},
    ],
    "adc": "ideal",
    "noise": 0.0,
}

# What tshark does not like, as a display filter.
MALFORMED = "_ws.malformed or mstp.checksum_bad.expert or mstp.len.bad"
# Analog value: values that are taken (the last is the default), values that are not.
WRITES = {
    2: ((10, 31, 40), (0, 39)),
    3: ((5, 32000, 100), (4, 32001)),
    4: ((3, 1), (2,)),
    5: ((0.25, 320, 1), (0, 321)),
    6: ((82, 660, 600), (81, 661)),
    7: ((0, 1), (2,)),
    8: ((1, 99, 10), (0, 100)),
    9: ((1, 99, 25), (0, 100)),
    10: ((6, 1), (0, 7)),
    11: ((0, 1000, 3276700, 90000), (900, 1050, 3276800)),
}


class Sim:
    """`fourquad sim` in a process of its own; `settings`: values of its --set, `plant`: its load."""

    def __init__(
        self, folder: Path, settings: tuple[str, ...] = (), plant: dict[str, Any] | None = None
    ) -> None:
        self.control = folder / "control"
        self.pty = folder / "mstp"
        self.trace = folder / "trace.pcapng"
        load = folder / "load.json"
        load.write_text(json.dumps(plant or LOAD))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "s4100", "--headless"]
        command += ["--load", str(load), "--control", str(self.control), "--port", f"mstp={self.pty}"]
        command += ["--trace", str(self.trace)]
        for setting in settings:
            command += ["--set", setting]
        path = os.pathsep.join([str(ROOT / "lib"), str(ROOT / "tools")])
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path})
        end = time.monotonic() + PATIENCE_S
        while not (self.control.exists() and self.pty.exists()):
            assert time.monotonic() < end and self.process.poll() is None
            time.sleep(0.05)

    def command(self, **what: Any) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.control))
            stream = s.makefile("rw")
            stream.write(json.dumps(what) + "\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(stream.readline())
        assert answer["ok"], answer
        return answer

    def decoded(self, filtered: str) -> int:
        """How many frames of the trace tshark finds by a display filter."""
        command = ["tshark", "-r", str(self.trace), "-Y", filtered]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return len(done.stdout.splitlines())

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Master:
    """The driver in a process of its own; `ask` gives its answer, `announced` has who told of itself."""

    def __init__(self, port: Path, mac: int = 2, maximum: int = 5, baud: int = 38400) -> None:
        arguments = [str(PYTHON), str(DRIVER), os.path.realpath(port)]
        arguments += [str(value) for value in (mac, maximum, baud, 1)]
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.announced: queue.Queue[dict[str, Any]] = queue.Queue()
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._answers.get(timeout=PATIENCE_S) == {"ready": True}

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                said = json.loads(line)
                (self.announced if "i_am" in said or "i_have" in said else self._answers).put(said)

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **command}) + "\n")
        return self._answers.get(timeout=PATIENCE_S)

    def read(self, kind: str, instance: int, prop: str = "presentValue", index: int | None = None) -> Any:
        answer = self.ask("read", object=[kind, instance], property=prop, index=index)
        return answer.get("ok", answer)

    def write(
        self, kind: str, instance: int, value: Any, prop: str = "presentValue", form: str = "real"
    ) -> Any:
        answer = self.ask("write", object=[kind, instance], property=prop, type=form, value=value)
        return answer.get("error", answer.get("reject", answer.get("ok")))

    def heard(self, do: str, **command: Any) -> dict[str, Any]:
        """The first that is announced after a broadcast, which is said again until somebody answers."""
        while not self.announced.empty():
            self.announced.get()
        end = time.monotonic() + PATIENCE_S
        while True:
            self.ask(do, **command)
            try:
                return self.announced.get(timeout=3.0)
            except queue.Empty:
                assert time.monotonic() < end

    def join(self) -> None:
        """Wait until the ring has formed."""
        end = time.monotonic() + PATIENCE_S
        while "ok" not in self.ask("read", object=DEVICE, property="objectName"):
            assert time.monotonic() < end

    def close(self) -> None:
        self.process.kill()
        self.process.wait(10)
