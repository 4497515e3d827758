"""A W5500, by MicroPython's own driver over lwIP (boards/common/w5500.h says where it is wired)."""

_NOBODY = (b"\x00" * 6, b"\xff" * 6)


def interface(hostname):
    """The interface, which asks DHCP for an address by itself; None where there is no W5500, or no network in
    the image. Takes 0.4 s: for the start, before anything is sampled.
    """
    try:
        import network  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    network.hostname(hostname)
    nic = network.WIZNET5K()  # type: ignore[attr-defined,unused-ignore]
    nic.active(True)
    # the address that the driver has given the chip is read back from it
    if nic.config("mac") in _NOBODY:
        nic.active(False)
        return None
    return nic
