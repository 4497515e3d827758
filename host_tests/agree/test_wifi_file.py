"""The network that a board joins, on MicroPython: it keeps the same bytes as CPython and refuses the same."""

from __future__ import annotations

import json
from pathlib import Path

import unix
from test_wifi import BAD, GOOD

# The board's module and MicroPython's network, as far as the driver asks for them.
ON_MICROPYTHON = """
import json, sys
class Board:
    def files(self): return arguments[0]
sys.modules["board"] = Board()
told = []
class Radio:
    IF_STA, PM_NONE = 0, 16
    connected = False
    def __init__(self, kind=0): pass
    def active(self, up): told.append(up)
    def config(self, pm): told.append(pm)
    def connect(self, name, key): told.append((name, key))
    def ifconfig(self, *own): return "0.0.0.0"
    def ipconfig(self, dhcp4): pass
    def isconnected(self): return self.connected
class Network:
    WLAN = Radio
    def country(self, code): told.append(code)
    def hostname(self, name): told.append(name)
sys.modules["network"] = Network()

from drivers import wifi
good, bad = json.loads(arguments[1])
out = []
for name, password in good:
    wifi.choose(name, password, "DE")
    with open(arguments[0] + "/wifi", "rb") as file:
        out.append((list(file.read()), wifi.chosen()))
refused = 0
for row in bad:
    try:
        wifi.choose(*row)
    except ValueError:
        refused += 1
station = wifi.interface("meter-4")
joins = len(told)
for _ in range(39):
    assert not station.isconnected()
assert len(told) == joins
station.isconnected()
Radio.connected = True
assert station.isconnected()
print(json.dumps((out, refused, told)))
"""


def test_micropython_keeps_and_refuses_the_same(tmp_path: Path) -> None:
    rows = json.dumps((GOOD, BAD))
    out, refused, told = json.loads(
        unix.run(ON_MICROPYTHON, tmp_path, rows, folders=("firmware",)).splitlines()[-1]
    )
    for (name, password), (kept, chosen) in zip(GOOD, out, strict=True):
        encoded = name.encode()
        assert bytes(kept) == b"DE" + bytes([len(encoded)]) + encoded + password.encode()
        assert chosen == name
    assert refused == len(BAD)
    last = list(GOOD[-1])
    assert told == ["DE", "meter-4", False, True, 16, last, last]
