"""The modes Max/Min and Harmonic: pages of every wiring as the notes of 3.3 and 3.5 have them."""

from panel_fake import CHOOSE, E, Fake, H, P, V

from fourquad import points as p

MAX_MIN = (CHOOSE, P, V)
HARMONIC = (CHOOSE, P, P, P, V)


def labels(fake):
    return [label for label, _, _ in fake.rows() if label]


def tour(fake, key, limit=70):
    """Icons, flags and labels of every page that `key` turns to, until the first comes back."""
    seen = []
    while len(seen) < limit:
        s = fake.draw()
        page = (s.item, s.flags, tuple(labels(fake)))
        if seen and page == seen[0]:
            return seen
        seen.append(page)
        fake.keys(key)
    raise AssertionError("no end")


def test_maxima_forward_backward_and_minima():
    fake = Fake()
    s = fake.keys(*MAX_MIN)
    assert s.modes[s.mode] == "Max/Min" and (s.item, s.flags) == ("U", "MAX")
    # the fake has no maximum of V1 yet
    assert fake.rows() == [("1", "----", ""), ("2", "101.0", "V"), ("3", "102.0", "V")]
    forward = tour(fake, P)
    assert [page[0] for page in forward] == ["U", "U", "I", "PQS", "PFF", "DMD", "UI", "U", "I", "DMD"]
    assert all("MAX" in page[1] for page in forward)
    backward = tour(fake, E)
    assert backward == forward[:1] + forward[:0:-1]
    # V/A keeps the page
    fake.keys(P, P)
    s = fake.keys(V)
    assert (s.item, s.flags) == ("I", "MIN")
    assert fake.rows()[0] == ("1", "131.0", "A")
    s = fake.keys(V)
    assert (s.item, s.flags) == ("I", "MAX")
    # H does nothing
    before = s.as_dict()
    assert fake.keys(H).as_dict() == before


def test_demands_of_the_currents_have_no_minima():
    fake = Fake()
    fake.keys(*MAX_MIN)
    s = fake.keys(E)
    assert s.item == "DMD" and fake.rows()[0] == ("1", "150.0", "A")
    s = fake.keys(V)
    assert (s.item, s.flags) == ("DMD", "MIN")
    assert [digits for _, digits, _ in fake.rows()] == ["----"] * 3


def test_delta_has_no_phase_voltages():
    for wiring in (2, 3):
        fake = Fake(wiring)
        fake.keys(*MAX_MIN)
        pages = tour(fake, P)
        assert pages[0] == ("U", "MAX", ("1-2", "2-3", "3-1"))
        assert [page[0] for page in pages] == ["U", "I", "PQS", "PFF", "DMD", "UI", "U", "I", "DMD"]
        assert tour(fake, E)[1][0] == "DMD"


def test_two_phases_have_no_third():
    fake = Fake(4)
    fake.keys(*MAX_MIN)
    for item, flags, shown in tour(fake, P):
        assert "3" not in shown and "2-3" not in shown and "3-1" not in shown, (item, flags)
        assert "Unbalance" not in flags


def test_one_phase():
    fake = Fake(1)
    fake.keys(*MAX_MIN)
    pages = tour(fake, P)
    assert [page[0] for page in pages] == ["U", "I", "PQS", "PFF", "DMD", "U", "I", "DMD"]
    for _, _, shown in pages:
        assert "2" not in shown and "1-2" not in shown


def test_power_quality():
    fake = Fake()
    s = fake.keys(*HARMONIC)
    assert s.modes[s.mode] == "Harmonic" and (s.item, s.flags) == ("U", "THD")
    assert fake.rows() == [("1", "0.00", "%"), ("2", "0.01", "%"), ("3", "0.02", "%"), ("avg", "0.03", "%")]
    # P and E do nothing here
    before = s.as_dict()
    assert fake.keys(P, E, E).as_dict() == before
    words = []
    for _ in range(9):
        words.append((fake.screen.item, fake.rows()[-1][1]))
        fake.keys(H)
    assert [item for item, _ in words] == ["U"] * 5 + ["I"] * 4
    assert [word for _, word in words[1:5]] == ["ODD", "EVEN", "THFF", "CF"]
    assert [word for _, word in words[6:]] == ["ODD", "EVEN", "KF"]
    assert fake.screen.as_dict() == before


def test_values_of_the_sums():
    fake = Fake()
    fake.keys(*HARMONIC)
    at = p.HARMONIC_V1 + p.ORDERS
    fake.harmonics[at + 2] = 1414
    fake.harmonics[at + 3] = 12345
    fake.harmonics[p.HARMONIC_I1 + p.ORDERS + 2] = 98
    fake.harmonics[p.HARMONIC_I1 + p.ORDERS] = 65535
    fake.keys(H, H, H)
    assert fake.rows()[0] == ("1", "123.5", "%")
    fake.keys(H)
    assert fake.rows()[0] == ("1", "1.414", "")
    fake.keys(H, H)
    assert fake.rows()[0] == ("1", "655.4", "%")
    fake.keys(H, H)
    assert fake.rows()[0] == ("1", "9.8", "")


def test_orders_go_round_in_both_directions():
    fake = Fake()
    fake.keys(*HARMONIC)
    s = fake.keys(V)
    assert s.item == "U02"
    for order in range(2, 64):
        assert fake.screen.item == f"U{order:02d}"
        index = p.HARMONIC_V1 + order - 2
        expected = [index + p.VOLTAGE_HARMONICS * k for k in range(3)]
        assert [round(float(digits) * 100) for _, digits, _ in fake.rows()] == expected
        fake.keys(P)
    assert fake.screen.item == "U02"
    assert fake.keys(E).item == "U63"
    # voltages and currents at the same order
    assert fake.keys(V).item == "I63"
    assert round(float(fake.rows()[2][1]) * 100) == p.HARMONIC_I1 + 2 * p.CURRENT_HARMONICS + 61
    assert fake.keys(P).item == "I02"
    assert fake.keys(V).item == "U02"
    assert fake.keys(H).flags == "THD"


def test_wirings_of_the_ratios():
    for wiring, volts, amps in (
        (0, ["1", "2", "3"], ["1", "2", "3"]),
        (1, ["1"], ["1"]),
        (2, ["1-2", "3-1", "2-3"], ["1", "2", "3"]),
        (3, ["1-2", "3-1", "2-3"], ["1", "2", "3"]),
        (4, ["1", "2"], ["1", "2"]),
    ):
        fake = Fake(wiring)
        fake.keys(*HARMONIC)
        fake.keys(V)
        assert labels(fake) == volts
        fake.keys(V)
        assert labels(fake) == amps


def test_the_pages_come_back_after_a_power_cut():
    fake = Fake()
    fake.keys(*HARMONIC)
    fake.keys(V, V)
    for _ in range(62):
        fake.keys(P)
        other = Fake()
        assert 0 <= fake.menu.page_word < 65536
        other.menu.recover(fake.menu.page_word)
        assert other.draw().as_dict() == fake.screen.as_dict()
