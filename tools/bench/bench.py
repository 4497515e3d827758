"""`make bench`: what the meter takes of an RP2040, as tables. All times of the board are emulated time.

bench.py [--seconds N]: emulated seconds of the long run (60). --cores: only the two cores of the emulator.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import readme
from readme import ALLOCATED, CORE, HARMONICS, HEAP, LIMITS, SAMPLING, SEVEN

from fourquad.models import NAMES

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tools" / "bench"
MICROPYTHON = ROOT / "build" / "micropython-unix"


def load(**options):
    """One run of load.mjs."""
    words = [f"{name}={value}" for name, value in options.items()]
    print(f"  running {' '.join(words)}", file=sys.stderr, flush=True)
    out = subprocess.run(["node", str(HERE / "load.mjs"), *words], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def core_run(slow, words):
    """One run of load.mjs on the slow or the fast core: its output, and seconds of this PC's processor."""
    environment = {**os.environ, "SLOW_CORE": "1" if slow else ""}
    command = ["node", str(HERE / "load.mjs"), *words]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cores():
    """rp2040js's core against the one in WebAssembly: the same runs, the same figures, less time."""
    runs = {
        "4 channels, 10 s": ["seconds=10"],
        "the same with XIP misses of 60 clocks": ["seconds=10", "miss=60"],
        "7 channels on an ADS131M08, frames spoilt and lost, 2 s": [
            "seconds=2",
            "ads131=1",
            "flip=3",
            "skip=2",
        ],
    }
    rows = []
    for name, words in runs.items():
        print(f"  running both cores: {' '.join(words)}", file=sys.stderr, flush=True)
        (old, old_s), (new, new_s) = (core_run(slow, words) for slow in (True, False))
        instructions = json.loads(new)["emulator"]["instructions"] / 1e6
        digests = [hashlib.sha256(out).hexdigest()[:8] for out in (old, new)]
        same = digests[0] if old == new else f"DIFFER: {' '.join(digests)}"
        rows.append((name, f"{instructions:.0f}", old_s, new_s, f"{old_s / new_s:.1f}", same))
    head = ("run", "million instructions", "rp2040js s", "WebAssembly s", "ratio", "digest of all figures")
    table("The emulator's two cores, seconds of this PC's processor", head, rows)
    return all("DIFFER" not in row[-1] for row in rows)


def table(title, head, rows):
    """Print a table."""
    cells = [head] + [[f"{c:.2f}" if isinstance(c, float) else str(c) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print(f"\n{title}")
    for row in cells:
        padded = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(padded))


def kernels():
    """Kernel x target: time and garbage a cycle, and what the harmonics of a window take."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "MICROPYPATH": str(ROOT / "lib")}
    script = str(HERE / "kernel.py")
    targets = [
        ("RP2040 at 125 MHz (emulated time)", ["node", str(HERE / "exec.mjs"), script]),
        ("MicroPython on this PC", [str(MICROPYTHON), script] if MICROPYTHON.exists() else None),
        ("CPython on this PC", [sys.executable, script]),
    ]
    if os.environ.get("FOURQUAD_ULAB"):
        targets.append(("MicroPython with ulab on this PC", [os.environ["FOURQUAD_ULAB"], script]))
    rows, windows = [], []
    for target, command in targets:
        if command is None:
            print(f"  {target}: not built (make micropython)", file=sys.stderr)
            continue
        out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
        assert out, f"no kernel ran: {target}"
        board = "RP2040" in target
        for kind, name, channels, *cells in (line.split() for line in out.splitlines()):
            if kind == "sums":
                pairs, us, garbage = cells
                share = f"{float(us) / 200:.2f} %" if board else ""
                rows.append((target, name, f"{channels} / {pairs}", f"{float(us):.0f}", share, garbage))
            else:
                us, ms, garbage, longest = cells
                # a window of 10 cycles every 100
                share = f"{(float(us) * 10 + float(ms) * 1000) / 20000:.2f} %" if board else ""
                windows.append(
                    (target, name, channels, f"{float(us):.0f}", f"{float(ms):.1f}", longest, share, garbage)
                )
    head = ("target", "kernel", "channels / pairs", "us a cycle", "of 20 ms", "garbage")
    table("Sums of one cycle of 128 frames", head, rows)
    times = ("us a cycle", "ms a window", "longest slice us", "of 2 s")
    table(
        "Harmonics to the 63rd, a window every 2 s",
        ("target", "kernel", "channels", *times, "garbage"),
        windows,
    )


def shares():
    """Where the time goes; what is held against LIMITS."""
    share = jobs("4 channels")
    seven = jobs("7 channels on an ADS131M08", ads131=1)
    allocation = load(seconds=10, watch=2)["board"]
    reached = {
        SAMPLING: share["measure"] + share["windows"] + share["energy"],
        ALLOCATED: allocation["allocated_per_s"],
        HEAP: load(seconds=4, script="heap.py", baud=19200)["board"]["heap_free"],
        CORE: load(seconds=4, script="heap.py", baud=19200, core=1)["board"]["heap_free"],
    }
    reached[SEVEN] = seven["meter"] - seven["harmonics"]
    reached[HARMONICS] = seven["meter"]
    table("Against the limits", ("", "reached", "limit"), [(k, v, LIMITS[k]) for k, v in reached.items()])
    return reached


def jobs(name, **options):
    """A table of the shares of a front end; the shares."""
    result = load(seconds=10, watch=1, **options)["board"]
    share, longest = result["share"], result["longest_us"]
    rows = [(job, share[job], longest.get(job, "")) for job in sorted(share, key=share.get, reverse=True)]
    head = ("job", "% of the time", "longest us")
    table(f"Share of time by job, {name} ({result['us_per_cycle']} us a cycle in all)", head, rows)
    return share


def lines(seconds):
    """The serial line under load; the result of each run by its name."""
    runs = [
        ("125 registers, 38400", {"seconds": seconds}),
        ("125 registers, 115200", {"seconds": 10, "baud": 115_200}),
        ("2 registers, 38400", {"seconds": 10, "registers": 2}),
        ("2 registers, 9600", {"seconds": 10, "baud": 9600, "registers": 2}),
        ("125 registers, 38400, erases of 400 ms", {"seconds": 20, "eraseUs": 400_000}),
        ("125 registers, 38400, XIP misses of 60 clocks", {"seconds": 10, "miss": 60}),
    ]
    rows, results = [], {}
    for name, options in runs:
        results[name] = result = load(**options)
        master, board = result["master"], result["board"]
        latency = master["latency_ms"]
        tail = master["direction_tail_us"]
        rows.append(
            (
                name,
                *(latency[q] for q in ("p50", "p95", "p99", "max")),
                100 * master["within_1ms"],
                100 * master["within_5ms"],
                master["timeouts"],
                board["gaps"],
                master["gap_us"],
                f"{tail['min']:.0f}-{tail['max']:.0f}",
            )
        )
    head = ("reply, ms after the request", "p50", "p95", "p99", "max", "% t3.5+1", "% t3.5+5", "dropped")
    table("Modbus master, back to back, an erase every second", (*head, "gaps", "pause us", "DE us"), rows)
    return results


def simulator():
    """Times real time on one core, three phases; of each load and model."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}"}
    command = [sys.executable, str(HERE / "simulator.py")]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    rows = [line.split(" | ") for line in out.splitlines()]
    head = ("load", "model", "times real time", "limit")
    table("Simulator, three phases, one core of this PC", head, [(*row, 50) for row in rows])
    return [float(factor) for _, _, factor in rows]


def idle():
    """Percent of a core that many idle meters in one process take."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'lib'}:{ROOT / 'tools'}"}
    command = [sys.executable, str(HERE / "many.py")]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    print("\n" + out.strip())
    return float(out.split(" | ")[1].split()[0])


def images():
    """Bytes of the emulated board's image by model, and what there is before the storage."""
    sizes = {}
    for name in NAMES:
        subprocess.run(
            [str(ROOT / "tools/build/firmware.sh"), "PICO_EMU", name], check=True, stdout=sys.stderr
        )
        sizes[name] = (ROOT / "build" / f"PICO_EMU-{name}" / "firmware.bin").stat().st_size
    table("Image by model", ("model", "bytes"), list(sizes.items()))
    return sizes


def main():
    """Everything, in a few minutes; the README's table is written from it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--cores", action="store_true", help="only the two cores of the emulator")
    parser.add_argument("--images", action="store_true", help="only the sizes of the images")
    options = parser.parse_args()
    if options.images:
        readme.write_images(images())
        return
    same = cores()
    if not same or options.cores:
        sys.exit(not same)
    factors = simulator()
    kernels()
    share = idle()
    readme.write(readme.rows(shares(), factors, lines(options.seconds), share, images()))


if __name__ == "__main__":
    main()
