"""A whole meter with its network module, over a network in memory."""

from device.device_fakes import Plant
from net.virtual_sockets import Sockets

from fourquad import points as p
from fourquad.points import network as n


class Networked(Plant):
    """`sockets`: its network, which is there anew with each power-on."""

    options = ("network",)

    def power_on(self):
        self.network = self.sockets = Sockets()
        self.sockets.resolve = str
        Plant.power_on(self)

    def client(self, port=502, host="192.168.1.20"):
        pipe = self.sockets.client(port, (host, 40000))
        self.run(5)
        return pipe

    def ask(self, pipe, *frame):
        """The answer to a request by hex."""
        pipe.to_us = bytes.fromhex("".join(frame))
        self.run(20)
        return pipe.take().hex()

    def set(self, offset, value):
        return self.points.write(p.SETTING + offset, value)

    def get(self, offset):
        return self.points.read(p.SETTING + offset)

    def reset_module(self, how=1):
        assert self.set(p.MODULE_RESET, how) == p.OK
        self.run(5)


def started(model="kw320"):
    plant = Networked(model)
    plant.run(1500)
    return plant


def allow(plant, *patterns):
    texts = plant.points.provider(p.SETTING + n.ALLOWED).texts
    for i, pattern in enumerate(patterns):
        at = n.ALLOWED + i - p.GROUP_NETWORK
        assert texts.check(at, pattern) == p.OK
        texts.write(at, pattern)
