"""`fourquad emulate`: the real firmware image on the emulated RP2040, with the options of the simulator."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.device.ports import matched
from fourquad.points import columns as c
from fourquad_tools.control import ControlError, ControlServer
from fourquad_tools.emulated import bacnet_points, iec_points, network
from fourquad_tools.emulated.emulator import Emulator, EmulatorError
from fourquad_tools.emulated.modbus_points import ModbusError, clock_frame, read_points
from fourquad_tools.options import OptionError, model, pty_ports, source_root, tcp_ports
from fourquad_tools.plant.load import LoadError, load_from_bytes, parse_load
from fourquad_tools.ports.pseudo_terminal import PtyPort
from fourquad_tools.ports.tcp import TcpPort
from fourquad_tools.screens.keyboard import legend, letters
from fourquad_tools.sim.storage import StateError
from fourquad_tools.stopping import on_signals
from fourquad_tools.strict import parse_json

BOARD = "PICO_EMU"
FLASH = "emulated-flash.bin"
BOOT_S = 3.0  # emulated, until the meter answers
BANNER, BANNER_S = (
    "Ctrl-C ends it",
    12.0,
)  # what the meter says when it starts; an erase of its journal before
LONGEST_ADVANCE_S = 366 * 86_400
LONGEST_PRESS_MS = 60_000
SETTLE_S = 0.3  # after a key, until the screen is drawn
WARNING_S = 0.02  # from the power-fail line to the end of the supply
DEMO: dict[str, Any] = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 5.0, "lag": 30.0, "amp_harmonics": {"3": [0.1, 170.0]}},
        {"volts": 230.0, "amps": 3.0, "lag": 20.0, "volt_angle": 180.0},
    ],
}


def emulate(options: argparse.Namespace) -> int:
    """Run until a signal or the panel's q."""
    if not options.headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OptionError("no terminal for the panel here: use --headless")
    asyncio.run(_run(options))
    return 0


def board_module(root: Path, name: str = BOARD) -> ModuleType:
    """boards/PICO_EMU/board.py, or that of another board: pins and scaling."""
    path = root / "boards" / name / "board.py"
    spec = importlib.util.spec_from_file_location("board", path)
    if spec is None or spec.loader is None:
        raise EmulatorError(f"{path} is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bus:
    """The board's RS-485 line: everybody on it hears every answer."""

    def __init__(self) -> None:
        self._writer: asyncio.StreamWriter | None = None
        self._ends: set[End] = set()
        self.muted = False

    async def connect(self, port: int) -> asyncio.Task[None]:
        """Join the emulator's line."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        return asyncio.create_task(self._listen(reader))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(4096):
            if not self.muted:
                for end in list(self._ends):
                    end.send(data)

    def end(self, send: Callable[[bytes], None]) -> End:
        """A new end of the line."""
        end = End(self, send)
        self._ends.add(end)
        return end

    def write(self, data: bytes) -> None:
        """Put bytes on the line."""
        if self._writer is not None:
            self._writer.write(data)

    def leave(self, end: End) -> None:
        """That end is gone."""
        self._ends.discard(end)


class End:
    """A pty or a TCP client on the bus."""

    def __init__(self, bus: Bus, send: Callable[[bytes], None]) -> None:
        self._bus = bus
        self.send = send

    def received(self, data: bytes) -> None:
        """Bytes of a master."""
        self._bus.write(data)

    def closed(self) -> None:
        """The master is gone."""
        self._bus.leave(self)


class EmulatedMeter:
    """The control commands, done by the emulator."""

    def __init__(self, emulator: Emulator, bus: Bus, board: ModuleType, tables: ModuleType) -> None:
        self.emulator = emulator
        self.bus = bus
        self.board = board
        self.model = tables
        self.powered = False
        self.speaks = tables.PORTS[0][c.SPEAKS][0][0]
        self.stopping = asyncio.Event()
        menu = __import__(tables.__name__ + ".menu", fromlist=["menu"])
        self.letters, self.legend = letters(menu), legend(menu)
        self.key_names = [*menu.KEYS] + ["+".join(menu.KEYS[i] for i in chord[:2]) for chord in menu.CHORDS]

    def channels(self) -> list[dict[str, Any]]:
        """How the load reaches the converter's inputs: codes for a primary volt or ampere."""
        settings = {row[c.OFFSET]: row[c.DEFAULT] for row in self.model.SETTINGS} | dict(self.board.DEFAULTS)
        ct2 = settings[p.CT2]
        volt_ratio = settings[p.PT1] / settings[p.PT2]
        amp_ratio = settings[p.CT1] / (ct2 if ct2 in self.model.CT2_COUNTS else 1)
        out = []
        for number, channel in enumerate(self.board.channels()):
            ratio = volt_ratio if channel.kind == "V" else amp_ratio
            entry = {"input": number, "scale": 1.0 / (channel.gain * ratio), "offset": 2048}
            if channel.phase:
                quantity = {
                    "quantity": "volts" if channel.kind == "V" else "amps",
                    "phase": channel.phase - 1,
                }
            else:
                quantity = {"quantity": "neutral"}
            out.append({**entry, **quantity})
        return out

    async def power_on(self) -> None:
        """Give it power, and run until it answers."""
        await self.emulator("gpio", pin=self.board.POWER_FAIL, value=None)
        await self.emulator("power", on=True)
        self.powered = True
        await self.emulator.run(BOOT_S)

    async def be_the_model(self) -> None:
        """Let the board be the model that was asked for, from its next start on, if it is not yet."""
        await self.emulator("power", on=True)
        answer = await self.emulator("run", ns=BANNER_S * 1e9, until="uart0", text=BANNER)
        if not answer["found"]:
            raise EmulatorError(f"the image does not start: {answer['text'].strip()[-200:]}")
        name = self.model.NAME
        if f"fourquad: {name} on" not in answer["text"]:
            done = await self.emulator("exec", code=f"import model\nmodel.choose({name!r})", timeout_ms=20000)
            if done["err"]:
                raise EmulatorError(f"--model {name}: {done['err'].strip().splitlines()[-1]}")
        await self.emulator("power", on=False)

    async def transact(self, request: bytes, timeout_ms: float = 500, silence_ms: float = 0) -> bytes:
        """One request on the bus, and its answer, which nobody else hears."""
        self.bus.muted = True
        wait = {"silence_us": silence_ms * 1000} if silence_ms else {}
        try:
            reply = await self.emulator("transact", n=1, send=request.hex(), timeout_ms=timeout_ms, **wait)
            # What the server still holds for our own connection belongs to this answer.
            await asyncio.sleep(0.01)
        finally:
            self.bus.muted = False
        return bytes.fromhex(reply["reply"])

    async def set_clock(self, utc: float) -> None:
        """Set the meter's clock, by a broadcast where it has Modbus."""
        if self.speaks != "modbus":
            try:
                if self.speaks == "bacnet":
                    await bacnet_points.set_clock(self.transact, utc, self.model)
                else:
                    await iec_points.set_clock(self.transact, utc)
            except (bacnet_points.BacnetError, iec_points.IecError) as error:
                print(error, file=sys.stderr, flush=True)
            return
        when = time.gmtime(utc)
        fields = ((when.tm_wday + 1) % 7, when.tm_year, when.tm_mon, when.tm_mday)
        await self.transact(clock_frame(0, (*fields, when.tm_hour, when.tm_min, min(when.tm_sec, 59))))

    async def pixels(self) -> tuple[bool, bytes]:
        """Whether the display is lit, and its 1024 bytes."""
        answer = await self.emulator("lcd")
        return answer["lit"], bytes.fromhex(answer["hex"])

    async def _do(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        try:
            return await self.emulator(cmd, **arguments)
        except EmulatorError as error:
            raise ControlError(str(error)) from None

    def _need_power(self) -> None:
        if not self.powered:
            raise ControlError("the meter has no power")

    async def do_key(self, key: str, ms: float = 100) -> dict[str, Any]:
        """Close a key's contact for so long."""
        self._need_power()
        if not 1 <= ms <= LONGEST_PRESS_MS:
            raise ControlError(f"ms: {ms:g} is not in 1 to {LONGEST_PRESS_MS}")
        known = {name.upper(): name for name in self.key_names}
        if key.upper() not in known:
            raise ControlError(f"key: {key!r} is none of {', '.join(self.key_names)}")
        single = [name.upper() for name in self.key_names if "+" not in name]
        pins = [self.board.KEYS[single.index(part)] for part in key.upper().split("+")]
        for value, seconds in ((0, ms / 1000), (None, SETTLE_S)):
            for pin in pins:
                await self._do("gpio", pin=pin, value=value)
            await self._do("run", ns=seconds * 1e9)
        return {}

    async def do_screen(self, png: str | None = None) -> dict[str, Any]:
        """The display's pixels: 64 rows of text, # for a dark one; with `png` also as a picture."""
        self._need_power()
        lit, memory = await self.pixels()
        rows = [
            "".join("#" if memory[y // 8 * 128 + x] >> y % 8 & 1 else "." for x in range(128))
            for y in range(64)
        ]
        if png is not None:
            try:
                _picture(rows).save(png)
            except (OSError, ValueError) as error:
                raise ControlError(f"png: {png}: {error}") from None
        return {"rows": rows, "backlight": lit}

    async def do_load(self, load: dict[str, Any]) -> dict[str, Any]:
        """Connect another load."""
        try:
            parse_load(load)
        except LoadError as error:
            raise ControlError(str(error)) from None
        await self._do("adc", load=load)
        return {}

    async def do_advance(self, seconds: float) -> dict[str, Any]:
        """Run emulated time ahead, as fast as this computer can."""
        if not 0 <= seconds <= LONGEST_ADVANCE_S:
            raise ControlError(f"seconds: {seconds:g} is not in 0 to {LONGEST_ADVANCE_S}")
        began = time.monotonic()
        await self._do("run", ns=seconds * 1e9)
        return {"speed": round(seconds / max(time.monotonic() - began, 1e-6), 2)}

    async def do_power(self, on: bool, warning: bool = True) -> dict[str, Any]:
        """Switch the supply; without `warning` nothing announces the cut."""
        if on and not self.powered:
            await self.power_on()
        elif not on and self.powered:
            if warning:
                await self._do("gpio", pin=self.board.POWER_FAIL, value=0)
                await self._do("run", ns=WARNING_S * 1e9)
            await self._do("power", on=False)
            self.powered = False
        return {}

    async def do_points(self) -> dict[str, Any]:
        """All points that have a register, a code in the data readout or an object, read over the bus at
        address 1.
        """
        self._need_power()
        try:
            if self.speaks == "bacnet":
                return {"points": await bacnet_points.read_points(self.transact, self.model)}
            if self.speaks == "iec62056":
                return {"points": await iec_points.read_points(self.transact)}
            return {"points": await read_points(self.transact, 1, self.model)}
        except (ModbusError, bacnet_points.BacnetError, iec_points.IecError, EmulatorError) as error:
            raise ControlError(str(error)) from None

    async def do_truth(self) -> dict[str, Any]:
        """What the generator really makes."""
        return (await self._do("truth"))["truth"]

    async def do_stats(self) -> dict[str, Any]:
        """Everything countable of the emulation."""
        return {"power": self.powered, **await self._do("stats")}

    async def do_input(self, n: int, value: int) -> dict[str, Any]:
        """Close or open digital input `n` (from 1)."""
        if not 1 <= n <= len(self.board.INPUTS) or value not in (0, 1):
            raise ControlError(f"n: 1 to {len(self.board.INPUTS)}, value: 0 or 1")
        await self._do("gpio", pin=self.board.INPUTS[n - 1], value=0 if value else None)
        return {}


def _picture(rows: list[str]) -> Any:
    from PIL import Image

    image = Image.new("L", (128, 64))
    image.putdata([40 if dot == "#" else 205 for row in rows for dot in row])
    return image.resize((512, 256), Image.Resampling.NEAREST)


async def _run(options: argparse.Namespace) -> None:
    root = source_root()
    name = network.BOARD if options.net else BOARD
    board = board_module(root, name)
    tables = model(options.model, network=bool(options.net))
    if options.ct is not None:
        raise OptionError(f"--ct {options.ct}: a board's own file says what its current inputs are")
    services = network.Services(options.net, tables)
    names = [row[c.NAME] for row, _ in matched(tables.PORTS, ("uart",) * len(board.PORTS))]
    ptys, tcps = pty_ports(options.port, names), tcp_ports(options.tcp, names)
    load = DEMO if options.load is None else read_load(options.load)
    if not 0 <= options.console <= 65535:
        raise OptionError(f"--console {options.console}: no port from 0 to 65535")
    arguments = ["--speed", f"{options.speed:g}", "--uart0", str(options.console)]
    if options.state is not None:
        try:
            Path(options.state).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(f"--state {options.state}: {error.strerror}") from None
        arguments += ["--flash", str(Path(options.state) / FLASH)]
    image = f"{name}-{options.model}" if options.net else name
    firmware = Path(options.firmware) if options.firmware else root / "build" / image / "firmware.bin"
    if options.net:
        arguments += ["--net", services.argument]
    async with contextlib.AsyncExitStack() as stack:
        emulator = await Emulator.start(root, firmware, *arguments)
        stack.push_async_callback(emulator.close)
        bus = Bus()
        listening = await bus.connect(emulator.rs485)
        stack.callback(listening.cancel)
        meter = EmulatedMeter(emulator, bus, board, tables)
        on_signals(meter.stopping)
        await emulator("adc", channels=meter.channels(), load=load)
        await meter.be_the_model()
        await meter.power_on()
        await meter.set_clock(time.time() if options.start is None else options.start)
        ports: list[PtyPort | TcpPort] = []
        wanted: list[tuple[str, str | None]] = [*ptys]
        for name, path in wanted or ([] if tcps else [(names[0], None)]):
            ports.append(PtyPort(name, path, bus.end))
            stack.push_async_callback(ports[-1].close)
        for name, tcp in tcps:
            ports.append(await TcpPort(name, tcp, bus.end).open())
            stack.push_async_callback(ports[-1].close)
        for where in options.control:
            server = await ControlServer(where, meter).open()
            stack.push_async_callback(server.close)
        for line in services.lines(emulator.net):
            print(line, file=sys.stderr, flush=True)
        for port in ports:
            if isinstance(port, TcpPort) or not ptys:
                print(port.where, flush=True)
            print(f"{port.name} on {port.where}", file=sys.stderr, flush=True)
        print(f"console: mpremote connect socket://127.0.0.1:{emulator.console}", file=sys.stderr, flush=True)
        waits = {asyncio.create_task(meter.stopping.wait()), asyncio.create_task(emulator.ended())}
        if not options.headless:
            # The panel needs rich, which a headless run would load for nothing.
            from fourquad_tools.emulated.emulator_tui import show

            waits.add(asyncio.create_task(show(meter, ports)))
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        meter.stopping.set()
        for task in done:
            task.result()


def read_load(file: str) -> dict[str, Any]:
    """The JSON load in a file, checked as the simulator does; recordings are not for the emulator."""
    path = Path(file)
    if path.suffix.lower() in (".cfg", ".cff", ".csv"):
        raise LoadError(f"{path}: `fourquad emulate` takes JSON loads only")
    try:
        data = path.read_bytes()
        load_from_bytes(data)
    except (OSError, ValueError) as error:
        raise LoadError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return parse_json(data)
