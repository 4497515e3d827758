"""MicroPython's network on the emulated W5500: lwIP, the driver of boards/common/wiznet5k, the cable and the
computer at its other end. A client is a socket of this computer.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from emulated import PATIENCE_S, Emulated, image

UP = """
import network, time
network.hostname({hostname!r})
nic = network.WIZNET5K()
nic.active(True)
{address}
for _ in range(500):
    if nic.isconnected(): break
    time.sleep_ms(10)
print(nic.ifconfig()[0], nic.config('mac').hex())
"""
# Answers what it is told, one client after another; a client that goes away is no reason to end.
ECHO = """
import socket
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(('0.0.0.0', 502))
l.listen(4)
print('listens')
while True:
    c, _ = l.accept()
    try:
        while True:
            d = c.recv(1000)
            if not d: break
            c.write(d)
    except OSError as error:
        print(error)
    c.close()
"""
PATTERN = bytes(range(256)) * 120


def start(board: Emulated, code: str, until: str) -> None:
    """Run code at the raw REPL without waiting for its end; on from `until` time follows the sockets."""
    board("uart", n=0, text="\r\x03\x03\x01")
    board("run", ns=50e6)
    for at in range(0, len(code), 128):
        board("uart", n=0, text=code[at : at + 128])
        board("run", ns=40e6)
    board("uart", n=0, text="\x04")
    assert board("run", ns=5e9, until="uart0", text=until)["found"]
    board("pace", speed=0)


def client(board: Emulated) -> socket.socket:
    return socket.create_connection(("127.0.0.1", board.ports["net"]["502"]), timeout=PATIENCE_S)


def echoed(peer: socket.socket, data: bytes) -> bytes:
    """What comes back of `data`."""
    sender = threading.Thread(target=peer.sendall, args=(data,))
    sender.start()
    got = b""
    while len(got) < len(data):
        part = peer.recv(65536)
        assert part, "the board has closed"
        got += part
    sender.join()
    return got


def name_query(name: str) -> bytes:
    """A question of DNS for the address of `name`."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">6H", 7, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 1, 1)


@pytest.fixture
def board() -> Iterator[Emulated]:
    with Emulated(image("W5500_EMU-bare"), "--net", "502=0,5353/udp=0") as emulated:
        emulated.boot()
        yield emulated


def test_address_by_dhcp_and_a_client(board: Emulated) -> None:
    told = board.run(UP.format(hostname="kw320-7", address=""), 20000)
    address, mac = told.split()
    assert address == "10.0.2.15"
    assert int(mac[:2], 16) & 3 == 2, "one address, locally administered"
    assert board("net")["hostname"] == "kw320-7"
    start(board, ECHO, "listens")
    with client(board) as peer:
        for size in (1, 13, 700, 1460, len(PATTERN)):
            assert echoed(peer, PATTERN[:size]) == PATTERN[:size]
    # what comes before accept() is not left to lwIP's timer of 250 ms
    board("net", clear=True)
    for _ in range(5):
        with client(board) as peer:
            assert echoed(peer, b"at once") == b"at once"
    latencies = board("net")["latencies_us"]
    assert len(latencies) == 5
    assert max(latencies) < 5000, latencies


def test_address_of_its_own(board: Emulated) -> None:
    board("net", dhcp=False)
    static = "nic.ipconfig(dhcp4=False)\nnic.ifconfig(('10.0.2.77', '255.255.255.0', '10.0.2.2', '10.0.2.2'))"
    assert board.run(UP.format(hostname="m", address=static), 20000).split()[0] == "10.0.2.77"
    start(board, ECHO, "listens")
    with client(board) as peer:
        assert echoed(peer, b"static") == b"static"
    assert board("net")["address"] == "10.0.2.77"


def test_its_name_on_the_local_network(board: Emulated) -> None:
    """mDNS, RFC 6762 6.7: a question from another port than 5353 has an answer as of DNS."""
    board.run(UP.format(hostname="meter-1", address=""), 20000)
    board("run", ns=4e9)  # it makes sure that nobody else has the name (8.1)
    board("pace", speed=0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(PATIENCE_S)
        asker.connect(("127.0.0.1", board.ports["net"]["5353/udp"]))
        asker.send(name_query("meter-1.local"))
        answer = asker.recv(1500)
    number, _, _, answers = struct.unpack(">4H", answer[:8])
    assert number == 7 and answers >= 1
    assert socket.inet_aton("10.0.2.15") in answer


def test_frames_get_lost_and_the_cable_is_pulled(board: Emulated) -> None:
    board.run(UP.format(hostname="m", address=""), 20000)
    start(board, ECHO, "listens")
    with client(board) as peer:
        board("net", loss=0.03)
        assert echoed(peer, PATTERN) == PATTERN
        counts = board("net", loss=0)
        assert counts["cable"]["lost"] > 0 and counts["host"]["resent"] > 0
        board("pace", paused=True)
        board("net", plugged=False)
        peer.sendall(b"into the dark")
        board("run", ns=10e9)
        board("net", plugged=True)
        board("pace", speed=0)
        assert peer.recv(100) == b"into the dark"


def test_the_board_sees_that_the_cable_is_pulled_and_asks_for_its_address_again(board: Emulated) -> None:
    board.run(UP.format(hostname="m", address=""), 20000)
    assert board("net")["host"]["leases"] == 1
    look = "print(nic.status())"
    board("net", plugged=False)
    assert board.run(look) == "0"
    board("net", plugged=True)
    assert board.run(look) == "2"
    board("run", ns=1e9)
    assert board("net")["host"]["leases"] == 2
    assert board.run("print(nic.ifconfig()[0])") == "10.0.2.15"


def test_a_flood_of_frames(board: Emulated) -> None:
    board.run(UP.format(hostname="m", address=""), 20000)
    start(board, ECHO, "listens")
    with client(board) as peer:
        assert echoed(peer, b"before") == b"before"
        board("pace", paused=True)
        # as many as the cable carries, for a tenth of a second
        board("net", flood={"frames": 14000, "per_second": 140000})
        board("run", ns=200e6)
        board("pace", speed=0)
        assert echoed(peer, b"after") == b"after"
    board("pace", paused=True)
    assert board("net")["cable"]["to_board"] > 14000


def test_connections_that_nobody_completes(board: Emulated) -> None:
    board.run(UP.format(hostname="m", address=""), 20000)
    start(board, ECHO, "listens")
    board("pace", paused=True)
    board("net", half_open={"port": 502, "count": 1000, "per_second": 1000})
    board("run", ns=2e9)
    board("pace", speed=0)
    with client(board) as peer:
        assert echoed(peer, b"still there") == b"still there"


def test_a_board_without_the_chip() -> None:
    """The same image where nothing answers on SPI: it takes its time, and goes on."""
    with Emulated(image("W5500_EMU-bare")) as bare:
        bare.boot()
        code = "import network\nnic = network.WIZNET5K()\nnic.active(True)\nprint(nic.config('mac').hex())"
        assert bare.run(code, 20000).split()[-1] in ("00" * 6, "ff" * 6)
