"""The file of a model's time-of-use tables."""

_TABLES = "-tou"  # after a model's name


def load_tables(meter, settings_store):
    """Give a meter the time-of-use tables that were last saved for its model."""
    if meter.tables:
        meter.tables.load(settings_store.load(meter.model.NAME + _TABLES, meter.tables.words))


def save_tables(meter, settings_store):
    """Save the tables if they have changed. OSError: flash. MemoryError: it is to be tried again."""
    tables = meter.tables
    if tables and tables.changed:
        tables.changed = False
        try:
            settings_store.save(meter.model.NAME + _TABLES, tables.dump())
        except MemoryError:
            tables.changed = True
            raise
