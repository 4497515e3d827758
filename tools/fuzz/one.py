"""One harness in a process of its own: python -m fuzz.one TARGET [options of libFuzzer] [folder...]."""

from __future__ import annotations

import sys

import atheris


def main() -> None:
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["fourquad", "fourquad_tools.load", "fourquad_tools.recording"]):
        from fuzz.targets import module

        target = module(name).Target()
    atheris.Setup([*sys.argv, f"-max_len={target.longest}"], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
