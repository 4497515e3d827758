"""`fourquad waveform`: what was captured, as COMTRADE, CSV or a picture."""

from __future__ import annotations

import argparse
import csv
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fourquad import points as p
from fourquad.points import values as v
from fourquad_tools.options import OptionError
from fourquad_tools.strict import whole
from fourquad_tools.utility.arguments import add_line, open_meter
from fourquad_tools.utility.errors import UtilityError
from fourquad_tools.utility.output import columns, note, progress, tell

if TYPE_CHECKING:
    from fourquad_tools.utility.comtrade import Recording
    from fourquad_tools.utility.meter import Meter
    from fourquad_tools.utility.waveform_window import Capture

NOMINAL = {v.HZ_50: 50.0, v.HZ_60: 60.0, v.HZ_400: 400.0}
FORMATS = ("cfg", "csv", "png")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("list", help="when each group was captured, and why")
    add_line(shown)
    get = actions.add_parser("get", help="groups as files")
    get.add_argument("groups", nargs="+", metavar="GROUP", help="numbers of groups, or all")
    get.add_argument("--output", metavar="FOLDER", default=".", help="where the files go (here)")
    get.add_argument("--format", metavar="F,F", default="cfg", help="cfg (COMTRADE), csv, png (cfg)")
    get.add_argument("--ascii", action="store_true", help="COMTRADE data as text, not binary")
    get.add_argument("--k", metavar="CODES", type=float, help="codes of an ampere; default: by CT2")
    get.add_argument("--frequency", metavar="HZ", type=float, help="of the mains; default: what it measures")
    add_line(get)


def run(options: argparse.Namespace) -> int:
    """The command."""
    return _list(options) if options.action == "list" else _get(options)


def _list(options: argparse.Namespace) -> int:
    from fourquad_tools.utility.waveform_window import Waveforms

    meter = open_meter(options)
    try:
        causes = Waveforms(meter, time.sleep).causes()
    finally:
        meter.close()
    if options.json:
        tell({"groups": [{"group": c.group, "time": c.time, "triggers": c.triggers} for c in causes]})
    elif causes:
        columns([(str(c.group), c.time or "-", ", ".join(c.triggers)) for c in causes], right=(0,))
    else:
        note("nothing captured")
    return 0


def _get(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from fourquad_tools.utility.waveform_window import LAST, Waveforms

    formats = options.format.split(",")
    for form in formats:
        if form not in FORMATS:
            raise OptionError(f"--format {form}: it is none of {', '.join(FORMATS)}")
    folder = Path(options.output)
    meter = open_meter(options)
    files: list[str] = []
    try:
        waveforms = Waveforms(meter, time.sleep)
        newest = waveforms.newest()
        groups = _groups(options.groups, newest)
        facts = Facts(meter, options)
        folder.mkdir(parents=True, exist_ok=True)
        with Progress(console=Console(stderr=True), disable=not progress(options.json)) as bar:
            for group in groups:
                task = bar.add_task(f"group {group}", total=LAST)

                def tick(done: int, task: Any = task) -> None:
                    bar.update(task, completed=done)

                capture = waveforms.get(group, tick)
                for form in formats:
                    files += write(
                        folder / f"waveform{group:03d}", form, facts.recording(capture), options.ascii
                    )
    except OSError as error:
        raise UtilityError(f"{error.filename or folder}: {error.strerror}") from None
    finally:
        meter.close()
    if options.json:
        tell({"files": files})
    else:
        note("\n".join(files))
    return 0


def _groups(wanted: list[str], newest: int) -> list[int]:
    if not newest:
        raise UtilityError("nothing captured")
    if wanted == ["all"]:
        return list(range(1, newest + 1))
    out = []
    for text in wanted:
        number = whole(text, 1, 100)
        if number is None:
            raise OptionError(f"{text}: groups are 1 to 100, or all")
        if number > newest:
            raise UtilityError(f"group {number}: there are {newest}")
        out.append(number)
    return out


class Facts:
    """What a capture does not say of itself, and the meter does: its ratios, its wiring, the mains."""

    def __init__(self, meter: Meter, options: argparse.Namespace) -> None:
        def of(pid: int, default: float) -> float:
            value = meter.point(pid)
            return default if value is None else value

        ct2 = int(of(p.SETTING + p.CT2, 0))
        volt, amperes = getattr(meter.map.model, "WAVEFORM", (0.0, ()))
        self.volt: float = volt
        self.k: float = options.k or dict(amperes).get(ct2, 0.0)
        if not self.volt or not self.k:
            raise OptionError(f"the {options.model} does not say what a code is while CT2 is {ct2}: --k")
        self.pt = (of(p.SETTING + p.PT1, 1.0), of(p.SETTING + p.PT2, 1.0))
        self.ct = (of(p.SETTING + p.CT1, 1.0), float(ct2 if ct2 in (1, 5) else 1))
        self.nominal = NOMINAL.get(int(of(p.SETTING + p.NOMINAL_FREQUENCY, v.HZ_50)), 50.0)
        self.frequency = options.frequency or of(p.PRESENTED + p.FREQUENCY, 0.0) or self.nominal
        lines = int(of(p.SETTING + p.WIRING_U, v.WIRING_3LN)) in (v.WIRING_2LL, v.WIRING_3LL)
        self.volts = ("U12", "U23", "U31") if lines else ("U1", "U2", "U3")
        self.model = options.model

    def recording(self, capture: Capture) -> Recording:
        """A capture with these facts."""
        from fourquad_tools.utility.comtrade import Channel, Recording, Status
        from fourquad_tools.utility.waveform_window import CYCLES, POINTS

        analog = []
        for n, codes in enumerate(capture.samples):
            volts = n < 3
            name = self.volts[n] if volts else f"I{n - 2}"
            phase = name[1:] if len(name) > 2 else "ABC"[n % 3]
            factor = 1 / (self.volt if volts else self.k)
            ratio = self.pt if volts else self.ct
            analog.append(Channel(name, phase, "V" if volts else "A", factor, *ratio, codes))
        triggers = [Status(text, 1) for text in capture.cause.triggers]
        when = datetime.fromisoformat(capture.cause.time) if capture.cause.time else None
        group = f"group {capture.cause.group}"
        rate = POINTS * self.frequency
        return Recording(self.model, group, analog, triggers, rate, POINTS * CYCLES, self.nominal, when)


def write(path: Path, form: str, recording: Recording, as_text: bool) -> list[str]:
    """The files of one capture; each is named after the group."""
    from fourquad_tools.utility.waveform_png import draw

    if form == "cfg":
        kind = "ASCII" if as_text else "BINARY"
        config, data = path.with_suffix(".cfg"), path.with_suffix(".dat")
        data.write_bytes(recording.data(kind))
        config.write_text(recording.config(kind), newline="")
        return [str(config), str(data)]
    traces = [(c.name, c.unit, [code * c.factor for code in c.codes]) for c in recording.analog]
    if form == "png":
        picture = path.with_suffix(".png")
        title = (
            f"{recording.station} {recording.device}, {str(recording.trigger or '')[:23]}, secondary side: "
        )
        causes = ", ".join(status.name for status in recording.digital)
        draw(picture, title + causes, recording.rate, recording.before, traces)
        return [str(picture)]
    table = path.with_suffix(".csv")
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time [s]", *(f"{name} [{unit}]" for name, unit, _ in traces)])
        for n, row in enumerate(zip(*(values for _, _, values in traces), strict=True)):
            writer.writerow([f"{(n - recording.before) / recording.rate:.7f}", *(f"{x:.6g}" for x in row)])
    return [str(table)]
