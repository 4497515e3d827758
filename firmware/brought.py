"""The drivers of the board, as fourquad.device.device wants them. Needed while the meter is composed only."""

import gc
from binascii import hexlify

import board
import machine
from chip import rtc
from chip.flash import RawFlash
from chip.uart import Port

import model as choice
from drivers.io import Terminals
from drivers.keys import Contacts
from drivers.lcd import Lcd
from drivers.powerfail import Warning


class Drivers:
    """`sampler`: of the board; `outputs`: pins of pulse outputs, which inputs and relays leave free."""

    first = 0
    rtc = rtc
    temperature = seal = cover = network = None

    def __init__(self, sampler, outputs):
        self.tidy = gc.collect
        self.restart = machine.reset
        self.serial = hexlify(machine.unique_id()).upper()
        self.links = ("uart",) * len(board.PORTS)
        self.defaults = board.DEFAULTS
        self.channels = board.channels()
        self.front = sampler
        self.vector = getattr(board, "VECTOR", None)
        self.files = choice.files()
        self.flash = RawFlash()
        if hasattr(board, "NOR"):
            self._join(board.NOR)
        self.warning = Warning(board.POWER_FAIL)
        self.contacts = Contacts(board.KEYS)
        some = (board.INPUTS, board.RELAYS, getattr(board, "OUTPUTS", ()))
        free = [[pin for pin in pins if pin not in outputs] for pins in some]
        self.terminals = Terminals(*free)
        self.modules = getattr(board, "MODULES", None)
        if hasattr(board, "network"):
            self._interface = board.network
            self.network = self._reach
        if hasattr(board, "TEMPERATURE"):
            from drivers.lm75 import Lm75

            self.temperature = Lm75(*board.TEMPERATURE)
        elif hasattr(board, "thermometer"):
            self.temperature = board.thermometer()
        if hasattr(board, "SEAL"):
            self.seal = Contacts((board.SEAL,))
        if hasattr(board, "COVER"):
            self.cover = Contacts((board.COVER,))

    def _join(self, row):
        """Put a serial flash before the flash of the board, where there is one."""
        from drivers.nor import found

        chip = found(row)
        if chip:
            from fourquad.records.joined import Joined

            self.flash = Joined(chip, self.flash)  # type: ignore[assignment]

    def _reach(self, name):
        """The sockets of the board and the job that looks after them, both None where nothing reaches the
        network.
        """
        nic = self._interface(name)
        if nic is None:
            return None, None
        from drivers.link import Link
        from drivers.sockets import Sockets

        sockets = Sockets(nic)
        if hasattr(board, "tls"):
            sockets.tls = board.tls(self.files)
        return sockets, Link(nic)

    def uart(self, n, answer):
        """The driver of the UART `n`, which sends from `answer`."""
        return Port(*board.PORTS[n], answer)

    def lcd(self):
        """The driver of the display."""
        return Lcd(*board.LCD)
