"""What the drivers of a board take of its chip is there: channels of the DMA, state machines, pins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drawings import boards

ROOT = Path(__file__).resolve().parents[3]
BOARDS = sorted(path.parent.name for path in (ROOT / "boards").glob("*/mpconfigboard.cmake"))
# Of the chips' datasheets: channels of the DMA (RP2040 2.5, RP2350 12.6), blocks of the PIO (3.1, 11.1).
CHIPS = {"rp2040": (12, 2), "rp2350-arm-s": (16, 3)}
CONVERTERS = {"adc": 2, "adc_burst": 4, "ads131": 2}  # channels
A_PORT = 5  # channels of one with a direction pin
# Of the SDK's driver of the radio: its pins, its channels; it takes a state machine of the last block.
RADIO_PINS, RADIO_CHANNELS = {23, 24, 25, 29}, 2
ADS131_MACHINE = 7


def said(name: str, pattern: str) -> str:
    """What a board's files say."""
    folder = ROOT / "boards" / name
    text = "".join((folder / file).read_text() for file in ("board.py", "mpconfigboard.cmake"))
    found = re.search(pattern, text)
    assert found, (name, pattern)
    return found[1]


def has_radio(name: str) -> bool:
    return "cyw43" in (ROOT / "boards" / name / "mpconfigboard.cmake").read_text()


def test_what_a_driver_takes_is_what_is_reckoned_with() -> None:
    chip = ROOT / "firmware" / "rp2" / "chip"
    assert f"dma.claim({A_PORT} if direction is not None else 4)" in (chip / "uart.py").read_text()
    for name, count in CONVERTERS.items():
        text = (chip / f"{name}.py").read_text()
        assert f"dma.claim({count})" in text or f"    _CHANNELS = {count}\n" in text, name
    assert f"_MACHINE = const({ADS131_MACHINE})" in (chip / "ads131.py").read_text()


@pytest.mark.parametrize("name", BOARDS)
def test_channels_and_state_machines_are_there(name: str) -> None:
    channels, blocks = CHIPS[said(name, r'PICO_PLATFORM "(.*)"')]
    board = boards.load(name)
    radio = has_radio(name)
    converter = said(name, r"def sampler\([^)]*\):(?:.|\n)*?from chip(?:\.| import )(\w+)")
    ports = sum(A_PORT if row[3] is not None else A_PORT - 1 for row in board["PORTS"])
    assert CONVERTERS[converter] + ports + (RADIO_CHANNELS if radio else 0) <= channels
    # pulse outputs, or pulse inputs, take the first ones
    taken = max(len(board.get("PULSES", ())), 1)
    free = 4 * (blocks - 1) if radio else 4 * blocks
    assert taken <= (ADS131_MACHINE if converter == "ads131" else free)


@pytest.mark.parametrize("name", [name for name in BOARDS if has_radio(name)])
def test_nothing_is_at_the_pins_of_the_radio(name: str) -> None:
    board = boards.load(name)
    single = ("KEYS", "INPUTS", "RELAYS", "PULSES")
    taken = {board["POWER_FAIL"], *board["LCD"][1:], *(pin for what in single for pin in board[what])}
    taken |= {pin for row in board["PORTS"] for pin in row[1:]}
    taken |= {26 + i for i in range(len(board["channels"]()))}  # the converter's inputs
    listed = dict(line.split(",") for line in (ROOT / "boards" / name / "pins.csv").read_text().split())
    brought_out = {int(pin[4:]) for pin in listed.values() if pin.startswith("GPIO")}
    assert taken <= brought_out
    assert not RADIO_PINS & brought_out
    assert listed["LED"] == "EXT_GPIO0"


@pytest.mark.parametrize("name", [name for name in BOARDS if has_radio(name)])
def test_the_pins_of_the_board_are_those_of_a_pico_but_the_radios(name: str) -> None:
    pico, own = boards.load("PICO"), boards.load(name)
    for what in ("KEYS", "LCD", "POWER_FAIL", "INPUTS", "RELAYS", "DEFAULTS"):
        assert own[what] == pico[what], what
    assert own["PULSES"] == pico["PULSES"][: len(own["PULSES"])]
    assert own["PORTS"] == pico["PORTS"][: len(own["PORTS"])]
    assert own["NAME"] == name and own["ISOLATED"] is True
    own_channels, pico_channels = own["channels"](), pico["channels"]()
    assert [(c.kind, c.phase, c.gain) for c in own_channels] == [
        (c.kind, c.phase, c.gain) for c in pico_channels
    ]
