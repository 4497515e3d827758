"""One harness in a process of its own: python -m fuzz.one TARGET [options of libFuzzer] [folder...]."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
# What looks at the input. The rest of the meter runs as it is: to follow it makes DNP3 two times slower.
FOLLOWED = ("fourquad.protocols", "fourquad.records", "fourquad.meter.settings", "fourquad_tools.plant")
# Of these, what the input only passes through.
_PASSED = {
    "": ("crc", "crc_table"),
    "dnp3.": ("configuration", "crc", "database", "events", "gather", "objects", "profile"),
    "iec62056.": ("characters", "streams"),
}
PASSED = {f"fourquad.protocols.{room}{name}" for room, names in _PASSED.items() for name in names}


def left_alone() -> list[str]:
    """All modules that are not followed; atheris itself tells top-level packages apart only."""
    names = []
    for folder in (ROOT / "lib", ROOT / "tools"):
        for path in folder.glob("fourquad*/**/*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return [name for name in names if name in PASSED or not followed(name)]


def followed(name: str) -> bool:
    """Whether a module is in one of the packages that are followed."""
    return any(name == package or name.startswith(package + ".") for package in FOLLOWED)


def main() -> None:
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=list(FOLLOWED), exclude=left_alone()):
        from fuzz.targets import module

        target = module(name).Target()
    atheris.Setup([*sys.argv, f"-max_len={target.longest}"], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
