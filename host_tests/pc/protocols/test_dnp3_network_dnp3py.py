"""dnp3py as two masters at once over `--net dnp3`: each has events of its own."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from dnp3_sim import needed
from simulated import PATIENCE_S
from test_command import PATIENCE, running

needed("dnp3", sys.version_info >= (3, 11))

from dnp3.master.config import MasterConfig  # noqa: E402
from dnp3.master.handler import DefaultSOEHandler  # noqa: E402
from dnp3.master.master import Master  # noqa: E402
from dnp3.master.tcp_runner import MasterTcpRunner  # noqa: E402


def made(address: int, port: int) -> tuple[MasterTcpRunner, DefaultSOEHandler]:
    handler = DefaultSOEHandler()
    master = Master(MasterConfig(address=address, outstation_address=1), handler)
    return MasterTcpRunner(master=master, port=port, response_timeout=PATIENCE_S), handler


def test_two_masters(tmp_path: Path) -> None:
    with running(tmp_path, "--net", "dnp3=0") as sim:
        port = int(sim.first.strip().rpartition(":")[2])

        async def event(runner: MasterTcpRunner, handler: DefaultSOEHandler) -> bool:
            await runner.class_poll(class_2=False, class_3=False)
            return bool(handler.binary_inputs[0].value)

        async def run() -> None:
            (one, heard), (two, also) = made(3, port), made(4, port)
            async with one, two:
                await asyncio.gather(one.integrity_poll(), two.integrity_poll())
                assert len(heard.analog_inputs) == len(also.analog_inputs) > 50
                assert abs(heard.analog_inputs[0].value - 50.0) < 0.1
                assert not heard.binary_inputs[0].value and not also.binary_inputs[0].value
                sim.ask(cmd="input", n=1, value=1)
                end = asyncio.get_running_loop().time() + PATIENCE
                for runner, handler in ((one, heard), (two, also)):
                    while not await event(runner, handler):
                        assert asyncio.get_running_loop().time() < end, "no event"

        asyncio.run(run())
        stats = sim.ask(cmd="stats")["ports"]["dnp3"]
        assert stats["accepted"] == 2 and stats["requests"] >= 4 and stats["bad_frames"] == 0
        sim.end()
