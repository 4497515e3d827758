"""The network module's settings, as far as no row of them says it: ports that are no two services', what is
fixed while the module is there, and what MODULE_RESET does; and what its services count. Tables of the model:
LISTENING and SERVICES (models/rows.py), FIXED (settings that the module holds), NETWORK_SEAL (the rule of its
settings).
"""

from fourquad import points as p
from fourquad.part import Part
from fourquad.points import columns as c
from fourquad.points import network as n
from fourquad.points import posts as q

# Values of MODULE_RESET.
RESET = 1
DEFAULTS = 2

COUNTS = 8  # of a service: net/desk.py
# The network's settings: first, end.
_OURS = ((p.GROUP_NETWORK, p.GROUP_LOGS), (q.GROUP_POSTS, p.GROUP_MONTHS))


class NetworkModule(Part):
    """`on_reset`: called when the module is to begin anew with the settings of now. `desks`: by the name of a
    service what counts for it, with `told(which)` (net/desk.py). Provider of points.network.COUNTED: COUNTS
    for each of SERVICES; and of FAULTS.
    """

    name = "network"

    def __init__(self, meter):
        self._settings = meter.settings
        self._listening = meter.model.LISTENING
        self._fixed = meter.model.FIXED
        self._seal = meter.model.NETWORK_SEAL
        self._texts = meter.model.TEXTS
        self._veto = self._points = None
        self.on_setting = self._on_setting
        self.on_reset = None
        self.desks = {}
        self.address = None  # gives (address, mask, gateway ...) in force, as texts
        self.names = [row[c.NAME] for row in meter.model.SERVICES]

    def provide(self, points, commands):
        self._points = points
        points.provide(n.COUNTED, self, 3)
        self._veto = self._settings.veto
        self._settings.veto = self.refuses
        commands[n.RESET_WEB_PASSWORDS] = self._reset_passwords

    def read(self, index):
        """What a service has counted; 0 while it has not been there."""
        if index >= n.ASSIGNED - n.COUNTED:
            return self._assigned(index - (n.ASSIGNED - n.COUNTED))
        service, which = divmod(index, COUNTS)
        if index >= n.FAULTS - n.COUNTED:
            service, which = index - (n.FAULTS - n.COUNTED), None
        if service >= len(self.names):
            raise KeyError(index)
        desk = self.desks.get(self.names[service])
        if not desk:
            return 0
        return desk.faults if which is None else desk.told(which)

    def _assigned(self, index):
        """A number of the address, mask or gateway in force: what nobody has told yet is 0."""
        which, number = divmod(index, 4)
        if which > 2:
            raise KeyError(index)
        if not self.address:
            return self._settings.get((n.IP, n.MASK, n.GATEWAY)[which] + number)
        return int(self.address()[which].split(".")[number])

    def check(self, index, value):
        return p.READ_ONLY

    write = check

    def refuses(self, offset, value):
        """Why a value of a setting cannot be had now, or False."""
        if offset in self._fixed and value != self._settings.get(offset):
            return p.FORBIDDEN
        if offset == p.MODULE_RESET and value == DEFAULTS and self._settings.closed(self._seal):
            return p.FORBIDDEN
        for row in self._listening:
            port, usual, low, high, off, udp = row
            if port == offset:
                if value != usual and not low <= value <= high and not (off and value == 0):
                    return True
                return any(self._taken(other, value, udp) for other in self._listening if other is not row)
        return self._veto(offset, value) if self._veto else False

    def _taken(self, row, value, udp):
        """Whether the service of this row has that port."""
        port, _, _, _, _, other = row
        return value != 0 and udp == other and self._settings.coming(port) == value

    def _on_setting(self, offset):
        if offset != p.MODULE_RESET:
            return
        how = self._settings.get(offset)
        if how == DEFAULTS:
            self._load_defaults()
        if how:
            # without telling anybody: those who are told of the 1 find this, and a board's stack is short
            self._settings.default(offset, 0)
            if self.on_reset:
                self.on_reset()

    def _reset_passwords(self):
        """Those of the web pages are the manual's again."""
        for offset in (n.HTTP_USER, n.HTTP_ADMIN):
            at = p.SETTING + offset
            try:
                texts = self._points.provider(at).texts
                texts.write(at - self._points.base(at), b"")
            except KeyError:
                return  # a model without web pages

    def _load_defaults(self):
        settings = self._settings
        for first, end in _OURS:
            for row in settings.rows:
                if first <= row[c.OFFSET] < end:
                    settings.default(row[c.OFFSET], row[c.DEFAULT])
            for group in settings.groups:
                if group.first == first:
                    group.changed = settings.changed = True
                    for row in self._texts if group.texts else ():
                        if first <= row[c.OFFSET] < end:
                            group.texts.reset(row[c.OFFSET] - first, b"")


def make(meter):
    """The part."""
    return NetworkModule(meter)
