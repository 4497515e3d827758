"""One harness in a process of its own: python -m fuzz.one TARGET [options of libFuzzer] [folder...]."""

from __future__ import annotations

import sys

import atheris

# What looks at the input. The rest of the meter runs as it is: to follow it made DNP3 four times slower.
FOLLOWED = ("fourquad.protocols", "fourquad.records", "fourquad.meter.settings")
FOLLOWED += ("fourquad_tools.plant.load", "fourquad_tools.plant.recording")
_DNP3 = "fourquad.protocols.dnp3."
_IEC = "fourquad.protocols.iec62056."
DATA = tuple(_DNP3 + name for name in ("database", "crc", "gather", "events", "profile"))
DATA += (_IEC + "characters", _IEC + "streams")


def main() -> None:
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=list(FOLLOWED), exclude=list(DATA)):
        from fuzz.targets import module

        target = module(name).Target()
    atheris.Setup([*sys.argv, f"-max_len={target.longest}"], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
