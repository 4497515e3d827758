"""A meter's flash with thirty days of what its first data logger has really read, before simulated.CLOCK."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from simulated import CLOCK

from fourquad import points as p
from fourquad.points import posts as q
from fourquad_tools.options import model
from fourquad_tools.plant.plants import plant_from_json
from fourquad_tools.sim.simulator import Simulator
from fourquad_tools.sim.storage import Storage

DAYS = 30
INTERVAL_S = 900
RECORDS = DAYS * 86400 // INTERVAL_S
_EACH = 16  # records of one reading: virtual time takes its time
LOAD: dict[str, Any] = {
    "phases": [{"volts": 230.0, "amps": 5.0}, {"volts": 231.0, "amps": 4.0}, {"volts": 229.0, "amps": 3.0}],
}
END = int((datetime.fromisoformat(CLOCK) - datetime(2000, 1, 1)).total_seconds())


def prepare(folder: Path, name: str, rows: dict[int, int]) -> list[str]:
    """Log `rows`, bits of what is recorded by the offset of its setting; the names of the columns."""
    load = dict(LOAD)
    if name == "acurev2020":
        load["circuits"] = [{"amps": 1.0 + n} for n in range(18)]
    storage = Storage(str(folder), network=True)
    simulator = Simulator(model(name, network=True), *plant_from_json(load), storage, 1_764_633_600.0)
    simulator.warm_up()
    assert simulator.device is not None
    meter, points = simulator.device.meter, simulator.device.points
    for offset, bits in rows.items():
        assert points.write(p.SETTING + offset, bits) == p.OK
    assert points.write(p.SETTING + q.LOGGER_ENABLE, 1) == p.OK
    assert points.write(p.SETTING + p.MODULE_RESET, 1) == p.OK
    log = meter.loggers.logs[0]
    while log.ring is None:
        simulator.step()
    buffer = bytearray(1024)
    for n in range(RECORDS):
        if n % _EACH == 0:
            simulator.step()
        log.open(END - INTERVAL_S * (RECORDS - n), buffer, False)
        while log.fill(buffer):
            pass
        while log.ring.due:
            log.ring.service()
        log.commit(buffer)
    assert log.count == RECORDS
    simulator.close()
    return [name for (names, _, _), *_ in log.rows for name in names.split()]
