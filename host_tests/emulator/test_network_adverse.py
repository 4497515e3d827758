"""A network that is bad to every service of a meter on the emulated board: frames get lost, the cable is out
for 10 s while something is under way, connections are never completed, clients do not read what they asked
for. Meanwhile the meter meters, and afterwards each foreign client is served, by the same board without a
restart and with as much memory as before.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import mosquitto as mqtt
import pytest
from emulated import PATIENCE_S, Emulated
from foreign import programs
from networked import HTTP, scripted, write_text
from post_servers import Files, serving
from pymodbus.client import ModbusTcpClient
from test_meter import ask, write
from test_network_mqtt import BROKER, HERE, INTERVAL, PORT, QOS, SWITCH
from test_network_posts import HTTP as POST_HTTP
from test_network_posts import SENT, check, leap, read, set_up, until
from test_network_snmp import OWN, SNMP, walk
from test_network_snmp import UDP as SNMP_PORT

from fourquad.models.kw320.network import SERVICES
from fourquad.net import desk as d
from fourquad.points import columns as c

dnp3 = pytest.importorskip("dnp3.master.master", reason="there is no dnp3py")

from dnp3.master.config import MasterConfig  # noqa: E402
from dnp3.master.handler import DefaultSOEHandler  # noqa: E402
from dnp3.master.tcp_runner import MasterTcpRunner  # noqa: E402

DNP3, COUNTED, FLOATS = 0xD000, 0xDF00, 0x4000
SOME = OWN + ".1"
ASK = 24  # tools/bench/asked.py
PAGE = "/app.js"
OUT_S = 10  # that the cable is out
HALF_OPEN = {"count": 1000, "per_second": 500}
GIVEN_UP_S = 30  # 20 s, and until a client tries again
USUAL_US = 100_000  # to the end of the first frame of an answer
MEMORY = 1024  # bytes that may be in use for what comes and goes
AT_ONCE = 3  # pages that are on their way when the cable is pulled
LOST = 3  # frames at least, one of a hundred

pytestmark = pytest.mark.thorough
programs("curl", "snmpwalk")
mqtt.needed()


class Heard(DefaultSOEHandler):
    """What a master has heard, and how many analog inputs."""

    heard = 0

    def on_analog_input(self, values: Any, info: Any) -> None:
        super().on_analog_input(values, info)
        self.heard += len(values)


@dataclass
class Plant:
    """The board, and who is at its services."""

    board: Emulated
    subscriber: mqtt.Subscriber
    files: Files
    folder: Path
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    begun: datetime = datetime.min
    free: int = 0
    resets: int = 0

    def port(self, number: str) -> int:
        return int(self.board.ports["net"][number])

    def curl(self, *paths: str) -> list[str]:
        """A command that gets these paths at once, each into a file, and says how each went."""
        more: list[str] = []
        for i, path in enumerate(paths):
            more += ["-o", str(self.folder / str(i)), f"http://127.0.0.1:{self.port('80')}{path}"]
        return ["curl", "-s", "-Z", "--max-time", str(PATIENCE_S), "-w", "%{http_code}\\n", *more]

    def pages(self, *paths: str) -> None:
        """They come whole."""
        done = subprocess.run(self.curl(*paths), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.are_whole(len(paths), done.stdout)

    def are_whole(self, count: int, told: str) -> None:
        """So many files have come, of which curl has said this."""
        assert told == "200\n" * count
        for i in range(count):
            octets = (self.folder / str(i)).read_bytes()
            # its end has a checksum
            assert json.loads(octets) if octets[:1] == b"{" else len(gzip.decompress(octets)) > 40_000

    @contextmanager
    def connected(self) -> Iterator[ModbusTcpClient]:
        """A master of Modbus, which has been answered."""
        self.board("pace", speed=0)
        master = ModbusTcpClient("127.0.0.1", port=self.port("502"), timeout=PATIENCE_S, retries=0)
        assert master.connect()
        volts(master)
        yield master
        master.close()

    def modbus(self) -> None:
        with self.connected():
            pass

    def snmp(self, under: str, least: int) -> None:
        """A walk, and one object by itself."""
        again = ("-t", "2", "-r", "30", "-v2c", "-cpublic")  # a datagram that is lost is asked for again
        assert len(walk(self.board, *again, "-Cr50", under=under)) >= least
        agent = f"udp:127.0.0.1:{self.port(SNMP_PORT)}"
        command = ["snmpget", *again, "-Oqv", agent, OWN + ".1.2.0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) / 10 == pytest.approx(230.0, rel=2e-3)

    def dnp3(self) -> None:
        async def run() -> None:
            runner, handler = self.master()
            async with runner:
                await poll(runner, handler)

        asyncio.run(run())

    def master(self) -> tuple[MasterTcpRunner, Heard]:
        handler = Heard()
        made = dnp3.Master(MasterConfig(address=3, outstation_address=1), handler)
        return MasterTcpRunner(master=made, port=self.port("20000"), response_timeout=PATIENCE_S), handler

    def use_all(self) -> None:
        """Each service is asked, and answers rightly."""
        self.board("pace", speed=0)
        self.pages(PAGE)
        self.pages("/api/session")
        self.modbus()
        self.snmp(SOME, 20)
        self.dnp3()
        self.board("pace", paused=True)

    def messages(self, more: int) -> None:
        """So many more of MQTT; all from the first one on are there, in order, each once."""
        self.board("pace", speed=0)
        told = len(self.subscriber.got)
        numbers = [each["number"] for each in self.subscriber.count(told + more)]
        self.board("pace", paused=True)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    def end_minute(self) -> int:
        """A minute of the data logger ends, and its file is to be posted; how many were before."""
        sent = read(self.board, SENT, 1)[0]
        was, becomes = leap(self.board)
        if self.begun > datetime.min:
            self.spans.append((self.begun, was))
        self.begun = becomes
        return int(sent)

    def posted(self, before: int) -> None:
        """The file has come, and each record is there once."""
        until(self.board, lambda: read(self.board, SENT, 1)[0] > before)
        check(self.files, self.spans)

    def counted(self, name: str) -> tuple[int, ...]:
        """What net/desk.py counts of a service."""
        at = COUNTED + 8 * [row[c.NAME] for row in SERVICES].index(name)
        return struct.unpack(">8H", ask(self.board, 1, 3, at >> 8, at & 255, 0, 8)[1:])

    def memory(self) -> dict[str, Any]:
        self.board("gpio", pin=ASK, value=0)
        answer = self.board("run", ns=3e9, until="uart0", text="END")
        self.board("gpio", pin=ASK, value=1)
        self.board("run", ns=2e8)
        told: dict[str, Any] = json.loads(re.findall(r"FREE (\{.*?\})", answer["text"])[-1])
        return told

    def is_well(self) -> None:
        """No sample was lost, nothing is kept of the memory, and the board is the same."""
        told, stats = self.memory(), self.board("stats")
        print(told, f"{self.free - told['free']} bytes less than at first")
        assert told["gaps"] == told["overruns"] == 0
        assert stats["adc"]["overflows"] == 0 and stats["resets"] == self.resets
        assert told["free"] >= self.free - MEMORY


def volts(master: ModbusTcpClient) -> None:
    """It reads what there is."""
    answer = master.read_holding_registers(FLOATS + 2, count=2, device_id=1)
    assert not answer.isError()
    assert struct.unpack(">f", struct.pack(">2H", *answer.registers))[0] == pytest.approx(230.0, rel=2e-3)


async def poll(runner: MasterTcpRunner, handler: Heard) -> None:
    """All points."""
    before = handler.heard
    await runner.integrity_poll()
    assert handler.heard - before > 50
    assert abs(handler.analog_inputs[0].value - 50.0) < 0.1


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """Every service is on, and has been used once."""
    folder = tmp_path_factory.mktemp("adverse")
    files = Files()
    with (
        scripted("asked.py", "80", "502", "20000", SNMP_PORT) as board,
        mqtt.Broker(folder) as broker,
        mqtt.Subscriber(broker.port) as subscriber,
        serving(files, 0, fails=False) as port,
    ):
        board("run", ns=4e9)
        for register, value in (
            (HTTP, 1),
            (SNMP, 1),
            (PORT, broker.port),
            (QOS, 1),
            (INTERVAL, 10),
            (SWITCH, 1),
        ):
            write(board, register, value)
        write(board, DNP3, 0, 1)
        write_text(board, BROKER, 32, HERE.decode())
        set_up(board, POST_HTTP, f"http://10.0.2.2:{port}/in?meter=1", "t0ken")
        plant = Plant(board, subscriber, files, folder, resets=board("stats")["resets"])
        plant.posted(plant.end_minute())
        plant.use_all()
        board("pace", speed=0)
        plant.pages(*[PAGE] * 4)
        plant.messages(1)
        plant.free = plant.memory()["free"]
        yield plant


def test_frames_that_get_lost(plant: Plant) -> None:
    board = plant.board
    board("net", loss=0.01)
    lost = board("net")["cable"]["lost"]
    before = plant.end_minute()
    board("pace", speed=0)
    plant.snmp(OWN, 1000)
    plant.use_all()
    while board("net")["cable"]["lost"] < lost + LOST:
        plant.use_all()
    plant.messages(1)
    plant.posted(before)
    board("net", loss=0)
    plant.is_well()


def test_the_cable_is_out_while_each_service_is_at_it(plant: Plant) -> None:
    """Pages that are on their way, a session of DNP3, a connection to a broker and a file that is posted
    outlive it.
    """
    board = plant.board

    async def run() -> None:
        runner, handler = plant.master()
        async with runner:
            board("pace", speed=0)
            await poll(runner, handler)
            board("pace", paused=True)
            before = plant.end_minute()
            sent = board("net")["cable"]["from_board"]
            with subprocess.Popen(plant.curl(*[PAGE] * AT_ONCE), stdout=subprocess.PIPE, text=True) as curl:
                assert curl.stdout is not None
                while board("net")["cable"]["from_board"] < sent + 8 * AT_ONCE:
                    board("run", ns=2e6)
                board("net", plugged=False)
                board("run", ns=OUT_S * 1e9)
                assert curl.poll() is None
                plant.memory()
                board("net", plugged=True)
                board("pace", speed=0)
                plant.are_whole(AT_ONCE, curl.stdout.read())
            await poll(runner, handler)
            plant.messages(1)
            plant.posted(before)

    asyncio.run(run())
    plant.use_all()
    plant.is_well()


def test_a_broker_is_out_of_reach_for_longer_than_a_connection_lasts(plant: Plant) -> None:
    board = plant.board
    accepted = plant.counted("mqtt")[d.ACCEPTED]
    board("net", plugged=False)
    board("run", ns=31e9)
    board("net", plugged=True)
    plant.messages(3)
    assert plant.counted("mqtt")[d.ACCEPTED] == accepted + 1
    plant.is_well()


def test_connections_that_nobody_completes(plant: Plant) -> None:
    """Who is connected is served all the time; who comes waits at most until lwIP has given them up, 20 s."""
    board = plant.board
    names = ("http", "dnp3", "modbus")
    before = [plant.counted(name) for name in names]
    with plant.connected() as master:
        board("pace", paused=True)
        for told in before:
            board("net", half_open={"port": told[d.PORT], **HALF_OPEN})
        board("run", ns=2.2e9)
        board("net", clear=True)
        board("pace", speed=0)
        volts(master)
        assert max(board("net")["latencies_us"]) < USUAL_US
    since = board("net")["ns"]
    plant.use_all()
    assert board("net")["ns"] - since < GIVEN_UP_S * 1e9
    after = [plant.counted(name) for name in names]
    for was, told in zip(before, after, strict=True):
        # none of them has come as far as to a service
        assert told[d.REFUSED] == was[d.REFUSED] and told[d.REPLACED] == was[d.REPLACED]
        assert 1 <= told[d.ACCEPTED] - was[d.ACCEPTED] <= 2
    plant.is_well()


def test_clients_that_do_not_read(plant: Plant) -> None:
    """One reads a byte a second, others nothing: all others are served as ever. Once there is no place left,
    a web server ends who has been quiet for longest.
    """
    board = plant.board
    reader = {"port": 80, "text": f"GET {PAGE} HTTP/1.1\r\nHost: meter\r\n\r\n", "window": 1000}
    before = plant.counted("http")
    board("net", readers={**reader, "every_ms": 1000})
    board("net", readers={**reader, "count": 2})
    board("run", ns=3e9)
    board("net", clear=True)
    plant.use_all()
    took = board("net")["latencies_us"]
    assert len(took) >= 4 and max(took) < USUAL_US
    board("net", readers=reader)
    board("run", ns=1e9)
    plant.use_all()
    slow, *readers = board("net")["readers"]
    assert slow["received"] >= 3
    assert [each["open"] for each in (slow, *readers)].count(False) == 1
    after = plant.counted("http")
    assert after[d.REPLACED] == before[d.REPLACED] + 1 and after[d.CONNECTIONS] == 3
    # memory is that of connections, which end
    board("net", readers={"leave": True})
    board("run", ns=1e9)
    assert plant.counted("http")[d.CONNECTIONS] == 0
    plant.is_well()
