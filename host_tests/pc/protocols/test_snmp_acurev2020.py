"""net-snmp walks a simulated acurev2020 by the names of its MIB."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import smi_modules
from foreign import programs
from simulated import PATIENCE_S, ROOT
from snmp_sim import SnmpSim

from fourquad_tools.pages import mib_docs

NAME = "FOURQUAD-ACUREV2020-MIB"
LOAD = {
    "frequency": 50.0,
    "phases": [{"volts": 230.0, "amps": 0.0}] * 3,
    "circuits": [{"amps": 10.0 + n} for n in range(18)],
    "adc": "ideal",
    "noise": 0.0,
}


def test_every_name_of_a_walk_is_one_of_the_mib(tmp_path: Path) -> None:
    programs("snmpbulkwalk")
    folder = smi_modules.write(tmp_path / "mibs")
    (folder / f"{NAME}.txt").write_text((ROOT / "docs" / "acurev2020" / f"{NAME}.mib").read_text())
    sim = SnmpSim(tmp_path, model="acurev2020", load=LOAD)
    try:
        sim.ask(cmd="input", n=3, value=1)
        # 0.1 kWh of the first input takes 157 s
        sim.ask(cmd="advance", seconds=180, leap=60)
        command = ["snmpbulkwalk", "-v2c", "-cpublic", "-t1", "-r10", "-Cr40", "-M", str(folder), "-m", NAME]
        command += [f"127.0.0.1:{sim.net['snmp']}", "acurev2020"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    finally:
        sim.close()
    assert done.stderr == ""
    *lines, end = done.stdout.splitlines()
    assert "No more variables left" in end
    found = dict(re.findall(rf"^{NAME}::(\S+) = \w+: (.*)$", "\n".join(lines), re.MULTILINE))
    assert len(found) == len(lines) > 700
    # each object of the MIB is there, and no name has arcs behind it but those of its instance
    names = {name for _, name in mib_docs.of("acurev2020").objects()}
    assert {at.partition(".")[0] for at in found} == names
    assert all(re.fullmatch(r"\w+\.\d+", at) for at in found)
    assert found["acurev2020Frequency.0"] == "50.00 Hz"
    for n in range(18):
        assert abs(float(found[f"acurev2020InputCurrent.{n + 1}"].split()[0]) - 10 - n) < 0.01
    # user channel 6 is inputs 12, 15 and 18
    assert abs(float(found["acurev2020UserActivePower.6"].split()[0]) - 230 * (21 + 24 + 27)) < 10
    energies = [int(found[f"acurev2020EnergyImportedActive.{k + 1}"].split()[0]) for k in range(28)]
    assert energies[27] == sum(energies[:18]) == sum(energies[24:27]) > 0
    assert found["acurev2020DigitalInputState.3"] == "1"
