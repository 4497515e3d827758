"""Drawings of everything but the analogue inputs."""

from __future__ import annotations

import circuit
import schemdraw.elements as elm

from drawings import boards
from drawings.inputs import farads
from drawings.sheet import Sheet, Side


def follower() -> Sheet:
    """From a burden into a converter of the STM32."""
    s = Sheet("STM32: a follower between the filter and each input", (0, 2.6))
    s.terminal(0, 0, "R5 (voltage.svg), or\nR7 || R8 (current.svg)")
    s.across(elm.Resistor(), 0, 0, "3k3\n(R6, R9)")
    s.wire((2, 0), (5.4, 0))
    s.dot(3, 0)
    s.upright(elm.Capacitor(), 3, 0, -2.4, farads(circuit.FILTER_FARADS))
    u = s.add(elm.Opamp().right().flip().anchor("in2").at((5.4, 0)))
    s.note(u.center[0] - 0.2, u.center[1] + 1.7, "follower, MCP6022", size=11, align="center")
    out, back = u.out, u.in1
    s.wire(back, (back[0] - 0.3, back[1]), (back[0] - 0.3, back[1] - 1.0), (out[0], back[1] - 1.0), out)
    s.dot(*out)
    s.across(elm.Resistor(), out[0], out[1], "100")
    x = out[0] + 2
    s.wire((x, out[1]), (x + 3.2, out[1]))
    s.dot(x + 0.6, out[1])
    s.upright(elm.Capacitor(), x + 0.6, out[1], -2.4, "1n C0G")
    s.wire((3, -2.4), (x + 0.6, -2.4))
    s.dot(3, -2.4)
    s.wire((3, -2.4), (0, -2.4))
    s.terminal(0, -2.4, "BIAS 1.65 V")
    s.terminal(x + 3.2, out[1], "PA3 ... PA0\nADC1 - ADC3", "right")
    return s


def rs485() -> Sheet:
    """Isolated RS-485."""
    s = Sheet("RS-485, isolated (once for each port)", (0, 3.4))
    box = elm.Ic(
        pins=[
            elm.IcPin(name="TXD", side="left", slot="3/3"),
            elm.IcPin(name="RXD", side="left", slot="2/3"),
            elm.IcPin(name="DE, /RE", side="left", slot="1/3"),
            elm.IcPin(name="A", side="right", slot="3/3"),
            elm.IcPin(name="B", side="right", slot="2/3"),
            elm.IcPin(name="GND2", side="right", slot="1/3"),
        ],
        size=(4.4, 4.5),
        lblsize=11,
        edgepadH=0.6,
    )
    u = s.add(box.right().at((3, -3)))
    s.note(
        u.center[0], u.center[1] + 2.9, "U2 isolated transceiver, 3.3 V (ADM2587E)", size=11, align="center"
    )
    ports = boards.load("PICO")["PORTS"]
    for n, name in enumerate(("TXD", "RXD", "DE, /RE"), 1):
        x, y = u.absanchors[name]
        s.wire((x, y), (1.6, y))
        s.terminal(1.6, y, " / ".join(f"GP{row[n]}" for row in ports))
    lines = {name: u.absanchors[name] for name in ("A", "B", "GND2")}
    end = 15.5
    for name, (x, y) in lines.items():
        s.wire((x, y), (end, y))
        s.terminal(end, y, {"A": "A", "B": "B", "GND2": "C: 0 V of the bus"}[name], "right")
    a, b, ground = (lines[name][1] for name in ("A", "B", "GND2"))
    s.upright(elm.Resistor(), 9.6, a, b, " 120, at both\n ends only")
    s.dot(9.6, a)
    s.dot(9.6, b)
    for x, y, pin in ((12.4, a, "pin 1"), (13.6, b, "pin 2")):
        s.wire((x, y), (x, b - 0.2))
        s.upright(elm.DiodeTVS(), x, b - 0.2, ground, "")
        s.dot(x, y)
        s.dot(x, ground)
        s.note(x + 0.1, y + 0.25, pin)
    s.note(12.75, ground - 0.35, "pin 3")
    s.note(14.0, (b + ground) / 2, "D2 SM712")
    s.barrier(u.center[0], u.center[1] + 2.3, u.center[1] - 2.5)
    return s


def supply() -> Sheet:
    """Isolated supply, reserve and warning of a power failure."""
    s = Sheet("Supply, and the warning before it fails", (0, 2.2))
    module = elm.Ic(
        pins=[
            elm.IcPin(name="L", side="left", slot="2/2"),
            elm.IcPin(name="N", side="left", slot="1/2"),
            elm.IcPin(name="+5 V", side="right", slot="2/2"),
            elm.IcPin(name="0 V", side="right", slot="1/2"),
        ],
        size=(3.6, 3),
        lblsize=11,
    )
    u = s.add(module.right().at((2.6, -2.5)))
    s.note(u.center[0], u.center[1] + 2.0, "U3 IRM-03-5, 4 kV", size=11, align="center")
    live, neutral, plus, zero = (u.absanchors[n] for n in ("L", "N", "+5 V", "0 V"))
    s.across(elm.FuseIEC(), 0, live[1], "F2 1 A T", 2.0)
    s.wire((2.0, live[1]), live)
    s.terminal(0, live[1], "L")
    s.wire((0, neutral[1]), neutral)
    s.terminal(0, neutral[1], "N")
    s.barrier(u.center[0], u.center[1] + 1.4, u.center[1] - 1.9)
    top, bottom = plus[1], zero[1] - 2.4
    s.wire(zero, (zero[0] + 0.4, zero[1]), (zero[0] + 0.4, bottom), (17.5, bottom))
    s.wire(plus, (10.6, top))
    s.across(elm.Schottky(), 10.6, top, "D3 1N5819")
    s.across(elm.Resistor(), 12.6, top, "R20 4R7 1 W")
    s.wire((14.6, top), (17.5, top))
    s.upright(elm.Capacitor(polar=True), 15.4, top, bottom, " C4\n 4700u 10 V")
    s.dot(15.4, top)
    s.dot(15.4, bottom)
    s.terminal(17.5, top, "VSYS of the Pico", "right")
    s.terminal(17.5, bottom, "GND", "right")
    detector = elm.Ic(
        pins=[
            elm.IcPin(name="VDD", side="left", slot="2/2"),
            elm.IcPin(name="VSS", side="left", slot="1/2"),
            elm.IcPin(name="/OUT", side="right", slot="2/2"),
        ],
        size=(2.6, 1.8),
        lblsize=11,
    )
    v = s.add(detector.right().at((9, -3.4)))
    vdd, vss, out = (v.absanchors[n] for n in ("VDD", "VSS", "/OUT"))
    s.note(v.center[0], v.center[1] + 1.3, "U4 MCP111-450", align="center", size=11)
    for pin, rail in ((vdd, top), (vss, bottom)):
        x = 7.6 if rail == top else 8.2
        s.wire(pin, (x, pin[1]), (x, rail))
        s.dot(x, rail)
    s.wire(out, (13.6, out[1]))
    pin = boards.load("PICO")["POWER_FAIL"]
    s.upright(elm.Resistor(), 12.2, out[1] + 1.7, out[1], " R21\n 10k to 3V3")
    s.dot(12.2, out[1])
    s.terminal(13.6, out[1], f"GP{pin}", "right")
    return s


def terminals() -> Sheet:
    """Relay driver, digital input, pulse output, LED."""
    s = Sheet("Relay, digital input, pulse output, LED", (0, 5))
    board = boards.load("PICO")
    # relay
    s.terminal(0, 0, f"GP{board['RELAYS'][0]} (relay)")
    s.across(elm.Resistor(), 0, 0, "R30 1k")
    q = s.add(elm.BjtNpn(circle=False).right().anchor("base").at((4.6, 0)))
    s.wire((2, 0), (4.6, 0))
    s.upright(elm.Resistor(), 3, 0, -2, "R31\n10k")
    s.dot(3, 0)
    s.add(elm.GroundSignal().right().at((3, -2)))
    emitter, collector = q.emitter, q.collector
    s.wire(emitter, (emitter[0], -2))
    s.add(elm.GroundSignal().right().at((emitter[0], -2)))
    s.note(emitter[0] + 0.4, 0, "Q1 BC337", size=11)
    x = collector[0]
    s.wire(collector, (x, 1.2), (x + 2.4, 1.2))
    s.dot(x, 1.2)
    s.upright(elm.Resistor(), x, 3.4, 1.2, "K1\n5 V coil")
    s.add(elm.Diode().at((x + 2.4, 1.2)).to((x + 2.4, 3.4)))
    s.note(x + 2.8, 2.3, "D4 1N4148", size=11)
    s.wire((x + 2.4, 3.4), (x, 3.4))
    s.dot(x, 3.4)
    s.wire((x, 3.4), (2, 3.4))
    s.terminal(2, 3.4, "+5 V")
    # digital input
    y = -4.6
    s.terminal(0, y, "DI1 +, 24 V")
    s.across(elm.Resistor(), 0, y, "R32 4k7")
    o = s.add(elm.Optocoupler().right().anchor("anode").at((5.2, y)))
    s.wire((2, y), o.anode)
    low = o.cathode[1]
    s.wire(o.cathode, (0, low))
    s.terminal(0, low, "DI1 -")
    s.add(elm.Diode().at((3.4, low)).to((3.4, y)))
    s.dot(3.4, y)
    s.dot(3.4, low)
    s.note(2.9, (y + low) / 2, "D5 1N4148", align="right", size=11)
    s.note((o.anode[0] + o.collector[0]) / 2, y + 0.8, "U5 PC817", align="center", size=11)
    s.wire(o.collector, (9, o.collector[1]))
    s.terminal(9, o.collector[1], f"GP{board['INPUTS'][0]} (its pull-up is on)", "right")
    s.wire(o.emitter, (9, o.emitter[1]))
    s.terminal(9, o.emitter[1], "GND", "right")
    # pulse output
    y = -8
    s.terminal(0, y, f"GP{board['PULSES'][0]} (pulse)")
    s.across(elm.Resistor(), 0, y, "R33 470")
    o = s.add(elm.Optocoupler().right().anchor("anode").at((5.2, y)))
    s.wire((2, y), o.anode)
    s.wire(o.cathode, (4.4, o.cathode[1]))
    s.add(elm.GroundSignal().right().at((4.4, o.cathode[1])))
    s.note((o.anode[0] + o.collector[0]) / 2, y + 0.8, "U6 PC817", align="center", size=11)
    s.wire(o.collector, (9, o.collector[1]))
    s.terminal(9, o.collector[1], "S0 +, at most 35 V and 5 mA", "right")
    s.wire(o.emitter, (9, o.emitter[1]))
    s.terminal(9, o.emitter[1], "S0 -", "right")
    # LED
    y = -10.6
    s.terminal(0, y, f"GP{board['PULSES'][4]} (LED)")
    s.across(elm.Resistor(), 0, y, "R34 470")
    s.add(elm.LED().at((2, y)).right())
    s.add(elm.GroundSignal().right().at((4, y)))
    return s


def panel() -> Sheet:
    """Display and keys."""
    s = Sheet("Display 128 x 64 (SSD1306 or SH1106, four-wire SPI) and keys", (-1, 2.4))
    board = boards.load("PICO")
    _, clock, data, select, command = board["LCD"]
    rows = [("VCC", "3V3"), ("GND", "GND"), ("D0 (SCK)", f"GP{clock}"), ("D1 (MOSI)", f"GP{data}")]
    rows += [("DC", f"GP{command}"), ("CS", f"GP{select}")]
    count = len(rows)
    pins = [
        elm.IcPin(name=name, side="left", slot=f"{count - i}/{count}") for i, (name, _) in enumerate(rows)
    ]
    pins.append(elm.IcPin(name="RES", side="right", slot=f"{count - 1}/{count}"))
    u = s.add(elm.Ic(pins=pins, size=(4, 5.4), lblsize=11).right().at((1.6, -4.6)))
    for name, net in rows:
        x, y = u.absanchors[name]
        s.wire((x, y), (0.2, y))
        s.terminal(0.2, y, net)
    x, y = u.absanchors["RES"]
    s.wire((x, y), (7.2, y))
    s.dot(7.2, y)
    s.upright(elm.Resistor(), 7.2, y + 2, y, "R40\n10k to 3V3")
    s.upright(elm.Capacitor(), 7.2, y, y - 2, "C5\n100n")
    s.add(elm.GroundSignal().right().at((7.2, y - 2)))
    for i, (key, pin) in enumerate(zip(boards.KEYS, board["KEYS"], strict=True)):
        y = 0.2 - 1.5 * i
        s.terminal(12.6, y, f"GP{pin}")
        s.add(elm.Button().at((12.6, y)).to((14.6, y)).label(key, loc="top"))
        s.add(elm.GroundSignal().right().at((14.6, y)))
    return s


def whole(name: str = "PICO") -> Sheet:
    """Every pin of a board, and the sheet on which it goes on."""
    s = Sheet(f"{name}: the whole board, by sheets", (-6, 1.6))
    table = boards.pins(name)
    numbers = sorted(table)
    half = (len(numbers) + 1) // 2
    sides: tuple[tuple[Side, list[int]], ...] = (("left", numbers[:half]), ("right", numbers[half:]))
    pins = [
        elm.IcPin(name=f"GP{pin}", side=side, slot=f"{half - i}/{half}")
        for side, column in sides
        for i, pin in enumerate(column)
    ]
    u = s.add(elm.Ic(pins=pins, size=(4.5, 0.9 * half), lblsize=11).right().at((0, -0.9 * half)))
    s.note(u.center[0], u.center[1], name, align="center", size=13)
    for side, column in sides:
        for pin in column:
            x, y = u.absanchors[f"GP{pin}"]
            away = -1 if side == "left" else 1
            s.wire((x, y), (x + away, y))
            use = "; ".join(table[pin])
            s.terminal(x + away, y, f"{use}  [{sheet_of(use)}]", side)
    y = -0.9 * half - 1
    s.note(
        -6,
        y,
        "VSYS, GND: [supply]. ADC_VREF, AGND: [bias]. 3V3: display, transceivers, U4's pull-up.\n"
        "USB stays free: it may be used while the inputs are isolated as drawn.",
    )
    return s


def sheet_of(use: str) -> str:
    """The drawing on which a pin's wire goes on."""
    for start, sheet in (
        ("RS-485", "rs485"),
        ("key", "panel"),
        ("display", "panel"),
        ("power", "supply"),
        ("V", "voltage"),
        ("I", "current"),
    ):
        if use.startswith(start):
            return sheet
    return "terminals"
