"""The MIB: net-snmp takes it without a word, and it names every object that the tables have, and no other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import smi_modules
from snmp_sim import OWN, needed

from fourquad.models.kw320 import snmp as tables
from fourquad.protocols import snmp
from fourquad_tools.pages import mib_docs

ROOT = Path(__file__).resolve().parents[3]
NAME = "FOURQUAD-KW320-MIB"


def columns() -> set[tuple[int, ...]]:
    """The arcs of every object below the model's, without its instance."""
    found = set()
    for row in tables.OBJECTS:
        prefix = tuple(row[snmp.PREFIX])
        if len(prefix) == 4:  # a column with two indexes
            found.add(prefix)
        else:
            found |= {(*prefix, row[snmp.FIRST_A] + i) for i in range(row[snmp.COUNT_A])}
    return found


def test_every_object_has_a_name_and_every_name_an_object() -> None:
    named = list(mib_docs.of("kw320").objects())
    assert {arcs for arcs, _ in named} == columns()
    assert len({name for _, name in named}) == len(named) == len(columns())


def test_runs_are_in_the_order_of_their_names() -> None:
    ends = []
    for row in tables.OBJECTS:
        first = (*row[snmp.PREFIX], row[snmp.FIRST_A], row[snmp.FIRST_B])
        last = (
            *row[snmp.PREFIX],
            row[snmp.FIRST_A] + row[snmp.COUNT_A] - 1,
            row[snmp.FIRST_B] + row[snmp.COUNT_B] - 1,
        )
        assert row[snmp.COUNT_A] * row[snmp.COUNT_B] < 1 << 16
        assert not ends or first > ends[-1], first
        ends.append(last)
    assert len(tables.OBJECTS) < 256


def test_the_file_is_what_the_tables_say() -> None:
    assert (ROOT / "docs" / "kw320" / f"{NAME}.mib").read_text() == mib_docs.of("kw320").text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needed("snmptranslate")
    place = smi_modules.write(tmp_path_factory.mktemp("mibs"))
    (place / f"{NAME}.txt").write_text((ROOT / "docs" / "kw320" / f"{NAME}.mib").read_text())
    return place


def translate(folder: Path, *options: str) -> str:
    command = ["snmptranslate", "-M", str(folder), "-m", NAME, "-Pw", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_net_snmp_knows_every_name(folder: Path) -> None:
    named = list(mib_docs.of("kw320").objects())
    said = translate(folder, "-On", *(f"{NAME}::{name}" for _, name in named)).split()
    assert said == [f"{OWN}.{'.'.join(map(str, arcs))}" for arcs, _ in named]


def test_what_it_says_of_an_object(folder: Path) -> None:
    said = translate(folder, "-Td", f"{NAME}::kw320V1")
    for wanted in (r"SYNTAX\s+Integer32", r'DISPLAY-HINT\s+"d-1"', r'UNITS\s+"V"'):
        assert re.search(wanted, said), said
    said = translate(folder, "-Td", f"{NAME}::kw320AlarmChange")
    assert "kw320AlarmChange NOTIFICATION-TYPE" in said and "kw320AlarmMillisecond" in said
