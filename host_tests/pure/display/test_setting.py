"""The setting mode: password, groups, every page S01-S35 in and out of range, seals, timeouts (3.6, 4.7)."""

from panel_fake import CHOOSE, COMMANDS, SETTINGS, E, Fake, H, P, V

from fourquad import points as p
from fourquad.points import modules as m

# S01-S34: 0FFEH-101CH (PT1 one page), 1031H, 102FH, 1030H, 1038H; the default as it must read.
PAGES = (
    ("PROT CH1", p.PROTOCOL_1, "MODBUS"),
    ("PAR CH1", p.PARITY_1, "NON1"),
    ("PASS", p.PASSWORD, "0"),
    ("ADDR CH1", p.ADDRESS_1, "1"),
    ("BAUD CH1", p.BAUD_1, "19200"),
    ("WIRE U", p.WIRING_U, "3LN"),
    ("WIRE I", p.WIRING_I, "3CT"),
    ("PT1", p.PT1, "400.0"),
    ("PT2", p.PT2, "400.0"),
    ("CT1", p.CT1, "1"),
    ("CT2", p.CT2, "333"),
    ("PULS P", p.PULSE_P, "1"),
    ("PULS Q", p.PULSE_Q, "1"),
    ("LCD LITE", p.BACKLIGHT, "1"),
    ("DMD TIME", p.DEMAND_WINDOW, "15"),
    ("DMD CALC", p.DEMAND_MODE, "SLIDE"),
    ("CLR DMD", None, "NO"),
    ("CLR M-M", None, "NO"),
    ("CLR RUN", None, "NO"),
    ("DIR I1", p.POLARITY_1, "POS"),
    ("DIR I2", p.POLARITY_2, "POS"),
    ("DIR I3", p.POLARITY_3, "POS"),
    ("VAR PF", p.VAR_PF_CONVENTION, "IEC"),
    ("CLR ENGY", None, "NO"),
    ("ENGY WAVE", p.ENERGY_WAVE, "FULL"),
    ("VAR CALC", p.REACTIVE_MODE, "REAL"),
    ("ENGY SIDE", p.ENERGY_SIDE, "PRIMARY"),
    ("NET RST", p.MODULE_RESET, "NONE"),
    ("SOE", p.SOE_MODULE, "NONE"),
    ("CLR DI", None, "NONE"),
    ("ADDR CH2", p.ADDRESS_2, "1"),
    ("BAUD CH2", p.BAUD_2, "38400"),
    ("PAR CH2", p.PARITY_2, "NON1"),
    ("PROT CH2", p.SECOND_PROTOCOL, "OTHER"),
    ("DMD SUB", p.DEMAND_SUB_INTERVAL, "5"),
)

# Page, all its choices in the order of P, and the values that they store.
CHOICES = (
    (1, ("MODBUS", "DNP3"), (0, 1)),
    (2, ("NON1", "EVEN", "ODD", "NON2"), (3, 0, 1, 2)),
    (5, ("19200", "38400", "1200", "2400", "4800", "9600"), (19200, 38400, 1200, 2400, 4800, 9600)),
    (6, ("3LN", "1LN", "2LL", "3LL", "1LL"), (0, 1, 2, 3, 4)),
    (7, ("3CT", "1CT", "2CT"), (0, 1, 2)),
    (11, ("333", "80", "100", "200", "1", "5"), (333, 80, 100, 200, 1, 5)),
    (16, ("SLIDE", "THERMAL", "ROLL", "FIX"), (1, 2, 3, 0)),
    (20, ("POS", "NEG"), (0, 1)),
    (21, ("POS", "NEG"), (0, 1)),
    (22, ("POS", "NEG"), (0, 1)),
    (23, ("IEC", "IEEE"), (0, 1)),
    (25, ("FULL", "FUND"), (1, 0)),
    (26, ("REAL", "GENERAL"), (0, 1)),
    (27, ("PRIMARY", "SECONDARY"), (0, 1)),
    (28, ("NONE", "RESET", "DEFAULT"), (0, 1, 2)),
    (29, ("NONE", "IO11", "IO21", "IO31", "IO12", "IO22", "IO32"), (0, 1, 2, 3, 4, 5, 6)),
    (32, ("38400", "4800", "9600", "19200"), (38400, 4800, 9600, 19200)),
    (33, ("NON1", "EVEN", "ODD", "NON2"), (3, 0, 1, 2)),
    (34, ("OTHER", "BACNET", "MESH", "WEB2"), (0, 1, 2, 3)),
)

# Page, the point, what is typed, what is stored; then what is out of range.
NUMBERS = (
    (3, p.PASSWORD, ("0000", "9999", "1234"), (0, 9999, 1234), ()),
    (4, p.ADDRESS_1, ("00001", "00247"), (1, 247), ("00000", "00248", "65535")),
    (
        8,
        p.PT1,
        ("000050.0", "500000.0", "000400.0"),
        (500, 5000000, 4000),
        ("000049.9", "500000.1", "000000.0"),
    ),
    (9, p.PT2, ("050.0", "400.0"), (500, 4000), ("049.9", "400.1")),
    (10, p.CT1, ("00001", "50000"), (1, 50000), ("00000", "50001")),
    (12, p.PULSE_P, ("00001", "60000"), (1, 60000), ("00000", "60001")),
    (13, p.PULSE_Q, ("00001", "60000"), (1, 60000), ("00000", "60001")),
    (14, p.BACKLIGHT, ("120", "000", "005"), (120, 0, 5), ("121",)),
    (15, p.DEMAND_WINDOW, ("01", "30"), (1, 30), ("00", "31")),
    (31, p.ADDRESS_2, ("001", "247"), (1, 247), ("000", "248")),
    (35, p.DEMAND_SUB_INTERVAL, ("01", "30"), (1, 30), ("00", "31")),
)

# Page, command, and the value that acts.
YES = ((17, p.CLEAR_DEMAND), (18, p.CLEAR_MAX_MIN), (19, p.CLEAR_RUN_TIME), (24, p.CLEAR_ENERGY))


def test_the_address_for_three_seconds_then_the_password():
    fake = Fake()
    fake.settings.values[p.ADDRESS_1] = 47
    s = fake.keys(CHOOSE, E, V)
    assert s.modes[s.mode] == "Setting"
    assert (s.digits[0], s.line) == ("ADDR", "47")
    # Keys do nothing meanwhile.
    assert fake.keys(P, V, H).digits[0] == "ADDR"
    assert fake.wait(2600).digits[0] == "ADDR"
    s = fake.wait(200)
    assert (s.digits[0], s.line, s.flash_row, s.flash_col) == ("PASS", "0000", 4, 0)


def test_password_digits():
    fake = Fake()
    fake.settings.values[p.PASSWORD] = 1309
    fake.keys(CHOOSE, E, V)
    fake.wait(3000)
    # Wrong: it stays, and says so.
    s = fake.keys(V)
    assert (s.digits[0], s.digits[3], s.line) == ("PASS", "ERR", "0000")
    s = fake.keys(P)
    assert (s.digits[3], s.line, s.flash_col) == ("", "1000", 0)
    s = fake.keys(H, P, P, P, H, H, E)
    assert (s.line, s.flash_col) == ("1309", 3)
    assert fake.keys(H).flash_col == 0
    s = fake.keys(V)
    assert s.digits[0] == "SYS" and s.flash_row == 0


def test_a_password_is_asked_for_every_time():
    fake = Fake()
    fake.enter_setting()
    fake.keys(CHOOSE, P, V)
    s = fake.keys(CHOOSE, E, V)
    assert s.digits[0] == "ADDR"
    assert fake.wait(3000).digits[0] == "PASS"


def test_only_groups_with_something_to_set():
    fake = Fake()
    s = fake.enter_setting()
    assert s.digits == ["SYS", "ALM", "", ""]
    fake.state[p.MODULES] = 1
    s = fake.draw()
    assert s.digits == ["SYS", "I/O", "ALM", ""] and s.flash_row == 0
    assert [fake.keys(P).flash_row for _ in range(3)] == [1, 2, 0]
    assert [fake.keys(E).flash_row for _ in range(2)] == [2, 1]
    s = fake.keys(V)
    assert (s.item, s.digits[0], s.digits[1], s.line) == ("M01", "DI", "TYPE", "000000")
    assert fake.keys(H).flash_row == 1
    # The module is pulled out while its group is under the cursor.
    fake.state[p.MODULES] = 0
    fake.draw()
    assert fake.keys(V).item == "S01"


def test_every_page_in_order_and_its_default():
    fake = Fake()
    s = fake.open_setting(1)
    for step, key in ((1, P), (-1, E)):
        number = 0
        for _ in range(len(PAGES)):
            words, _, text = PAGES[number]
            assert s.item == f"S{number + 1:02d}"
            assert (s.digits[0] + " " + s.digits[1]).strip() == words
            assert s.line == text, (s.item, s.line)
            assert s.flash_row == -1
            fake.keys(key)
            number = (number + step) % len(PAGES)
    assert s.item == "S01"
    assert fake.keys(H).digits[0] == "SYS"


def test_units():
    fake = Fake()
    units = {8: "V", 9: "V", 10: "A", 14: "min", 15: "min", 35: "min"}
    s = fake.open_setting(1)
    for number in range(1, 36):
        assert s.line_unit == units.get(number, ""), number
        fake.keys(P)


def test_choices():
    for number, texts, values in CHOICES:
        fake = Fake()
        offset = PAGES[number - 1][1]
        s = fake.open_setting(number)
        for i in range(len(texts)):
            fake.settings.values[offset] = values[0]
            fake.keys(V)
            assert (s.flash_row, s.flash_col, s.line) == (4, -1, texts[0]), (number, s.line)
            for _ in range(i):
                fake.keys(P)
            assert s.line == texts[i], (number, s.line)
            fake.keys(V)
            assert fake.settings.values[offset] == values[i]
            assert s.line == texts[i] and s.flash_row == -1 and s.item == f"S{number:02d}"
            assert s.digits[3] == ("OK" if i else "")
        # E goes the other way.
        fake.settings.values[offset] = values[0]
        assert fake.keys(V, E).line == texts[-1]


def test_a_choice_that_the_meter_does_not_take_is_skipped():
    fake = Fake()
    fake.settings.rows = dict(SETTINGS)
    fake.settings.rows[p.PROTOCOL_1] = (0, 0, 0)
    s = fake.open_setting(1)
    # Nothing else to choose: it says so.
    fake.keys(V)
    assert s.digits[3] == "ERR" and s.flash_row == -1


def test_a_stored_value_without_a_text():
    fake = Fake()
    fake.settings.values[p.BAUD_1] = 14400
    s = fake.open_setting(5)
    assert s.line == "14400"
    fake.keys(V, P, V)
    assert fake.settings.values[p.BAUD_1] in (1200, 2400)


def test_numbers():
    for number, offset, typed, stored, bad in NUMBERS:
        fake = Fake()
        s = fake.open_setting(number)
        for i in range(len(typed)):
            text = typed[i]
            fake.keys(V)
            assert s.flash_row == 4 and s.flash_col == 0
            fake.type_number(text)
            assert s.line == text, (s.line, text)
            fake.keys(V)
            assert fake.settings.values[offset] == stored[i]
            assert s.digits[3] == "OK" and s.flash_row == -1
        keep = fake.settings.values[offset]
        for text in bad:
            fake.keys(V)
            fake.type_number(text)
            fake.keys(V)
            # Refused: nothing is stored and the digits stay under edit.
            assert s.digits[3] == "ERR" and s.flash_row == 4 and s.line == text
            assert fake.settings.values[offset] == keep
            # Leaving without confirming keeps the old value.
            fake.keys(CHOOSE, P, V)
            s = fake.open_setting(number)
            assert fake.settings.values[offset] == keep


def test_a_digit_goes_both_ways_and_around():
    fake = Fake()
    fake.open_setting(4)
    assert fake.keys(V, H, H, H, H).line == "00001"
    assert fake.keys(E).line == "00000"
    assert fake.keys(E).line == "00009"
    assert fake.keys(P).line == "00000"


def test_the_point_is_never_under_the_cursor():
    fake = Fake()
    s = fake.open_setting(9)
    fake.keys(V)
    seen = []
    for _ in range(5):
        seen.append(s.flash_col)
        fake.keys(H)
    assert s.line == "400.0" and seen == [0, 1, 2, 4, 0]


def test_commands():
    for number, offset in YES:
        fake = Fake()
        s = fake.open_setting(number)
        fake.keys(V)
        assert s.line == "NO"
        fake.keys(V)
        assert fake.commands.written == [] and s.digits[3] == ""
        fake.keys(V, P)
        assert s.line == "YES"
        fake.keys(V)
        assert fake.commands.written == [(offset, 1)]
        assert s.line == "NO" and s.digits[3] == "OK"
    fake = Fake()
    fake.open_setting(30)
    assert fake.keys(V, P).line == "IO11"
    fake.keys(V)
    assert fake.modules.written == [(m.CLEAR_COUNTS, 1)]


def test_sealed_parameters_say_so():
    for number, (_, _, text) in enumerate(PAGES, 1):
        fake = Fake()
        fake.settings.forbidden = set(SETTINGS)
        fake.commands.forbidden = set(COMMANDS)
        fake.modules.forbidden = {m.CLEAR_COUNTS}
        fake.state[p.SEAL_STATE] = 10
        s = fake.open_setting(number)
        fake.keys(V)
        assert s.digits[3] == "SEAL" and s.flash_row == -1 and s.line == text and s.sealed
        fake.keys(P)
        assert s.digits[3] == ""
        assert fake.settings.written == [] and fake.commands.written == []


def test_the_seal_closes_while_a_parameter_is_edited():
    for number in (6, 10, 17):
        fake = Fake()
        s = fake.open_setting(number)
        fake.keys(V, P)
        fake.settings.forbidden = set(SETTINGS)
        fake.commands.forbidden = set(COMMANDS)
        fake.modules.forbidden = {m.CLEAR_COUNTS}
        fake.state[p.SEAL_STATE] = 10
        fake.keys(V)
        assert s.digits[3] == "SEAL" and s.flash_row == -1
        assert fake.settings.written == [] and fake.commands.written == []


def test_what_is_forbidden_without_a_seal_is_an_error():
    fake = Fake()
    fake.settings.forbidden = {p.PARITY_2}
    fake.open_setting(33)
    assert fake.keys(V).digits[3] == "ERR"


def test_a_parameter_that_the_meter_has_not():
    fake = Fake()
    fake.settings.rows = dict(SETTINGS)
    del fake.settings.rows[p.CT1]
    del fake.settings.values[p.CT1]
    s = fake.open_setting(10)
    assert s.line == "----"
    assert fake.keys(V).digits[3] == "ERR"


def test_bits_of_the_inputs():
    fake = Fake()
    fake.state[p.MODULES] = 1
    fake.enter_setting()
    s = fake.keys(P, V, V)
    assert s.line == "000000"
    # DI6 first: the last digit is DI1.
    fake.keys(P, H, H, H, H, H, P, V)
    assert fake.settings.values[m.IO11_DI_TYPE] == 0b100001
    assert s.line == "100001" and s.digits[3] == "OK"


def test_three_minutes_without_a_key_leave_it():
    fake = Fake()
    fake.settings.values[p.BACKLIGHT] = 0
    fake.keys(P, P)
    fake.open_setting(4)
    s = fake.keys(V, P)
    assert fake.wait(179900).item == "S04"
    fake.wait(200)
    assert s.item == "Q" and s.modes[s.mode] == "Meter" and fake.settings.written == []


def test_the_flashing_digit_is_dark_half_of_the_time():
    fake = Fake()
    s = fake.open_setting(4)
    assert not fake.keys(V).dark
    dark = []
    for _ in range(20):
        fake.wait(100)
        dark.append(s.dark)
        assert s.shown(4) == (" 0001" if s.dark else "00001")
    assert 8 <= sum(dark) <= 12
