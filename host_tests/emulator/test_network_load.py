"""What other services cost Modbus on the emulated board, in emulated time: a master polls the serial line
back to back, four clients of Modbus TCP ask ten times a second each, and a browser, an SNMP manager and a
broker of MQTT are served beside them.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from emulated import ROOT, image

BENCH = ROOT / "tools" / "bench" / "load.mjs"
IMAGE = "W5500_EMU-kw320"
# a page or a value every half second, 25 objects a second, a message every 10 s
BESIDE = {"net": "http,snmp,mqtt", "web": 500, "snmp": 1000, "mqtt": 10}


def bench(**options: Any) -> dict[str, Any]:
    """One run; no sample is lost, and nobody is left without a right answer."""
    image(IMAGE)
    options = {"image": IMAGE, "script": "heap.py", "clients": 4, "registers": 60, **BESIDE, **options}
    command = ["node", str(BENCH), *(f"{name}={value}" for name, value in options.items())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["board"]["gaps"] == result["board"]["overruns"] == 0
    assert result["emulator"]["adc"]["overflows"] == 0
    master, tcp = result["master"], result["tcp"]
    assert master["bad"] == master["unasked"] == master["timeouts"] == 0
    assert tcp["bad"] == tcp["resets"] == 0 and tcp["answers"] >= 39 * (options["seconds"] - 2)
    for name, asked in (("web", 0.6), ("snmp", 0.9), ("mqtt", 0.05)) if options["net"] else ():
        assert tcp[name]["bad"] == 0 and tcp[name]["answers"] >= asked * options["seconds"] - 2, tcp[name]
    return result


@pytest.mark.thorough  # two minutes of emulated time
def test_modbus_is_answered_in_time_beside_all_else() -> None:
    result = bench(seconds=120, baud=19200)
    assert result["master"]["within_1ms"] >= 0.95
    assert result["master"]["latency_ms"]["max"] <= 20.0
    assert result["tcp"]["within_5ms"] >= 0.95


@pytest.mark.thorough  # half a minute of emulated time
def test_the_same_with_misses_of_the_cache() -> None:
    result = bench(seconds=30, baud=19200, miss=60)
    assert result["master"]["within_5ms"] >= 0.95
    assert result["tcp"]["within_10ms"] >= 0.95


def test_erases_of_400_ms_are_waited_for_by_nobody() -> None:
    # the stores erase ahead after the start; nothing is switched on, so no settings file is written
    options = {"seconds": 8, "baud": 19200, "clients": 4, "net": "", "eraseUs": 400_000}
    result = bench(**options, web=0, snmp=0, mqtt=0)
    flash = result["emulator"]["flash"]
    assert flash["erase"] >= 2 and flash["suspensions"] >= 200 and flash["refused"] == 0
    assert result["master"]["latency_ms"]["max"] <= 10
    # what takes longest is the start of a service
    assert result["tcp"]["within_5ms"] >= 0.95
    assert result["tcp"]["latency_ms"]["max"] <= 50
