"""The address and the name of a device, of a KW320's settings."""

from fourquad import models
from fourquad import points as p
from fourquad.meter.meter import Meter
from fourquad.net.address import fixed, host_name
from fourquad.points import network as n


def meter():
    return Meter(models.load("kw320", options=("network",)), [], 125_000_000, 12)


def test_as_it_leaves_the_factory():
    # manual 5.1.4: Ethernet 1 is 192.168.1.254 in 255.255.255.0, gateway 192.168.1.1, DNS 8.8.8.8
    points = meter().points
    assert fixed(points) == ("192.168.1.254", "255.255.255.0", "192.168.1.1", "8.8.8.8")
    assert host_name(points) == "fourquad"


def test_as_it_is_set():
    made = meter()
    for i, byte in enumerate((10, 0, 255, 7)):
        made.settings.write(n.IP + i, byte)
    assert fixed(made.points)[0] == "10.0.255.7"
    made.settings.write(n.DHCP, 1)
    assert fixed(made.points) is None
    index = p.SETTING + n.HOST_NAME
    made.points.provider(index).texts.write(index - made.points.base(index), b"feeder-7")
    assert host_name(made.points) == "feeder-7"
