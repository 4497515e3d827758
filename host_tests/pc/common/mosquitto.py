"""A real broker (mosquitto) and a foreign subscriber (paho-mqtt), for tests of what the meter publishes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from foreign import not_tried

PATIENCE_S = 120.0
PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
MOSQUITTO = shutil.which("mosquitto", path=PATHS)


def needed() -> None:
    """Skip a module of tests where there is no broker, loudly."""
    if MOSQUITTO is None:
        not_tried("no mosquitto: the MQTT client was NOT tried with this broker")


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Broker:
    """mosquitto at a port that stays the same when it is started again; `lines` are more of its settings."""

    def __init__(self, folder: Path, *lines: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self._folder = folder
        self._lines = lines
        self.log = folder / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it; all its listeners listen when this returns."""
        settings = self._folder / "mosquitto.conf"
        lines = (f"listener {self.port} 127.0.0.1", *self._lines)
        if not any(line.startswith("allow_anonymous") for line in lines):
            lines += ("allow_anonymous true",)
        settings.write_text("\n".join((*lines, "log_type all", f"log_dest file {self.log}", "")))
        assert MOSQUITTO is not None
        # as root it would become a user who may not read the folder of a test
        settings.write_text(settings.read_text() + ("user root\n" if os.geteuid() == 0 else ""))
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # one of several may listen earlier than another
        waiting = [int(line.split()[1]) for line in lines if line.startswith("listener ")]
        patience = threading.Event()
        for _ in range(int(PATIENCE_S / 0.05)):
            waiting = [port for port in waiting if not _listens(port)]
            if not waiting:
                return
            assert self._process.poll() is None, self.said()
            patience.wait(0.05)
        raise AssertionError("the broker does not listen")

    def said(self) -> str:
        """Its log."""
        return self.log.read_text() if self.log.exists() else ""

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE_S)
            self._process = None

    def __enter__(self) -> Broker:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Subscriber:
    """paho-mqtt, which has subscribed when this returns; `got` are the messages of all topics."""

    def __init__(self, port: int, qos: int = 2, user: str = "", password: str = "", topic: str = "#") -> None:
        self.got: list[Any] = []
        self._more = threading.Condition()
        ready = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        if user:
            self._client.username_pw_set(user, password)
        self._client.on_message = self._take
        self._client.on_connect = lambda client, *_: client.subscribe(topic, qos)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert ready.wait(PATIENCE_S), "no subscription"

    def _take(self, client: object, data: object, message: Any) -> None:
        with self._more:
            self.got.append(message)
            self._more.notify_all()

    def wait(self, enough: Callable[[list[Any]], bool]) -> list[Any]:
        """The messages, once there are enough."""
        with self._more:
            assert self._more.wait_for(lambda: enough(self.got), PATIENCE_S), f"{len(self.got)} messages"
            return list(self.got)

    def count(self, count: int, topic: str = "fourquad") -> list[dict[str, Any]]:
        """The first so many messages of a topic, as JSON."""
        got = self.wait(lambda all_: sum(each.topic == topic for each in all_) >= count)
        return [json.loads(each.payload) for each in got if each.topic == topic]

    def __enter__(self) -> Subscriber:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def values(message: dict[str, Any]) -> dict[str, float | None]:
    """The readings of a message by name."""
    found = {each["param"]: each["value"] for each in message["readings"]}
    return {name: None if value is None else float(value) for name, value in found.items()}
