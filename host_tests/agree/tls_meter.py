"""A meter on MicroPython with the TLS of a board (firmware/drivers/tls.py), whose network in memory ends in
sockets of this computer. Its `arguments`: the folder with the board's files, the ports at which it serves
HTTPS and Modbus TCP, and the name of the model. It runs until it is killed.
"""

import errno
import select
import socket
import time

from device.device_fakes import Networked

from drivers.tls import Tls
from fourquad.records.files import OsFiles

_AGAIN = (errno.EAGAIN, errno.EINPROGRESS)


def address(port):
    return socket.getaddrinfo("127.0.0.1", port)[0][-1]


class Meter(Networked):
    """Its board has TLS."""

    def __init__(self, folder, model):
        self._folder = folder
        Networked.__init__(self, model)

    def network(self, name):
        self.sockets.tls = Tls(OsFiles(self._folder))
        return Networked.network(self, name)


class Cable:
    """Carries octets between a socket and a pipe of the network in memory."""

    def __init__(self, sock, pipe):
        sock.setblocking(False)
        self.socket = sock
        self.pipe = pipe

    def carry(self):
        """Both ways; whether it still stands."""
        pipe = self.pipe
        try:
            while pipe.said:
                count = self.socket.send(pipe.said)
                pipe.said = pipe.said[count:]
        except OSError as error:
            pipe.broken = error.errno not in _AGAIN
        if pipe.closed and not pipe.said:
            self.socket.close()
            return False
        try:
            data = self.socket.recv(2048)
            pipe.to_us += data
            pipe.ended = pipe.ended or not data
        except OSError as error:
            pipe.broken = pipe.broken or error.errno not in _AGAIN
        return not pipe.broken


def listening(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(address(port))
    s.listen(5)
    return s


def called(pipe):
    """The cable of a call of the meter, None if nobody answers."""
    s = socket.socket()
    try:
        s.connect(address(pipe.peer[1]))
    except OSError:
        pipe.broken = True
        return None
    pipe.up = True
    return Cable(s, pipe)


def main(folder, https, modbus, model):
    meter = Meter(folder, model)
    meter.run(1500)  # until its services have begun
    doors = [(listening(int(https)), 443), (listening(int(modbus)), 502)]
    knocks = select.poll()
    for door, _ in doors:
        knocks.register(door, select.POLLIN)
    cables, begun, ran = [], time.ticks_ms(), 0
    print("ready")
    while True:
        now = time.ticks_diff(time.ticks_ms(), begun)
        meter.run(max(1, min(now - ran, 50)))
        ran = now
        for door, _ in knocks.poll(1):
            port = [number for each, number in doors if each is door][0]
            cables.append(Cable(door.accept()[0], meter.sockets.client(port)))
        while meter.sockets.calls:
            cable = called(meter.sockets.calls.pop(0))
            if cable:
                cables.append(cable)
        cables = [cable for cable in cables if cable.carry()]


main(*arguments)  # noqa: F821
