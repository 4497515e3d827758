"""dnp3py over UDP: its master speaks TCP only, so a relay carries each of its link frames to `--net dnp3udp`
as a datagram, and back what is in one. Of DNP3 the relay knows where a frame ends.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from dnp3_session import Wire
from dnp3_sim import ENERGIES, needed
from foreign import tshark
from protocols.dnp3_fakes import MASTER
from simulated import PATIENCE_S
from test_command import running
from test_dnp3_dnp3py import CLASS_2, NEED_TIME, RESTART, same
from test_dnp3_dnp3py_requests import EPOCH_2000, ERRORS, MOMENT_MS

needed("dnp3", sys.version_info >= (3, 11))

from dnp3.application.builder import build_write_request  # noqa: E402
from dnp3.application.fragment import ObjectBlock  # noqa: E402
from dnp3.application.qualifiers import ObjectHeader  # noqa: E402
from dnp3.core.enums import ControlCode  # noqa: E402
from dnp3.master.config import MasterConfig  # noqa: E402
from dnp3.master.handler import DefaultSOEHandler  # noqa: E402
from dnp3.master.master import Master  # noqa: E402
from dnp3.master.tcp_runner import MasterTcpRunner  # noqa: E402

HEAD = 10  # octets of a frame's header with its CRC; the third counts what follows, and five of them
BLOCK, CHECK = 16, 2


async def frame_from(reader: asyncio.StreamReader) -> bytes:
    """The next link frame of a stream."""
    head = await reader.readexactly(HEAD)
    user = head[2] - 5
    return head + await reader.readexactly(user + CHECK * -(-user // BLOCK))


class Relay:
    """A listener for the master; `wire` has all datagrams."""

    def __init__(self, port: int) -> None:
        self.wire = Wire()
        self._meter = ("127.0.0.1", port)

    async def __aenter__(self) -> int:
        """Its port."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = self

        class Back(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _: Any) -> None:
                relay.heard(data, True)
                writer.write(data)

        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Back, remote_addr=self._meter)
        try:
            while True:
                frame = await frame_from(reader)
                self.heard(frame, False)
                transport.sendto(frame)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            transport.close()
            writer.close()

    def heard(self, data: bytes, ours: bool) -> None:
        self.wire.packets.append(data)
        self.wire.ours.append(ours)


def test_a_foreign_master_over_udp(tmp_path: Path) -> None:
    """Class 0, events by class, the clock, controls; tshark reads every datagram."""
    with running(tmp_path, "--net", "dnp3udp=0") as sim:
        relay = Relay(int(sim.first.strip().rpartition(":")[2]))

        def points() -> dict[str, float]:
            return {name: row["value"] for name, row in sim.ask(cmd="points")["points"].items()}

        async def run() -> None:
            handler = DefaultSOEHandler()
            master = Master(MasterConfig(address=MASTER, outstation_address=1), handler)
            async with (
                relay as port,
                MasterTcpRunner(master=master, port=port, response_timeout=PATIENCE_S) as runner,
            ):
                await everything(runner, handler)
                await clock(runner, master)
                await events(runner, handler)
                await controls(runner, master)

        async def everything(runner: MasterTcpRunner, handler: DefaultSOEHandler) -> None:
            info = await runner.integrity_poll()
            assert int(info[0].iin) & (RESTART | NEED_TIME) == RESTART | NEED_TIME
            now = points()
            same(handler.analog_inputs, now)
            for i, name in enumerate(ENERGIES):
                assert handler.analog_inputs[100 + i].value == round(now[f"energy.{name}"] * 10), name
            assert {i: v.quality for i, v in handler.counters.items()} == {i: int(i < 6) for i in range(28)}

        async def clock(runner: MasterTcpRunner, master: Master) -> None:
            moment = ObjectBlock(ObjectHeader(50, 1, 7), b"\x01" + MOMENT_MS.to_bytes(6, "little"))
            info = await runner.request(build_write_request((moment,), master.next_request_sequence()))
            assert not int(info[-1].iin) & (NEED_TIME | ERRORS)
            assert 0 <= points()["state.epoch"] + EPOCH_2000 - MOMENT_MS // 1000 < PATIENCE_S

        async def events(runner: MasterTcpRunner, handler: DefaultSOEHandler) -> None:
            handler.clear()
            sim.ask(cmd="input", n=4, value=1)
            end = time.monotonic() + PATIENCE_S
            while not handler.binary_inputs:
                assert time.monotonic() < end, "no event"
                await runner.class_poll(class_2=False, class_3=False)
            assert list(handler.binary_inputs) == [3] and handler.binary_inputs[3].value
            handler.clear()
            info = await runner.class_poll()
            # what was confirmed does not come again
            assert not handler.binary_inputs and not int(info[-1].iin) & CLASS_2

        async def controls(runner: MasterTcpRunner, master: Master) -> None:
            builder = master.command_builder()
            builder.latch_on(0)
            await runner.request(master.build_select(builder.build_select()))
            assert points()["io.relay1"] == 0
            await runner.request(master.build_operate(builder.build_operate()))
            assert points()["io.relay1"] == 1
            builder.clear()
            builder.latch_off(0)
            builder.add_crob(1, ControlCode.LATCH_ON)
            await runner.request(master.build_direct_operate(builder.build_direct_operate()))
            assert (points()["io.relay1"], points()["io.relay2"]) == (0, 1)

        asyncio.run(run())
        stats = sim.ask(cmd="stats")["ports"]["dnp3udp"]
        sim.end()
    wire = relay.wire
    heard = [packet for packet, ours in zip(wire.packets, wire.ours, strict=True) if not ours]
    assert stats["bytes_in"] == sum(map(len, heard)) and stats["bad_frames"] == 0
    assert stats["requests"] >= 8 and stats["bytes_out"] > 500
    wire.save(tmp_path / "udp.pcap")
    names = (
        "_ws.col.Protocol",
        "_ws.col.Info",
        "_ws.malformed",
        "dnp.hdr.CRC.status",
        "dnp.data_chunk.CRC.status",
    )
    kinds: Counter[str] = Counter()
    for protocol, info, malformed, head, blocks in tshark(tmp_path / "udp.pcap", *names):
        assert protocol == "DNP 3.0" and not malformed, info
        assert set(head.split(",")) == {"1"} and set(blocks.split(",")) <= {"1", ""}
        kinds[info.split(",")[0]] += 1
    assert kinds["Response"] >= 8
    for kind in ("Read", "Confirm", "Write", "Select", "Operate", "Direct Operate"):
        assert kinds[kind], kind
