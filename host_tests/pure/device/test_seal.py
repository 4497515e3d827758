"""The seal's switch of a board, and what it keeps from a master."""

from fourquad import points as p
from fourquad.device.seal import Seal
from fourquad.meter.settings import Settings
from fourquad.models import kw320

NORM = 1


class Contacts:
    """The switch; closed is 1."""

    closed = 0

    def read(self):
        return self.closed


def test_open_or_broken_is_sealed_and_closed_is_not():
    contacts = Contacts()
    settings = Settings(kw320.SETTINGS, seals=kw320.SEALS)
    seal = Seal(settings, contacts)
    # from the first moment on
    assert settings.closed(NORM)
    assert settings.check(p.CT1, 5) == p.FORBIDDEN
    assert seal.work(0) == 100  # ms to the next look
    assert settings.closed(NORM)
    contacts.closed = 1
    assert seal.work(100) == 100
    assert settings.check(p.CT1, 5) == p.OK
    contacts.closed = 0
    assert seal.work(200) == 100
    assert settings.closed(NORM)
