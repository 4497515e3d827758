"""Every page of every wiring, as the notes of the manual's 3.2 have them; values are those of the fake."""

from panel_fake import CHOOSE, E, Fake, H, P, V

from fourquad import points as p

U = ("230.0", "231.0", "232.0", "231.5")
UL = ("398.0", "399.0", "401.0", "399.5")
AMPS = ("5.000", "6.000", "7.000")

# "When the meter is set to 2LL or 3LL ... only the third screen and the fourth screen. When 1LN only phase A
# voltage and phase A current. When 1LL no phase C voltage and phase C current."
FOURTH_THREE = (("1", "5.000", "A"), ("2", "6.000", "A"), ("3", "7.000", "A"), ("avg", "6.125", "A"))
LINES_THREE = (("1-2", "398.0", "V"), ("2-3", "399.0", "V"), ("3-1", "401.0", "V"), ("avg", "399.5", "V"))
VOLTAGE_CURRENT = {
    0: (
        ("U", (("1", "230.0", "V"), ("2", "231.0", "V"), ("3", "232.0", "V"), ("avg", "231.5", "V"))),
        ("I", (("1", "5.000", "A"), ("2", "6.000", "A"), ("3", "7.000", "A"), ("N", "0.500", "A"))),
        ("U", LINES_THREE),
        ("I", FOURTH_THREE),
    ),
    1: (("U", (("1", "230.0", "V"),)), ("I", (("1", "5.000", "A"),))),
    2: (("U", LINES_THREE), ("I", FOURTH_THREE)),
    3: (("U", LINES_THREE), ("I", FOURTH_THREE)),
    4: (
        ("U", (("1", "230.0", "V"), ("2", "231.0", "V"), ("avg", "231.5", "V"))),
        ("I", (("1", "5.000", "A"), ("2", "6.000", "A"), ("N", "0.500", "A"))),
        ("U", (("1-2", "398.0", "V"),)),
        ("I", (("1", "5.000", "A"), ("2", "6.000", "A"), ("avg", "6.125", "A"))),
    ),
}

# "2LL or 3LL: only the fifth screen (system power) and the sixth (system power factor & frequency). 1LN: only
# phase A power and phase A power factor. 1LL: no phase C power and power factor."
FIFTH = ("PQS", (("sum", "3.650", "kW"), ("sum", "0.250", "kvar"), ("sum", "3.710", "kVA")))
SIXTH = ("PFF", (("sum", "0.750", ""), ("F", "50.00", "Hz")))
POWER = {
    0: (
        ("P", (("1", "1.150", "kW"), ("2", "1.200", "kW"), ("3", "1.300", "kW"), ("sum", "3.650", "kW"))),
        (
            "Q",
            (
                ("1", "0.100", "kvar"),
                ("2", "-0.200", "kvar"),
                ("3", "0.300", "kvar"),
                ("sum", "0.250", "kvar"),
            ),
        ),
        ("S", (("1", "1.160", "kVA"), ("2", "1.220", "kVA"), ("3", "1.330", "kVA"), ("sum", "3.710", "kVA"))),
        ("PF", (("1", "0.500", ""), ("2", "-0.866", ""), ("3", "0.984", ""), ("sum", "0.750", ""))),
        FIFTH,
        SIXTH,
    ),
    1: (
        ("P", (("1", "1.150", "kW"),)),
        ("Q", (("1", "0.100", "kvar"),)),
        ("S", (("1", "1.160", "kVA"),)),
        ("PF", (("1", "0.500", ""),)),
        ("PFF", (("F", "50.00", "Hz"),)),
    ),
    2: (FIFTH, SIXTH),
    3: (FIFTH, SIXTH),
    4: (
        ("P", (("1", "1.150", "kW"), ("2", "1.200", "kW"), ("sum", "3.650", "kW"))),
        ("Q", (("1", "0.100", "kvar"), ("2", "-0.200", "kvar"), ("sum", "0.250", "kvar"))),
        ("S", (("1", "1.160", "kVA"), ("2", "1.220", "kVA"), ("sum", "3.710", "kVA"))),
        ("PF", (("1", "0.500", ""), ("2", "-0.866", ""), ("sum", "0.750", ""))),
        FIFTH,
        SIXTH,
    ),
}

# "2LL or 3LL: voltage stands for line-to-line voltage. 1LN: only phase A current to phase A voltage. 1LL: no
# phase C voltage or current." A single phase and two phases have no three-phase unbalance (3.3, note).
D = "\u00b0"
UNBALANCE = ("UI", (("U", "1.5", "%"), ("I", "25.0", "%")))
CURRENT_ANGLES = ("\u2220I", (("1", "30.0", D), ("2", "150.0", D), ("3", "270.0", D)))
LL_ANGLES = (("\u2220U", (("2-3", "120.0", D), ("3-1", "240.0", D))), CURRENT_ANGLES, UNBALANCE)
ANGLES = {
    0: (("\u2220U", (("2", "120.0", D), ("3", "240.0", D))), CURRENT_ANGLES, UNBALANCE),
    1: (("\u2220I", (("1", "30.0", D),)),),
    2: LL_ANGLES,
    3: LL_ANGLES,
    4: (("\u2220U", (("2", "120.0", D),)), ("\u2220I", (("1", "30.0", D), ("2", "150.0", D)))),
}


def walk(key, expected, first_press):
    for wiring, pages in expected.items():
        fake = Fake(wiring)
        if first_press:
            fake.keys(key)
        for turn in (0, 1):
            for item, rows in pages:
                where = (wiring, turn, item)
                assert fake.draw().item == item, (where, fake.screen.item)
                assert fake.rows() == list(rows), (where, fake.rows())
                assert fake.screen.modes[fake.screen.mode] == "Meter"
                assert fake.screen.flags == ("Unbalance" if item == "UI" else "")
                fake.keys(key)


def test_voltage_and_current():
    walk(V, VOLTAGE_CURRENT, False)


def test_power():
    walk(P, POWER, True)


def test_angles_and_unbalance():
    walk(H, ANGLES, True)


def test_a_key_of_another_ring_opens_its_first_page():
    fake = Fake()
    fake.keys(P, P, P)
    assert fake.screen.item == "S"
    assert fake.keys(V).item == "U"
    assert fake.keys(P).item == "P"


ENERGY = (
    ("100.0", "kWh", "Imp"),
    ("200.0", "kWh", "Exp"),
    ("500.0", "kWh", "Total"),
    ("600.0", "kWh", "Net"),
    ("300.0", "kvarh", "Imp"),
    ("400.0", "kvarh", "Exp"),
    ("700.0", "kvarh", "Total"),
    ("800.0", "kvarh", "Net"),
    ("900.0", "kVAh", ""),
    ("2026-01-02", "", ""),
    ("03:04:05", "", ""),
    ("12345.67", "h", ""),
)


def set_clock(fake):
    # Year, month, day, hour, minute, second, running time in 0.01 h.
    for i, value in enumerate((2026, 1, 2, 3, 4, 5, 1234567)):
        fake.state[1 + i] = value


def test_energy_turns_the_fifth_line_and_leaves_the_page():
    fake = Fake()
    set_clock(fake)
    fake.keys(P, P)
    for _ in (0, 1):
        for text, unit, flag in ENERGY:
            s = fake.draw()
            assert (s.line, s.line_unit, s.line_flag) == (text, unit, flag)
            assert s.clock == (text.count("-") == 2 or text.count(":") == 2)
            assert s.item == "Q"
            fake.keys(E)


def test_secondary_energy_is_in_wh():
    fake = Fake()
    fake.settings.values[p.ENERGY_SIDE] = 1
    fake.energy[0] = 1234567
    assert fake.draw().line == "1234.567"


def test_icons():
    fake = Fake()
    s = fake.draw()
    assert (s.load, s.quadrant, s.load_type, s.modules) == (42, 1, "L", "")
    fake.readings[32] = 67.0
    fake.readings[38] = 4.0
    fake.readings[39] = float("nan")
    fake.state[12] = 1
    s = fake.draw()
    assert (s.load, s.quadrant, s.load_type, s.modules) == (-1, 4, "C", "M1")


def test_a_reading_that_the_meter_has_not_is_dashes():
    fake = Fake()
    del fake.readings[2]
    assert fake.rows()[1] == ("2", "----", "")


def test_wiring_changed_by_a_master_moves_on_to_a_page_that_is_there():
    fake = Fake()
    fake.keys(P)
    fake.settings.values[p.WIRING_U] = 3
    assert fake.draw().item == "PQS"


def test_mode_selection_flashes_and_enters():
    fake = Fake()
    s = fake.keys(CHOOSE)
    assert s.choosing and s.modes == ("Meter", "Max/Min", "Demand", "Harmonic", "Setting")
    assert s.mode == 0 and s.item == "U"
    assert [fake.keys(P).mode for _ in range(5)] == [1, 2, 3, 4, 0]
    assert [fake.keys(E).mode for _ in range(5)] == [4, 3, 2, 1, 0]
    s = fake.keys(V)
    assert not s.choosing and s.item == "U"
    dark = [fake.wait(100).dark for _ in range(12)]
    assert not any(dark)
    fake.keys(CHOOSE)
    dark = [fake.wait(100).dark for _ in range(22)]
    assert 8 <= sum(dark) <= 12 and not dark[0]


def test_mode_selection_ends_by_itself():
    fake = Fake()
    fake.keys(CHOOSE, P)
    assert fake.wait(29900).choosing
    s = fake.wait(200)
    assert not s.choosing and s.mode == 0 and not s.dark


def test_mode_selection_again_leaves_it():
    fake = Fake()
    assert not fake.keys(CHOOSE, CHOOSE).choosing
