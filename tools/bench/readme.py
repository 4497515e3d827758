"""The README's table of figures: a run of the bench writes it between two marks, so that both agree."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN = "<!-- made by `make bench` -->\n"
END = "<!-- end of what `make bench` made -->\n"
SAMPLING = "sampling to registers, % of the time"
ALLOCATED = "allocation, bytes/s"
HEAP = "heap free, bytes"
CORE = "the same without logs, alarms, quality and months"
SEVEN = "7 channels on an ADS131M08, all but harmonics, % of the time"
HARMONICS = "the same with harmonics"
LIMITS = {
    SEVEN: 20,
    HARMONICS: 30,
    SAMPLING: 3.3,
    ALLOCATED: 16_384,
    HEAP: 70 * 1024,
    CORE: 120 * 1024,
}

IDLE = 15  # % of a core
IMAGE_KB = 1000
IMAGE = "image of one model: "
CHARACTER_US = 10e6 / 38400  # of the line of the long run
KB = 1024


def rows(
    reached: dict[str, float],
    simulator: list[float],
    runs: dict[str, dict],
    idle: float,
    images: dict[str, int],
) -> list[tuple[str, str, str]]:
    """(what, measured, due) of each figure, of what the functions of bench.py gave."""
    long, slow = runs["125 registers, 38400"], runs["125 registers, 38400, erases of 400 ms"]
    short = runs["2 registers, 38400"]
    tail = long["master"]["direction_tail_us"]

    def behind(run: dict) -> str:
        latency = run["master"]["latency_ms"]
        return f"{latency['p95']:.2f} / {latency['max']:.1f} ms"

    return [
        (
            "sampling to energy registers, share of the time",
            f"{reached[SAMPLING]:.1f} %",
            f"{LIMITS[SAMPLING]} %",
        ),
        (
            "allocated by everything, a second",
            f"{reached[ALLOCATED] / KB:.1f} KB",
            f"{LIMITS[ALLOCATED] // KB} KB",
        ),
        (
            "heap free; without logs, alarms and months of energies",
            f"{reached[HEAP] / KB:.0f} KB; {reached[CORE] / KB:.0f} KB",
            f"{LIMITS[HEAP] // KB} KB; {LIMITS[CORE] // KB} KB",
        ),
        (
            "`PICO_ADS131`, seven channels: share of the time of all but harmonics, and with them",
            f"{reached[SEVEN]:.1f} %, {reached[HARMONICS]:.1f} %",
            f"{LIMITS[SEVEN]} %, {LIMITS[HARMONICS]} %",
        ),
        ("gaps in the samples in the long run / in 20 s with erases of 400 ms", _gaps(long, slow), "0"),
        (
            "requests without an answer in the long run / in 20 s with erases of 400 ms",
            f"{long['master']['timeouts']} / {slow['master']['timeouts']}",
            "0 / 0",
        ),
        (
            "answer to 125 registers starts after the request, 95 of 100 / worst (t3.5 is 1.75 ms)",
            behind(long),
            "2.00 / 5.0 ms",
        ),
        ("answer to 2 registers, the same", behind(short), "2.75 / 11.75 ms"),
        (
            "direction pin falls after the last stop bit",
            f"{tail['min'] / CHARACTER_US:.1f} to {tail['max'] / CHARACTER_US:.1f} byte times",
            "0 to 1",
        ),
        (
            "simulator, three phases, times real time on one core of a PC",
            f"{min(simulator):.0f} to {max(simulator):.0f}",
            "50",
        ),
        ("50 idle meters in one process of a PC, share of a core", f"{idle:.0f} %", f"{IDLE} %"),
        image_row(images),
    ]


def image_row(images: dict[str, int]) -> tuple[str, str, str]:
    """The row of what an image of one model has, bytes by name."""
    return (
        IMAGE + ", ".join(f"`{name}`" for name in images),
        ", ".join(f"{size / KB:.0f} KB" for size in images.values()),
        f"{IMAGE_KB} KB with network",
    )


def _gaps(long: dict, slow: dict) -> str:
    return f"{long['board']['gaps']} / {slow['board']['gaps']}"


def rewrite(text: str, figures: list[tuple[str, str, str]]) -> str:
    """`text` with this table between the marks; ValueError without them."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the README has no marks for the bench's table")
    lines = ["| | measured | due |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in figures)]
    return before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after


def write_images(images: dict[str, int]) -> None:
    """Put this one row anew into the README's table."""
    lines = README.read_text().splitlines(keepends=True)
    (place,) = (i for i, line in enumerate(lines) if line.startswith("| " + IMAGE))
    lines[place] = f"| {' | '.join(image_row(images))} |\n"
    README.write_text("".join(lines))


def write(figures: list[tuple[str, str, str]]) -> None:
    """Put the table into the README."""
    README.write_text(rewrite(README.read_text(), figures))
