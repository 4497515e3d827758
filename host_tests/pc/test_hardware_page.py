"""docs/hardware.md and its drawings against the boards: what is drawn is what a board reckons with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drawings import bill, boards
from drawings.hardware import SHEETS, with_tables

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def labels(name: str) -> list[str]:
    """All texts of a drawing, a line each."""
    svg = (DOCS / "hardware" / f"{name}.svg").read_text()
    return [text.strip() for text in re.findall(r"<tspan[^>]*>([^<]*)</tspan>", svg)]


def ohms(text: str) -> float:
    """30k1 and 402 as numbers."""
    whole, k, part = text.partition("k")
    return float(f"{whole}.{part or 0}") * 1000 if k else float(whole)


def after(name: str, *parts: str) -> list[float]:
    """Values of the resistors of a drawing that are called so."""
    found = labels(name)
    out = []
    for part in parts:
        here = [text for text in found if re.fullmatch(rf"{part}( +\S+)?", text)]
        assert len(here) == 1, (part, found)
        words = here[0].split()
        out.append(ohms(words[1] if len(words) > 1 else found[found.index(here[0]) + 1]))
    return out


@pytest.mark.parametrize("name", SHEETS)
def test_drawings_are_those_that_the_script_makes(name: str, tmp_path: Path) -> None:
    SHEETS[name]().save(tmp_path / "new.svg")
    assert (tmp_path / "new.svg").read_text() == (DOCS / "hardware" / f"{name}.svg").read_text()


def test_every_drawing_is_on_the_page_and_the_tables_are_those_of_the_boards() -> None:
    page = (DOCS / "hardware.md").read_text()
    assert {Path(link).stem for link in re.findall(r"\(hardware/(\S+\.svg)\)", page)} == set(SHEETS)
    assert {path.stem for path in (DOCS / "hardware").iterdir()} == set(SHEETS)
    assert with_tables(page) == page


@pytest.mark.parametrize(
    ("board", "step"), [(b, 3.3 / 4096) for b in boards.OWN_ADC] + [("NUCLEO_H743ZI2", 3.3 / 65536)]
)
def test_scaling_is_that_of_the_drawn_isolated_circuit(board: str, step: float) -> None:
    series = sum(after("voltage", "R1", "R2", "R3", "R4"))
    (burden,) = after("voltage", "R5")
    assert "2 mA : 2 mA" in labels("voltage")
    first, second = after("current", "R7", "R8")
    ratio = next(int(text.split(":")[1]) for text in labels("current") if text.startswith("1 : "))
    file = boards.load(board)
    assert file["ISOLATED"] is True
    assert file["VOLTS_PER_CODE"] == pytest.approx(step * series / burden, rel=1e-12)
    assert file["AMPS_PER_CODE"] == pytest.approx(
        step * ratio * (first + second) / (first * second), rel=1e-12
    )
    assert {c.gain for c in file["channels"]()} == {file["VOLTS_PER_CODE"], file["AMPS_PER_CODE"]}


def test_scaling_of_the_ads131_is_that_of_its_drawings() -> None:
    step = 1.2 / 32768 / 0.9996988
    series = sum(after("ads131-voltage", "R1", "R2", "R3", "R4"))
    file = boards.load("PICO_ADS131")
    assert file["ISOLATED"] is True
    assert file["VOLTS_PER_CODE"] == pytest.approx(
        step * series / sum(after("ads131-voltage", "R5", "R6")), rel=1e-12
    )
    assert file["AMPS_PER_CODE"] == pytest.approx(
        step * 2000 / sum(after("ads131-current", "R7", "R8")), rel=1e-12
    )


def test_the_pins_at_the_inputs_are_those_that_the_converter_samples() -> None:
    # the converter's round robin takes GP26, GP27 ... in the order of the channels
    assert boards.analog("PICO") == {"V1": "GP26", "I1": "GP27", "IN": "GP28"}
    assert boards.analog("RP2040_ZERO") == {"V1": "GP26", "V2": "GP27", "I1": "GP28", "I2": "GP29"}
    assert "PICO, PICO2: I1 GP27, IN GP28" in labels("current")
    assert "RP2040_ZERO: V1 GP26, V2 GP27" in labels("voltage")


@pytest.mark.parametrize("name", boards.TABLED)
def test_pins_are_brought_out_and_shared_by_models_only(name: str) -> None:
    table = boards.pins(name)
    assert set(table) <= boards.brought_out(name)
    for pin, uses in table.items():
        alone = [use for use in uses if not use.startswith(("pulse", "LED"))]
        assert len(alone) <= 1, (pin, uses)


def test_secondary_terminals_are_at_the_burdens() -> None:
    for name in ("current", "ads131-current"):
        svg = (DOCS / "hardware" / f"{name}.svg").read_text()
        places = dict(
            reversed(pair) for pair in re.findall(r'<tspan x="([\d.-]+)"[^>]*>([^<]*)</tspan>', svg)
        )
        assert (
            float(places["P1 (K)"])
            < float(places["S1 (k)"])
            < float(places[next(t for t in places if "R7" in t)])
        )


def test_no_text_is_cut_off_at_an_edge() -> None:
    """A character is reckoned as 0.6 of its height, which is more than any sans-serif's mean."""
    pattern = r'<text[^>]*font-size="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>(.*?)</text>'
    for name in SHEETS:
        svg = (DOCS / "hardware" / f"{name}.svg").read_text()
        box = re.search(r'viewBox="([^"]*)"', svg)
        assert box
        left, _, width, _ = (float(x) for x in box[1].split())
        texts = re.findall(pattern, svg, re.DOTALL)
        assert len(texts) > 5
        for size, anchor, body in texts:
            for x, text in re.findall(r'<tspan x="([\d.-]+)"[^>]*>([^<]*)</tspan>', body):
                wide = 0.6 * float(size) * len(text.strip())
                start = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
                assert start >= left, (name, text)
                assert start + wide <= left + width, (name, text)


def test_presets_of_clamps_hold_their_rated_current() -> None:
    rows = [[cell.strip(" `") for cell in row.split("|")[1:-1]] for row in bill.presets()[2:]]
    rated = {"CT_5": 5, "CT_60": 60, "CT_100": 100, "CT_200": 200, "CT_333MV": 100, "ADS131_CT_5": 5}
    assert {row[0] for row in rows} == set(rated)
    for name, _, burdens, largest, ratio in rows:
        assert 1.05 * rated[name] <= float(largest.split()[0]) <= 2.5 * rated[name]
        if name.startswith("CT_") and name != "CT_333MV":
            # from the burdens as they are bought: 1.65 V peak over both, side by side
            burden = float(burdens.split()[-1]) / 2
            assert float(largest.split()[0]) == pytest.approx(1.65 / 2**0.5 / burden * 2000, abs=0.06)
        assert ratio == f"{rated[name]} : 5"


def test_no_label_lies_on_a_wire() -> None:
    """Lines that run level or upright, against the middle of each text, which is 0.3 of its size high."""
    text_of = (
        r'<text x="[^"]*" y="([^"]*)"[^>]*font-size="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>(.*?)</text>'
    )
    for name in SHEETS:
        svg = (DOCS / "hardware" / f"{name}.svg").read_text()
        wires = []
        strokes = [part for path in re.findall(r'<path d="M ([^"]*)"', svg) for part in path.split(" M ")]
        for stroke in strokes:
            points = [tuple(map(float, point.split(","))) for point in stroke.split(" L ") if "," in point]
            wires += zip(points, points[1:], strict=False)
        assert len(wires) > 5
        for top, size, anchor, body in re.findall(text_of, svg, re.DOTALL):
            base = float(top)
            for x, dy, text in re.findall(r'<tspan x="([^"]*)" dy="([^"]*)"[^>]*>([^<]*)</tspan>', body):
                base += float(dy)
                if not text.strip():
                    continue
                wide = 0.45 * float(size) * len(text.strip())
                left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
                low, high = base - 0.5 * float(size), base - 0.2 * float(size)
                for (x1, y1), (x2, y2) in wires:
                    level = y1 == y2 and low < y1 < high and min(x1, x2) < left + wide and max(x1, x2) > left
                    across = x1 == x2 and left < x1 < left + wide and min(y1, y2) < high and max(y1, y2) > low
                    assert not (level or across), (name, text)


def test_the_reserve_of_the_supply_lasts_for_an_erase_and_a_record() -> None:
    """From the parts that are drawn: worst detector, diode, resistor, capacitor 20 % too small."""
    drawn = " ".join(labels("supply"))
    farads = float(re.search(r"(\d+)u 10 V", drawn)[1]) * 1e-6  # type: ignore[index]
    assert "R20 4R7" in drawn.replace("  ", " ")
    assert "MCP111-450" in drawn
    load, seconds = 0.06, 0.058 + 0.001
    start = 4.25 - 0.3 - load * 4.7
    energy = 3.3 * load / 0.85 * seconds
    end = (start**2 - 2 * energy / (0.8 * farads)) ** 0.5
    assert end > 1.8  # what a Pico's converter still works with
    page = (DOCS / "hardware.md").read_text()
    assert f"= {start:.2f} V" in page
    assert f"{2000 * 3.3 * load / 0.85 * 0.06 / (start**2 - 4):.1f} mF; 4.7 mF" in page
