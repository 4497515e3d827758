"""Keeps trend logs (events/trend.py) in a ring each, at the places trend1, trend2 ..."""

from fourquad.device.store import Log
from fourquad.records.ring import Ring

_RECORD = 9


class TrendStore(Log):
    """The store of one log."""

    def __init__(self, log, ring, meter):
        super().__init__(ring, meter)
        self._trend = log

    def tick(self, now):
        """Records are committed as they are made; one that failed is told here."""
        if self._trend.failed and not self.failed:
            self.fails()
        return False


def connect(meter, trends, flash, places):
    """The stores of events.trend.Trends (device/store.py)."""
    stores = []
    for n, log in enumerate(trends.logs):
        ring = Ring(flash, *places["trend" + str(n + 1)], _RECORD, mark=b"FQT")
        ring.mount()
        store = TrendStore(log, ring, meter)
        while store.due and not store.failed:
            store.service()
        log.ring = ring
        stores.append(store)
    return stores
