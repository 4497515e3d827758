"""A model of MicroPython's `network` with a radio, written from its documentation (library/network.WLAN): it
joins when it is told to, in the background, and stays away where the network was lost. Time is told to it.
"""

from __future__ import annotations

import types
from typing import Any

ANYTHING = "0.0.0.0"


class Air:
    """What the radio hears: networks that are on, with their passwords, and a DHCP server in each."""

    def __init__(self) -> None:
        self.networks: dict[str, str | None] = {}
        self.now = 0.0
        self.association_s = 3.0
        self.leased = "192.168.1.7"
        self.works = True  # the radio


class Wlan:
    """network.WLAN of a station."""

    IF_STA, PM_NONE, PM_PERFORMANCE = 0, 16, 0xA11140

    def __init__(self, air: Air, module: types.ModuleType) -> None:
        self.air = air
        self.module = module
        self.up = False
        self.pm = self.PM_PERFORMANCE
        self.told: list[float] = []  # when it was told to join
        self.named: tuple[str, str] | None = None  # host and country with which it became active
        self.joining: tuple[float, str, str | None] | None = None
        self.joined: str | None = None
        self.own: tuple[str, ...] | None = None
        self.dhcp = True

    def active(self, up: bool | None = None) -> bool | None:
        if up is None:
            return self.up
        if up and not self.up:
            self.named = (self.module.names["hostname"], self.module.names["country"])
        self.up = up and self.air.works
        return None

    def config(self, *, pm: int) -> None:
        self.pm = pm

    def connect(self, ssid: str, key: str | None = None) -> None:
        if not self.up:
            raise OSError(1)
        self.told.append(self.air.now)
        self.joined = None
        self.joining = (self.air.now + self.air.association_s, ssid, key)

    def _look(self) -> None:
        networks = self.air.networks
        if self.joined is not None and self.joined not in networks:
            self.joined = None
        if self.joining and self.air.now >= self.joining[0]:
            _, name, key = self.joining
            self.joining = None
            if name in networks and networks[name] == key:
                self.joined = name

    def isconnected(self) -> bool:
        self._look()
        return self.joined is not None and self.ifconfig()[0] != ANYTHING

    def ifconfig(self, own: tuple[str, ...] | None = None) -> tuple[str, ...]:
        self._look()
        if own is not None:
            self.own, self.dhcp = own, False
        if self.own:
            return self.own
        address = self.air.leased if self.joined is not None and self.dhcp else ANYTHING
        return (address, "255.255.255.0", "192.168.1.1", "192.168.1.1")

    def ipconfig(self, *, dhcp4: bool) -> None:
        self.own, self.dhcp = None, dhcp4


def network(air: Air) -> Any:
    """The module, which has one radio: `radio`."""
    module: Any = types.ModuleType("network")
    module.names = {"hostname": "fourquad", "country": "XX"}
    module.hostname = lambda name: module.names.update(hostname=name)
    module.country = lambda code: module.names.update(country=code)
    module.radio = Wlan(air, module)

    class Maker:
        """The class, whose objects of a kind are one."""

        IF_STA = Wlan.IF_STA

        def __new__(cls, kind: int) -> Wlan:  # type: ignore[misc]
            assert kind == Wlan.IF_STA
            return module.radio

    module.WLAN = Maker
    return module
