"""dnp3py against the simulator with requests that its master does not send by itself: it builds them of its
own parts, and it decodes the responses.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from dnp3_sim import ANALOGS, NAMES, Sim, needed
from protocols.dnp3_fakes import MASTER
from simulated import PATIENCE_S

needed("dnp3", sys.version_info >= (3, 11))

from dnp3.application.builder import build_read_request, build_write_request  # noqa: E402
from dnp3.application.fragment import ObjectBlock  # noqa: E402
from dnp3.application.qualifiers import ObjectHeader  # noqa: E402
from dnp3.master.config import MasterConfig  # noqa: E402
from dnp3.master.handler import DefaultSOEHandler  # noqa: E402
from dnp3.master.master import Master  # noqa: E402
from dnp3.master.tcp_runner import MasterTcpRunner  # noqa: E402

NEED_TIME = 0x10
ERRORS = 0x0700
MOMENT_MS = 1785414896789
EPOCH_2000 = 946684800


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sim]:
    sim = Sim(tmp_path_factory.mktemp("sim"))
    yield sim
    sim.close()


def ask(sim: Sim, build: Any, *blocks: tuple[int, int, int, str]) -> tuple[Any, DefaultSOEHandler]:
    """What the master made of the response: (last response's info, its values)."""
    objects = tuple(ObjectBlock(ObjectHeader(g, v, q), bytes.fromhex(data)) for g, v, q, data in blocks)

    async def run() -> Any:
        handler = DefaultSOEHandler()
        master = Master(MasterConfig(address=MASTER, outstation_address=1), handler)
        async with MasterTcpRunner(
            master=master, port=sim.tcp["network"], response_timeout=PATIENCE_S
        ) as runner:
            infos = await runner.request(build(objects, master.next_request_sequence()))
            return infos[-1], handler

    return asyncio.run(run())


# Qualifier, its range field, and the indexes that it names.
QUALIFIERS = (
    (0x00, "0207", range(2, 8)),
    (0x01, "02000700", range(2, 8)),
    (0x06, "", None),
    (0x07, "05", range(5)),
    (0x08, "0500", range(5)),
    (0x17, "03 07 00 03", (7, 0, 3)),
    (0x28, "0300 0700 0000 0300", (7, 0, 3)),
)


@pytest.mark.parametrize(
    ("qualifier", "field", "indexes"), QUALIFIERS, ids=[f"{q[0]:02X}" for q in QUALIFIERS]
)
def test_groups_with_every_qualifier(sim: Sim, qualifier: int, field: str, indexes: Any) -> None:
    points = sim.points()
    for variation in (1, 3, 5, 6):
        info, handler = ask(sim, build_read_request, (30, variation, qualifier, field))
        assert not int(info.iin) & ERRORS
        found = handler.analog_inputs
        assert sorted(found) == sorted(indexes or (*range(39), *range(100, 109), *range(200, 208), *ANALOGS))
        for i in set(found) & set(range(len(NAMES))):
            rounded = 0.51 if variation < 5 else 0.01
            assert found[i].value == pytest.approx(points[f"secondary.{NAMES[i]}"], rel=1e-4, abs=rounded)
    for variation in (1, 2, 5, 6):
        found = ask(sim, build_read_request, (20, variation, qualifier, field))[1].counters
        assert sorted(found) == sorted(indexes or range(28))
        assert all(found[i].value == points[f"io.di{i + 1}_count"] for i in found if i < 6)
    for variation in (1, 2):
        found = ask(sim, build_read_request, (1, variation, qualifier, field))[1].binary_inputs
        assert sorted(found) == sorted(indexes or range(28))
        assert all(found[i].value == bool(points[f"io.di{i + 1}"]) for i in found)


def test_several_headers_in_one_request(sim: Sim) -> None:
    blocks = ((30, 5, 0, "0002"), (20, 1, 6, ""), (1, 2, 0x17, "01 05"))
    info, handler = ask(sim, build_read_request, *blocks)
    assert not int(info.iin) & ERRORS
    assert (len(handler.analog_inputs), len(handler.counters), list(handler.binary_inputs)) == (3, 28, [5])


def test_other_qualifiers_and_groups_are_told(sim: Sim) -> None:
    for block, bit in (
        ((30, 5, 2, "00000000 05000000"), 0x0400),
        ((30, 5, 9, "05000000"), 0x0400),
        ((30, 5, 0x39, "01000000 00000000"), 0x0400),
        ((0, 254, 6, ""), 0x0200),
        ((23, 0, 6, ""), 0x0200),
    ):
        assert int(ask(sim, build_read_request, block)[0].iin) & ERRORS == bit, block


def test_time_is_written(sim: Sim) -> None:
    assert int(ask(sim, build_read_request, (50, 1, 6, ""))[0].iin) & NEED_TIME
    assert sim.points()["state.epoch"] < MOMENT_MS // 1000 - EPOCH_2000 - 86400
    info, _ = ask(sim, build_write_request, (50, 1, 7, "01" + MOMENT_MS.to_bytes(6, "little").hex()))
    assert not int(info.iin) & (NEED_TIME | ERRORS)
    assert 0 <= sim.points()["state.epoch"] + EPOCH_2000 - MOMENT_MS // 1000 < 10
