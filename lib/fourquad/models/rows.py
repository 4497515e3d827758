"""Builders for the rows of a model's tables; a board has the rows only."""


def setting(offset, address=0, registers=1, default=0, low=None, high=None, choices=None, seal=0):
    """A row of SETTINGS, in the order of points/columns.py: allowed are the values from `low` to `high` (0
    and 1 where nothing is said), or of them those of the tuple `choices` alone. Address 0: no register.
    """
    if low is None:
        low = min(choices) if choices else 0
    if high is None:
        high = max(choices) if choices else 1
    return (offset, seal, default, low, high, choices, address, registers if address else 0)


def command(offset, address=0, act=1, idle=(0,), elsewhere=(), seal=0):
    """A row of COMMANDS: the value `act` acts, those of `idle` do nothing, those of `elsewhere` would act on
    a module that is not there. The register reads the first of `idle`.
    """
    return (offset, seal, act, idle, elsewhere, address)
