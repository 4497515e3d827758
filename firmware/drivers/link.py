"""A board's interface to the network: its address, and its cable."""

from micropython import const

_EVERY_MS = const(500)


class Link:
    """`nic`: of MicroPython's `network`, active; it asks DHCP for an address from its start on.

    A job of the loop. Its look is what tells lwIP on a W5500 that the cable was pulled or is back
    (boards/common/wiznet5k).
    """

    def __init__(self, nic):
        self._nic = nic

    def join(self, address):
        """Be (address, mask, gateway, DNS server), as text, or what DHCP says for None. Waits for nothing."""
        if address:
            self._nic.ifconfig(address)
        else:
            self._nic.ipconfig(dhcp4=True)

    def address(self):
        """(address, mask, gateway, DNS server) in force, as text."""
        return self._nic.ifconfig()

    def work(self, now):
        """Look; when to look again."""
        self._nic.isconnected()
        return _EVERY_MS
