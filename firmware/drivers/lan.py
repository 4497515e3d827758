"""Ethernet of a chip that has it, by MicroPython's own driver (network.LAN)."""


def interface(hostname):
    """The interface, which asks DHCP for an address by itself; None where the image has no network, or no
    cable was there within the driver's 10 s. For the start, before anything is sampled.
    """
    try:
        import network  # type: ignore[import-not-found,unused-ignore]

        network.hostname(hostname)
        nic = network.LAN()  # type: ignore[attr-defined,unused-ignore]
        nic.active(True)
    except (ImportError, AttributeError):
        return None
    except OSError as error:
        print("fourquad: no network until the next start:", error)
        return None
    return nic
