"""The seal's switch, on a board that has one: a contact under the sealed cover, which joins the pin to ground
while the cover is off. A broken wire looks like a closed seal.
"""

_EVERY_MS = 100


class Seal:
    """`settings`: of the meter; `contacts`: drivers.keys.Contacts with the switch as the first."""

    def __init__(self, settings, contacts):
        self._settings = settings
        self._contacts = contacts
        settings.sealed = True

    def work(self, now):
        """Look at the switch; ms to the next look."""
        self._settings.sealed = not self._contacts.read() & 1
        return _EVERY_MS
