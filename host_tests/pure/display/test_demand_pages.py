"""The mode Demand and the icons of modules, network and tariff: manual 3.1 and the example of 3.4."""

from panel_fake import CHOOSE, E, Fake, H, P, V
from test_recovery import reborn

from fourquad import points as p
from fourquad.points import billing as b

DEMAND = (CHOOSE, P, P, V)
SYSTEM = [("sum", "3.285", "kW"), ("sum", "0.000", "kvar"), ("sum", "3.285", "kVA")]
CURRENTS = [("1", "4.700", "A"), ("2", "4.800", "A"), ("3", "4.900", "A")]
# "1LL: no phase C current demand. 1LN: no phase B and C current demand."
SHOWN = {0: 3, 1: 1, 2: 3, 3: 3, 4: 2}


def demand(wiring=0):
    fake = Fake(wiring)
    for i, value in enumerate((3285.0, 0.0, 3285.0, 4.7, 4.8, 4.9)):
        fake.readings[p.P_DEMAND + i] = value
    fake.keys(*DEMAND)
    return fake


def test_two_screens_in_every_wiring():
    for wiring, phases in SHOWN.items():
        fake = demand(wiring)
        for key in (P, E):
            assert fake.screen.item == "DMD" and fake.rows() == SYSTEM
            fake.keys(key)
            assert fake.screen.item == "DMD" and fake.rows() == CURRENTS[:phases]
            fake.keys(key)


def test_keys_without_a_command_do_nothing():
    fake = demand()
    for key in (H, V):
        fake.keys(key)
        assert fake.rows() == SYSTEM
    fake.keys(P, H, V)
    assert fake.rows() == CURRENTS


def test_a_meter_without_demands_shows_dashes():
    fake = Fake()
    fake.keys(*DEMAND)
    assert [digits for _, digits, _ in fake.rows()] == ["----"] * 3


def test_the_page_comes_back():
    fake = demand()
    for _ in range(2):
        other = reborn(fake)
        other.readings.update(fake.readings)
        assert other.rows() == fake.rows() and other.screen.mode == 2
        fake.keys(P)


def test_modules_by_their_kinds():
    fake = Fake()
    # bits of 1036H: IO11, IO12, IO21, IO22, IO31, IO32
    for modules, words in ((0, ""), (1, "M1"), (2, "M1"), (3, "M1x2"), (4, "M2"), (12, "M2x2")) + (
        (0b100000, "M3"),
        (0b010101, "M1 M2 M3"),
        (0b110001, "M1 M3x2"),
    ):
        fake.state[p.MODULES] = modules
        assert fake.draw().modules == words


def test_the_network_module_is_named_by_the_second_protocol():
    fake = Fake()
    assert fake.draw().network == ""
    fake.screen.linked = True
    # "others": an Ethernet module
    for protocol, word in ((0, "ETH"), (1, "BACNET"), (2, "MESH"), (3, "ETH")):
        fake.settings.values[p.SECOND_PROTOCOL] = protocol
        assert fake.draw().network == word


class Billing:
    """The tariff in force."""

    tariff = 3

    def read(self, index):
        if index != b.TARIFF:
            raise KeyError(index)
        return self.tariff


def test_the_tariff_shows_while_there_is_time_of_use():
    fake = Fake()
    fake.points.provide(p.BILLING, Billing())
    assert fake.draw().tariff == 0
    fake.settings.values[p.TOU_ON] = 0
    assert fake.draw().tariff == 0
    fake.settings.values[p.TOU_ON] = 1
    assert fake.draw().tariff == 3
