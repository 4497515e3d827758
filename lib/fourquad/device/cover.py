"""The switch of the terminal cover, on a board that has one: a contact that joins the pin to ground while the
cover is on. A broken wire looks like an open cover.
"""

_EVERY_MS = 100


class Cover:
    """`book`: the part that keeps the log (events/book.py); `contacts`: drivers.keys.Contacts with the switch
    as the first.
    """

    def __init__(self, book, contacts):
        self._book = book
        self._contacts = contacts

    def work(self, now):
        """Look at the switch; ms to the next look."""
        self._book.cover(not self._contacts.read() & 1, now)
        return _EVERY_MS
