"""Pseudo-terminals and TCP ports with a link that answers whatever it gets, reversed."""

import asyncio
import os
import select
import tty

import pytest
import serial

from fourquad_tools.ports import PortError
from fourquad_tools.ports.pseudo_terminal import PtyPort
from fourquad_tools.ports.tcp import TcpPort

PATIENCE_S = 60.0


class Echo:
    def __init__(self, send):
        self.send = send
        self.open = True

    def received(self, data):
        self.send(data[::-1])

    def closed(self):
        self.open = False


async def ask(path, data, read=True):
    """Open, send, read as many bytes, close: as a master that comes and goes. Without `read` the answer is
    there and stays where it is.
    """
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(fd)
        os.write(fd, data)
        if not read:
            ready, _, _ = await asyncio.to_thread(select.select, [fd], [], [], PATIENCE_S)
            assert ready, "no answer"
            return b""
        got = b""
        while len(got) < len(data):
            got += await asyncio.to_thread(os.read, fd, 100)
        return got
    finally:
        os.close(fd)


def test_pty_link_and_endless_reopening(tmp_path):
    path = tmp_path / "rs485"

    async def run():
        port = PtyPort("rs485", str(path), Echo)
        assert os.readlink(path) == port.device
        for i in range(50):
            assert await ask(path, bytes([1, 2, i])) == bytes([i, 2, 1])
        await port.close()
        assert not path.is_symlink()

    asyncio.run(run())


def test_an_answer_nobody_read_is_not_given_to_the_next(tmp_path):
    async def run():
        port = PtyPort("rs485", None, Echo)
        await ask(port.where, b"abc", read=False)
        assert await ask(port.where, b"xy") == b"yx"
        await port.close()

    asyncio.run(run())


def test_bytes_pass_unchanged():
    async def run():
        port = PtyPort("rs485", None, Echo)
        every = bytes(range(256))
        assert await ask(port.where, every) == every[::-1]
        await port.close()

    asyncio.run(run())


def test_a_master_may_lock_the_terminal(tmp_path):
    """pyserial, and so pymodbus, opens a port for itself alone."""

    async def run():
        port = PtyPort("rs485", str(tmp_path / "rs485"), Echo)
        for _ in range(2):
            serial.Serial(port.where, exclusive=True).close()
        await port.close()

    asyncio.run(run())


def test_link_in_use_and_stale(tmp_path):
    path = tmp_path / "rs485"
    path.symlink_to("/dev/pts/nobody")

    async def run():
        first = PtyPort("rs485", str(path), Echo)
        with pytest.raises(PortError, match="running simulator"):
            PtyPort("rs485", str(path), Echo)
        await first.close()
        path.write_text("a file")
        with pytest.raises(PortError, match="is no link"):
            PtyPort("rs485", str(path), Echo)
        with pytest.raises(PortError, match="No such file"):
            PtyPort("rs485", str(tmp_path / "nowhere" / "x"), Echo)

    asyncio.run(run())


def test_tcp_several_clients():
    async def run():
        port = await TcpPort("rs485", 0, Echo).open()
        assert port.port > 0
        clients = [await asyncio.open_connection("127.0.0.1", port.port) for _ in range(3)]
        for i, (_, writer) in enumerate(clients):
            writer.write(bytes([i, 9]))
        for i, (reader, writer) in enumerate(clients):
            assert await reader.readexactly(2) == bytes([9, i])
            writer.close()
        with pytest.raises(PortError, match="in use"):
            await TcpPort("rs485", port.port, Echo).open()
        with pytest.raises(PortError, match="70000"):
            await TcpPort("rs485", 70000, Echo).open()
        await port.close()

    asyncio.run(run())
