"""The radio of a Pico W, by MicroPython's own driver (network.WLAN), and the network that it joins: a file of
the board, which has the password as it is.

At the prompt: `from drivers import wifi; wifi.choose("name", "password", "DE")`, then Ctrl-D. `fourquad wifi`
does it from a PC.
"""

from micropython import const

_FILE = "wifi"
_LONGEST_NAME = const(32)  # bytes (IEEE 802.11-2020, 9.4.2.2)
_SHORTEST = const(8)  # characters of a password, each of them from space to tilde (J.4.1)
_LONGEST = const(63)

# Looks, two a second (link.py), before it is told once more: an association and DHCP take some 5 s.
_PATIENCE = const(40)


def _files():
    import model

    return model.files()


def _kept():
    """(country, name, password), None where no network is chosen."""
    kept = _files().read(_FILE)
    if not kept:
        return None
    end = 3 + kept[2]
    return kept[:2].decode(), kept[3:end].decode(), kept[end:].decode()


def chosen():
    """The name of the network that the board joins, None where none is chosen."""
    kept = _kept()
    return kept and kept[1]


def _all(text, first, last):
    return all(first <= character <= last for character in text)


def choose(name, password=None, country="XX"):
    """Join this network from the next start on, an open one without a password. `country`: two letters of ISO
    3166, or XX, which say the channels and the power that are allowed. ValueError: there is no such network,
    and nothing has changed.
    """
    encoded = name.encode()
    if not 1 <= len(encoded) <= _LONGEST_NAME:
        raise ValueError("the name of a network has 1 to 32 bytes")
    if password is None:
        password = ""
    elif not _SHORTEST <= len(password) <= _LONGEST or not _all(password, " ", "~"):
        raise ValueError("the password of a network has 8 to 63 characters, all of them ASCII")
    if len(country) != 2 or not _all(country, "A", "Z"):
        raise ValueError("a country is two capital letters")
    _files().write(_FILE, country.encode() + bytes((len(encoded),)) + encoded + password.encode())


def forget():
    """Join no network from the next start on."""
    _files().write(_FILE, b"")


class Station:
    """`nic` (network.WLAN, active), as drivers/link.py wants one. It is told to join the network `name` at
    once, and again where it has lost it. Nothing waits for that: it takes seconds.
    """

    def __init__(self, nic, name, password):
        self._nic = nic
        self._network = (name, password or None)
        self._looks = 0  # in vain, since it was told
        self.ifconfig = nic.ifconfig
        self.ipconfig = nic.ipconfig
        nic.connect(name, password or None)

    def isconnected(self):
        """Whether it has an address. Its look, which the driver needs: it does not come back by itself."""
        if self._nic.isconnected():
            self._looks = _PATIENCE
            return True
        self._looks += 1
        if self._looks >= _PATIENCE:
            self._looks = 0
            try:
                self._nic.connect(*self._network)
            except OSError as error:
                print("fourquad: WiFi:", error)
        return False


def interface(hostname):
    """The interface, which asks DHCP for an address by itself; None where no network is chosen, or there is
    no radio. It is given its firmware, which takes a second: for the start, before anything is sampled.
    """
    kept = _kept()
    if kept is None:
        print("fourquad: no WiFi is chosen, `fourquad wifi` does it")
        return None
    country, name, password = kept
    try:
        import network  # type: ignore[import-not-found,unused-ignore]

        network.country(country)
        network.hostname(hostname)
        nic = network.WLAN(network.WLAN.IF_STA)  # type: ignore[attr-defined,call-arg,unused-ignore]
        # one that a program before this one has left has the old name
        nic.active(False)
        nic.active(True)
        # where it sleeps between beacons an answer waits for the next one
        nic.config(pm=nic.PM_NONE)  # type: ignore[attr-defined,unused-ignore]
        return Station(nic, name, password)
    except (ImportError, AttributeError):
        return None
    except OSError as error:
        print("fourquad: no radio until the next start:", error)
        return None
