"""A meter, composed once for boards and for the simulator: a model's tables and drivers become something that
measures, saves, shows and answers. It knows no chip and no clock.
"""

from fourquad import points as p
from fourquad.device import ports
from fourquad.device.calibration_store import CalibrationStore, maintain_on_demand
from fourquad.device.keeper import Erase, Keeper, SaveSettings
from fourquad.device.layout import lay, short
from fourquad.device.panel import Panel
from fourquad.device.register_store import RegisterStore
from fourquad.device.settings_store import load_settings
from fourquad.device.store import connect
from fourquad.device.tables_store import load_tables
from fourquad.meter.meter import Meter
from fourquad.metering.calibration import size
from fourquad.points import columns as c
from fourquad.points import system as s
from fourquad.protocols.station import load
from fourquad.records.journal import Journal
from fourquad.records.settings import SettingsStore


class Device:
    """A meter of `model` that has just got its power. `drivers` has:

    - `channels`, a list of metering.channels.Channel, and `front`, which samples them, with `clock_hz`,
      `bits` and `words` as Meter wants them, and `vector`, True where the board asks for the vector kernel;
    - `files` (read(name), write(name, data)) and `flash` (records/flash.py), which ends where the storage
      does (device/layout.py), and of which the sectors from `first` on are for the stores;
    - `serial`: the serial number, at most 24 bytes of printable ASCII;
    - `defaults`: (offset, value) of each setting whose default is not the model's;
    - `links`: the kinds ("uart", "tcp", "udp") of what ports can be on, in their order, and `uart(n,
      answer)`, which makes the driver of the UART `n` that sends from the buffer `answer`; `uart` is None
      where others speak for `points` and `registers`;
    - `rtc`, the clock that may run without the supply, and `warning`, the supply's, as Keeper wants them;
    - `contacts` of the keys, and `lcd()`, which makes the driver of the display, or None;
    - `terminals`, `temperature`, `seal`, `cover`: drivers of inputs and relays, of a sensor, and of the
      switches of seal and cover, each None where there is none;
    - `modules`: the names of the I/O modules that are connected, None for the first that the model has, as it
      is if the model knows none of them;
    - `network(name)`, which brings up what reaches the network as a host of this name: its sockets
      (fourquad.net) and a job that looks after it, with `join(address)` (net/address.py); both None
      where nothing reaches it. None where there is no network;
    - `restart()`, called when a master wants the device to begin anew;
    - `tidy()`, called between the steps: collects garbage where large buffers must find a place.

    Who drives it gives the samples to `meter`, calls `work(now)` of the `jobs`, does the `pauses` when their
    time has come, and calls `keeper.power_fails(now)` when the supply warns (device/loop.py does all that).
    """

    switchboard = None  # of the network, where there is one

    def __init__(self, model, drivers):
        front = drivers.front
        self.meter = Meter(model, drivers.channels, front.clock_hz, front.bits, drivers.vector, front.words)
        drivers.tidy()
        self._modules(drivers.modules)
        files = SettingsStore(drivers.files)
        self.calibrations = CalibrationStore(files, size(len(drivers.channels)))
        rows = ports.matched(model.PORTS, drivers.links)
        self._settings(files, drivers, rows)
        for row, _ in rows:
            if drivers.uart and row[c.LINK] == "uart":
                load(row, self.meter.points)
        drivers.tidy()
        self.pauses = []  # type: list
        self._registers(drivers.flash, drivers.first)
        drivers.tidy()
        self.points = self.meter.points
        self.registers = self._map(model)
        self.ports = self._ports(rows, drivers.uart) if drivers.uart else []
        table = __import__(model.__name__ + ".menu", None, None, ("menu",))
        self.panel = Panel(table, self.meter, drivers.contacts, drivers.lcd(), self.ports)
        settings = SaveSettings(self.meter, files, self.erasing)
        self.pauses.append(settings)
        stores = (self.store, self.stores)
        self.keeper = Keeper(self.meter, *stores, settings, self.ports, drivers.rtc, drivers.warning)
        if getattr(model, "CLOCK_KEPT", True):
            self.keeper.set_clock()
        self.jobs = [self.keeper, self.panel]  # type: list
        self._connect(drivers)

    def _modules(self, names):
        """The I/O modules of a board that may be told to be another model."""
        io = self.meter.io
        if io and names is not None:
            known = [row[c.NAME] for row in io.table]
            mine = [name for name in names if name in known]
            if mine or not names:
                io.connect(mine)

    def _settings(self, files, drivers, rows):
        """Take back what is in files."""
        meter = self.meter
        record, source = self.calibrations.load()
        if record is not None:
            meter.calibrate(record, source)
        for offset, value in drivers.defaults:
            # how a board is wired is a fact; of what else it wants a model takes what it can be set to
            if offset in (p.WIRING_U, p.WIRING_I):
                meter.settings.default(offset, value)
            else:
                meter.settings.restore(offset, value)
        services = getattr(meter.model, "SERVICES", ())
        own = any(p.SETTING + row[c.PORT_ADDRESS] >= p.DNP3 for row, _ in rows)
        if own or any(row[c.MACHINE].startswith("dnp3") for row in services):
            # a port or a service that has settings of its own; only what a model has is imported
            from fourquad.protocols.dnp3.configuration import provide

            provide(meter.model, meter.points, meter.settings)
        # first, because settings that a power cut kept from their files may come with tables
        load_tables(meter, files)
        load_settings(meter, files)
        if meter.identity:
            meter.identity.begin(drivers.serial)
        meter.configure()
        loggers = getattr(meter, "loggers", None)
        if loggers:
            loggers.serial = drivers.serial

    def _registers(self, flash, first):
        """Take back what is in raw flash, where it is kept from now on."""
        meter = self.meter
        rows = meter.model.STORAGE
        places = lay(rows, flash.sectors, first)
        self.short = short(rows, places)
        # before the stores: its scratch buffer is large enough for theirs
        journal = Journal(flash, *places["journal"], meter.dump_size)
        self.stores = connect(meter, flash, places)
        meter.dump_into(journal.payload)
        self.store = store = RegisterStore(journal, meter.dump)
        payload = store.restore()
        if payload is not None:
            meter.restore(payload)
        self.erasing = getattr(flash, "erasing", None)
        self.pauses += [Erase(each, self.erasing) for each in [store] + self.stores]

    def _map(self, model):
        """The register map, for all ports; None for a model without registers."""
        if not hasattr(model, "REGIONS"):
            return None
        from fourquad.protocols.modbus.map import RegisterMap

        registers = RegisterMap(model, self.points)
        maintain_on_demand(self.meter, self.calibrations, registers)
        if self.meter.logs:
            self.meter.logs.fetch = registers.read
        return registers

    def _ports(self, rows, uart):
        parts = (self.points, self.registers)
        lines = []

        def line(n, answer):
            lines.append(uart(n, answer))
            return lines[-1]

        made = [ports.make(row, parts, line, n) for row, n in rows if row[c.LINK] == "uart"]
        self.meter.state.lines = tuple(lines)
        return made

    def _connect(self, drivers):
        """Jobs for what not every device has."""
        meter, jobs = self.meter, self.jobs
        if drivers.terminals and meter.io:
            from fourquad.device.terminals import Module

            jobs.append(Module(meter.io, drivers.terminals))
        if drivers.temperature:
            from fourquad.device.temperature import Warmth

            jobs.append(Warmth(meter, drivers.temperature))
        if any(row[c.OFFSET] == s.RESTART for row in getattr(meter.model, "COMMANDS", ())):
            from fourquad.device.restart import Restart

            jobs.append(Restart(meter, self.keeper, drivers.restart))
        if drivers.seal:
            from fourquad.device.seal import Seal

            jobs.append(Seal(meter.settings, drivers.seal))
        audit = getattr(meter, "audit", None)
        if audit:
            from fourquad.device.audit import attribute

            attribute(audit, self.panel, self.ports)
        services = getattr(meter.model, "SERVICES", ())
        if drivers.network and services:
            from fourquad.net.address import host_name

            sockets, link = drivers.network(host_name(self.points))
            if sockets:
                from fourquad.device.network import Network, Parts

                jobs.append(link)
                if getattr(getattr(sockets, "tls", None), "serves", False):
                    services += getattr(meter.model, "SECURE", ())
                name = meter.model.NAME
                parts = Parts(self.points, self.registers, serial=drivers.serial, name=name)
                module = getattr(meter, "network", None)
                network = Network(services, parts, sockets, module, link.join)
                self.ports.append(network)
                self.switchboard = network.board
                if module:
                    module.address = link.address
        if drivers.cover and meter.book:
            from fourquad.device.cover import Cover

            jobs.append(Cover(meter.book, drivers.cover))
