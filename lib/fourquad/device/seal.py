"""The seal's switch, on a board that has one: a contact under the sealed cover, which joins the pin to ground
while the cover is off. A broken wire looks like a closed seal.
"""

from fourquad import ticks

_EVERY_MS = 100


class Seal:
    """`settings`: of the meter; `contacts`: drivers.keys.Contacts with the switch as the first."""

    def __init__(self, settings, contacts):
        self._settings = settings
        self._contacts = contacts
        self._at = None
        settings.sealed = True

    def work(self, now):
        """One slice; True if there was one."""
        if self._at is not None and ticks.diff(now, self._at) < _EVERY_MS:
            return False
        self._at = now
        self._settings.sealed = not self._contacts.read() & 1
        return True
