"""The MIBs: net-snmp takes them without a word; they name every object that the tables have, and no other."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import smi_modules
from foreign import programs

from fourquad.protocols import snmp
from fourquad_tools.pages import mib_docs

ROOT = Path(__file__).resolve().parents[3]
MODELS = {"kw320": 1, "acurev2020": 2}  # and the last arc of its own


def tables(model: str) -> Any:
    return importlib.import_module(f"fourquad.models.{model}.snmp")


def mib(model: str) -> str:
    return f"FOURQUAD-{model.upper()}-MIB"


def columns(model: str) -> set[tuple[int, ...]]:
    """The arcs of every object below the model's, without its instance."""
    found = set()
    for row in tables(model).OBJECTS:
        prefix = tuple(row[snmp.PREFIX])
        if len(prefix) == 4:  # a column with two indexes
            found.add(prefix)
        else:
            found |= {(*prefix, row[snmp.FIRST_A] + i) for i in range(row[snmp.COUNT_A])}
    return found


@pytest.mark.parametrize("model", MODELS)
def test_every_object_has_a_name_and_every_name_an_object(model: str) -> None:
    named = list(mib_docs.of(model).objects())
    assert {arcs for arcs, _ in named} == columns(model)
    assert len({name for _, name in named}) == len(named) == len(columns(model))


@pytest.mark.parametrize("model", MODELS)
def test_runs_are_in_the_order_of_their_names(model: str) -> None:
    ends: list[tuple[int, ...]] = []
    for row in tables(model).OBJECTS:
        first = (*row[snmp.PREFIX], row[snmp.FIRST_A], row[snmp.FIRST_B])
        last = (
            *row[snmp.PREFIX],
            row[snmp.FIRST_A] + row[snmp.COUNT_A] - 1,
            row[snmp.FIRST_B] + row[snmp.COUNT_B] - 1,
        )
        assert row[snmp.COUNT_A] * row[snmp.COUNT_B] < 1 << 16
        assert not ends or first > ends[-1], first
        ends.append(last)
    assert len(ends) < 256


@pytest.mark.parametrize("model", MODELS)
def test_the_file_is_what_the_tables_say(model: str) -> None:
    assert (ROOT / "docs" / model / f"{mib(model)}.mib").read_text() == mib_docs.of(model).text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    programs("snmptranslate")
    place = smi_modules.write(tmp_path_factory.mktemp("mibs"))
    for model in MODELS:
        (place / f"{mib(model)}.txt").write_text((ROOT / "docs" / model / f"{mib(model)}.mib").read_text())
    return place


def translate(folder: Path, model: str, *options: str) -> str:
    command = ["snmptranslate", "-M", str(folder), "-m", mib(model), "-Pw", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("model", MODELS)
def test_net_snmp_knows_every_name(folder: Path, model: str) -> None:
    named = list(mib_docs.of(model).objects())
    said = translate(folder, model, "-On", *(f"{mib(model)}::{name}" for _, name in named)).split()
    own = f".1.3.6.1.4.1.32473.{MODELS[model]}.1"
    assert said == [f"{own}.{'.'.join(map(str, arcs))}" for arcs, _ in named]


@pytest.mark.parametrize("model", MODELS)
def test_what_it_says_of_an_object(folder: Path, model: str) -> None:
    said = translate(folder, model, "-Td", f"{mib(model)}::{model}V1")
    for wanted in (r"SYNTAX\s+Integer32", r'DISPLAY-HINT\s+"d-1"', r'UNITS\s+"V"'):
        assert re.search(wanted, said), said
    said = translate(folder, model, "-Td", f"{mib(model)}::{model}AlarmChange")
    assert f"{model}AlarmChange NOTIFICATION-TYPE" in said and f"{model}AlarmMillisecond" in said
