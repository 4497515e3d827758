"""I/O modules on the panel of a KW320: the mode Digital I/O and the setting pages, each only of what is
connected (manual 3.1, 3.7).
"""

from test_with_meter import CHOOSE, E, H, P, Panel, V

from fourquad import points as p
from fourquad.display.rows.menu import Menu
from fourquad.models.kw320 import menu as table
from fourquad.points import modules as m

MODES = ("Meter", "Max/Min", "Demand", "Harmonic", "Setting", "Digital I/O")
# Inputs, relays, digital outputs, analog terminals by the manual's 5.1 to 5.3: (first, how many).
HAS = {
    "io11": ((1, 6), (1, 2), None, None),
    "io21": ((7, 4), None, (1, 2), (1, 2)),
    "io31": ((11, 4), (3, 2), None, (1, 2)),
    "io12": ((15, 6), (5, 2), None, None),
    "io22": ((21, 4), None, (3, 2), (3, 2)),
    "io32": ((25, 4), (7, 2), None, (3, 2)),
}


def panel(*modules):
    one = Panel()
    one.meter.io.connect(modules)
    return one


def digital(one):
    """To the mode, in front of the first."""
    one.keys(CHOOSE, E, V)
    return one.screen


def rows(one):
    one.menu.draw(one.screen)
    s = one.screen
    return [(s.labels[i], s.digits[i], s.units[i]) for i in range(4) if s.labels[i]]


def walk(one, key=P):
    """All screens of the mode, from the present one on."""
    first, seen = rows(one), []
    item = one.screen.item
    while True:
        seen.append((one.screen.item, rows(one)))
        one.keys(key)
        if (one.screen.item, rows(one)) == (item, first):
            return seen


def test_the_mode_is_there_only_while_a_module_is():
    one = panel()
    assert one.keys(CHOOSE).modes == MODES[:5]
    assert [one.keys(P).mode for _ in range(5)] == [1, 2, 3, 4, 0]
    one.meter.io.connect(["io32"])
    one.menu.draw(one.screen)
    assert one.screen.modes == MODES and one.screen.modules == "M3"
    assert [one.keys(P).mode for _ in range(6)] == [1, 2, 3, 4, 5, 0]
    # while the cursor is on it
    one.keys(E)
    assert one.screen.mode == 5
    one.meter.io.connect([])
    one.menu.draw(one.screen)
    assert one.screen.mode == 0 and one.screen.choosing
    assert one.keys(V).item == "U"


def test_each_module_has_its_terminals_and_no_other():
    for name in HAS:
        one = panel(name)
        digital(one)
        assert one.screen.mode == 5
        seen = walk(one)
        assert {item for item, _ in seen} == {"M" + name[2:]}
        expected = []
        inputs, relays, outputs, analog = HAS[name]
        # states and counts of the inputs, then what else there is
        for first, count in [inputs, inputs] + [has for has in (relays, outputs, analog) if has]:
            numbers = [str(first + i) for i in range(count)]
            expected += [numbers[i : i + 4] for i in range(0, count, 4)]
        assert [[label for label, _, _ in page] for _, page in seen] == expected


def test_states_and_counts():
    one = panel("io11", "io12")
    one.meter.points.write(p.SETTING + m.IO11_DI_TYPE, 0b100000)
    for n in range(3):
        one.meter.io.set_input(5, n % 2 == 0)
    one.meter.io.set_input(1, 1)
    assert one.meter.points.write(p.MODULE + m.RELAY1 + 1, 1) == p.OK
    digital(one)
    assert one.screen.modules == "M1x2"
    assert rows(one) == [("1", "OFF", "DI"), ("2", "ON", "DI"), ("3", "OFF", "DI"), ("4", "OFF", "DI")]
    one.keys(P)
    assert rows(one) == [("5", "OFF", "DI"), ("6", "ON", "DI")]
    one.keys(P, P)
    assert rows(one) == [("5", "0", ""), ("6", "2", "")]
    one.keys(P)
    assert rows(one) == [("1", "OFF", "RO"), ("2", "ON", "RO")]
    one.keys(P)
    assert one.screen.item == "M12" and rows(one)[0][0] == "15"
    one.keys(E)
    assert one.screen.item == "M11"
    before = rows(one)
    one.keys(H, V)
    assert rows(one) == before


def test_large_counts_have_four_digits():
    one = panel("io11")
    digital(one)
    one.keys(P, P)
    for count, text, unit in ((9999, "9999", ""), (10000, "10.00", "k"), (99994, "99.99", "k")) + (
        (999900, "999.9", "k"),
        (4294967295, "4295", "M"),
    ):
        one.meter.io.counts[0] = count
        assert rows(one)[0] == ("1", text, unit), count


def test_the_page_comes_back_unless_its_module_is_gone():
    one = panel("io21", "io31")
    digital(one)
    for _ in range(8):
        other = Menu(table, one.meter.points)
        other.recover(one.menu.page_word)
        assert other.page_word == one.menu.page_word != 0
        one.keys(P)
    word = one.menu.page_word
    for left in (["io31"], ["io21"], []):
        one.meter.io.connect(left)
        other = Menu(table, one.meter.points)
        other.recover(word)
        other.draw(one.screen)
        if not left:
            assert one.screen.item == "U" and one.screen.mode == 0 and other.page_word == 0
        else:
            assert one.screen.item == "M" + left[0][2:]


def setting_pages(one):
    """Item, words and module of each page of the group I/O."""
    one.keys(CHOOSE)
    while one.screen.modes[one.screen.mode] != "Setting":
        one.keys(P)
    one.keys(V)
    one.now += 3000
    one.menu.tick(one.now)
    one.keys(V)
    one.keys(P, V)
    seen = []
    while not seen or one.screen.item != seen[0][0]:
        s = one.screen
        seen.append((s.item, s.digits[0], s.digits[1], s.digits[2], s.line))
        one.keys(P)
    return seen


def test_setting_pages_of_what_is_connected():
    # 109EH-10A2H; 10A3H-10A9H with AO1, AO2 and their curves; 10AAH-10AFH
    sizes = {"io11": 5, "io21": 27, "io31": 6, "io12": 5, "io22": 27, "io32": 6}
    for names in (("io11",), ("io21",), ("io31", "io12"), ("io22", "io32", "io11")):
        seen = setting_pages(panel(*names))
        assert len(seen) == sum([sizes[name] for name in names])
        assert {page[3] for page in seen} == {name.upper() for name in names}
        assert all(page[4] and page[4] != "----" for page in seen)
    assert panel().meter.points.read(p.STATE + p.MODULES) == 0


def edit(one, number, keys):
    """Open page M`number`, press keys, and enter; what it says."""
    seen = setting_pages(one)
    while one.screen.item != f"M{number:02d}":
        one.keys(P)
    one.keys(V, *keys)
    return one.keys(V), seen


def test_a_followed_value_has_a_sign_and_a_frequency_none():
    at = p.SETTING + m.AO1_GRADIENTS + 1
    one = panel("io21")
    points = one.meter.points
    assert points.write(p.SETTING + m.AO1_PARAMETER, 17) == p.OK
    # -00100: a sign and a one in the third place
    s, _ = edit(one, 15, (P, H, H, H, P))
    assert (s.digits[3], s.line) == ("OK", "-100") and points.read(at) == 65436
    # a number that has no place in 16 bits is none: 40000
    one.keys(V, P, H, P, P, P, P, H, H, E)
    s = one.keys(V)
    assert s.digits[3] == "ERR" and points.read(at) == 65436
    # of a frequency (400 Hz) it is 65436
    one = panel("io21")
    assert one.meter.points.write(at, 50000) == p.OK
    _, seen = edit(one, 15, ())
    assert [page[4] for page in seen if page[1:3] == ("AO1", "IN1")] == ["50000"]
    assert one.meter.points.read(at) == 50000
