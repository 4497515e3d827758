"""The panel's NET pages (KW320 manual 5.1.5) on a whole meter with its network module."""

from device.device_fakes import Plant, started

from fourquad import points as p
from fourquad.display.rows.screen import Screen
from fourquad.display.rows.setting import Setting
from fourquad.models.kw320 import menu as t
from fourquad.points import network as n

H, P, E, V = t.NEXT_DIGIT, t.UP, t.DOWN, t.ENTER


class Panel:
    """The setting mode after its password, with NET chosen where it is offered."""

    def __init__(self, plant):
        self.setting = Setting(t, plant.points)
        self.setting.enter(0)
        self.setting.tick(t.ADDRESS_TIME)
        self.keys(V)

    def keys(self, *keys):
        for key in keys:
            self.setting.key(key)
        screen = Screen()
        screen.clear()
        self.setting.draw(screen)
        return screen


def test_the_pages_in_their_order():
    plant = started()
    panel = Panel(plant)
    assert panel.keys().digits[:2] == ["SYS", "NET"]
    s = panel.keys(P, V)
    assert (s.item, s.digits[0], s.line) == ("N01", "DHCP", "MANUAL")
    shown = []
    for _ in range(5):
        s = panel.keys(P)
        shown.append((s.item, ".".join(s.digits), s.line))
    assert shown == [
        ("N02", "192.168.1.254", "IP"),
        ("N03", "255.255.255.0", "MASK"),
        ("N04", "192.168.1.1", "GATE WAY"),
        ("N05", "8.8.8.8", "DNS1"),
        ("N06", "8.8.4.4", "DNS2"),
    ]
    s = panel.keys(P)
    assert (s.item, s.digits[:2], s.line) == ("N07", ["MODB", "PORT"], "502")
    s = panel.keys(P)
    assert (s.item, s.digits[:2], s.line) == ("N08", ["HTTP", "PORT"], "80")
    assert panel.keys(P).digits[:2] == ["NET", "RST"]
    s = panel.keys(P)
    assert (s.item, s.digits[:2], s.line) == ("N10", ["PASS", "RST"], "NO")
    assert panel.keys(P).item == "N01"


def test_what_dhcp_gives_is_shown_and_cannot_be_changed():
    plant = started()
    assert plant.set(n.DHCP, 1) == p.OK
    plant.reset_module()
    panel = Panel(plant)
    s = panel.keys(P, V, P)
    assert (s.item, s.digits) == ("N02", ["10", "0", "2", "15"])
    s = panel.keys(V)
    assert s.line == "ERR" and s.flash_row < 0
    assert panel.keys(P).digits == ["255", "255", "255", "0"]
    assert panel.keys(P).digits == ["10", "0", "2", "2"]
    # a name server can be set all the same
    assert panel.keys(P, V).flash_row == 0


def test_the_passwords_of_the_web_pages_are_reset():
    plant = started()
    at = p.SETTING + n.HTTP_USER
    texts = plant.points.provider(at).texts
    texts.write(n.HTTP_USER - p.GROUP_NETWORK, b"$00")
    panel = Panel(plant)
    s = panel.keys(P, V, *(P,) * 9)
    assert s.item == "N10"
    s = panel.keys(V, P, V)
    assert s.digits[3] == "OK" and s.line == "NO"
    assert texts.read(n.HTTP_USER - p.GROUP_NETWORK) == b""


def test_an_address_is_changed_digit_by_digit():
    plant = started()
    panel = Panel(plant)
    s = panel.keys(P, V, P, V)
    assert s.digits == ["192", "168", "001", "254"] and (s.flash_row, s.flash_col) == (0, 0)
    # 192.168.1.254 to 192.168.11.54
    s = panel.keys(*(H,) * 7, P)
    assert s.digits == ["192", "168", "011", "254"] and (s.flash_row, s.flash_col) == (2, 1)
    s = panel.keys(H, H, E, E)
    assert s.digits[3] == "054" and plant.get(n.IP + 2) == 1
    s = panel.keys(V)
    assert s.line == "OK" and s.digits == ["192", "168", "11", "54"]
    assert [plant.get(n.IP + i) for i in range(4)] == [192, 168, 11, 54]
    # a number beyond 255 stays under edit, and nothing is stored
    s = panel.keys(V, P, P, V)
    assert s.line == "ERR" and s.digits[0] == "392" and plant.get(n.IP) == 192
    s = panel.keys(E, V)
    assert s.line == "ERR" and s.digits[0] == "292"
    s = panel.keys(E, V)
    assert s.line == "OK" and plant.get(n.IP) == 192
    # after the last digit the first
    panel.keys(V, *(H,) * 12)
    assert panel.keys().flash_row == 0


def test_the_port_and_the_reset_of_the_module():
    plant = started()
    panel = Panel(plant)
    panel.keys(P, V, *(P,) * 6)
    # 00502 to 02502
    s = panel.keys(V, H, P, P, V)
    assert s.digits[3] == "OK" and plant.get(n.MODBUS_PORT) == 2502
    s = panel.keys(V, H, E, E, V)
    assert s.digits[3] == "OK" and plant.get(n.MODBUS_PORT) == 502
    panel.keys(V, H, P, P, V)
    s = panel.keys(P, P, V, P)
    assert s.line == "RESET"
    s = panel.keys(V)
    assert s.line == "NO", "it says No again when it is done"
    plant.run(10)
    assert [each.port for each in plant.sockets.open][0] == 2502


def test_sealed():
    plant = started()
    plant.set(p.SEAL_OPTIONS, 2)
    plant.device.meter.settings.sealed = True
    panel = Panel(plant)
    s = panel.keys(P, V, P, V)
    assert s.line == "SEAL" and s.flash_row < 0


def test_without_the_module_there_is_no_such_group():
    plant = Plant("kw320")
    plant.run(1500)
    digits = Panel(plant).keys().digits
    assert digits[0] == "SYS" and "NET" not in digits
