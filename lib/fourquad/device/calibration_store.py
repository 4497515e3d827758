"""The calibration record in two small files with CRC: the meter's own, and the copy that the factory made.

Each is old or new after a power cut, never a mix (see settings.py). A broken file of the meter's own gives
way to the factory's; `source` says which one it was.
"""

OWN = "calibration"
FACTORY = "factory"


class CalibrationStore:
    """In `store`, a SettingsStore; `count` is the number of integers of a record."""

    def __init__(self, store, count):
        self._store = store
        self._count = count

    def load(self):
        """(record, source): "own", "factory", or (None, "none"). OSError: flash."""
        for name, source in ((OWN, "own"), (FACTORY, "factory")):
            record = self._store.load(name, self._count)
            if record is not None:
                return record, source
        return None, "none"

    def save(self, record):
        """Keep `record`; the first one ever becomes the factory's copy, too. OSError: full or broken."""
        if self._store.load(FACTORY, self._count) is None:
            self._store.save(FACTORY, record)
        self._store.save(OWN, record)

    def restore_factory(self):
        """Go back to the factory's copy; the record, or None if there is none. OSError: flash."""
        record = self._store.load(FACTORY, self._count)
        if record is not None:
            self._store.save(OWN, record)
        return record


def maintain_on_demand(meter, store, registers):
    """Let the maintenance of `meter` be had through `registers`. It takes heap: it is imported when somebody
    asks for it the first time.
    """

    def first(*request):
        from fourquad.device.maintenance import Maintenance

        Maintenance(meter, store).serve(registers)
        return registers.maintain(*request)

    registers.maintain = first
