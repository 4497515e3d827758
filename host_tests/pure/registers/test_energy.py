"""Energy registers: exact sums for ten years, carries, wrap, presets, storage."""

from fourquad import points as p
from fourquad.registers.energy import DUMP_SIZE, MODULUS, Energy, P, Q, S
from fourquad.registers.integrator import Integrator, per_count
from fourquad.registers.isqrt import isqrt
from fourquad.registers.runtime import RunTime

TEN_YEARS = 315576000  # s


class Rows:
    """A kernel with constant rows."""

    places = 0
    exact_scale = 32

    def __init__(self, *rows):
        self.rows = rows

    def exact(self, i):
        return self.rows[i]


def test_ten_years_of_seconds_add_up_exactly():
    e = Energy()
    unit = 987654321987654
    e.set_unit(unit)
    step = 12345678901
    steps = 20000
    # every increment in the place of many alike: 20000 steps of ten years
    many = TEN_YEARS // steps
    total = 0
    for i in range(steps):
        increment = step * (i % 7 + 1)
        e.add(0, P, increment * many)
        total += increment * many
    counts, rest = divmod(total, unit)
    assert e.values[p.EP_IMP] == counts % MODULUS
    raw = bytearray(DUMP_SIZE)
    e.dump(raw, 0)
    at = 4 * p.ENERGIES
    dumped = raw[at] | raw[at + 1] << 8 | raw[at + 2] << 16 | raw[at + 3] << 24
    assert dumped == (rest << 31) // unit


def test_time_is_never_lost_in_the_division_by_the_cycles():
    # 49, 50 and 51 cycles of periods that do not divide: the ticks booked are all that passed
    e = Energy()
    e.set_unit(1 << 200)
    k = Rows(1000, 0, 0, 0)
    integrator = Integrator(k, e)
    integrator.configure((0, 1, 2, 3), 1, False, False)
    ticks = 0
    for i in range(1000):
        cycles = 49 + i % 3
        elapsed = 96000000 + 7 * i
        integrator.begin(cycles, elapsed)
        integrator.phase(1)
        integrator.system()
        ticks += elapsed
        # what is booked per cycle is the mean ticks of one
        assert abs(integrator._time * cycles // 32 - elapsed) <= cycles
    # 1000 per cycle and tick for about 20 ms each
    assert e._residues[0] > 0


def test_directions():
    e = Energy()
    e.set_unit(10)
    for group, registers in ((0, (p.EP_IMP, p.EP_EXP)), (2, (p.EP1_IMP + 2, p.EP1_IMP + 3))):
        e.add(group, P, 25)
        e.add(group, P, -47)
        assert e.values[registers[0]] == 2
        assert e.values[registers[1]] == 4
        e.add(group, P, 5)
        e.add(group, P, -3)
        assert (e.values[registers[0]], e.values[registers[1]]) == (3, 5)
    assert e.values[p.EP_TOTAL] == 8
    assert e.values[p.EP_NET] == -2
    e.add(0, Q, -100)
    e.add(3, Q, 30)
    e.add(3, S, 50)
    assert e.values[p.EQ_EXP] == e.values[p.EQ_TOTAL] == 10
    assert e.values[p.EQ_NET] == -10
    assert e.values[p.EQ1_IMP + 4] == 3
    assert e.values[p.ES1 + 2] == 5
    assert e.values[p.ES] == 0


def test_wrap():
    e = Energy()
    for register in (p.EP_IMP, p.EP_EXP, p.EP_TOTAL):
        e.write(register, MODULUS - 1)
    e.write(p.EP_NET, MODULUS - 1)
    e.add(0, P, 1)
    assert e.values[p.EP_IMP] == e.values[p.EP_TOTAL] == e.values[p.EP_NET] == 0
    e.write(p.EP_NET, 1 - MODULUS)
    e.add(0, P, -1)
    assert e.values[p.EP_NET] == 0
    e.add(0, P, -3)
    assert e.values[p.EP_NET] == -3
    e.add(0, P, 4)
    assert e.values[p.EP_NET] == 1


def test_presets():
    sealed = []
    e = Energy(lambda: bool(sealed))
    for register in range(p.ENERGIES):
        low = 1 - MODULUS if register in (p.EP_NET, p.EQ_NET) else 0
        assert e.check(register, MODULUS - 1) == p.OK
        assert e.check(register, MODULUS) == p.RANGE
        assert e.check(register, low) == p.OK
        assert e.check(register, low - 1) == p.RANGE
        e.write(register, 1000 + register)
    assert [e.read(i) for i in range(p.ENERGIES)] == [1000 + i for i in range(p.ENERGIES)]
    assert e.check(p.ENERGIES, 0) == p.UNKNOWN
    sealed.append(True)
    assert e.check(p.EP_IMP, 0) == p.FORBIDDEN
    e.clear()
    assert list(e.values) == [0] * p.ENERGIES


def test_storage_keeps_residues():
    e = Energy()
    e.set_unit(10**15 + 37)
    for group in range(4):
        e.add(group, P, 7 * 10**14 + group)
        e.add(group, Q, -9 * 10**15 - group)
        e.add(group, S, 123456789)
    raw = bytearray(DUMP_SIZE + 8)
    e.dump(raw, 8)
    assert DUMP_SIZE <= 200
    other = Energy()
    other.set_unit(10**15 + 37)
    other.restore(raw, 8)
    again = bytearray(DUMP_SIZE + 8)
    other.dump(again, 8)
    assert raw == again
    # less than 2**-31 counts are lost
    for i in range(20):
        assert 0 <= e._residues[i] - other._residues[i] < (10**15 + 37) // (1 << 31) + 1


def test_a_change_of_unit_keeps_the_worth_of_residues():
    e = Energy()
    e.set_unit(1000)
    e.add(0, P, 750)
    e.set_unit(40000)
    e.add(0, P, 9999)
    assert e.values[p.EP_IMP] == 0
    e.add(0, P, 1)
    assert e.values[p.EP_IMP] == 1


def test_unit_of_an_increment():
    # rows of 1 W per frame and cycle: a second of 50 cycles at 1 kW is a 3600th of 1 kWh
    clock = 128 * 1000000
    unit = per_count(1.0, 0, clock, 1000, 1, 1)
    row = 1000 * 128 * 50
    increment = row * (1000000 // 50)
    assert unit == 3600 * increment
    assert per_count(0.5, 0, clock, 1000, 1, 1) == 2 * unit
    assert per_count(4.0, 28, clock, 1000, 1, 1) == unit << 26
    # the primary side of 400 / 5 counts 80 times as fast
    assert per_count(1.0, 0, clock, 100, 400, 5) == unit // 800


def test_bridge():
    e = Energy()
    e.set_unit(1 << 60)
    integrator = Integrator(Rows(-500, 0, 0, 0), e)
    integrator.configure((0, 1, 2, 3), 1, False, False)
    integrator.bridge(1000)
    assert e._residues[1] == 0
    integrator.begin(50, 100000)
    integrator.phase(1)
    integrator.system()
    once = e._residues[1]
    assert once == 500 * 32 * 2000
    integrator.bridge(50000)
    assert e._residues[1] == once + once // 2


def test_square_roots():
    for n in list(range(200)) + [10**9, 10**18 - 1, 10**18, 10**18 + 1, (1 << 62) - 1, 1 << 90]:
        for seed in (0, 1, 2, 10**9, 10**12):
            x = isqrt(n, seed)
            assert x * x <= n < (x + 1) * (x + 1), (n, seed, x)
    assert isqrt(-5) == 0


def test_run_time():
    t = RunTime()
    for _ in range(1000):
        t.add(999)
    assert t.value == 27
    raw = bytearray(16)
    t.dump(raw, 0)
    t.clear()
    assert t.value == t.loaded == 0
    t.restore(raw, 0)
    t.add(36000 * 28 - 999000)
    assert t.value == 28


def test_load_time_counts_only_with_a_load():
    t = RunTime()
    for i in range(200):
        t.add(1000, i % 4 == 0)
    assert (t.value, t.loaded) == (5, 1)
    raw = bytearray(16)
    t.dump(raw, 0)
    other = RunTime()
    other.restore(raw, 0)
    other.add(22000, True)
    assert (other.value, other.loaded) == (6, 2)
