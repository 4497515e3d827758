"""Where a model's stores are in the raw sectors of a board's storage, which follow its file system.

A model's STORAGE names them: name, sectors that it wants, the least that it can do with. A board in the field
must find them after an update, whatever the size of its file system: those of the first two models have their
places counted from the storage's end. Others fill the gaps, in the order of the model's table, and get less
where there is less.
"""

SECTOR_SIZE = 4096
STORAGE_SECTORS = 256  # of a board whose flash has 2 MB: half of it, the other half is the image's
NETWORK_SECTORS = 232  # of one of 2 MB that has a network, whose image is larger
RADIO_SECTORS = 184  # of a PICO_W, whose image has the radio's firmware too; its file system is smaller
LARGE_SECTORS = 352  # where the image is not in the way: on a PICO2, on a serial flash, in the simulator
RAW_SECTORS = 128  # that every storage has after its file system
FILES_SECTORS = 64  # of a file system that is made now: settings, tables, calibration
OLD_FILES_SECTORS = LARGE_SECTORS - RAW_SECTORS  # of one that an earlier version made, and that stays

# Sectors from the storage's end to the beginning of a store.
FROM_END = {"journal": 128, "profile": 64, "periods": 30, "extremes": 12}

# Permille of what is wanted that are tried: of large stores a little is much.
_SHARES = tuple(range(1000, 50, -50)) + tuple(range(50, -1, -2))


def lay(rows, sectors, first=0):
    """{name: (first sector, sectors)} of the `rows` of a STORAGE in a flash of `sectors` that ends where the
    storage does, from its sector `first` on. ValueError: they do not fit.
    """
    for share in _SHARES:
        places = _place(rows, sectors, first, share)
        if places is not None:
            return places
    least = sum([least for _, _, least in rows])
    there = max(0, sectors - first)
    raise ValueError(f"storage: {least} sectors are wanted at least, {there} are there")


def short(rows, places):
    """A sentence for each store that has less than its model wants."""
    return [
        f"storage: {name} has {places[name][1]} of {wanted} sectors"
        for name, wanted, _ in rows
        if places[name][1] < wanted
    ]


def _place(rows, sectors, first, share):
    """The places with `share` permille of what is wanted; None if they do not fit."""
    gaps = [(first, sectors)]
    places = {}
    for name, wanted, _ in rows:
        begin = sectors - FROM_END.get(name, 0)
        if name in FROM_END and _take(gaps, begin, wanted):
            places[name] = (begin, wanted)
    for name, wanted, least in rows:
        if name not in places:
            size = max(least, wanted * share // 1000)
            begin = [gap[0] for gap in gaps if gap[1] - gap[0] >= size]
            if not begin:
                return None
            _take(gaps, begin[0], size)
            places[name] = (begin[0], size)
    return places


def _take(gaps, begin, size):
    """Take sectors out of the gap that has them; whether there is one."""
    for i in range(len(gaps)):
        start, end = gaps[i]
        if start <= begin and begin + size <= end:
            gaps[i : i + 1] = [gap for gap in ((start, begin), (begin + size, end)) if gap[0] < gap[1]]
            return True
    return False
