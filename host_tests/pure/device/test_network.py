"""A whole meter with its network module, over a network in memory: what the manual's chapter 5 says of Modbus
TCP and of the module's settings.
"""

from device.device_fakes import Plant, allow, started

from fourquad import models
from fourquad import points as p
from fourquad.device.network import make
from fourquad.net import desk as d
from fourquad.net.access import matches
from fourquad.points import columns as c
from fourquad.points import network as n

PASSED, FORBIDDEN, RANGE = p.OK, p.FORBIDDEN, p.RANGE


def test_modbus_tcp_is_there_as_the_manual_prints_it():
    # M 1964-2168: header echoed, length, unit, function
    plant = started()
    assert list(plant.sockets.listeners) == [502, 20000] and plant.sockets.listeners[502].backlog == 4
    client = plant.client()
    assert plant.ask(client, "0000 0000 0006 01 02 0000 0004") == "000000000004010201" + "00"
    assert plant.ask(client, "0000 0000 000B 01 10 1008 0002 04 01F4 0005") == "000000000006" + "011010080002"
    assert plant.ask(client, "0000 0000 0006 01 03 4000 0048")[:18] == "000000000093010390"
    assert plant.ask(client, "1234 0000 0006 01 2B 0000 0000") == "123400000003" + "01ab01"
    # the readings that are there every 100 ms
    assert plant.ask(client, "0001 0000 0006 01 03 3000 003C")[:18] == "00010000007b010378"


def test_defaults_of_the_manual():
    plant = started()
    read = [plant.get(i) for i in range(n.DHCP, n.ACCESS_HTTP + 1)]
    addresses = [192, 168, 1, 254, 255, 255, 255, 0, 192, 168, 1, 1, 8, 8, 8, 8, 8, 8, 4, 4]
    assert read == [0] + addresses + [502, 0, 0, 0, 0]
    assert plant.get(p.SECOND_PROTOCOL) == 3 and plant.get(p.BAUD_2) == 38400


def test_the_port_is_502_or_from_2000_to_5999():
    plant = started()
    assert [plant.set(n.MODBUS_PORT, x) for x in (0, 501, 503, 1999, 6000, 65536)] == [RANGE] * 6
    assert [plant.set(n.MODBUS_PORT, x) for x in (2000, 5999, 502, 4502)] == [PASSED] * 4
    plant.run(100)
    assert list(plant.sockets.listeners) == [502, 20000], "changes take effect with a reset of the module"
    client = plant.client()
    # as a master resets it: 101AH = 1, which is answered first and reads 0 then
    assert plant.ask(client, "0001 0000 0006 01 06 101A 0001") == "00010000000601" + "06101a0001"
    assert client.closed and plant.get(p.MODULE_RESET) == 0
    assert [s.port for s in plant.sockets.open] == [4502, 20000, 20000]


def test_what_the_module_holds_cannot_be_changed():
    plant = started()
    client = plant.client()
    for register, value in (("102F", "2580"), ("1030", "0000"), ("1038", "0000")):
        assert plant.ask(client, "0001 0000 0006 01 06", register, value)[-4:] == "8604"
    assert plant.ask(client, "0001 0000 0006 01 06 1030 0003")[-8:] == "10300003", "the value that it has"


def test_its_unit_is_the_address_of_the_second_port():
    plant = started()
    client = plant.client()
    plant.set(p.ADDRESS_2, 17)
    read = "03 1031 0001"
    assert plant.ask(client, "0001 0000 0006 11", read)[-8:] == "03020011"
    assert plant.ask(client, "0001 0000 0006 01", read)[-4:] == "830b"
    for unit in ("00", "FF"):
        assert plant.ask(client, "0001 0000 0006", unit, read)[-8:] == "03020011"


def test_the_seal_of_the_ethernet_module():
    # table 4-2: bit 1 of 101EH
    plant = started()
    settings = plant.device.meter.settings
    plant.set(p.SEAL_OPTIONS, 2)
    settings.sealed = True
    for offset in (n.DHCP, n.IP, n.DNS_2 + 3, n.FAST_READ, n.ACCESS_MODBUS):
        assert plant.set(offset, 1 - plant.get(offset) % 2) == FORBIDDEN
    texts = plant.points.provider(p.SETTING + n.ALLOWED).texts
    assert texts.check(n.ALLOWED - p.GROUP_NETWORK, b"10.0.0.1") == FORBIDDEN
    assert plant.set(p.MODULE_RESET, 2) == FORBIDDEN, "it would change them"
    assert plant.set(p.MODULE_RESET, 1) == PASSED
    settings.sealed = False
    assert plant.set(n.DHCP, 1) == PASSED


def test_only_known_addresses_are_let_in():
    plant = started()
    allow(plant, b"10.0.0.7", b"192.168.*.9")
    assert not plant.client(host="172.16.0.1").closed
    plant.set(n.ACCESS_MODBUS, 1)
    for host, closed in (
        ("172.16.0.1", True),
        ("10.0.0.7", False),
        ("10.0.0.70", True),
        ("192.168.3.9", False),
    ):
        assert plant.client(host=host).closed is closed
    desk = plant.device.ports[-1].board.desks[0]
    assert desk.counters[d.REFUSED] == 2


LISTED = ((502, n.ACCESS_MODBUS), (20000, n.ACCESS_DNP3), (80, n.ACCESS_HTTP))


def test_modbus_dnp3_and_the_web_pages_have_a_switch_each():
    plant = started()
    plant.set(n.HTTP, 1)
    plant.reset_module()
    allow(plant, b"10.0.0.7", b"192.168.*.9")
    for _, switch in LISTED:
        plant.set(switch, 1)
        for port, other in LISTED:
            for host in ("172.16.0.1", "10.0.0.7", "192.168.3.9"):
                pipe = plant.client(port, host)
                assert pipe.closed is (other == switch and host[:3] == "172"), (switch, port, host)
                pipe.ended = True
                plant.run(50)
        plant.set(switch, 0)


def test_datagrams_of_dnp3_are_of_known_addresses_too():
    plant = started()
    allow(plant, b"10.0.0.7")
    [desk] = [each for each in plant.device.switchboard.desks if each.name == "dnp3udp"]
    socket = plant.sockets.datagrams[20000]

    def come(host):
        """Bytes that the service has got, and datagrams that it was spared."""
        before = desk.counters[d.BYTES_IN], desk.counters[d.REFUSED]
        socket.to_us.append((b"\x05\x64\x05\xc9\x01\x00\x00\x00", (host, 20000)))
        plant.run(200)  # the first makes an outstation
        return desk.counters[d.BYTES_IN] - before[0], desk.counters[d.REFUSED] - before[1]

    assert come("172.16.0.1") == (8, 0)
    plant.set(n.ACCESS_DNP3, 1)
    assert come("172.16.0.1") == (0, 1) and come("10.0.0.7") == (8, 0)


def test_every_service_that_others_may_write_by_has_such_a_switch():
    for name in ("kw320", "kw320q", "acurev2020"):
        model = models.load(name, options=("network",))
        for row in model.SERVICES + model.SECURE:
            asked = row[c.SERVICE] in ("stream", "datagram") and row[c.MACHINE].split(".")[0]
            if asked in ("modbus", "dnp3", "http"):
                assert n.ACCESS_MODBUS <= row[c.WHITELIST] <= n.ACCESS_HTTP, row[c.NAME]


def test_what_a_service_counts():
    # DF00H: accepted, refused, replaced, closed for silence, bytes in and out, connections now, port
    plant = started()
    client, other = plant.client(), plant.client()
    other.broken = True
    plant.run(20)
    request = "0001 0000 0006 01 03 DF00 0010"
    words = "0002 0000 0000 0000 000c 0000 0001 01f6" + "0000" * 7 + "4e20"
    assert plant.ask(client, request)[18:] == words.replace(" ", "")
    words = words.replace("000c 0000", "0018 0029")
    assert plant.ask(client, request)[18:] == words.replace(" ", "")
    assert plant.ask(client, "0001 0000 0006 01 06 DF00 0000")[-4:] == "8602"


def test_what_a_service_counts_by_itself_has_names():
    plant = started()
    network = plant.device.ports[-1]
    named = 0
    for row in plant.model.SERVICES:
        service = make(row, network._parts)
        if hasattr(service, "counters"):
            module = __import__("fourquad.protocols." + row[c.MACHINE], None, None, ("make",))
            assert len(module.COUNTERS) == len(service.counters), row[c.NAME]
            named += 1
    assert named >= 8


def test_an_address_and_its_pattern():
    for pattern, host, good in (
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.77", False),
        ("10.*.0.7", "10.5.0.7", True),
        ("*.*.*.*", "1.2.3.4", True),
        ("*", "1.2.3.4", False),
        ("10.0.0", "10.0.0.7", False),
        ("10.0.0.*", "fe80::1", False),
        ("fe80::1", "fe80::1", True),
    ):
        assert matches(pattern, host) is good, pattern


def test_defaults_come_back_with_a_reset():
    plant = started()
    plant.set(n.MODBUS_PORT, 2502)
    plant.set(n.IP + 3, 7)
    allow(plant, b"10.0.0.7")
    plant.reset_module(2)
    assert plant.get(n.MODBUS_PORT) == 502 and plant.get(n.IP + 3) == 254
    texts = plant.points.provider(p.SETTING + n.ALLOWED).texts
    assert texts.read(n.ALLOWED - p.GROUP_NETWORK) == b""


def test_settings_outlive_a_power_cut():
    plant = started()
    plant.set(n.MODBUS_PORT, 2502)
    allow(plant, b"10.0.0.7")
    plant.run(3000)
    plant.power_on()
    plant.run(1500)
    assert list(plant.sockets.listeners) == [2502, 20000]
    assert plant.points.provider(p.SETTING + n.ALLOWED).texts.read(n.ALLOWED - p.GROUP_NETWORK) == b"10.0.0.7"


def test_texts_by_register():
    plant = started()
    client = plant.client()
    # D800H: 8 registers of the first address; D8A0H: the host name
    write = "0001 0000 0017 01 10 D800 0008 10"
    assert plant.ask(client, write, b"10.0.0.7".hex(), "00" * 8)[12:] == "0110d8000008"
    assert plant.ask(client, "0001 0000 0006 01 03 D800 0008")[18:] == b"10.0.0.7".hex() + "00" * 8
    assert plant.ask(client, "0001 0000 0006 01 03 D8A0 0010")[18:] == b"fourquad".hex() + "00" * 24
    assert plant.ask(client, write, b"10.0.0.x".hex(), "00" * 8)[-4:] == "9003"


def test_a_meter_without_the_module_has_none_of_it():
    plant = Plant("kw320")
    plant.run(1500)
    for offset in (n.DHCP, n.MODBUS_PORT, n.ALLOWED):
        assert plant.points.check(p.SETTING + offset, 0) == p.UNKNOWN
    assert plant.points.check(p.SETTING + p.MODULE_RESET, 1) == RANGE
    assert plant.device.meter.network is None and len(plant.device.ports) == 1


def test_both_meters_can_have_the_module():
    for name in ("kw320", "kw320q"):
        model = models.load(name, options=("network", "nothing"))
        assert name == model.NAME and "meter.network" in model.PARTS
        offsets = [row[0] for row in model.SETTINGS]
        assert offsets == sorted(offsets) and len(set(offsets)) == len(offsets)


def test_where_it_is_on_the_network():
    plant = started()
    assert plant.named == "fourquad"
    # manual 5.1.4
    assert plant.link.joined == [("192.168.1.254", "255.255.255.0", "192.168.1.1", "8.8.8.8")]
    plant.set(n.IP + 3, 7)
    plant.set(n.DHCP, 1)
    plant.run(100)
    assert len(plant.link.joined) == 1
    plant.reset_module()
    plant.run(100)
    assert plant.link.joined[1:] == [None]
    plant.set(n.DHCP, 0)
    plant.reset_module()
    plant.run(100)
    assert plant.link.joined[-1][0] == "192.168.1.7"
