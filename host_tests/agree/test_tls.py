"""TLS as a board has it: firmware/drivers/tls.py on MicroPython's `tls` (Mbed TLS), before foreign peers. The
meter is whole, but its network is in memory (tls_meter.py).
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import foreign
import mosquitto
import pytest
import unix
from mail_server import Box, serving
from pymodbus.client import ModbusTcpClient

from fourquad_tools.certificates import in_der
from fourquad_tools.ports.tls import NAME, context

pytestmark = pytest.mark.thorough

PATIENCE_S = 60
FOLDERS = ("firmware", "host_tests/pure")
PAIR = """
import gc
from drivers.tls import Layer, Tls
from fourquad.records.files import OsFiles

begin = Tls(OsFiles(arguments[0]))
gc.collect()

def carried(ours, theirs, spoil=None):
    octets = ours.said(4096)
    if octets and spoil is not None and spoil[0] < len(octets):
        octets = bytes([octet ^ (i == spoil[0]) * spoil[1] for i, octet in enumerate(octets)])
    return theirs.take(octets) if octets else b""

def agree(server, client, spoil=(None, None, None, None, None, None)):
    heard = {client: b"", server: b""}
    for turn in range(6):
        for ours, theirs in ((client, server), (server, client)):
            said = carried(ours, theirs, spoil[turn])
            if said is None:
                return None
            heard[theirs] += said
    return heard[server], heard[client]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a board has in its files, and `tls.pem`."""
    one = tmp_path_factory.mktemp("tls")
    files(one, one)
    return one


def files(board: Path, trusted: Path) -> None:
    """The files of a board that believes the certificate in the folder `trusted`."""
    context(str(board))
    key, (certificate,) = in_der((board / NAME).read_bytes())
    context(str(trusted))
    _, authorities = in_der((trusted / NAME).read_bytes())
    (board / "tls.own").write_bytes(key + certificate)
    (board / "tls.authorities").write_bytes(b"".join(authorities))


class Meter:
    """A meter on MicroPython."""

    def __init__(self, folder: Path, model: str = "kw320") -> None:
        self.https, modbus = mosquitto.free_port(), mosquitto.free_port()
        path = [str(unix.ROOT / place) for place in ("lib", *FOLDERS)]
        script = (unix.ROOT / "host_tests" / "agree" / "tls_meter.py").read_text()
        code = f"arguments = {[str(folder), self.https, modbus, model]!r}\n{script}"
        self._process = subprocess.Popen(
            [unix.MICROPYTHON, "-X", "heapsize=8M", "-c", code],
            env={**os.environ, "MICROPYPATH": ":".join(path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self.master = ModbusTcpClient("127.0.0.1", port=modbus, timeout=PATIENCE_S, retries=0)
        assert self.master.connect()

    def write(self, register: int, *values: int) -> None:
        assert not self.master.write_registers(register, list(values), device_id=1).isError()

    def text(self, register: int, count: int, value: str) -> None:
        self.write(register, *struct.unpack(f">{count}H", value.encode().ljust(2 * count, b"\0")))

    def read(self, register: int, count: int = 1) -> list[int]:
        answer = self.master.read_holding_registers(register, count=count, device_id=1)
        assert not answer.isError(), answer
        return list(answer.registers)

    def until(self, register: int, value: int) -> None:
        """Wait until a register has this value."""
        end = time.monotonic() + PATIENCE_S
        while self.read(register) != [value]:
            assert time.monotonic() < end, self.read(register)

    def reset(self) -> None:
        """Reset the network module, which disconnects everybody."""
        self.write(0x101A, 1)
        self.master.socket.settimeout(PATIENCE_S)
        assert self.master.socket.recv(1) == b""
        self.master.close()
        assert self.master.connect()

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        self.master.close()
        ended = self._process.poll()
        self._process.kill()
        self._process.wait()
        assert ended is None, "it ended by itself"


@pytest.fixture(scope="module")
def meter(folder: Path) -> Iterator[Meter]:
    with Meter(folder) as one:
        yield one


def asked(
    meter: Meter, folder: Path, path: str, body: Any = None, **headers: str
) -> http.client.HTTPResponse:
    """What Python's own client is answered, over OpenSSL."""
    trust = ssl.create_default_context(cafile=str(folder / NAME))
    client = http.client.HTTPSConnection("localhost", meter.https, timeout=PATIENCE_S, context=trust)
    lines = {"Content-Type": "application/json", **headers}
    client.request("POST" if body else "GET", path, json.dumps(body) if body else None, lines)
    answer = client.getresponse()
    answer.text = answer.read()  # type: ignore[attr-defined]
    client.close()
    return answer


def test_pages_by_openssl(meter: Meter, folder: Path) -> None:
    answer = asked(meter, folder, "/api/login", {"level": "admin", "password": "admin"})
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert "; Secure" in cookie
    values = asked(meter, folder, "/api/session", Cookie=cookie.partition(";")[0])
    assert json.loads(values.text)["level"] == "admin"  # type: ignore[attr-defined]


def test_curl_asks_for_more_than_a_record(meter: Meter, folder: Path) -> None:
    """An answer of many records, and a second one on the same connection."""
    foreign.programs("curl")
    url, jar = f"https://localhost:{meter.https}", folder / "jar"
    line = ["curl", "-s", "--cacert", str(folder / NAME), "-b", str(jar), "-c", str(jar)]
    login = ["-H", "Content-Type: application/json", "-d", '{"level":"admin","password":"admin"}']
    subprocess.run([*line, *login, f"{url}/api/login"], check=True, timeout=PATIENCE_S)
    more = [*line, "-w", "\n%{num_connects}\n", f"{url}/api/config", f"{url}/api/config"]
    done = subprocess.run(more, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    first, second, rest = done.stdout.split("\n1\n")[0], done.stdout.split("\n1\n")[1][:-3], done.stdout[-3:]
    assert rest == "\n0\n" and first == second and len(first) > 5000


def test_who_speaks_no_tls_is_told_nothing(meter: Meter, folder: Path) -> None:
    for first in (
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        bytes(range(256)) * 4,
        b"\x16\x03\x01\xff\xff" + bytes(64),
    ):
        with socket.create_connection(("127.0.0.1", meter.https), PATIENCE_S) as plain:
            plain.sendall(first)
            plain.shutdown(socket.SHUT_WR)
            said = b""
            while more := plain.recv(100):
                said += more
            # at most an alert
            assert len(said) in (0, 7) and not said.startswith(b"HTTP")
    assert asked(meter, folder, "/api/session").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3])
def test_other_versions_are_refused(meter: Meter, version: ssl.TLSVersion) -> None:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    trust.set_ciphers("DEFAULT@SECLEVEL=0")
    trust.minimum_version = trust.maximum_version = version
    plain = socket.create_connection(("127.0.0.1", meter.https), PATIENCE_S)
    with plain, pytest.raises(ssl.SSLError):
        trust.wrap_socket(plain)


def test_more_clients_than_places(meter: Meter, folder: Path) -> None:
    """Some that never agree take the places; who speaks gets one."""
    silent = [socket.create_connection(("127.0.0.1", meter.https), PATIENCE_S) for _ in range(12)]
    for one in silent:
        one.sendall(b"\x16\x03\x01")
    assert asked(meter, folder, "/api/session").status == 200
    for one in silent:
        one.close()


def test_memory_is_flat(folder: Path) -> None:
    """Agreements, words both ways, spoilt octets at every place: no memory is kept."""
    script = (
        PAIR
        + """
def one(spoil):
    server, client = begin(None), begin("localhost")
    client.put(b"a" * 3000)
    got = agree(server, client, spoil)
    if got:
        server.put(b"b" * 5000)
        heard = carried(server, client) + carried(server, client)
        whole = got[0] == b"a" * 3000 and heard == b"b" * 5000
    server.close()
    client.close()
    return bool(got) and whole

none = (None,) * 6
assert one(none)
used = []
refused = 0
for i in range(150):
    spoil = list(none)
    if i % 5:
        spoil[i % 3] = (i * i % 700, 1 + i % 255)
        refused += not one(spoil)
    else:
        assert one(none)
    if i % 10 == 9:
        gc.collect()
        used.append(gc.mem_alloc())
print(refused, max(used[2:]) - used[1])
"""
    )
    refused, more = map(int, unix.run(script, folder, folders=FOLDERS).split())
    assert refused > 60 and more < 2000


def test_a_server_that_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    """Another's certificate, and another's name."""
    files(tmp_path, tmp_path)
    script = (
        PAIR
        + """
other = Tls(OsFiles(arguments[1]))
for server, name in ((other, "localhost"), (begin, "example.com"), (begin, "localhost")):
    client = begin(name)
    client.put(b"secret")
    print(agree(server(None), client))
"""
    )
    assert unix.run(script, folder, tmp_path, folders=FOLDERS).splitlines() == [
        "None",
        "None",
        "(b'secret', b'')",
    ]


def test_files_that_hold_something_else(tmp_path: Path, folder: Path) -> None:
    own = (folder / "tls.own").read_bytes()
    key, _ = in_der((folder / NAME).read_bytes())
    wrong = b"0\x82\x00\x01\x00"  # an object of DER, but neither a key nor a certificate
    owns = {
        "none": b"",
        "whole": own,
        "cut": own[:-1],
        "text": b"a text",
        "alone": key,
        "key": wrong + own[len(key) :],
        "certificate": key + wrong,
    }
    for name, data in owns.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "tls.own").write_bytes(data)
    (tmp_path / "whole" / "tls.authorities").write_bytes(b"0\x82\x01")
    script = """
from drivers.tls import Tls
from fourquad.records.files import OsFiles
for each in arguments:
    print(Tls(OsFiles(each)).serves)
try:
    Tls(OsFiles(arguments[1]))("localhost")
except ValueError as error:
    print(error)
"""
    said = unix.run(script, *[tmp_path / name for name in owns], folders=FOLDERS)
    # a meter whose key cannot be read did not start
    assert said.splitlines() == [
        "False",
        "True",
        "fourquad: no HTTPS: no key or certificate in DER",
        "False",
        "fourquad: no HTTPS: no key or certificate in DER",
        "False",
        "fourquad: no HTTPS: need more than 1 values to unpack",
        "False",
        "fourquad: no HTTPS: invalid key",
        "False",
        "fourquad: no HTTPS: invalid cert",
        "False",
        "no key or certificate in DER",
    ]


@pytest.mark.parametrize("trusted", [True, False])
def test_mosquitto_over_tls(tmp_path: Path, trusted: bool) -> None:
    """What the board's client publishes to a foreign broker; one that is not trusted gets no word."""
    mosquitto.needed()
    (tmp_path / "broker").mkdir()
    context(str(tmp_path / "broker"))
    files(tmp_path, tmp_path / "broker" if trusted else tmp_path)
    pem, plain = tmp_path / "broker" / NAME, mosquitto.free_port()
    lines = (f"certfile {pem}", f"keyfile {pem}", f"listener {plain} 127.0.0.1")
    with (
        mosquitto.Broker(tmp_path, *lines) as broker,
        mosquitto.Subscriber(plain) as subscriber,
        Meter(tmp_path) as meter,
    ):
        meter.text(0xD900, 32, "127.0.0.1")
        meter.write(0xD760, 1, broker.port)
        meter.write(0xD766, 10)  # seconds
        meter.write(0xD769, 1)  # TLS
        meter.reset()
        if trusted:
            (message,) = subscriber.count(1)[:1]
            assert len(mosquitto.values(message)) == 45
        else:
            meter.until(0xD9E1, 255)  # not trusted
            assert not subscriber.got


@pytest.mark.parametrize("trusted", [True, False])
def test_mail_over_starttls(tmp_path: Path, trusted: bool) -> None:
    """A mail begins in the clear, and goes on in a layer of its own."""
    (tmp_path / "server").mkdir()
    secure = context(str(tmp_path / "server"))
    files(tmp_path, tmp_path / "server" if trusted else tmp_path)
    box = Box()
    with serving(box, tls_context=secure, require_starttls=True) as port, Meter(tmp_path) as meter:
        meter.text(0xDC00, 20, "127.0.0.1")
        meter.text(0xDC37, 20, "me@example.com")
        meter.text(0xDC4B, 16, "pass word")
        meter.text(0xDC5B, 20, "you@example.com")
        meter.write(0xD7E0, 1, port, 1, 1)
        meter.reset()
        meter.write(0xD7E8, 1)
        if trusted:
            box.wait(1)
            assert "A test." in box.mails[0].get_body(("plain",)).get_content()
        else:
            meter.until(0xDCE0, 7)  # no TLS
            assert not box.mails
