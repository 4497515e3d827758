"""IEC 62056-21: the load profile by time range, whole and in blocks."""

from protocols.iec62056_fakes import NOON, Fake, checked

from fourquad.calendar.zone import pack_zone

HEAD = "P.01(0{})({})(15)(6)(1-1:1.29.0)(kWh)(1-1:2.29.0)(kWh)(1-1:5.29.0)(kvarh)(1-1:6.29.0)(kvarh)"
HEAD += "(1-1:7.29.0)(kvarh)(1-1:8.29.0)(kvarh)"


def session(count, **records):
    fake = Fake()
    fake.record(count, **records)
    fake.sign_on()
    return fake


def row(n):
    return "".join([f"({(10 * n + i) // 10000}.{(10 * n + i) % 10000:04d})" for i in range(6)])


def test_a_day_whole():
    fake = session(200)
    body = checked(fake.command(b"R5\x02P.01(2602081200;2602091145)", 1000)).decode()
    lines = body.split("\r\n")
    assert lines[0] == HEAD.format("260208120000", "00")
    assert lines[1:] == [row(n) for n in range(96)] + [""]


def test_open_ranges():
    fake = session(5)
    for text, count in (
        (b";", 5),
        (b"2602081230;", 3),
        (b";02602081230", 3),
        (b"", 5),
        (b";1260208123000", 3),
    ):
        lines = checked(fake.command(b"R5\x02P.01(" + text + b")")).decode().split("\r\n")
        assert len(lines) == count + 2, text


def test_gap_and_status_begin_a_new_header():
    fake = session(6, gap=2, odd=4)
    lines = checked(fake.command(b"R5\x02P.01(;)")).decode().split("\r\n")
    assert lines == [
        HEAD.format("260208120000", "00"),
        row(0),
        row(1),
        HEAD.format("260208133000", "00"),
        row(2),
        row(3),
        HEAD.format("260208140000", "80"),
        row(4),
        HEAD.format("260208141500", "00"),
        row(5),
        "",
    ]


def test_empty():
    fake = session(5)
    assert checked(fake.command(b"R5\x02P.01(2703010000;)")) == b"P.01(ERROR)"
    assert checked(fake.command(b"R6\x021-1:P.01(2703010000;)")) == b"P.01(ERROR)"
    for bad in (b"x;", b"260208;", b"2613081200;", b"3602081200;;", b"62602081200;"):
        assert checked(fake.command(b"R5\x02P.01(" + bad + b")")) == b"(ER03 FORMAT)"


def test_blocks_with_repetition():
    fake = session(60, gap=30)
    whole = checked(fake.command(b"R5\x02P.01(;)"))
    for command in (b"R6", b"R3", b"R4"):
        parts = []
        answer = fake.command(command + b"\x02P.01(;)")
        while True:
            assert len(answer) < 700
            # each block is asked for again
            assert fake.ask(b"\x15", 300) == answer
            parts.append(checked(answer))
            last = answer[-2] == 3
            answer = fake.ask(b"\x06", 300)
            if last:
                break
        assert answer == b""
        assert b"".join(parts) == whole and len(parts) > 3


def test_a_clock_that_was_set_back():
    # from number 20 on an hour earlier again
    fake = session(40, back=20)
    whole = checked(fake.command(b"R5\x02P.01(2602081600;2602081630)")).decode().split("\r\n")
    assert [line[:8] for line in whole] == [
        "P.01(026",
        "(0.0160)",
        "(0.0170)",
        "(0.0180)",
        "P.01(026",
        "(0.0200)",
        "(0.0210)",
        "(0.0220)",
        "",
    ]
    answer = fake.command(b"R6\x02P.01(2602081600;2602081630)")
    parts = checked(answer)
    while answer[-2] != 3:
        answer = fake.ask(b"\x06", 300)
        parts += checked(answer)
    assert parts.decode().split("\r\n") == whole


def test_a_new_command_ends_the_blocks():
    fake = session(60)
    fake.preset()
    fake.command(b"R6\x02P.01(;)")
    assert checked(fake.command(b"R1\x021.8.1()")) == b"1.8.1(00001.01*kWh)"
    assert fake.ask(b"\x06", 300) == b""
    assert NOON == 823867200


BERLIN = pack_zone(60, 60, (3, 5, 0, 120), (10, 5, 0, 120))
# 2026-10-25 00:00 UTC is 02:00 in summer time, an hour later it is 02:00 again
AUTUMN = 846201600


def numbers(fake, text):
    """Which records a range gives."""
    lines = checked(fake.command(b"R5\x02P.01(" + text + b")", 3000)).decode().split("\r\n")
    return [round(10000 * float(line[1:7])) // 10 for line in lines if line.startswith("(")]


def autumn():
    fake = session(16, first=AUTUMN - 3600)
    fake.billing.zone.set(BERLIN)
    return fake


def test_the_season_digit_tells_the_two_hours_apart():
    fake = autumn()
    # local: 0-3 01:00, 4-7 02:00 summer, 8-11 02:00 standard, 12-15 03:00
    assert numbers(fake, b"2610250200;2610250245") == [4, 5, 6, 7, 8, 9, 10, 11]
    assert numbers(fake, b"12610250200;12610250245") == [4, 5, 6, 7]
    assert numbers(fake, b"02610250200;02610250245") == [8, 9, 10, 11]
    assert numbers(fake, b"12610250230;02610250215") == [6, 7, 8, 9]
    assert numbers(fake, b"02610250215;") == [9, 10, 11, 12, 13, 14, 15]
    assert numbers(fake, b"12610250215;") == [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert numbers(fake, b";12610250215") == [0, 1, 2, 3, 4, 5]
    assert numbers(fake, b";02610250215") == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_head_end_that_goes_on_from_its_last_stamp_books_nothing_twice():
    fake = autumn()
    lines = checked(fake.command(b"R5\x02P.01(;02610250200)", 3000)).decode().split("\r\n")
    heads = [line[5:18] for line in lines if line.startswith("P.01")]
    assert heads == ["1261025010000", "0261025020000"]
    assert numbers(fake, heads[1].encode() + b";") == [8, 9, 10, 11, 12, 13, 14, 15]
    assert numbers(fake, heads[0].encode() + b";") == list(range(16))


def test_season_2_is_utc():
    fake = autumn()
    assert numbers(fake, b"22610250000;22610250015") == [4, 5]
    assert numbers(fake, b"22610250100;22610250115") == [8, 9]
    for bad in (b"32610250000;", b"92610250000;", b";92610250000"):
        assert checked(fake.command(b"R5\x02P.01(" + bad + b")")) == b"(ER03 FORMAT)"


def test_where_no_hour_comes_twice_the_season_digit_changes_nothing():
    fake = autumn()
    for season in (b"", b"0", b"1"):
        assert numbers(fake, season + b"2610250115;" + season + b"2610250145") == [1, 2, 3]
        assert numbers(fake, season + b"2610250315;" + season + b"2610250330") == [13, 14]


def test_reading_from_a_time_on_begins_at_the_first_record_of_that_time():
    # load_profile.find and ProfileRing.find over a day and more, by the record's number
    fake = session(200)
    for n in range(0, 200, 7):
        hour, minute = divmod(720 + 15 * n, 60)
        day, hour = divmod(hour, 24)
        text = f"26{2:02d}{8 + day:02d}{hour:02d}{minute:02d}"
        assert numbers(fake, (text + ";").encode()) == list(range(n, 200))
        # a minute later the next record is the first
        assert numbers(fake, (text[:-2] + f"{minute + 1:02d};").encode()) == list(range(n + 1, 200))
