"""Many idle meters in one process: what they take of a core of this computer.

`main(count, seconds)` is what `make bench` calls; meters are of both models in turn.
"""

import asyncio
import os
import sys
import time

# one core: numpy's own threads would take more
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from fourquad import models
from fourquad_tools.plant.demo import demo
from fourquad_tools.sim.simulator import WARM_UP_S, Simulator
from fourquad_tools.sim.storage import Storage

COUNT = 50
SHARE = 15  # % of a core that are due for COUNT
SETTLE_S = 6.0  # after which nobody has asked for long
START = 1_767_225_600.0  # 2026-01-01


async def idle(count, seconds):
    """Percent of a core that `count` idle meters take, each `slips` counted: (share, slips)."""
    meters = []
    for number in range(count):
        tables = models.load(models.NAMES[number % len(models.NAMES)])
        simulator = Simulator(tables, demo(WARM_UP_S), "ideal", Storage(None), START)
        simulator.warm_up()
        simulator.pacer.rests = True
        meters.append(simulator)
    running = [asyncio.create_task(simulator.pace()) for simulator in meters]
    await asyncio.sleep(SETTLE_S)
    wall, used = time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    share = 100 * (time.process_time() - used) / (time.monotonic() - wall)
    for simulator in meters:
        simulator.stopping.set()
    await asyncio.gather(*running)
    return share, sum(simulator.slips for simulator in meters)


def main(count=COUNT, seconds=20.0):
    """Measure and print; the share of a core in percent."""
    share, slips = asyncio.run(idle(int(count), seconds))
    print(f"{count} idle meters | {share:.1f} % of a core | {slips} slips", flush=True)
    return share


if __name__ == "__main__":
    main(*[float(word) for word in sys.argv[1:]])
