"""Which plant a load is: the demo, a decoded JSON load, or a file by its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fourquad_tools.plant.demo import demo
from fourquad_tools.plant.generator import Plant, Sines
from fourquad_tools.plant.load import LoadError, load_from_bytes, parse_load
from fourquad_tools.plant.profile import Profile, is_profile, parse_profile
from fourquad_tools.plant.recording import read_comtrade, read_csv


def plant_from_json(data: Any, connected: float = 0.0) -> tuple[Plant, str]:
    """The plant of a decoded JSON load, connected at `connected` seconds, and the kind of converter."""
    load = parse_load(data)
    return Sines(load, connected), load.adc


def plant_from_file(file: str | None, connected: float = 0.0) -> tuple[Plant, str]:
    """The plant of a load file (.json, .cfg, .csv) or the demo, and the kind of converter."""
    if file is None:
        return demo(connected), "ideal"
    path = Path(file)
    kind = path.suffix.lower()
    try:
        if kind in (".cfg", ".cff"):
            return read_comtrade(path, connected), "ideal"
        if kind == ".csv":
            data = path.read_bytes()
            if is_profile(data):
                return Profile(parse_profile(data), connected), "ideal"
            return read_csv(path, connected), "ideal"
        load = load_from_bytes(path.read_bytes())
    except LoadError as error:
        raise LoadError(f"{path}: {error}") from None
    except (OSError, ValueError) as error:
        # ValueError: no file can have that name
        raise LoadError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return Sines(load, connected), load.adc
