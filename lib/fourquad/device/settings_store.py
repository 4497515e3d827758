"""The settings of a meter in files: one for each group, written when a setting of the group has changed.

The bytes of a group: how many values there are (16 bits), then for each its place in the group (16 bits) and
the value (32 bits, signed), then its texts (meter/texts.py); little-endian. A group that has `dump` and
`load` makes its own. The first meters had one file of
all settings, in the order of the model's OLD_FILE: a group without a file of its own takes its values from
there, and gets one.
"""

from struct import pack, pack_into, unpack_from

from fourquad.meter.settings import GROUPS, HOLE
from fourquad.points import billing as b

_ENTRY = 6
KEPT = 1  # in place of a batch that is in its file, and in memory; some of its groups may be in theirs
_BATCH = ".batch"


def load_settings(meter, files):
    """Give `meter` the settings last saved in `files`, a SettingsStore; whether there were any. OSError:
    flash.
    """
    found = False
    # twice, because what one may be can depend on one that comes later
    batch = files.load_bytes(meter.model.NAME + _BATCH)
    for _ in range(2):
        for group in meter.settings.groups:
            found |= _load(meter, group, files)
        if batch:
            _restore(meter, batch)
    meter.settings.settle()
    return found


def _load(meter, group, files):
    name = _file_name(meter, group)
    data = files.load_bytes(name)
    if hasattr(group, "load"):
        if data is not None:
            group.load(data)
        return data is not None
    if data is not None:
        end = min(len(data), 2 + _ENTRY * int.from_bytes(data[:2], "little"))
        for at in range(2, end - _ENTRY + 1, _ENTRY):
            group.restore(*unpack_from("<Hi", data, at))
        if group.texts:
            group.texts.load(data, end)
        return True
    first = 0
    places = range(len(group.values))
    values = files.load(name, len(places))
    if values is None:
        first = group.first
        places = getattr(meter.model, "OLD_FILE", ())
        values = files.load(meter.model.NAME, len(places))
    if values is None:
        return False
    for i in range(len(values)):
        group.restore(places[i] - first, values[i])
    group.changed = meter.settings.changed = True
    return True


def _restore(meter, data):
    """Take back a batch whose groups and tables a power cut has kept from their files."""
    settings, tables = meter.settings, meter.tables
    end = 2 + _ENTRY * int.from_bytes(data[:2], "little")
    for at in range(2, end - _ENTRY + 1, _ENTRY):
        offset, value = unpack_from("<Hi", data, at)
        for group in settings.groups:
            if group.first <= offset < group.first + len(group.values):
                group.restore(offset - group.first, value)
                group.changed = True
    while end + 3 <= len(data):
        offset, size = unpack_from("<HB", data, end)
        text = data[end + 3 : end + 3 + size]
        if tables and 0 <= offset - b.GROUP_TABLES < b.TABLES:
            tables.restore(offset - b.GROUP_TABLES, bytes(text))
        for group in settings.groups:
            if 0 <= offset - group.first < len(group.values):
                if group.texts:
                    # as the file of a group has it: the place in the group, not among all
                    place = pack("<H", offset - group.first)
                    group.texts.load(place + data[end + 2 : end + 3 + size], 0)
                    group.changed = True
                elif hasattr(group, "put_block"):
                    group.put_block(offset - group.first, text)
        end += 3 + size
    settings.changed = True
    settings.batch = KEPT


def save_batch(meter, files):
    """Make the changes of `meter.settings.batch` as one step: its file first, from which a start takes what
    a power cut kept from the files of the groups; or, once those are written, an empty file. The batch has
    `pack()`, the bytes of a file: how many numbers, of each its offset (16 bits) and its value (32 bits), of
    each text (which blocks of a data log and tables are too) its offset, its length (8 bits) and itself;
    `apply()`, which makes the changes; `waits()`, whether it is to be tried again where the heap had no
    room; and `ended(error)`, which is told what came of it. MemoryError, OSError: flash full or broken;
    nothing was changed.
    """
    settings, name = meter.settings, meter.model.NAME + _BATCH
    batch = settings.batch
    settings.batch = None
    if batch is KEPT:
        files.save_bytes(name, b"")
        return
    try:
        files.save_bytes(name, batch.pack())
    except MemoryError:
        # as for the files of groups: there is room again when a client of the network has gone
        if batch.waits():
            settings.batch = batch
        raise
    except OSError as error:
        batch.ended(error)
        raise
    settings.batch = KEPT
    batch.apply()
    batch.ended(None)


def save_settings(meter, files):
    """Save one group that has changed; `meter.settings.changed` says whether there are others. OSError: flash
    full or broken; the group is not tried again until it changes. MemoryError: it is to be tried again.
    """
    settings = meter.settings
    changed = [group for group in settings.groups if group.changed]
    settings.changed = len(changed) > 1
    if not changed:
        return
    group = changed[0]
    group.changed = False
    try:
        files.save_bytes(_file_name(meter, group), group.dump() if hasattr(group, "dump") else _values(group))
    except MemoryError:
        group.changed = settings.changed = True
        raise


def _values(group):
    values, texts = group.values, group.texts
    count = sum([value != HOLE for value in values])
    end = 2 + _ENTRY * count
    # at once as long as it will be: a network's group has 2.5 KB
    data = bytearray(end + (texts.size() if texts else 0))
    pack_into("<H", data, 0, count)
    at = 2
    for place in range(len(values)):
        if values[place] != HOLE:
            pack_into("<Hi", data, at, place, values[place])
            at += _ENTRY
    if texts:
        texts.dump(data, end)
    return data


def _file_name(meter, group):
    return meter.model.NAME + "." + dict(GROUPS)[group.first]
