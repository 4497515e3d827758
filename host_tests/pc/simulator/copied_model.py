"""Writes a model as a folder of tables: a copy of the kw320 with another register map, other codes, other
defaults and two parts fewer, without transformers of its own.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad import points as p
from fourquad.models import kw320, port
from fourquad.models.kw320 import billing, menu, names
from fourquad.models.rows import register
from fourquad.points import columns as c
from fourquad.points import modules as m

NAME = "other"
GONE = ("modules.io", "registers.extremes")
WITHOUT = (
    *(p.PT1, p.PT2, p.CT1, p.CT2, p.PROTOCOL_1, p.ADDRESS_2, p.BAUD_2, p.PARITY_2, p.SECOND_PROTOCOL),
    *range(m.IO11_DI_TYPE, m.SETTINGS_END),
)
COMMANDS_GONE = (p.CLEAR_MAX_MIN,)
DEFAULTS = {p.ADDRESS_1: 17, p.BAUD_1: 9600, p.PARITY_1: 0, p.DEMAND_WINDOW: 10, p.BACKLIGHT: 3}

SETTINGS_AT = 0x0200
COMMANDS_AT = 0x0300
READINGS_AT = 0x2000  # what masters poll: below
ENERGIES_AT = 0x2100
CLOCK_AT = 0x0380

# The codes of this meter on the wire, where they are not our own.
CODES = {
    p.WIRING_U: (31, 10, 21, 30, 11),
    p.DEMAND_MODE: (1, 0, 3, 2),
    p.PARITY_1: (2, 1, 3, 0),
    p.REACTIVE_MODE: (1, 0),
}
SCALED = {p.DEMAND_WINDOW: 60, p.BACKLIGHT: 60}  # in seconds
# Readings as this meter has them: (place, registers, kind, reading).
READINGS = (
    (0x00, 1, ("scaled", 100), p.FREQUENCY),
    (0x02, 6, ("scaled", 1000, "udword"), p.V1),
    (0x08, 6, ("scaled", 1000, "udword"), p.I1),
    (0x10, 8, ("scaled", 0.001, "float"), p.P1),
    (0x18, 8, ("scaled", 0.001, "float"), p.Q1),
    (0x20, 4, ("scaled", 1000, "signed"), p.PF1),
    (0x24, 6, "float", p.P_DEMAND),
)


def write(folder: Path) -> Path:
    """Write the model below `folder`; its own folder."""
    place = folder / NAME
    place.mkdir(parents=True)
    for name, rows in (("__init__", _tables()), ("menu", _menu()), ("names", _names())):
        # in the end a test of the tables alone: no line of the copy does anything
        text = f'"""The {name} of a copied model."""\n\n'
        text += "".join(f"{key} = {value!r}\n" for key, value in rows.items())
        if name == "__init__":
            text += f"from fourquad.models.{NAME} import billing as BILLING\n"
        (place / f"{name}.py").write_text(text)
    text = "".join(f"{key} = {value!r}\n" for key, value in _public(billing).items())
    (place / "billing.py").write_text(text)
    return place


def _public(module: ModuleType) -> dict[str, Any]:
    return {key: value for key, value in vars(module).items() if key.isupper() and key[0] != "_"}


def _tables() -> dict[str, Any]:
    settings = [row for row in kw320.SETTINGS if row[c.OFFSET] not in WITHOUT]
    for offset, value in DEFAULTS.items():
        settings = [
            (*row[: c.DEFAULT], value, *row[c.DEFAULT + 1 :]) if row[c.OFFSET] == offset else row
            for row in settings
        ]
    commands = [row for row in kw320.COMMANDS if row[c.OFFSET] not in COMMANDS_GONE]
    registers = [
        register(SETTINGS_AT + i, p.SETTING + row[c.OFFSET], kind=_kind(row[c.OFFSET]))
        for i, row in enumerate(settings)
    ]
    orders = [row for row in kw320.COMMAND_REGISTERS if row[c.POINT] - p.COMMAND not in COMMANDS_GONE]
    orders = [(COMMANDS_AT + i, *row[c.REGISTERS : c.ACT], 7, (99,)) for i, row in enumerate(orders)]
    regions = [(READINGS_AT + at, count, kind, p.PRIMARY + pid) for at, count, kind, pid in READINGS]
    regions += [
        (ENERGIES_AT, 18, "dword", p.ENERGY + p.EP_IMP),
        (CLOCK_AT, 7, "word", p.STATE + p.WEEKDAY),
        (CLOCK_AT + 7, 1, "word", p.STATE + p.SEAL_STATE),
    ]
    return {
        "NAME": NAME,
        "PARTS": tuple(part for part in kw320.PARTS if part not in GONE),
        "PORTS": (
            port("com1", address=p.ADDRESS_1, baud=p.BAUD_1, parity=p.PARITY_1, speaks=(("modbus", None),)),
        ),
        "STORAGE": tuple(row for row in kw320.STORAGE if row[0] != "extremes"),
        "LISTED": ((ENERGIES_AT, ENERGIES_AT + 17),),
        "SETTINGS": tuple(settings),
        "SEALS": kw320.SEALS,
        "GUARDS": kw320.GUARDS,
        "COMMANDS": tuple(commands),
        "SETTING_REGISTERS": tuple(registers),
        "COMMAND_REGISTERS": tuple(orders),
        "REGIONS": tuple(regions),
        "WRITABLE": (
            (SETTINGS_AT, SETTINGS_AT + len(settings) - 1),
            (COMMANDS_AT, COMMANDS_AT + len(orders) - 1),
            (CLOCK_AT, CLOCK_AT + 6),
        ),
    }


def _kind(offset: int) -> Any:
    if offset in CODES:
        return ("choice", CODES[offset])
    return ("scaled", SCALED[offset]) if offset in SCALED else None


def _menu() -> dict[str, Any]:
    """The panel without maxima, and without pages of what is not there."""
    rows = _public(menu)
    kept = [i for i, (name, _) in enumerate(menu.MODES) if name != "Max/Min"]
    rows["MODES"] = tuple(menu.MODES[i] for i in kept)
    rows["MODE_KEYS"] = tuple(menu.MODE_KEYS[i] for i in kept)
    if "MODE_MODULES" in rows:
        rows["MODE_MODULES"] = tuple(menu.MODE_MODULES[i] for i in kept)
    rows["SETTING_MODE"] = kept.index(menu.SETTING_MODE)
    gone = [p.SETTING + offset for offset in WITHOUT] + [p.COMMAND + offset for offset in COMMANDS_GONE]
    gone.append(p.MODULE + m.CLEAR_COUNTS)
    system = tuple(page for page in menu.GROUPS[0][3] if page[2] not in gone)
    rows["GROUPS"] = ((*menu.GROUPS[0][:3], system),)
    return rows


def _names() -> dict[str, Any]:
    rows = _public(names)
    rows["SETTINGS"] = tuple(row for row in names.SETTINGS if row[0] not in WITHOUT)
    rows["COMMANDS"] = tuple(row for row in names.COMMANDS if row[0] not in COMMANDS_GONE)
    rows["SECTIONS"] = (
        ("Settings", SETTINGS_AT, COMMANDS_AT + 0xFF, ""),
        ("Measured values", READINGS_AT, ENERGIES_AT + 0xFF, "All that there is."),
    )
    return rows
