"""Records by their number, for tests of rings: every byte hangs on it."""

from struct import pack_into

KEY_STEP = 3


def key(number):
    """Key of record `number`."""
    return 1000 + KEY_STEP * number


def record(number, size):
    """What record `number` holds."""
    data = bytearray([(number * 31 + i * 7) & 0xFF for i in range(size)])
    pack_into("<I", data, 0, key(number))
    return data


def serve(ring):
    """All that is due."""
    while ring.due:
        ring.service()


def fill(ring, first, count):
    """Records from number `first` on, with what is due done after each."""
    for number in range(first, first + count):
        ring.append(record(number, ring.size))
        serve(ring)


def holds(ring, first, last):
    """These records and no others, each whole."""
    assert (ring.oldest, ring.newest, ring.count) == (first, last, last - first + 1)
    out = bytearray(ring.size)
    for number in range(first, last + 1):
        assert ring.read(number, out) and out == record(number, ring.size), number
    for number in (first - 1, last + 1):
        assert refuses(KeyError, ring.read, number, out)


def refuses(error, function, *arguments):
    """Whether the call raises that error."""
    try:
        function(*arguments)
    except error:
        return True
    return False
