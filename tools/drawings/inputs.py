"""Drawings of the analogue inputs. Values come from boards/common/circuit.py, pins from the boards' files."""

from __future__ import annotations

from typing import Any

import circuit
import schemdraw.elements as elm

from drawings import boards
from drawings.sheet import RED, Sheet

BIAS = "BIAS 1.65 V (bias.svg)"


def value(ohms: float) -> str:
    """A resistor's value as drawings write it: 402, 3k3, 30k1."""
    if ohms < 1000:
        return f"{ohms:g}"
    whole, part = divmod(round(ohms / 100), 10)
    return f"{whole}k{part}" if part else f"{whole}k"


def farads(capacitance: float) -> str:
    """A capacitor's value in nF."""
    return f"{capacitance * 1e9:g}n C0G"


def pins_of(kind: str) -> list[str]:
    """A line for each pair of boards and inputs: which pin has it."""
    lines: dict[str, list[str]] = {}
    for name in boards.OWN_ADC:
        pins = [f"{n} {pin}" for n, pin in boards.analog(name).items() if n[0] == kind]
        lines.setdefault(", ".join(pins), []).append(name)
    return [f"{', '.join(names)}: {pins}" for pins, names in lines.items()]


def _mains(s: Sheet, turns: int) -> Any:
    """The mains' side of a voltage input up to the barrier: T1, drawn with `turns` turns on either side."""
    s.terminal(0, 0, "L")
    s.across(elm.FuseIEC(), 0, 0, "F1\n100 mA T", 2.4)
    for k in range(circuit.SERIES_COUNT):
        s.across(elm.Resistor(), 2.4 + 1.6 * k, 0, f"R{k + 1}\n{value(circuit.SERIES)}", 1.6)
    t = s.add(elm.Transformer(t1=turns, t2=turns).anchor("p1").at((9.1, 0)))
    s.wire((8.8, 0), t.p1)
    bottom = t.p2[1]
    s.note(t.p1[0] + 0.55, 0.75, "T1\n2 mA : 2 mA", align="center", size=11)
    s.terminal(0, bottom, "N")
    s.wire((0, bottom), t.p2)
    s.barrier(t.p1[0] + 0.5, -0.1, bottom - 0.6)
    return t


def _conductor(s: Sheet, turns: int) -> Any:
    """The conductor's side of a current input and the names at both: T2, drawn as T1 is."""
    s.terminal(0, 0, "P1 (K)")
    t = s.add(elm.Transformer(t1=turns, t2=turns).anchor("p1").at((2.2, 0)))
    bottom = t.p2[1]
    s.terminal(0, bottom, "P2 (L)")
    s.wire((0, 0), t.p1)
    s.wire((0, bottom), t.p2)
    s.note(2.7, 0.75, f"T2\n1 : {circuit.CT_RATIO}", align="center", size=11)
    s.barrier(2.7, -0.1, bottom - 0.6)
    right = t.s1[0]
    s.note(right + 0.15, 0.25, "S1 (k)", size=11)
    s.note(right + 0.15, bottom - 0.25, "S2 (l)", size=11)
    return t


def voltage() -> Sheet:
    """Voltage transformer into the chip's own converter."""
    s = Sheet("Voltage input, isolated (PICO, PICO2, RP2040_ZERO)")
    t = _mains(s, 5)
    right, bottom = t.s1[0], t.p2[1]
    s.wire(t.s1, (right + 4.4, 0))
    s.wire(t.s2, (right + 8.6, bottom))
    s.upright(elm.Resistor(), right + 1.6, 0, bottom, f"R5\n{value(circuit.VOLT_BURDEN)}")
    s.across(elm.Resistor(), right + 4.4, 0, f"R6\n{value(circuit.FILTER)}")
    s.upright(elm.Capacitor(), right + 6.8, 0, bottom, f"C1\n{farads(circuit.FILTER_FARADS)}")
    s.wire((right + 6.4, 0), (right + 8.6, 0))
    for x in (right + 1.6, right + 6.8):
        s.dot(x, 0)
        s.dot(x, bottom)
    s.terminal(right + 8.6, 0, "to the converter:\n" + "\n".join(pins_of("V")), "right")
    s.terminal(right + 8.6, bottom, BIAS, "right")
    return s


def _burdens(s: Sheet, x: float, top: float, bottom: float) -> None:
    for k in range(2):
        s.upright(elm.Resistor(), x + 1.7 * k, top, bottom, f"R{7 + k}\n{value(circuit.CT_BURDEN)}")
    s.upright(elm.DiodeTVS(), x + 3.6, top, bottom, "  D1\n  SMAJ5.0CA\n  bidirectional")
    for at in (x, x + 1.7, x + 3.6):
        s.dot(at, top)
        s.dot(at, bottom)


def current() -> Sheet:
    """Current transformer into the chip's own converter."""
    s = Sheet("Current input, isolated (PICO, PICO2, RP2040_ZERO)")
    t = _conductor(s, 5)
    right, bottom = t.s1[0], t.p2[1]
    s.wire(t.s1, (right + 7.2, 0))
    s.wire(t.s2, (right + 11.4, bottom))
    _burdens(s, right + 1.8, 0, bottom)
    s.across(elm.Resistor(), right + 7.2, 0, f"R9\n{value(circuit.FILTER)}")
    s.upright(elm.Capacitor(), right + 9.6, 0, bottom, f"C2\n{farads(circuit.FILTER_FARADS)}")
    s.wire((right + 9.2, 0), (right + 11.4, 0))
    s.dot(right + 9.6, 0)
    s.dot(right + 9.6, bottom)
    s.terminal(right + 11.4, 0, "to the converter:\n" + "\n".join(pins_of("I")), "right")
    s.terminal(right + 11.4, bottom, BIAS, "right")
    s.note(
        0,
        bottom - 1.9,
        "The conductor through T2 is the load's own, or the loop from S1 to S2 of an x : 5 A transformer.\n"
        "A clamp is T2 itself: its two wires come to S1 and S2, with the burdens of its preset.",
    )
    return s


def bias() -> Sheet:
    """The reference potential of all inputs of a board with 3.3 V."""
    s = Sheet("Bias of all inputs, once a board", (0, 1.4))
    s.terminal(0, 0, "ADC_VREF 3.3 V")
    s.wire((0, 0), (1.5, 0))
    s.upright(elm.Resistor(), 1.5, 0, -2, "R10\n10k")
    s.upright(elm.Resistor(), 1.5, -2, -4, "R11\n10k")
    s.add(elm.GroundSignal().right().at((1.5, -4)))
    s.note(2.0, -4.2, "AGND", size=11)
    s.dot(1.5, -2)
    s.wire((1.5, -2), (5.5, -2))
    s.dot(4, -2)
    s.upright(elm.Capacitor(), 4, -2, -4, "C3\n10u")
    s.add(elm.GroundSignal().right().at((4, -4)))
    u = s.add(elm.Opamp().right().flip().anchor("in2").at((5.5, -2)))
    s.note(u.center[0] - 0.2, u.center[1] + 1.6, "U1\nMCP6022", size=11, align="center")
    out, back = u.out, u.in1
    s.wire(back, (back[0] - 0.3, back[1]), (back[0] - 0.3, back[1] - 1.2), (out[0], back[1] - 1.2), out)
    s.dot(*out)
    s.wire(out, (out[0] + 1, out[1]))
    s.terminal(out[0] + 1, out[1], BIAS.split(" (")[0], "right")
    return s


def _halves(s: Sheet, x: float, bottom: float, names: tuple[str, str], ohms: float) -> None:
    """Two resistors in a row with ground between them."""
    middle = bottom / 2
    s.upright(elm.Resistor(), x, 0, middle, f"{names[0]}  {value(ohms)}")
    s.upright(elm.Resistor(), x, middle, bottom, f"{names[1]}  {value(ohms)}")
    s.dot(x, middle)
    s.wire((x, middle), (x - 0.7, middle))
    s.add(elm.GroundSignal().right().at((x - 0.7, middle)))
    s.dot(x, 0)
    s.dot(x, bottom)


def _legs(s: Sheet, x: float, bottom: float, first: int, names: tuple[str, str]) -> None:
    """The filters of both legs into the converter."""
    for k, (y, name) in enumerate(zip((0, bottom), names, strict=True)):
        s.across(elm.Resistor(), x, y, f"R{first + k}  {value(circuit.ADS131_FILTER)}")
        s.wire((x + 2, y), (x + 4.6, y))
        s.dot(x + 2.6, y)
        s.upright(elm.Capacitor(), x + 2.6, y, y - 1.6, f"C{first + k}  {farads(circuit.FILTER_FARADS)}")
        s.add(elm.GroundSignal().right().at((x + 2.6, y - 1.6)))
        s.terminal(x + 4.6, y, name, "right")


def ads131_voltage() -> Sheet:
    """Voltage transformer into an ADS131M08."""
    s = Sheet("Voltage input, isolated (PICO_ADS131)")
    t = _mains(s, 8)
    right, bottom = t.s1[0], t.p2[1]
    s.wire(t.s1, (right + 4.4, 0))
    s.wire(t.s2, (right + 4.4, bottom))
    _halves(s, right + 1.8, bottom, ("R5", "R6"), circuit.ADS131_VOLT_BURDEN)
    pins = boards.analog("PICO_ADS131")
    low, high = pins["V1"], pins["V3"]
    _legs(s, right + 4.4, bottom, 12, (f"{low}P ... {high}P (V1 ... V3)", f"{low}N ... {high}N"))
    return s


def ads131_current() -> Sheet:
    """Current transformer into an ADS131M08."""
    s = Sheet("Current input, isolated (PICO_ADS131)")
    t = _conductor(s, 8)
    right, bottom = t.s1[0], t.p2[1]
    s.wire(t.s1, (right + 7.6, 0))
    s.wire(t.s2, (right + 7.6, bottom))
    _halves(s, right + 2.2, bottom, ("R7", "R8"), circuit.ADS131_CT_BURDEN)
    s.upright(elm.DiodeTVS(), right + 5, 0, bottom, "  D1\n  SMAJ5.0CA\n  bidirectional")
    s.dot(right + 5, 0)
    s.dot(right + 5, bottom)
    pins = boards.analog("PICO_ADS131")
    low, high = pins["I1"], pins["IN"]
    _legs(s, right + 7.6, bottom, 14, (f"{low}P ... {high}P (I1 ... I3, IN)", f"{low}N ... {high}N"))
    return s


def live() -> Sheet:
    """What an expert may build instead of a voltage transformer, and what it means."""
    s = Sheet("Live divider: for experts, the whole board is then at mains voltage", (0, 1.6))
    s.note(
        0,
        1.0,
        "Never a USB cable. Isolated supply, isolated RS-485, ISOLATED = False in board.py.",
        colour=RED,
    )
    s.terminal(0, 0, "L")
    s.across(elm.FuseIEC(), 0, 0, "F1", 1.6)
    for k in range(4):
        s.across(elm.Resistor(), 1.6 + 1.6 * k, 0, "249k", 1.6)
    bottom = -2.4
    s.wire((8, 0), (13, 0))
    s.upright(elm.Resistor(), 9, 0, bottom, "3k3")
    s.upright(elm.Capacitor(), 11, 0, bottom, "10n C0G")
    for x in (9, 11):
        s.dot(x, 0)
        s.dot(x, bottom)
    s.terminal(0, bottom, "N")
    s.wire((0, bottom), (13, bottom))
    s.terminal(13, 0, "to the converter: 302.8 V a volt", "right")
    s.terminal(13, bottom, "BIAS 1.65 V: joined to N", "right")
    return s
