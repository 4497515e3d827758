"""The whole meter on 12-bit codes: readings within the foundation's limits, energies, changes of settings."""

from bench_12bit import CLOCK_HZ, LL1, NOMINAL, SPLIT, Bench, near, residues

from fourquad import points as p

LN1 = ((p.WIRING_U, 1),)


def cosine(degrees):
    return {0: 1.0, 30: 0.8660254, 60: 0.5}[degrees]


def test_three_wires():
    b = Bench(SPLIT, settings=LL1).run(2300)
    for base in (p.SECONDARY, p.PRIMARY, p.FAST):
        near(b.read(base + p.FREQUENCY), 50.0, 0, 0.01)
        near(b.read(base + p.V1), 230.0, 0.002)
        near(b.read(base + p.V2), 225.0, 0.002)
        near(b.read(base + p.V12), 455.0, 0.002)
        near(b.read(base + p.I1), 5.0, 0.005)
        near(b.read(base + p.I2), 3.0, 0.005)
        near(b.read(base + p.P1), 575.0, 0.01)
        near(b.read(base + p.P2), 225.0 * 3 * cosine(30), 0.01)
        near(b.read(base + p.P_SUM), 575.0 + 225.0 * 3 * cosine(30), 0.01)
        near(b.read(base + p.Q1), 230.0 * 5 * cosine(30), 0.01)
        near(b.read(base + p.PF1), 0.5, 0.01)
        near(b.read(base + p.PF2), 0.8660254, 0.01)
        assert b.read(base + p.V3) == b.read(base + p.P3) == b.read(base + p.PF3) == 0.0
    near(b.read(p.ANGLE_V2), 180.0, 0, 0.1)
    near(b.read(p.ANGLE_I1), 60.0, 0, 0.1)
    near(b.read(p.ANGLE_I2), 210.0, 0, 0.1)
    # 5 A at 60 degrees and 3 A at 210 degrees
    near(b.read(p.I_N), 2.8320, 0.01)


def test_one_phase_export_and_a_neutral_of_its_own():
    b = Bench(((230.0, 0.0), (5.0, 120.0), (0.7, 120.0)), 60000, LN1, kinds="VII", phases=(1, 1, 0)).run(2500)
    near(b.read(p.FREQUENCY), 60.0, 0, 0.01)
    near(b.read(p.P_SUM), -575.0, 0.01)
    near(b.read(p.P1), -575.0, 0.01)
    near(b.read(p.Q_SUM), 995.9, 0.01)
    near(b.read(p.PF1), -0.5, 0.01)
    near(b.read(p.I_N), 0.7, 0.01)
    assert b.read(p.QUADRANT) == 2.0
    e = b.meter.energy.values
    assert e[p.EP_IMP] == 0


def test_a_neutral_that_carries_a_third_harmonic_alone():
    waves = ((230.0, 0.0), (5.0, 0.0), (0.5, 0.0, 3))
    b = Bench(waves, settings=LN1, kinds="VII", phases=(1, 1, 0)).run(2500)
    near(b.read(p.I_N), 0.5, 0.01)


def test_lock_at_the_ends_of_the_range():
    for frequency in (45000, 65000):
        b = Bench(SPLIT, frequency, LL1).run(500)
        period = CLOCK_HZ * 1000 // (128 * frequency)
        assert abs(b.meter.frame_period - period) < period // 1000
        b.run(400)
        near(b.read(p.FAST + p.FREQUENCY), frequency / 1000, 0, 0.01)
        near(b.read(p.FAST + p.V1), 230.0, 0.002)


def test_energy_is_power_times_time():
    b = Bench(SPLIT, settings=LL1).run(10100)
    b.meter.close()
    e = b.meter.energy.values
    hours = b.ms / 3600000
    # 1 Wh steps
    near(e[p.EP_IMP], 1159.57 * hours, 0.01, 1.0)
    near(e[p.EP1_IMP], 575.0 * hours, 0.01, 1.0)
    near(e[p.EQ_IMP], (995.93 + 337.5) * hours, 0.01, 1.0)
    near(e[p.ES], 1825.0 * hours, 0.01, 1.0)
    assert e[p.EP_EXP] == 0 and e[p.EP_TOTAL] == e[p.EP_NET] == e[p.EP_IMP]


def test_a_change_of_wiring_loses_no_energy():
    plain = Bench(SPLIT, settings=LL1).run(4000)
    other = Bench(SPLIT, settings=LL1).run(1530)
    # one setting that changes nothing and is changed back: the windows are closed and started anew
    other.meter.points.write(p.SETTING + p.BASIC_MODE, 1)
    other.run(1000)
    other.meter.points.write(p.SETTING + p.BASIC_MODE, 0)
    other.run(plain.ms - other.ms)
    plain.meter.close()
    other.meter.close()
    a, b = residues(plain.meter), residues(other.meter)
    near(b[0] / a[0], 1.0, 0.002)
    near(b[1] / a[1], 1.0, 0.002)
    # and now one that does
    other.meter.points.write(p.SETTING + p.POLARITY_1, 1)
    other.meter.points.write(p.SETTING + p.POLARITY_2, 1)
    other.work()
    other.run(2200)
    near(other.read(p.P1), -575.0, 0.01)
    assert residues(other.meter)[0] == b[0]


def test_a_gap_is_counted_and_bridged():
    plain = Bench(SPLIT, settings=LL1).run(5000)
    gappy = Bench(SPLIT, settings=LL1).run(3000)
    gappy.meter.gap(400)
    gappy.run(1600)
    plain.meter.close()
    gappy.meter.close()
    assert gappy.read(p.STATE + p.GAPS) == 1
    near(residues(gappy.meter)[0] / residues(plain.meter)[0], 1.0, 0.005)


def test_dump_and_restore():
    b = Bench(SPLIT, settings=LL1).run(3200)
    b.meter.runtime.add(36000 * 5)
    b.meter.page = 0x12345678
    b.meter.clock.set(800000000)
    payload = bytes(b.meter.dump())
    assert len(payload) == b.meter.dump_size
    other = Bench(SPLIT, settings=LL1)
    other.work()
    other.meter.restore(payload)
    assert bytes(other.meter.dump()) == payload
    assert list(other.meter.energy.values) == list(b.meter.energy.values)
    assert other.meter.page == 0x12345678 and other.meter.clock.now == 800000000
    assert other.read(p.STATE + p.RUN_TIME) == 5


def test_energies_of_the_other_side_are_not_taken_back():
    b = Bench(SPLIT, settings=LL1).run(7000)
    assert b.meter.energy.values[p.EP_IMP] > 0
    payload = bytes(b.meter.dump())
    other = Bench(SPLIT, settings=LL1 + ((p.ENERGY_SIDE, 0),))
    other.work()
    other.meter.restore(payload)
    assert list(other.meter.energy.values) == [0] * p.ENERGIES


def test_side_of_the_energies():
    b = Bench(SPLIT, settings=LL1 + ((p.CT1, 400),)).run(12000)
    secondary = b.meter.energy.values[p.EP_IMP]
    assert secondary == 3
    assert b.meter.points.write(p.SETTING + p.ENERGY_SIDE, 0) == p.OK
    assert b.meter.energy.values[p.EP_IMP] == 0
    b.run(12000)
    # 1.16 kW times 80 for 12 s are 3.1 in 0.1 kWh
    assert b.meter.energy.values[p.EP_IMP] in (2, 3)


def test_three_phases_in_star_and_open_delta():
    def b(waves, wiring):
        return Bench(waves, settings=((p.WIRING_U, wiring),), kinds="VVVIII", phases=(1, 2, 3, 1, 2, 3)).run(
            2300
        )

    star = tuple([(115.0, a) for a in (0.0, 120.0, 240.0)] + [(5.0, a + 30.0) for a in (0.0, 120.0, 240.0)])
    # V12 leads V1 by 30 degrees, V32 by 90
    delta = ((199.186, -30.0), (0.0, 0.0), (199.186, -90.0)) + star[3:]
    for bench, shown in ((b(star, 0), True), (b(delta, 2), False)):
        near(bench.read(p.V12), 199.186, 0.002)
        near(bench.read(p.V23), 199.186, 0.002)
        near(bench.read(p.V31), 199.186, 0.002)
        near(bench.read(p.P_SUM), 3 * 575 * cosine(30), 0.01)
        near(bench.read(p.Q_SUM), 3 * 575 * 0.5, 0.01)
        near(bench.read(p.S_SUM), 3 * 575, 0.01)
        near(bench.read(p.I_AVG), 5.0, 0.005)
        near(bench.read(p.V1), 115.0 if shown else 0.0, 0.002)
        near(bench.read(p.ANGLE_V2), 120.0, 0, 0.1)
        near(bench.read(p.ANGLE_V3), 240.0, 0, 0.1)
        near(bench.read(p.ANGLE_I2), 150.0 if shown else 180.0, 0, 0.1)
        near(bench.read(p.V_UNBALANCE), 0.0, 0, 0.002)
        near(bench.read(p.I_UNBALANCE), 0.0, 0, 0.002)


def test_a_channel_may_have_a_floor_of_its_own():
    b = Bench(SPLIT, settings=LL1)
    b.meter.channels[3].floor = 3.1
    b.meter.points.write(p.SETTING + p.POLARITY_1, 1)
    b.run(1500)
    assert b.read(p.I2) == 0.0
    near(b.read(p.I1), 5.0, 0.005)


def test_twelve_bit_noise_of_a_dead_input():
    b = Bench(((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)), settings=LL1).run(2300)
    assert b.meter.frame_period == NOMINAL
    for i in (p.FREQUENCY, p.V1, p.I1, p.P_SUM, p.S_SUM, p.ANGLE_I1):
        assert b.read(i) == 0.0
    assert b.read(p.PF_SUM) == 1.0


def test_run_allocates_nothing():
    try:
        from micropython import heap_lock, heap_unlock
    except ImportError:
        return
    b = Bench(SPLIT, settings=LL1).run(300)
    meter, buffer = b.meter, b.buffer
    heap_lock()
    meter.run(buffer, 0, 1)
    meter.run(buffer, 0, 1, NOMINAL)
    heap_unlock()


def test_work_needs_little_memory():
    try:
        import gc

        gc.mem_alloc()
    except (ImportError, AttributeError):
        return
    b = Bench(SPLIT, settings=LL1).run(3400)
    total = 0
    for _ in range(50):
        b.cycle()
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        b.work()
        total += gc.mem_alloc() - before
        gc.enable()
    assert total < 14000, total
