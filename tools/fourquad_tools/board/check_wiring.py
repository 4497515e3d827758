"""`fourquad check-wiring`: what a meter sees, and what is wrong with how it is connected."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from fourquad.metering import wiring_check
from fourquad_tools.board.maintenance import add_meter_options, open_meter

NEAR = 0.75  # of explanations that are nearly as likely as the first


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_meter_options(parser)
    parser.add_argument(
        "--lag", type=float, help="degrees by which currents really lag, within 30, where that is known"
    )


def _others(
    volts: list[float],
    volt_angles: list[float],
    amps: list[float],
    amp_angles: list[float],
    derived: list[int],
) -> Iterator[str]:
    """What would look the same, in words."""
    best, *others = wiring_check.explain(volts, volt_angles, amps, amp_angles, derived)
    for cost, findings, lag in others:
        if cost - best[0] < NEAR:
            texts = "; ".join(wiring_check.text(f) for f in findings) or "nothing is wrong"
            yield f"? the same is seen with a load at {lag:.0f} degrees, not {best[2]:.0f}: {texts}"


def check_wiring(options: argparse.Namespace) -> int:
    """The command; 1 if something was found."""
    meter = open_meter(options)
    try:
        meter.look()  # of a second that may have begun before the wires were touched
        seen = meter.look()
    finally:
        meter.close()
    phases = seen["phases"]
    volts, volt_angles = seen["volts"][:phases], seen["volt_angles"][:phases]
    if seen["delta"]:
        volts, volt_angles = seen["lines"], list(wiring_check.star_of_lines(seen["volt_angles"]))
    derived = seen["derived"]
    amps, amp_angles = seen["amps"][:phases], seen["amp_angles"][:phases]
    print(f"{seen['frequency']:.3f} Hz")
    for k in range(phases):
        line = ["V12", "V23", "V31"][k] if seen["delta"] else f"V{k + 1} "
        angle = seen["volt_angles"][k]
        print(
            f"{line} {volts[k]:9.2f} V {angle:7.1f} deg    I{k + 1} {amps[k]:8.4f} A {amp_angles[k]:7.1f} deg"
        )
    if not max(volts):
        print("no voltage at all")
        return 1
    if phases == 2:
        # halves of one winding: what lags V1 by half a turn is V2
        findings = wiring_check.check_halves(volts, volt_angles, amps, amp_angles, options.lag)
    else:
        findings = wiring_check.check(volts, volt_angles, amps, amp_angles, options.lag, derived)
    for finding in findings:
        print("!", wiring_check.text(finding))
    if not findings:
        print("nothing is wrong that could be seen")
    if phases != 2 and options.lag is None:
        for line in _others(volts, volt_angles, amps, amp_angles, derived):
            print(line)
    return 1 if findings else 0
