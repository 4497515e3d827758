"""`make accuracy`: docs/accuracy.md and its plots. Exit status 1 if a limit is not held."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from accuracy import bits, cases, loads, recorded
from accuracy.cases import Row
from accuracy.plant import halves
from accuracy.plot import Plot, Series
from fourquad import points as p

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "accuracy.md"
PICTURES = ROOT / "docs" / "accuracy"
FREQUENCIES = (45.0, 50.0, 60.0, 65.0)
CURRENTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.2)
LAGS = {
    0.0: "PF 1",
    60.0: "PF 0.5 lag",
    -36.869898: "PF 0.8 lead",
    75.522488: "PF 0.25 lag",
    -60.0: "PF 0.5 lead",
}

HEAD = """# Accuracy

Made by `make accuracy`; the tests in `host_tests/pc/accuracy` hold every limit in it. All of it is
simulation: the meter's own code from the samples to the energy registers, on models of converters, calibrated
by the steps of `fourquad calibrate` at U_n and I_n. **No hardware was measured.** Transformers and dividers
are taken as linear, with errors of gain and phase that calibration has to find. U_n is 230 V, I_n 5 A, I_max
1.2 I_n.

## What the figures stand for

- Energies are net within each second: what a phase imports and exports in the same second is taken off each
  other.
- The first 0.2 s after power-on, until the frames follow the mains, are booked at the mean of the first
  second.
- Windows are free-running: 5 cycles of 50 Hz (6 of 60 Hz, 34 of 400 Hz) for the fast readings, 43 to 68
  cycles for a second; those of IEC 61000-4-30 begin with the clock's 10 minutes and have 10 or 12 cycles.
- Crest factor is of the window's samples as they are; a peak between two of them, and what a filter took,
  is missing.
- Quadrants are by the signs of P and Q alone; a load in quadrant 2 or 3 is called by what it is for its own
  direction of power: C in quadrant 2, L in quadrant 3.
- Unbalance ends at 100 %, ratios of harmonics at 655.35 %; where there is no fundamental they are 0, as the
  frequency.

"""
SIXTEEN = """## Class 0.2S: 16 bits, three phases

Simultaneous sampling, full scales 400 V and 12 A peak, noise of 2 codes RMS (13.2 effective bits, what the
converters of an STM32H743 have). 50 Hz and U_n where not said otherwise. Energies of 4 s, import and export,
at the points of IEC 62053-22:2020 table 4, inductive and capacitive at those of IEC 62053-23:2020; changes by
influences (table 8) over 8 s, at the currents that the standard names. It has no limit for half waves,
because its meters have transformers before them; that of harmonics is taken.

![Errors of active energy](accuracy/active-16.svg)

"""
TWELVE = """## Class 0.5S: the RP2040's converter

Model: noise 0.97 LSB (pico-adc.markomo.me), a multiplexer that takes one input after the other, and erratum
RP2040-E11 as measured on three chips (kitanokitsune/rp2040adc_correction). The table of
`metering/frontends/codes.py`, which is the mean of five chips, is what makes the class: without it a current
of 0.05 I_n reads 1.1 % more than calibration at I_n would have it.

![Errors of active energy](accuracy/active-12.svg)

"""
LOADS = """## Loads that no standard lists

Worst phase of each, in percent; phase-fired and burst-fired loads over 60 s. Frames that follow the mains see
a jump of a wave between the same two of them for ever: `metering/sweep.py` moves them over a whole frame and
back within a second where a current is distorted by more than 1 % (without it: up to 9 % of P). The shorter
the time, the less even the frames' places in it: over 10 s up to 0.3 % at 135 degrees. Unbalance is in points
of a per cent, frequency in Hz; a type for 50 Hz on a multiple of it has neither a frequency nor orders.

"""
RECORDED = """## Real recordings

Two of mains in the source distribution of `daqopen-lib` 0.7.9, through the meter; the box had its current
inputs open. The frequency agrees with the phase of the recording within 0.004 Hz, the voltages with
`pqopen-lib` within 0.2 %.

"""


def _table(rows: Iterable[Row]) -> list[str]:
    """Worst row of each group."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if not row.group.endswith("start"):
            groups.setdefault(row.group, []).append(row)
    out = ["| what | points | worst | its limit | where |", "|---|---|---|---|---|"]
    for name, members in groups.items():
        worst = max(members, key=lambda row: abs(row.error) / row.limit)
        where = worst.name or f"{100 * worst.current:g} % of I_n, {worst.lag:.0f} degrees"
        out.append(f"| {name} | {len(members)} | {worst.error:+.3f} % | {worst.limit:g} % | {where} |")
    return [*out, ""]


def _influence_table(rows: list[Row]) -> list[str]:
    names = list(dict.fromkeys((row.name, row.lag) for row in rows))
    groups = list(dict.fromkeys(row.group for row in rows))
    out = ["| change of the error by | " + " | ".join(f"{g.split(',')[0]} | limit" for g in groups) + " |"]
    out.append("|---|" + "---|---|" * len(groups))
    for name, lag in names:
        cells = []
        for group in groups:
            row = next((r for r in rows if (r.name, r.lag, r.group) == (name, lag, group)), None)
            cells.append(f"{row.error:+.3f} % | {row.limit:g} %" if row else " | ")
        out.append(f"| {name}, {LAGS.get(lag, '')} | " + " | ".join(cells) + " |")
    return [*out, ""]


def _start_table(rows: list[Row]) -> list[str]:
    """What is registered at the starting current and without any."""
    out = ["| at 0.1 % of I_n and PF 1, over 16 s | error of the energy | limit |", "|---|---|---|"]
    out += [f"| {r.group.split(',')[0]} | {r.error:+.2f} % | {r.limit:g} % |" for r in rows if r.current]
    out += ["", "| no current, 115 % of U_n, over 20 s | energy | limit |", "|---|---|---|"]
    out += [f"| {r.group.split(',')[0]} | {r.error:g} | {r.limit:g} |" for r in rows if not r.current]
    return [*out, ""]


def _load_table(rows: list[Row]) -> list[str]:
    """A row for each load, a column for each front end."""
    fronts = list(dict.fromkeys(row.group for row in rows))
    out = ["| load | limit | " + " | ".join(fronts) + " |", "|---|---|" + "---|" * len(fronts)]
    for name in dict.fromkeys(row.name for row in rows):
        found = {row.group: row for row in rows if row.name == name}
        limit = next(iter(found.values())).limit
        cells = [f"{found[f].error:+.3f}" if f in found else "" for f in fronts]
        out.append(f"| {name} | {limit:g} | " + " | ".join(cells) + " |")
    return [*out, ""]


def _limits(steps: tuple[tuple[float, float], ...]) -> list[Series]:
    """The envelope of a class at PF 1, above and below."""
    line = []
    for n, (start, limit) in enumerate(steps):
        end = steps[n + 1][0] if n + 1 < len(steps) else 1.2
        line += [(start, limit), (end, limit)]
    below = [(x, -y) for x, y in line]
    return [Series("limit, PF 1", line, "limit", "#111"), Series("", below, "limit", "#111")]


def _picture(name: str, plot: Plot) -> None:
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / name).write_text(plot.svg())


def _active(name: str, title: str, rows: list[Row], span: float, steps: tuple, more: list[Series]) -> None:
    ticks = [round(span * k / 4, 4) for k in range(-4, 5)]
    plot = Plot(title, "current, parts of I_n", "error, %", CURRENTS, ticks, True)
    for lag, text in LAGS.items():
        points = [(r.current, r.error) for r in rows if r.lag == lag]
        plot.series.append(Series(text, points, "dots"))
    plot.series += more + _limits(steps)
    _picture(name, plot)


def _recordings() -> list[str]:
    try:
        recordings = recorded.fetch(ROOT)
    except recorded.RecordingError as error:
        return [f"Not made: {error}", ""]
    out = ["| recording | seconds | V1 | V2 | V3 | frequency |", "|---|---|---|---|---|---|"]
    wave = Plot("Voltages of a recording, 40 ms", "ms", "V", range(0, 45, 5), range(-350, 351, 100))
    trace = Plot("Frequency every 100 ms", "s", "Hz", (0, 1, 2, 3, 4), (49.98, 50.0, 50.02, 50.04, 50.06))
    for recording in recordings:
        rig = cases.ideal()
        hertz = []
        while rig.time + 0.2 < recording.seconds:
            rig.feed(recording, 0.1)  # type: ignore[arg-type]
            if rig.time > 0.6:
                hertz.append((rig.time, rig.meter.points.read(p.FAST + p.FREQUENCY)))
        trace.series.append(Series(recording.name, hertz))
        volts = " | ".join(f"{rig.read(p.V1 + k):.2f} V" for k in range(3))
        span = f"{min(f for _, f in hertz):.3f}-{max(f for _, f in hertz):.3f} Hz"
        out.append(f"| {recording.name} | {recording.seconds:.1f} | {volts} | {span} |")
    count = int(0.04 * recordings[0].rate)
    for k in (1, 2, 3):
        values = recordings[0].columns["V", k][:count:10]
        points = [(10000 * n / recordings[0].rate, float(v)) for n, v in enumerate(values)]
        wave.series.append(Series(f"V{k}", points))
    _picture("recording.svg", wave)
    _picture("recording-frequency.svg", trace)
    return [
        *out,
        "",
        "![Voltages](accuracy/recording.svg) ![Frequency](accuracy/recording-frequency.svg)",
        "",
    ]


def _bits() -> list[str]:
    out = ["| sampling | sine of 95 % of full scale | of 5 % |", "|---|---|---|"]
    for name, large, small in bits.table():
        spans = [f"{min(x):.1f}-{max(x):.1f} bits" for x in (large, small)]
        out.append(f"| {name} | {spans[0]} | {spans[1]} |")
    return [*out, ""]


def main() -> int:
    """Make the page."""
    rows = list(cases.everything())
    ideal = [row for f in FREQUENCIES for row in cases.closed_form(cases.ideal(), f)]
    ideal += [row for f in FREQUENCIES for row in cases.harmonics(cases.ideal(), f)]
    page = [HEAD]
    page.append("## Against closed form: an ideal front end\n\n")
    page.append("45, 50, 60 and 65 Hz; PF 1, 0.5, 0.8 leading, export. ")
    page.append("Harmonics and THD: percent of the fundamental. ")
    page.append("In double precision; on MicroPython in single precision the same limits are held by\n")
    page.append("`host_tests/pure/metering/test_ideal.py`.\n\n")
    lines = ["| reading | worst error | limit |", "|---|---|---|"]
    units = {"angle": "degrees", "frequency": "Hz"}
    for name in dict.fromkeys(row.name for row in ideal):
        worst = max((row for row in ideal if row.name == name), key=lambda row: abs(row.error))
        unit = units.get(name, "%")
        lines.append(f"| {name} | {abs(worst.error):.5f} {unit} | {worst.limit:g} {unit} |")
    page.append("\n".join([*lines, "", ""]))
    sixteen = [row for row in rows if row.group.startswith("16")]
    twelve = [row for row in rows if not row.group.startswith("16")]

    def of(members: list[Row], kind: str) -> list[Row]:
        return [row for row in members if f", {kind}" in row.group]

    _active(
        "active-16.svg",
        "16 bits: active energy, class 0.2S",
        of(sixteen, "active"),
        0.6,
        ((0.01, 0.4), (0.05, 0.2)),
        [],
    )
    page.append(SIXTEEN + "\n".join([*_table(sixteen), *_influence_table(of(sixteen, "influences"))]) + "\n")
    page.append("\n".join([*_start_table(of(sixteen, "start")), ""]))
    raw = list(cases.active(cases.twelve(1, straight=False), halves, "", 1))
    crooked = Series("without the table", [(r.current, r.error) for r in raw if not r.lag], "line", "#999")
    _active(
        "active-12.svg",
        "RP2040, three chips: active energy, class 0.5S",
        of(twelve, "active"),
        1.4,
        ((0.01, 1.0), (0.05, 0.5)),
        [crooked],
    )
    page.append(TWELVE + "\n".join([*_table(twelve), *_influence_table(of(twelve, "influences"))]) + "\n")
    page.append("\n".join([*_start_table(of(twelve, "start")), ""]))
    page.append("### Effective bits\n\nSine fit (IEEE 1241) on the model, three chips.\n\n")
    unlisted = list(loads.everything())
    page.append("\n".join([*_bits(), ""]) + LOADS + "\n".join([*_load_table(unlisted), ""]))
    page.append(RECORDED + "\n".join(_recordings()))
    PAGE.write_text("".join(page).rstrip() + "\n")
    rows += unlisted
    bad = [row for row in rows + ideal if not row.holds]
    for row in bad:
        print("limit not held:", row)
    print(f"{PAGE.relative_to(ROOT)}: {len(rows) + len(ideal)} points, {len(bad)} beyond their limits")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
