"""How fast the simulator is on one core of this computer: virtual seconds a second of processor time.

Prints lines: load, model, times real time. `main(seconds)` is what `make bench` and the test call.
"""

import asyncio
import os
import sys
import time

# one core: numpy's own threads would take more
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from fourquad import models
from fourquad_tools.plant.demo import demo
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage

FACTOR = 50  # times real time that are due
START = 1_767_225_600.0  # 2026-01-01
ORDERS = {str(n): [0.2 / n, 17.0 * n] for n in range(2, 64)}
PHASE = {"volts": 230.0, "amps": 0.5, "lag": 25.0}
RICH = {
    "phases": [{**PHASE, "volt_harmonics": ORDERS, "amp_harmonics": ORDERS}] * 3,
    "adc": "16bit",
    "noise": 1e-4,
}


def loads():
    """Name and plant: the lively default, and what is dearest to make: every order, noise, 16 bits."""
    yield "demo", demo(WARM_UP_S), "ideal"
    yield "63 orders, 16 bits, noise", *plant_from_json(RICH, WARM_UP_S)


def measure(seconds):
    """(load, model, times real time) of each combination, three phases."""
    for name in ("kw320", "a1000"):
        for text, plant, adc in loads():
            simulator = Simulator(models.load(name), plant, adc, Storage(None), START)
            simulator.warm_up()
            began = time.process_time()
            asyncio.run(simulator.advance(seconds))
            yield text, name, seconds / (time.process_time() - began)


def main(seconds=60.0):
    for text, name, factor in measure(seconds):
        print(f"{text} | {name} | {factor:.0f}", flush=True)


if __name__ == "__main__":
    main(*[float(word) for word in sys.argv[1:]])
