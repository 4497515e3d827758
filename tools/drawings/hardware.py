"""The drawings of docs/hardware.md: python -m drawings.hardware [FOLDER]."""

from __future__ import annotations

import sys
from pathlib import Path

from drawings.circuit import Circuit

ROOT = Path(__file__).resolve().parents[2]


def voltage(folder: Path) -> None:
    """Voltage transformer into the RP2040's converter."""
    c = Circuit(40, 13, "Voltage input, isolated: one of V1, V2, V3")
    c.terminal(2, 4, "L")
    c.terminal(2, 8, "N")
    c.wire((2.2, 4), (3, 4))
    c.block(3, 3.5, 2, 1, "fuse")
    c.wire((5, 4), (6, 4))
    for k in range(4):
        c.resistor(6 + 2 * k, 4, "30k1")
    c.wire((14, 4), (15, 4), (15, 5))
    c.transformer(15, 5, "2 mA : 2 mA")
    c.wire((15, 7), (15, 8), (2.2, 8))
    c.wire((17, 5), (17, 4), (27, 4))
    c.wire((17, 7), (17, 8), (31, 8))
    c.barrier(16, 2, 9)
    c.resistor(20, 5, "402", upright=True)
    c.wire((20, 4), (20, 5))
    c.wire((20, 7), (20, 8))
    c.dot(20, 4)
    c.dot(20, 8)
    c.resistor(27, 4, "3k3")
    c.wire((29, 4), (36, 4))
    c.capacitor(30, 5, "10n")
    c.wire((30, 4), (30, 5))
    c.wire((30, 7), (30, 8))
    c.dot(30, 4)
    c.dot(30, 8)
    c.block(36, 3, 3.5, 2, "GP26", "ADC0")
    c.wire((31, 8), (36, 8))
    c.text(36.2, 8.2, "bias 1.65 V")
    c.save(folder / "voltage.svg")


def current(folder: Path) -> None:
    """Current transformer into the RP2040's converter, with the bias of all inputs."""
    c = Circuit(40, 16, "Current input, isolated, and the bias of all inputs")
    c.terminal(2, 4, "S1 (k)")
    c.terminal(2, 7, "S2 (l)")
    c.wire((2.2, 4), (6, 4))
    c.wire((2.2, 7), (6, 7))
    c.transformer(6, 4.5, "2000 : 1")
    c.wire((6, 4), (6, 4.5))
    c.wire((6, 6.5), (6, 7))
    c.barrier(7, 2.5, 8.5)
    c.wire((8, 4.5), (8, 4), (27, 4))
    c.wire((8, 6.5), (8, 7), (31, 7))
    c.resistor(12, 4.5, "402", upright=True)
    c.wire((12, 4), (12, 4.5))
    c.wire((12, 6.5), (12, 7))
    c.resistor(16, 4.5, "402", upright=True)
    c.text(14.6, 8, "burden: 402 || 402 = 201", "middle")
    c.wire((16, 4), (16, 4.5))
    c.wire((16, 6.5), (16, 7))
    c.block(20, 4.7, 3, 1.6, "2 x 3V3", "TVS")
    c.wire((21.5, 4), (21.5, 4.7))
    c.wire((21.5, 6.3), (21.5, 7))
    c.resistor(27, 4, "3k3")
    c.wire((29, 4), (36, 4))
    c.capacitor(30, 4.5, "10n")
    c.wire((30, 4), (30, 4.5))
    c.wire((30, 6.5), (30, 7))
    c.block(36, 3, 3.5, 2, "GP28", "ADC2")
    c.wire((31, 7), (34, 7), (34, 11))
    c.text(24, 10.4, "ADC_VREF 3.3 V")
    c.wire((23, 10), (22, 10), (22, 10.2))
    c.resistor(22, 10, "10k", upright=True)
    c.resistor(22, 12, "10k", upright=True)
    c.ground(22, 14, "AGND")
    c.dot(22, 12)
    c.wire((22, 12), (26, 12))
    c.capacitor(26, 12, "10u")
    c.ground(26, 14)
    c.wire((26, 12), (29, 12))
    c.block(29, 11, 3, 2, "buffer", "x 1")
    c.wire((32, 12), (34, 12), (34, 11))
    c.text(34.3, 12.2, "bias 1.65 V")
    c.save(folder / "current.svg")


def follower(folder: Path) -> None:
    """From the filter of voltage.svg or current.svg into a converter of the STM32."""
    c = Circuit(34, 11, "STM32: a follower between the filter and each input")
    c.terminal(2, 4, "behind the burden")
    c.wire((2.2, 4), (6, 4))
    c.resistor(6, 4, "3k3")
    c.wire((8, 4), (13, 4))
    c.capacitor(9.5, 5, "10n")
    c.wire((9.5, 4), (9.5, 5))
    c.wire((9.5, 7), (9.5, 8))
    c.dot(9.5, 4)
    c.block(13, 3, 4, 2, "follower", "rail to rail")
    c.wire((17, 4), (19, 4))
    c.resistor(19, 4, "100")
    c.wire((21, 4), (28, 4))
    c.capacitor(23, 5, "1n C0G")
    c.wire((23, 4), (23, 5))
    c.wire((23, 7), (23, 8))
    c.dot(23, 4)
    c.wire((9.5, 8), (23, 8))
    c.dot(15, 8)
    c.wire((15, 8), (15, 9))
    c.text(15.4, 9.4, "bias 1.65 V")
    c.block(28, 3, 4.5, 2, "PA3 ... PA0", "ADC1-ADC3")
    c.save(folder / "follower.svg")


def bus(folder: Path) -> None:
    """Isolated RS-485."""
    c = Circuit(36, 12, "RS-485, isolated (ports on UART1 and UART0)")
    c.block(1, 3, 5, 6, "Pico", "GP4 TX", "GP5 RX", "GP2 DE")
    for y in (4, 6, 8):
        c.wire((6, y), (10, y))
    c.block(10, 3, 6, 6, "isolated", "transceiver", "3 kV, 3.3 V")
    c.barrier(13, 2.4, 9.6)
    c.wire((16, 4), (30, 4))
    c.wire((16, 8), (30, 8))
    c.terminal(30, 4, "A")
    c.terminal(30, 8, "B")
    c.resistor(20, 5, "120", upright=True)
    c.wire((20, 4), (20, 5))
    c.wire((20, 7), (20, 8))
    c.text(18.6, 9, "at both ends of the line only")
    c.block(24, 5, 3, 2, "TVS", "SM712")
    c.wire((25.5, 4), (25.5, 5))
    c.wire((25.5, 7), (25.5, 8))
    c.wire((16, 6), (17, 6), (17, 10.5), (30, 10.5))
    c.terminal(30, 10.5, "C (0 V of the bus)")
    c.save(folder / "rs485.svg")


def main() -> int:
    """All drawings."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "hardware"
    folder.mkdir(parents=True, exist_ok=True)
    for draw in (voltage, current, follower, bus):
        draw(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
