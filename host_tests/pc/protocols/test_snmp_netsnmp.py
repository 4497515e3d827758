"""net-snmp as a manager of the simulated kw320: every object is what Modbus says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import smi_modules
from foreign import programs
from simulated import LOAD, ROOT
from snmp_sim import OWN, SnmpSim, expected, value

programs("snmpwalk")


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnmpSim]:
    meter = SnmpSim(tmp_path_factory.mktemp("sim"), "--module", "io11,io21,io31")
    phases = [{**phase, "volt_harmonics": {"5": [0.04, 10.0]}} for phase in LOAD["phases"]]
    meter.ask(cmd="load", load={**LOAD, "phases": phases})
    for number, on in ((1, 1), (3, 1), (3, 0), (8, 1)):
        meter.ask(cmd="input", n=number, value=on)
    meter.write(0x100D, 1)  # the demand window, in minutes
    meter.ask(cmd="advance", seconds=65)
    yield meter
    meter.close()


def agree(found: dict[str, str], before: dict[str, float], after: dict[str, float]) -> None:
    """What was found is what Modbus said, before or after; a register of 16 bits has the low ones."""
    for name in before:
        low, high = sorted((before[name], after[name]))
        count = value(found[f"{OWN}.{name}"])
        assert low - 1 <= count <= high + 1 or count % 65536 == low % 65536, name


def test_every_object_is_what_modbus_says(sim: SnmpSim) -> None:
    before = dict(expected(sim))
    found = sim.walk("snmpbulkwalk", OWN, "-Cr40")
    after = dict(expected(sim))
    wanted = {f"{OWN}.{name}" for name in before}
    # the clock, and what has no register
    more = {f"{OWN}.{name}" for name in ("1.39.0", "1.40.0", "9.3.0", "11.1.0", "11.3.0")}
    assert set(found) == wanted | more
    agree(found, before, after)
    assert sum(value(each) != 0 for each in found.values()) > 100


def test_the_same_by_get_next_of_v1(sim: SnmpSim) -> None:
    below = f"{OWN}.8"
    bulk = sim.walk("snmpbulkwalk", below)
    assert sim.walk("snmpwalk", below, how=("-v1", "-cpublic")) == bulk
    assert sim.walk("snmpwalk", below) == bulk
    assert len(bulk) > 30


def test_the_system_group(sim: SnmpSim) -> None:
    sim.set_text("location", "cellar, left")
    sim.set_text("contact", "who@example.org")
    found = sim.walk("snmpwalk", ".1.3.6.1.2.1.1")
    assert [each.split(".")[-2] for each in found] == [str(k) for k in range(1, 8)]
    texts = list(found.values())
    assert "KW320" in texts[0] and texts[1] == f"OID: {OWN[:-2]}"
    assert texts[3:] == [
        'STRING: "who@example.org"',
        'STRING: "fourquad"',
        'STRING: "cellar, left"',
        "INTEGER: 72",
    ]


def test_names_and_units_of_the_mib(sim: SnmpSim, tmp_path: Path) -> None:
    folder = smi_modules.write(tmp_path / "mibs")
    name = "FOURQUAD-KW320-MIB"
    (folder / f"{name}.txt").write_text((ROOT / "docs" / "kw320" / f"{name}.mib").read_text())
    command = ["snmpget", "-v2c", "-cpublic", "-M", str(folder), "-m", name, f"127.0.0.1:{sim.net['snmp']}"]
    command += [f"{name}::{each}" for each in ("kw320V1.0", "kw320Frequency.0", "kw320InputState.1")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert re.fullmatch(name + r"::kw320V1\.0 = INTEGER: 2(29|30)\.\d V", said[0])
    assert re.fullmatch(name + r"::kw320Frequency\.0 = INTEGER: 50\.0\d Hz", said[1])
    assert said[2] == name + "::kw320InputState.1 = INTEGER: 1"


def test_nothing_is_set(sim: SnmpSim) -> None:
    for version, why in (("-v2c", "noAccess"), ("-v1", "noSuchName")):
        how = (version, "-cpublic")
        done = sim.manager("snmpset", ".1.3.6.1.2.1.1.5.0", "s", "other", how=how, check=False)
        assert done.returncode == 2 and f"{why}" in done.stderr


def test_a_wrong_community_is_not_answered(sim: SnmpSim) -> None:
    before = value(sim.walk("snmpget", ".1.3.6.1.2.1.11.4.0")[".1.3.6.1.2.1.11.4.0"])
    done = sim.manager("snmpget", "-r0", "-t1", ".1.3.6.1.2.1.1.5.0", how=("-v2c", "-cprivate"), check=False)
    assert done.returncode == 1 and "Timeout" in done.stderr
    assert value(sim.walk("snmpget", ".1.3.6.1.2.1.11.4.0")[".1.3.6.1.2.1.11.4.0"]) == before + 1


AUTH, PRIV = "maplesyrup", "another secret, longer"


def user(protocol: str, priv: bool) -> tuple[str, ...]:
    """What a manager says who the user is."""
    more = ("-lauthPriv", "-xAES", "-X" + PRIV) if priv else ("-lauthNoPriv",)
    return ("-v3", "-ufourquad", "-a" + protocol, "-A" + AUTH, *more)


@pytest.fixture(scope="module")
def keyed(sim: SnmpSim) -> Iterator[SnmpSim]:
    """The meter with the keys of its user, whose passwords are gone; afterwards it speaks v2c again."""
    sim.set(version=1, auth=1, priv=1)
    sim.reset_module()
    sim.set_text("auth_password", AUTH)
    sim.set_text("priv_password", PRIV)
    sim.wait_for_keys(user("SHA", True))
    yield sim
    sim.set(version=0, auth=0, priv=0)
    sim.reset_module()


@pytest.mark.parametrize(("protocol", "number"), [("SHA", 1), ("SHA-256", 2)])
@pytest.mark.parametrize("priv", [False, True])
def test_v3_with_authentication(keyed: SnmpSim, protocol: str, number: int, priv: bool) -> None:
    keyed.set(auth=number, priv=int(priv))
    keyed.reset_module()
    how = user(protocol, priv)
    before = dict(expected(keyed)) if priv else {}
    found = keyed.walk("snmpbulkwalk", OWN if priv else OWN + ".1", "-Cr40", how=how)
    after = dict(expected(keyed)) if priv else {}
    assert len(found) > (1000 if priv else 39)
    agree(found, before, after)
    for change, said in (
        ("-Awrong password", "Authentication failure"),
        ("-unobody", "Unknown user name"),
        *((("-Xwrong password", "Decryption error"),) if priv else ()),
    ):
        wrong = tuple(change if each[:2] == change[:2] else each for each in how)
        done = keyed.manager("snmpget", ".1.3.6.1.2.1.1.5.0", how=wrong, check=False)
        assert done.returncode == 1 and said in done.stderr, done.stderr
    weaker = ("-v3", "-ufourquad", "-lnoAuthNoPriv")
    done = keyed.manager("snmpget", ".1.3.6.1.2.1.1.5.0", how=weaker, check=False)
    assert "authorizationError" in done.stderr


def test_v3_without_authentication_and_nothing_of_v2c(keyed: SnmpSim) -> None:
    keyed.set(auth=0, priv=0)
    keyed.reset_module()
    found = keyed.walk("snmpwalk", ".1.3.6.1.6.3", how=("-v3", "-ufourquad", "-lnoAuthNoPriv"))
    assert len(found) == 14 and found[".1.3.6.1.6.3.10.2.1.1.0"].startswith("Hex-STRING: 80 00 7E D9 05")
    assert found[".1.3.6.1.6.3.10.2.1.2.0"] == "INTEGER: 1"
    done = keyed.manager("snmpget", ".1.3.6.1.2.1.1.5.0", "-r0", check=False)
    assert done.returncode == 1 and "Timeout" in done.stderr
    stronger = user("SHA", False)
    done = keyed.manager("snmpget", ".1.3.6.1.2.1.1.5.0", how=stronger, check=False)
    assert "Unsupported security level" in done.stderr
