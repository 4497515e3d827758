"""Flash images with modules in their file system, as a deployment leaves them: compiled, then put into a
littlefs.

Used by the bench and the emulator tests, which would else spend a minute on copying over an emulated console.
"""

import subprocess
import sys
from pathlib import Path

from littlefs import LittleFS

ROOT = Path(__file__).resolve().parents[2]
MPY_CROSS = ROOT / "build" / "mpy-cross"  # of the same MicroPython as the images
FLASH_SIZE = 2 * 1024 * 1024
STORAGE_SIZE = 1408 * 1024
BLOCK = 4096
FILES_BLOCKS = 224  # as older versions made it: a board mounts it as it is


def modules(board):
    """(path on the board, source file) of everything that a board runs."""
    boards = ROOT / "boards"
    found = [("board.py", boards / board / "board.py"), ("circuit.py", boards / "common" / "circuit.py")]
    found += [(path.name, path) for path in sorted((ROOT / "firmware").glob("*.py"))]
    for base, package in (("lib", "fourquad"), ("firmware", "drivers"), ("firmware/rp2", "chip")):
        found += [(str(p.relative_to(ROOT / base)), p) for p in sorted((ROOT / base / package).rglob("*.py"))]
    return [(name, path) for name, path in found if not name.endswith("vector.py")]


def compile_to(folder, files):
    """Compile `files` to .mpy under `folder`; main.py stays a source, as MicroPython starts only that."""
    done = []
    for name, path in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name in ("main.py", "boot.py"):
            target.write_bytes(path.read_bytes())
        else:
            target = target.with_suffix(".mpy")
            command = [str(MPY_CROSS), "-march=armv6m", "-O2", "-s", name, "-o", str(target), str(path)]
            subprocess.run(command, check=True)
        done.append((str(target.relative_to(folder)), target))
    return done


def flash_image(files, blocks=FILES_BLOCKS):
    """2 MB of flash, erased but for a littlefs that holds `files`, (path, source) pairs."""
    fs = LittleFS(block_size=BLOCK, block_count=blocks, prog_size=256, read_size=32, lookahead_size=32)
    for name, path in files:
        parent = str(Path(name).parent)
        if parent != ".":
            fs.makedirs(parent, exist_ok=True)
        with fs.open(name, "wb") as file:
            file.write(Path(path).read_bytes())
    image = bytearray(b"\xff" * FLASH_SIZE)
    start = FLASH_SIZE - STORAGE_SIZE
    image[start : start + blocks * BLOCK] = fs.context.buffer[: blocks * BLOCK]
    return image


def main():
    """image.py BOARD FOLDER OUTPUT [BLOCKS]"""
    board, folder, output = sys.argv[1:4]
    blocks = int(sys.argv[4]) if len(sys.argv) > 4 else FILES_BLOCKS
    Path(output).write_bytes(flash_image(compile_to(Path(folder), modules(board)), blocks))


if __name__ == "__main__":
    main()
