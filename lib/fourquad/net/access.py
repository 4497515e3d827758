"""Who may connect: addresses that are known."""

from fourquad import points as p
from fourquad.points import network as n


class Access:
    """Of a service: it lets anybody in until the setting `switch` is on, then only those that ALLOWED names:
    an IPv4 address each, of which every number may be `*`.
    """

    def __init__(self, points, switch):
        self._points = points
        self._switch = p.SETTING + switch

    def admits(self, host):
        """Whether a client of this address is let in."""
        if not self._points.read(self._switch):
            return True
        for i in range(n.ALLOWED_COUNT):
            known = text_of(self._points, n.ALLOWED + i)
            if known and matches(known, host):
                return True
        return False


def text_of(points, offset):
    """A setting that is a text, as a str."""
    at = p.SETTING + offset
    return points.provider(at).texts.read(at - points.base(at)).decode()


def matches(pattern, host):
    """Whether an address is this one, but for its `*`."""
    if pattern == host:
        return True
    ours, theirs = pattern.split("."), host.split(".")
    if len(ours) != 4 or len(theirs) != 4:
        return False
    return all(ours[i] in ("*", theirs[i]) for i in range(4))
