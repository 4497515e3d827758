"""firmware/rp2/chip/rp2040.py and rp2350.py against the headers of the SDK, which say it independently."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SDK = ROOT / "build" / "src" / "micropython" / "lib" / "pico-sdk" / "src"

# our name: base (of addressmap.h) and offset, a bit, or a request
REGISTERS = {
    "ADC_CS": ("ADC_BASE", "ADC_CS_OFFSET"),
    "ADC_FCS": ("ADC_BASE", "ADC_FCS_OFFSET"),
    "ADC_FIFO": ("ADC_BASE", "ADC_FIFO_OFFSET"),
    "ADC_DIV": ("ADC_BASE", "ADC_DIV_OFFSET"),
    "TIMERAWL": ("TIMER_BASE", "TIMER_TIMERAWL_OFFSET"),
    "IO_BANK0": ("IO_BANK0_BASE",),
    "WATCHDOG_CTRL": ("WATCHDOG_BASE", "WATCHDOG_CTRL_OFFSET"),
    "WATCHDOG_REASON": ("WATCHDOG_BASE", "WATCHDOG_REASON_OFFSET"),
    "DMA_TIMER": ("DMA_BASE", "DMA_TIMER0_OFFSET"),
    "DMA_ABORT": ("DMA_BASE", "DMA_CHAN_ABORT_OFFSET"),
    "SNIFF_CONTROL": ("DMA_BASE", "DMA_SNIFF_CTRL_OFFSET"),
    "SNIFF_DATA": ("DMA_BASE", "DMA_SNIFF_DATA_OFFSET"),
    "DMA_BUSY": ("DMA_CH0_CTRL_TRIG_BUSY_LSB",),
    "CLOCK_GPOUT0": ("CLOCKS_BASE", "CLOCKS_CLK_GPOUT0_CTRL_OFFSET"),
    "GPOUT_SYSTEM": ("CLOCKS_CLK_GPOUT0_CTRL_AUXSRC_VALUE_CLK_SYS",),
    "GPOUT_PLACES": ("CLOCKS_CLK_GPOUT0_DIV_INT_LSB",),
    "OUTOVER": ("IO_BANK0_GPIO0_CTRL_OUTOVER_LSB",),
    "TREQ_ADC": ("DREQ_ADC",),
}
# what the drivers take to be the same on both chips
SAME = {
    "DMA_BASE": 0x50000000,
    "DMA_CH0_DBG_CTDREQ_OFFSET": 0x800,
    "DMA_CH0_AL1_CTRL_OFFSET": 0x10,
    "DMA_CH0_AL1_TRANS_COUNT_TRIG_OFFSET": 0x1C,
    "DMA_CH0_AL2_WRITE_ADDR_TRIG_OFFSET": 0x2C,
    "DREQ_DMA_TIMER0": 0x3B,
    "DREQ_FORCE": 0x3F,
    "UART_UARTIMSC_OFFSET": 0x38,
    "ADC_CS_EN_LSB": 0,
    "ADC_CS_START_MANY_LSB": 3,
    "ADC_CS_READY_LSB": 8,
    "ADC_CS_AINSEL_LSB": 12,
    "ADC_CS_RROBIN_LSB": 16,
    "ADC_FCS_EN_LSB": 0,
    "ADC_FCS_DREQ_EN_LSB": 3,
    "ADC_FCS_UNDER_LSB": 10,
    "ADC_FCS_OVER_LSB": 11,
    "ADC_FCS_LEVEL_LSB": 16,
    "ADC_FCS_THRESH_LSB": 24,
    "ADC_DIV_INT_LSB": 8,
    "DMA_SNIFF_CTRL_CALC_LSB": 5,
    "DMA_SNIFF_CTRL_DMACH_LSB": 1,
    "IO_BANK0_GPIO0_CTRL_OFFSET": 4,
    "CLOCKS_CLK_GPOUT0_DIV_OFFSET": 4,
    "CLOCKS_CLK_GPOUT0_CTRL_AUXSRC_LSB": 5,
    "CLOCKS_CLK_GPOUT0_CTRL_ENABLE_LSB": 11,
    "CLOCKS_CLK_GPOUT0_CTRL_DC50_LSB": 12,
    "PIO1_BASE": 0x50300000,
    "PIO_FDEBUG_OFFSET": 8,
    "PIO_RXF3_OFFSET": 0x2C,
    "DREQ_PIO1_RX3": 15,
    "WATCHDOG_CTRL_ENABLE_BITS": 1 << 30,
    "WATCHDOG_REASON_TIMER_LSB": 0,
}


def header_values(chip: str) -> dict[str, int]:
    """All numbers that the register headers of a chip define."""
    found: dict[str, int] = {}
    for path in sorted((SDK / chip / "hardware_regs" / "include" / "hardware" / "regs").glob("*.h")):
        for name, value in re.findall(
            r"^#define (\w+) +(?:_u\()?(0x[0-9a-fA-F]+|\d+)\)?\s*$", path.read_text(), re.M
        ):
            found.setdefault(name, int(value, 0))
    if "TIMER_BASE" not in found:
        found["TIMER_BASE"] = found["TIMER0_BASE"]
    return found


@pytest.mark.parametrize("chip", ["rp2040", "rp2350"])
def test_table_is_what_the_vendor_says(chip: str) -> None:
    ours = {
        k: v
        for k, v in runpy.run_path(str(ROOT / "firmware" / "rp2" / "chip" / f"{chip}.py")).items()
        if k.isupper()
    }
    theirs = header_values(chip)
    for name, parts in REGISTERS.items():
        assert ours.pop(name) == sum(theirs[part] for part in parts), name
    assert ours.pop("UARTS") == (theirs["UART0_BASE"], theirs["UART1_BASE"])
    assert ours.pop("TREQ_UART_TX") == (theirs["DREQ_UART0_TX"], theirs["DREQ_UART1_TX"])
    assert ours.pop("TREQ_UART_RX") == (theirs["DREQ_UART0_RX"], theirs["DREQ_UART1_RX"])
    channels = [n for n in range(32) if f"DMA_CH{n}_READ_ADDR_OFFSET" in theirs]
    assert ours.pop("DMA_CHANNELS") == len(channels)
    assert not ours, "in the table, and not compared"


@pytest.mark.parametrize("chip", ["rp2040", "rp2350"])
def test_what_both_chips_have_alike(chip: str) -> None:
    theirs = header_values(chip)
    assert {name: theirs[name] for name in SAME} == SAME
    # GPIO function 5 gives a pin to SIO, under two names
    assert 5 in (
        theirs.get("IO_BANK0_GPIO0_CTRL_FUNCSEL_VALUE_SIO_0"),
        theirs.get("IO_BANK0_GPIO0_CTRL_FUNCSEL_VALUE_SIOB_PROC_0"),
    )


BOARD = runpy.run_path(str(ROOT / "boards" / "NUCLEO_H743ZI2" / "board.py"))
PORT = ROOT / "build" / "src" / "micropython" / "ports" / "stm32" / "boards"


def functions_of_pins() -> dict[str, list[str]]:
    """By the board's names of its pins: their functions in MicroPython's table of the STM32H743."""
    table = {}
    for line in (PORT / "stm32h743_af.csv").read_text().splitlines()[2:]:
        cells = [cell.strip() for cell in line.split(",")]
        table[cells[1]] = cells[2:]
    names = [line.split(",") for line in (PORT / "NUCLEO_H743ZI2" / "pins.csv").read_text().split()]
    return {name: table[pin] for name, pin in names if pin in table}


def test_inputs_of_the_nucleo_are_on_their_pins() -> None:
    pins = functions_of_pins()
    for adc, _, number, pin in BOARD["INPUTS_ANALOG"]:
        found = [f.split("_")[0] for f in pins[pin][-1].split("/") if f.endswith(f"_INP{number}")]
        assert len(found) == 1 and str(adc + 1) in found[0], (pin, pins[pin])


def test_directions_of_the_nucleo_are_on_their_pins() -> None:
    pins = functions_of_pins()
    for number, _, pin in BOARD["PORTS"]:
        assert f"USART{number}_RTS" in pins[pin][7].split("/"), pins[pin]


def test_no_pin_of_the_nucleo_is_used_twice() -> None:
    names = dict(line.split(",") for line in (PORT / "NUCLEO_H743ZI2" / "pins.csv").read_text().split())
    used = [pin for *_, pin in BOARD["INPUTS_ANALOG"]] + [pin for *_, pin in BOARD["PORTS"]]
    used += [*BOARD["KEYS"], *BOARD["LCD"][3:], BOARD["FLASH"][1], BOARD["POWER_FAIL"]]
    used += [*BOARD["INPUTS"], *BOARD["RELAYS"]]
    pins = [names[name] for name in used]
    # what MicroPython's board and its peripherals have: SPI3, USART2, 3 and 6, USB, the ST-Link's clock
    taken = [
        "PB3",
        "PB4",
        "PB5",
        "PD5",
        "PD6",
        "PD8",
        "PD9",
        "PC6",
        "PC7",
        "PA9",
        "PA10",
        "PA11",
        "PA12",
        "PH0",
        "PA13",
        "PA14",
    ]
    assert len(set(pins)) == len(pins) and not set(pins) & set(taken)
