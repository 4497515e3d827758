"""`fourquad calibrate`: guides a calibration against known values, and refuses what cannot be right.

The steps, each with a source connected that is several times better than the meter shall be:
1. with --offset: voltages on, nothing through the current inputs: what noise reads is taken off;
2. --volts and --amps at PF 1 on every phase: gains;
3. the same at PF 0.5, current lagging: phase of the currents;
4. with --low: that little current at PF 0.5: the second point of the transformers.

Without such a source, --reference: a heater, and what another meter shows for it.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
from collections.abc import Callable
from typing import Any

from fourquad.metering import calibration as cal
from fourquad_tools.board.maintenance import MaintenanceError, Meter, add_meter_options, open_meter

LAG = 60.0  # of PF 0.5
LOOKS = 3
STEADY = 1e-3  # spread of the looks
MAINS_STEADY = 1e-2  # where the mains is the source
MAINS_DEGREES = 0.5
NEAR_LAG = 12.0  # degrees that a source may seem to be off before calibration
GOOD = 1e-3  # what is left afterwards: part of the value,
GOOD_DEGREES = 0.1


class CalibrationError(Exception):
    """Nothing was stored; the message says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    add_meter_options(parser)
    parser.add_argument("--volts", type=float, help="RMS volts at the inputs, on every phase")
    parser.add_argument("--amps", type=float, help="RMS amperes at the inputs, on every phase")
    parser.add_argument("--low", type=float, metavar="AMPS", help="second point, at most half of --amps")
    parser.add_argument(
        "--reference", action="store_true", help="against what a plug-in meter shows of a heater"
    )
    parser.add_argument("--offset", action="store_true", help="begin with nothing through the currents")
    parser.add_argument("--neutral", action="store_true", help="--amps flow through the neutral input, too")
    parser.add_argument("--phases", default="", metavar="1,2", help="default: all that the wiring has")
    parser.add_argument("--yes", action="store_true", help="store without a question")
    parser.add_argument("--show", action="store_true", help="only show what is stored")
    parser.add_argument("--factory", action="store_true", help="go back to the factory's calibration")


class Guide:
    """One calibration; `ask` shows a text and waits until what it says is done, `say` shows a line."""

    def __init__(
        self, meter: Meter, options: argparse.Namespace, ask: Callable[[str], str], say: Callable[[str], None]
    ) -> None:
        self.meter = meter
        self.options = options
        self.ask = ask
        self.say = say
        self._steady = MAINS_STEADY if options.reference else STEADY
        first = meter.look()
        self.channels: list[tuple[str, int]] = [tuple(c) for c in first["channels"]]
        self.record: tuple[int, ...] = tuple(first["record"])
        self._next = self.record
        if first["delta"]:
            raise CalibrationError("set a star or single-phase wiring first: a delta shows no phase values")
        count = first["phases"]
        chosen = options.phases or ",".join(str(k + 1) for k in range(count))
        self.phases = sorted({int(k) for k in chosen.split(",") if k.isdigit()})
        if not self.phases or not all(1 <= k <= count for k in self.phases):
            raise CalibrationError(f"--phases {chosen}: the wiring has phases 1 to {count}")

    def run(self) -> bool:
        """All steps; whether the result was stored."""
        o = self.options
        before = self.record
        if o.reference:
            self._reference()
        else:
            if o.offset:
                self._offset()
            self._gains()
            self._phase()
            if o.low:
                self._low()
        self.say(describe(self.record, self.channels))
        if not o.yes and self.ask("Store this calibration? Type yes: ").strip().lower() != "yes":
            self.meter.calibrate(list(before))
            self.say("not stored")
            return False
        self.meter.store(list(self.record))
        self.say("stored")
        return True

    def _look(self) -> dict[str, Any]:
        """The mean of some looks, which must agree."""
        self.meter.look()  # begun before the source was ready
        looks = [self.meter.look() for _ in range(LOOKS)]
        out = dict(looks[-1])
        for name in ("volts", "amps", "watts"):
            columns = list(zip(*(x[name] for x in looks), strict=True))
            out[name] = [sum(c) / LOOKS for c in columns]
            if name != "watts":
                for k in self.phases:
                    spread = max(columns[k - 1]) - min(columns[k - 1])
                    if spread > self._steady * out[name][k - 1]:
                        raise CalibrationError(
                            f"{name} of phase {k} are not steady: they move by {spread:.3g}"
                        )
        out["lags"] = [_mean_lag([x["amp_angles"][k] - x["volt_angles"][k] for x in looks]) for k in range(3)]
        return out

    def _try(self, record: tuple[int, ...]) -> None:
        wrong = cal.fault(record, [kind for kind, _ in self.channels])
        if wrong:
            raise CalibrationError(wrong)
        self.meter.calibrate(list(record))
        self.record = record

    def _channel(self, kind: str, phase: int) -> int:
        if (kind, phase) not in self.channels:
            raise CalibrationError(f"the front end has no input {kind}{phase}")
        return self.channels.index((kind, phase))

    def _field(self, kind: str, phase: int, name: int, make: Callable[[int], float]) -> None:
        """Change one field by what `make` says of its present value."""
        at = self._channel(kind, phase)
        try:
            value = make(cal.field(self.record, at, name))
        except ValueError as error:
            raise CalibrationError(f"{kind}{phase} {error}") from None
        self._next = cal.changed(self._next, at, name, round(value))

    def _offset(self) -> None:
        self.ask("Voltages on, nothing through the current inputs. Enter when it is so: ")
        clear = self.record
        for k in self.phases:
            clear = cal.changed(clear, self._channel("I", k), cal.OFFSET, 0)
        self._try(clear)
        self.meter.show_noise(True)
        try:
            seen = self._quiet()
        finally:
            self.meter.show_noise(False)
        self._next = self.record
        for k in self.phases:
            limit = 0.02 * self.options.amps
            if seen[k - 1] > limit:
                raise CalibrationError(f"I{k} reads {seen[k - 1]:.4g} A: something flows")
            self._field("I", k, cal.OFFSET, lambda _, k=k: seen[k - 1] * cal.MILLION)
        self._try(self._next)

    def _quiet(self) -> list[float]:
        self.meter.look()
        looks = [self.meter.look()["amps"] for _ in range(LOOKS)]
        return [math.sqrt(sum(x[k] ** 2 for x in looks) / LOOKS) for k in range(3)]

    def _gains(self) -> None:
        o = self.options
        self.ask(f"Apply {o.volts:g} V and {o.amps:g} A at PF 1. Enter when it is so: ")
        before = self._look()
        self._check_lag(before, 0.0)
        self._next = self.record
        for k in self.phases:
            self._field("V", k, cal.GAIN, lambda g, k=k: cal.gain(g, before["volts"][k - 1], o.volts))
            self._field("I", k, cal.GAIN, lambda g, k=k: cal.gain(g, before["amps"][k - 1], o.amps))
        if o.neutral:
            self._field("I", 0, cal.GAIN, lambda g: cal.gain(g, before["neutral"], o.amps))
        self._try(self._next)
        after = self._look()
        self._table(before, after, 0.0, o.amps)

    def _phase(self) -> None:
        o = self.options
        self.ask(f"Apply {o.volts:g} V and {o.amps:g} A at PF 0.5, lagging. Enter when it is so: ")
        before = self._look()
        self._check_values(before, o.amps)
        self._check_lag(before, LAG)
        self._next = self.record
        for k in self.phases:
            self._field("I", k, cal.PHASE, lambda p, k=k: cal.phase(p, before["lags"][k - 1], LAG))
        self._try(self._next)
        after = self._look()
        self._table(before, after, LAG, o.amps)

    def _low(self) -> None:
        o = self.options
        self.ask(f"Apply {o.volts:g} V and {o.low:g} A at PF 0.5, lagging. Enter when it is so: ")
        before = self._look()
        self._check_lag(before, LAG)
        self._next = self.record
        for k in self.phases:
            amps, lag = before["amps"][k - 1], before["lags"][k - 1]
            self._field("I", k, cal.LOW_GAIN, lambda g, a=amps: g + cal.gain(0, a, o.low))
            self._field("I", k, cal.LOW_PHASE, lambda p, x=lag: p + cal.phase(0, x, LAG))
            self._field("I", k, cal.LOW_LEVEL, lambda _: o.low * cal.MILLION)
            self._field("I", k, cal.LEVEL, lambda _: o.amps * cal.MILLION)
        self._try(self._next)
        after = self._look()
        self._table(before, after, LAG, o.low)

    def _reference(self) -> None:
        """Gains and phases from one reading of another meter, at PF 1."""
        o = self.options
        text = self.ask("Heater on? Volts and amperes that the other meter shows, such as 229.4 8.71: ")
        try:
            o.volts, o.amps = (float(word.replace(",", ".")) for word in text.split())
        except ValueError:
            raise CalibrationError(f"{text.strip()!r}: two numbers are wanted, volts and amperes") from None
        check_values(o.volts, o.amps)
        before = self._look()
        # the other meter stands on the primary side
        ratio_u, ratio_i = before["ratios"]
        o.volts /= ratio_u
        o.amps /= ratio_i
        if ratio_u != 1 or ratio_i != 1:
            self.say(
                f"At the inputs, with ratios of {ratio_u:g} and {ratio_i:g}: {o.volts:.5g} V, {o.amps:.5g} A"
            )
        self._check_lag(before, 0.0)
        self._next = self.record
        for k in self.phases:
            volts, amps, lag = (before[name][k - 1] for name in ("volts", "amps", "lags"))
            self._field("V", k, cal.GAIN, lambda g, x=volts: cal.gain(g, x, o.volts))
            self._field("I", k, cal.GAIN, lambda g, x=amps: cal.gain(g, x, o.amps))
            self._field("I", k, cal.PHASE, lambda p, x=lag: cal.phase(p, x, 0.0))
        self._try(self._next)
        self._table(before, self._look(), 0.0, o.amps)

    def _check_values(self, seen: dict[str, Any], amps: float) -> None:
        for k in self.phases:
            for name, value, true in (("V", seen["volts"], self.options.volts), ("I", seen["amps"], amps)):
                if abs(value[k - 1] / true - 1) > 0.01:
                    raise CalibrationError(f"{name}{k} reads {value[k - 1]:.5g}: the source has been changed")

    def _check_lag(self, seen: dict[str, Any], lag: float) -> None:
        for k in self.phases:
            if not seen["volts"][k - 1] or not seen["amps"][k - 1]:
                raise CalibrationError(
                    f"phase {k} reads {seen['volts'][k - 1]:g} V, {seen['amps'][k - 1]:g} A"
                )
            off = abs(_wrap(seen["lags"][k - 1] - lag))
            if off > NEAR_LAG:
                raise CalibrationError(
                    f"I{k} lags by {seen['lags'][k - 1]:.1f} degrees where {lag:g} were said"
                    + (": the transformer is reversed" if off > 150 else "")
                )

    def _table(self, before: dict[str, Any], after: dict[str, Any], lag: float, amps: float) -> None:
        """Errors before and after; CalibrationError if they are not gone."""
        volts = self.options.volts
        watts = volts * amps * math.cos(math.radians(lag))
        self.say("        before                                after")
        self.say("phase   V %       I %       P %      deg       V %       I %       P %      deg")
        for k in self.phases:
            row = []
            for seen in (before, after):
                values = (("volts", volts), ("amps", amps), ("watts", watts))
                of_volts, of_amps, of_watts = (100 * (seen[name][k - 1] / true - 1) for name, true in values)
                lagging = _wrap(seen["lags"][k - 1] - lag)
                row += [of_volts, of_amps, of_watts, lagging]
            self.say(f"{k:5d}" + "".join(f"{x:+10.4f}" for x in row))
            checked_lag = lag != 0.0 or self.options.reference
            left = max(abs(of_volts), abs(of_amps)) / 100
            good, degrees = (MAINS_STEADY, MAINS_DEGREES) if self.options.reference else (GOOD, GOOD_DEGREES)
            if left > good or (checked_lag and abs(lagging) > degrees):
                raise CalibrationError(
                    f"phase {k} is still off: the source is not steady, or the input clips"
                )


def _wrap(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0


def _mean_lag(lags: list[float]) -> float:
    return _wrap(lags[0] + sum(_wrap(x - lags[0]) for x in lags) / len(lags))


def describe(record: tuple[int, ...], channels: list[tuple[str, int]]) -> str:
    """A record for people."""
    rows = ["input      gain %    phase deg   offset mA/mV   low: gain %    phase deg     A        ppm/K"]
    for c, (kind, phase) in enumerate(channels):
        f = [cal.field(record, c, n) for n in range(cal.FIELDS)]
        rows.append(
            f"{kind}{phase or 'N'}     {f[cal.GAIN] / 1e4:+11.4f}{f[cal.PHASE] / 1e4:+11.4f}"
            f"{f[cal.OFFSET] / 1e3:13.3f}{f[cal.LOW_GAIN] / 1e4:+15.4f}{f[cal.LOW_PHASE] / 1e4:+12.4f}"
            f"{f[cal.LOW_LEVEL] / 1e6:10.3f}{f[cal.TEMPERATURE]:9d}"
        )
    return "\n".join(rows)


def check_values(volts: float | None, amps: float | None) -> None:
    """CalibrationError unless both are there and can be right."""
    if not all(x and x > 0 and math.isfinite(x) for x in (volts, amps)):
        raise CalibrationError("--volts and --amps: what the source applies")


def calibrate(options: argparse.Namespace) -> int:
    """The command."""
    guided = not options.show and not options.factory
    if options.reference and (options.low or options.offset or options.neutral):
        raise CalibrationError("--reference: one reading gives no --low, --offset or --neutral")
    if guided and not options.reference:
        check_values(options.volts, options.amps)
    if guided and options.low and not 0 < 2 * options.low <= options.amps:
        raise CalibrationError("--low: at most half of --amps")
    meter = open_meter(options)
    try:
        if not options.show:
            meter.begin()
        seen = meter.look()
        if options.factory:
            if meter.factory() is None:
                raise CalibrationError("there is no factory calibration yet")
            seen = meter.look()
        if not guided:
            print(f"source: {seen['source']}")
            print(describe(tuple(seen["record"]), [tuple(c) for c in seen["channels"]]))
            return 0
        return 0 if _guide(meter, options, list(seen["record"])) else 1
    finally:
        meter.close()


def _guide(meter: Meter, options: argparse.Namespace, before: list[int]) -> bool:
    def ask(text: str) -> str:
        print(text, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise CalibrationError("broken off, nothing is stored")
        return line

    try:
        return Guide(meter, options, ask, lambda text: print(text, flush=True)).run()
    except (CalibrationError, MaintenanceError):
        # where this fails, too, the first error says why
        with contextlib.suppress(MaintenanceError):
            meter.calibrate(before)
        raise
