"""What is free of the heap of a network board with every service switched on and somebody at each of them."""

from __future__ import annotations

import json
import subprocess

import pytest
from emulated import ROOT, image

IMAGE = "W5500_EMU-kw320"
SECONDS = 8
LEFT = 60 * 1024  # bytes
# Modbus by four, a browser, a manager, two masters of DNP3, a broker of MQTT
BESIDE = {"clients": 4, "clientEvery": 500, "web": 1000, "snmp": 1000, "dnp3": 2, "mqtt": 3}


@pytest.mark.thorough  # emulated time in which the processor is never idle
def test_every_service_with_somebody_at_it() -> None:
    image(IMAGE)
    options = {
        "image": IMAGE,
        "script": "heap.py",
        "net": "all",
        "seconds": SECONDS,
        "baud": 19200,
        "polls": 0,
    }
    words = [f"{name}={value}" for name, value in {**options, "registers": 60, **BESIDE}.items()]
    command = ["node", str(ROOT / "tools" / "bench" / "load.mjs"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["board"]["gaps"] == result["board"]["overruns"] == 0
    tcp = result["tcp"]
    assert tcp["bad"] == 0 and tcp["answers"] >= tcp["requests"] - 4
    for name in ("web", "snmp", "dnp3_1", "dnp3_2"):
        assert tcp[name]["bad"] == 0 and tcp[name]["answers"] > 0, (name, tcp[name])
    free = result["board"]["heap_free"]
    print(f"{free} bytes of the heap are free")
    assert free >= LEFT
