"""The control socket: what it refuses, and that one connection's commands are done in turn."""

import asyncio
import contextlib
import json

import pytest

from fourquad_tools.control import ControlError, ControlServer, answer


class Target:
    def __init__(self):
        self.done = []

    async def do_key(self, key, ms=100):
        # time for the next command, if it did not wait for this one
        for _ in range(20):
            await asyncio.sleep(0)
        self.done.append((key, ms))
        return {"pressed": key}

    async def do_power(self, on, warning=True):
        raise ControlError("no such switch")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "not JSON"),
        ("[]", "an object"),
        ("{}", "None is none of key, power"),
        ('{"cmd":"fly"}', "'fly' is none of"),
        ('{"cmd":["key"]}', "is none of"),
        ('{"cmd":"key"}', "'key' is missing"),
        ('{"cmd":"key","key":1}', "key: must be text"),
        ('{"cmd":"key","key":"P","ms":true}', "ms: must be a number"),
        ('{"cmd":"key","key":"P","mm":1}', "unknown field 'mm'"),
        ('{"cmd":"power","on":1}', "on: must be true or false"),
        ('{"cmd":"power","on":true}', "no such switch"),
        ('{"cmd":"advance","seconds":1}', "none of key, power"),
    ],
)
def test_refusals(line, error):
    reply = asyncio.run(answer(Target(), line.encode()))
    assert reply["ok"] is False
    assert error in reply["error"]


def test_socket(tmp_path):
    path = tmp_path / "control"

    async def run():
        target = Target()
        server = await ControlServer(str(path), target).open()
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b'\n{"cmd":"key","key":"P"}\nnonsense\n{"cmd":"key","key":"E","ms":5}\n')
        replies = [json.loads(await reader.readline()) for _ in range(3)]
        assert replies[0] == {"ok": True, "pressed": "P"}
        assert replies[1]["ok"] is False
        assert target.done == [("P", 100), ("E", 5)]
        with pytest.raises(ControlError, match="another simulator"):
            await ControlServer(str(path), target).open()
        writer.write(b"x" * (1 << 21) + b"\n")
        assert "longer than" in json.loads(await reader.readline())["error"]
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        await server.close()
        assert not path.exists()

    asyncio.run(run())


def test_socket_left_behind_is_replaced(tmp_path):
    path = tmp_path / "control"

    async def run():
        server = await ControlServer(str(path), Target()).open()
        server._server.close()
        assert path.exists()
        server = await ControlServer(str(path), Target()).open()
        await server.close()
        path.write_text("a file")
        with pytest.raises(ControlError, match="no socket"):
            await ControlServer(str(path), Target()).open()

    asyncio.run(run())
