"""What boards/*/board.py and pins.csv say, for the drawings and the tables of docs/hardware.md."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BOARDS = ROOT / "boards"
OWN_ADC = ("PICO", "PICO2", "RP2040_ZERO")  # with the chip's own converter, whose first input is GP26
TABLED = (*OWN_ADC, "PICO_ADS131")
FIRST_ANALOG = 26
ADS131 = (
    ("converter DOUT", 16),
    ("converter CS", 17),
    ("converter SCLK", 18),
    ("converter DIN", 19),
    ("converter DRDY", 20),
    ("converter CLKIN (GPOUT0)", 21),
    ("converter SYNC/RESET", 22),
)
KEYS = ("H", "P", "E", "V/A")
PULSES = (
    "pulse active import",
    "pulse active export",
    "pulse reactive import",
    "pulse reactive export",
    "LED active",
    "LED reactive",
)


def load(name: str) -> dict[str, Any]:
    """The names of a board's file."""
    for folder in (ROOT / "lib", BOARDS / "common"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return runpy.run_path(str(BOARDS / name / "board.py"))


def channel_name(kind: str, phase: int) -> str:
    """V1, I1 ... and IN for the neutral's current."""
    return f"{kind}{phase or 'N'}"


def analog(name: str) -> dict[str, str]:
    """Pin of each input of the front end, by its name, in the order of a frame."""
    names = [channel_name(c.kind, c.phase) for c in load(name)["channels"]()]
    if name in OWN_ADC:
        return {n: f"GP{FIRST_ANALOG + i}" for i, n in enumerate(names)}
    return {n: f"AIN{i}" for i, n in enumerate(names)}


def pins(name: str) -> dict[int, list[str]]:
    """What each GPIO does, by its number; a pin may have two uses, of different models."""
    board = load(name)
    uses: list[tuple[int, str]] = []
    for number, (uart, tx, rx, direction) in enumerate(board["PORTS"], 1):
        uses += [
            (tx, f"RS-485 {number}: TX (UART{uart})"),
            (rx, f"RS-485 {number}: RX"),
            (direction, f"RS-485 {number}: DE and RE"),
        ]
    uses += [(pin, f"key {key}") for key, pin in zip(KEYS, board["KEYS"], strict=True)]
    spi, *lcd = board["LCD"]
    signals = (f"display clock (SPI{spi})", "display data", "display CS", "display D/C")
    uses += list(zip(lcd, signals, strict=True))
    uses.append((board["POWER_FAIL"], "power fails, low"))
    uses += [(pin, f"DI{i}") for i, pin in enumerate(board["INPUTS"], 1)]
    uses += [(pin, f"relay {i}") for i, pin in enumerate(board["RELAYS"], 1)]
    uses += list(zip(board.get("PULSES", ()), PULSES, strict=False))
    if name in OWN_ADC:
        uses += [
            (int(pin[2:]), f"{channel}: ADC{int(pin[2:]) - 26}") for channel, pin in analog(name).items()
        ]
    else:
        uses += [(pin, text) for text, pin in ADS131]
    table: dict[int, list[str]] = {}
    for pin, use in sorted(uses):
        table.setdefault(pin, []).append(use)
    return table


def brought_out(name: str) -> set[int]:
    """GPIO numbers of boards/<name>/pins.csv."""
    lines = (BOARDS / name / "pins.csv").read_text().split()
    return {int(line.split(",")[1].removeprefix("GPIO")) for line in lines}


def pin_table() -> list[str]:
    """One table for all boards, in Markdown."""
    tables = {name: pins(name) for name in TABLED}
    out = ["| pin | " + " | ".join(f"`{name}`" for name in TABLED) + " |", "|---|" + "---|" * len(TABLED)]
    used = sorted({pin for table in tables.values() for pin in table})
    cells = {pin: ["; ".join(table.get(pin, ["-"])) for table in tables.values()] for pin in used}
    out += [f"| GP{pin} | {' | '.join(cells[pin])} |" for pin in used]
    return out
