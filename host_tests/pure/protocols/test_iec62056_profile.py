"""IEC 62056-21: the load profile by time range, whole and in blocks."""

from protocols.iec62056_fakes import NOON, Fake, Profile, checked

HEAD = "P.01(0{})({})(15)(6)(1-1:1.29.0)(kWh)(1-1:2.29.0)(kWh)(1-1:5.29.0)(kvarh)(1-1:6.29.0)(kvarh)"
HEAD += "(1-1:7.29.0)(kvarh)(1-1:8.29.0)(kvarh)"


def session(**profile):
    fake = Fake(profile=Profile(**profile))
    fake.sign_on()
    return fake


def row(n):
    return "".join([f"({(10 * n + i) // 100}.{(10 * n + i) % 100:02d})" for i in range(6)])


def test_a_day_whole():
    fake = session(count=200)
    body = checked(fake.command(b"R5\x02P.01(2602081200;2602091145)", 1000)).decode()
    lines = body.split("\r\n")
    assert lines[0] == HEAD.format("260208120000", "00")
    assert lines[1:] == [row(n) for n in range(96)] + [""]


def test_open_ranges():
    fake = session(count=5)
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
    fake = session(count=6, gap=2, odd=4)
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
    fake = session(count=5)
    assert checked(fake.command(b"R5\x02P.01(2703010000;)")) == b"P.01(ERROR)"
    assert checked(fake.command(b"R6\x021-1:P.01(2703010000;)")) == b"P.01(ERROR)"
    for bad in (b"x;", b"260208;", b"2613081200;", b"3602081200;;", b"62602081200;"):
        assert checked(fake.command(b"R5\x02P.01(" + bad + b")")) == b"(ER03 FORMAT)"


def test_blocks_with_repetition():
    fake = session(count=60, gap=30)
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
    profile = Profile(count=40)
    # from number 20 on an hour earlier again
    stamp = profile._stamp
    profile._stamp = lambda number: stamp(number) - (3600 if number >= 20 else 0)
    fake = Fake(profile=profile)
    fake.sign_on()
    whole = checked(fake.command(b"R5\x02P.01(2602081600;2602081630)")).decode().split("\r\n")
    assert [line[:4] for line in whole] == [
        "P.01",
        "(1.6",
        "(1.7",
        "(1.8",
        "P.01",
        "(2.0",
        "(2.1",
        "(2.2",
        "",
    ]
    assert checked(fake.command(b"R6\x02P.01(2602081600;2602081630)")).decode().split("\r\n") == whole


def test_a_new_command_ends_the_blocks():
    fake = session(count=60)
    fake.command(b"R6\x02P.01(;)")
    assert checked(fake.command(b"R1\x021.8.1()")) == b"1.8.1(00001.01*kWh)"
    assert fake.ask(b"\x06", 300) == b""
    assert NOON == 823867200
