"""`fourquad registers`: the map is whole, and says what the generated page says."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
import re
from pathlib import Path

import pytest

from fourquad_tools.options import OptionError, selectable
from fourquad_tools.utility.entries import Entry, Map, choices, parse_address
from fourquad_tools.utility.meter import decode, encode


def mapped() -> list[str]:
    """The models that have registers with names."""
    out = []
    for name in selectable():
        with contextlib.suppress(OptionError):
            out.append(Map(name).model.NAME)
    return out


MAPPED = mapped()
ROOT = Path(__file__).resolve().parents[3]


def test_csv_json_and_markdown_say_the_same(run):
    rows = list(csv.DictReader(io.StringIO(run("registers")[1])))
    objects = json.loads(run("registers", "--format", "json")[1])
    assert [{k: str(v) for k, v in one.items()} for one in objects] == rows
    lines = run("registers", "--format", "md")[1].splitlines()
    assert len(lines) == len(rows) + 2
    assert json.loads(run("registers", "--json")[1])["registers"] == objects


def test_decimal_and_hexadecimal_agree_and_no_value_overlaps(run):
    end = 0
    for row in csv.DictReader(io.StringIO(run("registers")[1])):
        address = int(row["decimal"])
        assert int(row["hex"].rstrip("H"), 16) == address >= end
        end = address + int(row["registers"])


@pytest.mark.parametrize("name", MAPPED)
def test_names_are_unique(name):
    known = Map(name)
    assert len(known.by_name) == len(known.entries) == len(known.by_address)


def test_the_rows_of_the_page_are_in_the_map():
    """The page is for people and has one line for a run of values; each begins a value here."""
    known = Map("kw320")
    text = (ROOT / "docs" / "kw320" / "registers.md").read_text().partition("\n## Bits")[0]
    found = re.findall(r"^\| ([0-9A-F]{4})H(?:-([0-9A-F]{4})H)? \| ([^|]+) \| (\w+) \|", text, re.MULTILINE)
    assert len(found) > 250
    for first, _, title, form in found:
        entry = known.by_address[int(first, 16)]
        assert entry.title.partition(", 1")[0].strip() in title and entry.form == form


@pytest.mark.parametrize("name", MAPPED)
def test_every_entry_takes_back_what_it_reads(name):
    """Registers of any bits, made a value and back; floats as single precision has them."""
    for entry in Map(name).entries:
        for pattern in (0x0000, 0x0001, 0x1234, 0x7FFF):
            words = (pattern,) * entry.registers if entry.form != "float" else (0x4234 + (pattern & 7), 0)
            if entry.kind == "text":
                words = (0x4142,) * entry.registers
            elif entry.kind == "secret":
                assert decode(entry, words) in ("", "***")
                words = (0,) * entry.registers
            value = decode(entry, words)
            if value is not None:
                assert encode(entry, str(value)) == words, entry


@pytest.mark.parametrize("name", MAPPED)
def test_what_is_called_a_password_is_told_to_nobody(name):
    """A new one cannot be forgotten."""
    texts = [entry for entry in Map(name).entries if entry.kind in ("text", "secret")]
    named = [entry for entry in texts if re.search(r"password|secret|token|passphrase", entry.title.lower())]
    assert [entry.name for entry in named if entry.kind != "secret"] == []
    assert [entry.name for entry in texts if entry.kind == "secret" and entry not in named] == []


def test_signed_words():
    known = Map("kw320")
    entry = known.by_name["sequence.u.positive.real"]
    assert decode(entry, (0xFFFF,)) == -0.1 and encode(entry, "-0.1 V") == (0xFFFF,)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0x4002", (0x4002, 1)),
        ("4002H", (0x4002, 1)),
        ("16386:6", (0x4002, 6)),
        ("v1", None),
        ("4002", (4002, 1)),
        ("12345H", None),
    ],
)
def test_addresses(text, place):
    assert parse_address(text) == place


def test_words_of_choices():
    assert choices("0 3LN, 1 1LN") == ((0, "3LN"), (1, "1LN"))
    assert choices("0 50 Hz, 1 60 Hz, 2 400 Hz (the kw320q refuses 2)")[2] == (2, "400 Hz")
    assert choices("1 and 5 A; 80, 100, 200 mA") == ()
    assert choices("bit n: input n + 1 counts pulses") == ()


def written(entry: Entry, text: str) -> tuple[int, ...] | None:
    try:
        return encode(entry, text)
    except ValueError as error:
        assert str(error)
        return None


@pytest.mark.parametrize("count", [3000, pytest.param(300_000, marks=pytest.mark.thorough)])
def test_texts_of_chance_are_registers_or_a_reason(count):
    rng = random.Random(5)
    entries = Map("kw320q").entries
    letters = "0123456789.eE+-xXhH kmMAVWvar%act()µ²"
    taken = 0
    for _ in range(count):
        entry = rng.choice(entries)
        text = "".join(rng.choice(letters) for _ in range(rng.randrange(9)))
        found = written(entry, text)
        if found is not None:
            taken += 1
            assert len(found) == entry.registers and all(0 <= word <= 0xFFFF for word in found)
        with contextlib.suppress(OptionError):
            parse_address(text)
    assert taken > count / 50
