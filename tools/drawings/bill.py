"""Bill of materials of each board: parts of each circuit of docs/hardware.md, by how often a board has it."""

from __future__ import annotations

import circuit

from drawings import boards
from drawings.inputs import value


def _resistor(ohms: float, more: str = "1 %, 0.25 W") -> str:
    return f"resistor {value(ohms)}, {more}"


FILTER_C = f"capacitor {circuit.FILTER_FARADS * 1e9:g} nF C0G, 5 % or better"
TVS = "suppressor SMAJ5.0CA, bidirectional"
VOLT_T = "voltage transformer 2 mA : 2 mA, 4 kV, such as ZMPT107"
CURRENT_T = f"current transformer {circuit.CT_RATIO} : 1, class 0.5 or better at its burden"
FUSE = "fuse 100 mA T, 500 V, high breaking capacity, with holder"
PRECISE = "0.1 %, 25 ppm/K"

# Circuit: its parts and how many of each.
CIRCUITS = {
    "voltage": (
        (FUSE, 1),
        (_resistor(circuit.SERIES, "1 %, 0.25 W, 1206 (200 V)"), circuit.SERIES_COUNT),
        (VOLT_T, 1),
        (_resistor(circuit.VOLT_BURDEN, PRECISE), 1),
        (_resistor(circuit.FILTER), 1),
        (FILTER_C, 1),
    ),
    "current": (
        (CURRENT_T, 1),
        (_resistor(circuit.CT_BURDEN, PRECISE), 2),
        (TVS, 1),
        (_resistor(circuit.FILTER), 1),
        (FILTER_C, 1),
    ),
    "bias": ((_resistor(10000), 2), ("capacitor 10 uF", 1), ("operational amplifier MCP6022", 1)),
    "ADS131 voltage": (
        (FUSE, 1),
        (_resistor(circuit.SERIES, "1 %, 0.25 W, 1206 (200 V)"), circuit.SERIES_COUNT),
        (VOLT_T, 1),
        (_resistor(circuit.ADS131_VOLT_BURDEN, PRECISE), 2),
        (_resistor(circuit.ADS131_FILTER), 2),
        (FILTER_C, 2),
    ),
    "ADS131 current": (
        (CURRENT_T, 1),
        (_resistor(circuit.ADS131_CT_BURDEN, PRECISE), 2),
        (TVS, 1),
        (_resistor(circuit.ADS131_FILTER), 2),
        (FILTER_C, 2),
    ),
    "ADS131": (("converter ADS131M08", 1),),
    "RS-485": (
        ("isolated transceiver ADM2587E", 1),
        (_resistor(120), 1),
        ("suppressor SM712", 1),
    ),
    "panel": (
        ("display 128 x 64, SSD1306 or SH1106, four-wire SPI", 1),
        (_resistor(10000), 1),
        ("capacitor 100 nF", 1),
        ("key, normally open", 4),
    ),
    "supply": (
        ("fuse 1 A T, 250 V, high breaking capacity, with holder", 1),
        ("power supply 5 V, isolated, IRM-03-5", 1),
        ("Schottky diode 1N5819", 1),
        ("resistor 4.7, 5 %, 1 W", 1),
        ("electrolytic capacitor 4700 uF, 10 V", 1),
        ("voltage detector MCP111-450, open drain", 1),
        (_resistor(10000), 1),
    ),
    "input": (
        ("optocoupler PC817", 1),
        (_resistor(4700, "5 %, 0.5 W"), 1),
        ("diode 1N4148", 1),
    ),
    "relay": (
        ("relay, coil 5 V, at most 70 mA", 1),
        ("transistor BC337-25", 1),
        ("diode 1N4148", 1),
        (_resistor(1000), 1),
        (_resistor(10000), 1),
    ),
}


def circuits(name: str) -> dict[str, int]:
    """How often a board has each circuit."""
    board = boards.load(name)
    kinds = [channel.kind for channel in board["channels"]()]
    ads131 = name not in boards.OWN_ADC
    front = "ADS131 " if ads131 else ""
    counts = {f"{front}voltage": kinds.count("V"), f"{front}current": kinds.count("I")}
    counts["ADS131" if ads131 else "bias"] = 1
    return {
        **counts,
        "RS-485": len(board["PORTS"]),
        "panel": 1,
        "supply": 1,
        "input": len(board["INPUTS"]),
        "relay": len(board["RELAYS"]),
    }


def parts(name: str) -> dict[str, int]:
    """How many of each part a board needs."""
    total: dict[str, int] = {}
    for which, times in circuits(name).items():
        for part, count in CIRCUITS[which]:
            total[part] = total.get(part, 0) + times * count
    return total


def table() -> list[str]:
    """The bill of all boards, in Markdown."""
    bills = {name: parts(name) for name in boards.TABLED}
    order = [part for rows in CIRCUITS.values() for part, _ in rows]
    out = ["| part | " + " | ".join(f"`{name}`" for name in boards.TABLED) + " |"]
    out.append("|---|" + "---|" * len(boards.TABLED))
    for part in dict.fromkeys(order):
        counts = " | ".join(str(bill.get(part, "-")) for bill in bills.values())
        out.append(f"| {part} | {counts} |")
    return out


def presets() -> list[str]:
    """The presets of current transformers, in Markdown."""
    out = ["| preset | transformer | burdens | largest RMS current | CT1 : CT2 |", "|---|---|---|---|---|"]
    for name, transformer, burdens, limit in (
        ("CT_5", "2000 : 1 after an x : 5 A transformer, or 5 A direct", "2 x 402", 1.65),
        ("CT_60", "clamp, 60 A : 30 mA (2000 : 1)", "2 x 63.4", 1.65),
        ("CT_100", "clamp, 100 A : 50 mA (2000 : 1)", "2 x 44.2", 1.65),
        ("CT_200", "clamp, 200 A : 100 mA (2000 : 1)", "2 x 22.1", 1.65),
        ("CT_333MV", "clamp with its own burden, 100 A : 333 mV", "none; amplifier of 3.3", 1.65),
        ("ADS131_CT_5", "2000 : 1 after an x : 5 A transformer, or 5 A direct", "75 + 75", 1.2),
    ):
        amps, ct1, ct2 = getattr(circuit, name)
        largest = limit / 2**0.5 * amps * ct1 / ct2
        out.append(f"| `{name}` | {transformer} | {burdens} | {largest:.1f} A | {ct1} : {ct2} |")
    return out
