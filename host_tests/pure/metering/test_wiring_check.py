"""Every way to swap two wires of a sound installation is recognized and named."""

from bench_12bit import Bench

from fourquad import points as p
from fourquad.metering import wiring_check as w
from fourquad.metering.inspect import look

PERMUTATIONS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1))


def vectors(lag, order=1, voltages=(0, 1, 2), currents=(0, 1, 2), signs=(1, 1, 1)):
    """Angles as a meter reads them whose inputs see these phases of a plant."""
    truth = [120.0 * order * k for k in range(3)]
    v = [truth[k] for k in voltages]
    i = [truth[currents[k]] + lag + (0 if signs[k] > 0 else 180) for k in range(3)]
    return [(x - v[0]) % 360 for x in v], [(x - v[0]) % 360 for x in i]


def findings(lag, volts=(230, 231, 229), amps=(5, 4, 6), middle=None, **plant):
    v, i = vectors(lag, **plant)
    return w.check(volts, v, amps, i, middle)


LAGS = (-14.0, 0.0, 20.0, 44.0)


def test_a_sound_installation_has_no_findings():
    for lag in LAGS:
        assert findings(lag) == []


def test_order_of_phases():
    for lag in LAGS:
        assert findings(lag, order=-1) == [(w.ORDER, 0, 0)]


def test_every_set_of_reversed_transformers():
    for lag in LAGS:
        for mask in range(1, 7):
            signs = [-1 if mask >> k & 1 else 1 for k in range(3)]
            expected = [(w.REVERSED, k + 1, 0) for k in range(3) if signs[k] < 0]
            assert findings(lag, signs=signs) == expected
            both = findings(lag, signs=signs, order=-1)
            assert both == [(w.ORDER, 0, 0)] + expected
        assert findings(lag, signs=(-1, -1, -1)) == [(w.ALL_REVERSED, 0, 0)]


def test_swapped_voltages_and_currents():
    for lag in LAGS:
        for a, b in ((0, 1), (0, 2), (1, 2)):
            swap = [0, 1, 2]
            swap[a], swap[b] = b, a
            assert findings(lag, voltages=swap) == [(w.VOLTAGES_SWAPPED, a + 1, b + 1)]
            assert findings(lag, currents=swap) == [(w.SWAPPED, a + 1, b + 1)]
            # both together are the same as a wrong order of phases
            assert findings(lag, voltages=swap, currents=swap) == [(w.ORDER, 0, 0)]
        for turn in ((1, 2, 0), (2, 0, 1)):
            assert findings(lag, middle=15.0, currents=turn) == [(w.ROTATED, turn[0] + 1, 0)]
            # unless the load is known, an export at PF 0.96 is as likely as a shift at PF 0.72
            if lag < 40:
                assert findings(lag, currents=turn) == [(w.ROTATED, turn[0] + 1, 0)]


def test_every_permutation_with_every_direction_is_found_where_the_load_is_known():
    for lag, middle in ((10.0, 15.0), (60.0, 60.0), (-40.0, -30.0)):
        seen = set()
        for currents in PERMUTATIONS:
            for mask in range(7):
                signs = [-1 if mask >> k & 1 else 1 for k in range(3)]
                found = tuple(findings(lag, middle=middle, currents=currents, signs=signs))
                assert found not in seen
                seen.add(found)
                reverse = [k + 1 for k in range(3) if signs[k] < 0]
                assert [f[1] for f in found if f[0] == w.REVERSED] == reverse
                # where it is not, it is among the explanations
                v, i = vectors(lag, currents=currents, signs=signs)
                every = w.explain((230, 231, 229), v, (5, 4, 6), i)
                assert [one for one in every if tuple(one[1]) == found and abs(one[2] - lag) < 0.1]


def test_a_very_inductive_load_is_not_taken_for_a_fault():
    # PF 0.5 and 0.26
    for lag in (50.0, 60.0, 75.0):
        assert findings(lag) == []
        assert findings(lag, order=-1) == [(w.ORDER, 0, 0)]
        for a, b in ((0, 1), (0, 2), (1, 2)):
            swap = [0, 1, 2]
            swap[a], swap[b] = b, a
            assert findings(lag, currents=swap) == [(w.SWAPPED, a + 1, b + 1)]
            assert findings(lag, voltages=swap) == [(w.VOLTAGES_SWAPPED, a + 1, b + 1)]
        for k in range(3):
            signs = [1, 1, 1]
            signs[k] = -1
            assert findings(lag, signs=signs) == [(w.REVERSED, k + 1, 0)]


def test_phases_with_different_loads():
    # a heater, a motor, a motor that idles
    v, _ = vectors(0.0)
    for order in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        lags = [(0.0, 40.0, 65.0)[k] for k in order]
        i = [v[k] + lags[k] for k in range(3)]
        assert w.check((230, 230, 230), v, (5, 5, 5), i) == []
        i[2] += 180
        assert w.check((230, 230, 230), v, (5, 5, 5), i) == [(w.REVERSED, 3, 0)]


def test_what_cannot_be_told_apart_is_said():
    # currents shifted by one phase at PF 1, or all reversed at PF 0.5
    v, i = vectors(0.0, currents=(2, 0, 1))
    first, second = w.explain((230, 230, 230), v, (5, 5, 5), i)[:2]
    assert first[1] == [(w.ROTATED, 3, 0)] and abs(first[2]) < 0.1
    assert second[1] == [(w.ALL_REVERSED, 0, 0)] and abs(second[2] - 60) < 0.1
    assert second[0] - first[0] < 0.5


def test_what_is_missing():
    assert findings(0.0, volts=(230, 0, 230)) == [(w.NO_VOLTAGE, 2, 0)]
    assert findings(0.0, amps=(5, 0, 5)) == [(w.NO_CURRENT, 2, 0)]
    assert findings(0.0, amps=(5, 0, 5), signs=(1, 1, -1)) == [(w.NO_CURRENT, 2, 0), (w.REVERSED, 3, 0)]
    v, i = vectors(0.0)
    v[1] = 0.0
    assert w.check((230, 230, 230), v, (5, 5, 5), i)[0] == (w.SAME_PHASE, 1, 2)
    v[1] = 60.0
    assert (w.BAD_ANGLE, 2, 0) in w.check((230, 230, 230), v, (5, 5, 5), i)
    assert "reversed" in w.text((w.REVERSED, 2, 0)) and "I2" in w.text((w.REVERSED, 2, 0))
    for code in range(12):
        assert w.text((code, 1, 2))


def test_a_current_that_is_computed_says_nothing():
    star = (30.0, 150.0, 270.0)
    lines = ((230.0, 0.0), (0.0, 0.0), (230.0, -60.0))  # V12, V32 of an open delta
    for lag in (0.0, 20.0, 60.0):
        for angles, expected in (
            ((30.0 + lag, 270.0 + lag), []),
            ((210.0 + lag, 270.0 + lag), [(w.REVERSED, 1, 0)]),
            ((30.0 + lag, 90.0 + lag), [(w.REVERSED, 3, 0)]),
            ((270.0 + lag, 30.0 + lag), [(w.SWAPPED, 1, 3)]),
        ):
            load = ((5.0, angles[0]), (0.0, 0.0), (5.0, angles[1]))
            wiring = ((p.WIRING_U, 2), (p.WIRING_I, 2))
            b = Bench(lines + load, kinds="VVVIII", phases=(1, 2, 3, 1, 2, 3), settings=wiring).run(400)
            seen = look(b.meter)
            assert seen["derived"] == [1]
            found = w.check(seen["lines"], star, seen["amps"], seen["amp_angles"], None, seen["derived"])
            assert found == expected, (lag, angles)
    # both reversed look like an export
    assert w.check((230,) * 3, star, (5, 5, 5), (210.0, 330.0, 90.0), None, [1]) == [(w.ALL_REVERSED, 0, 0)]


def test_one_phase():
    assert w.check((230,), (0.0,), (5,), (30.0,)) == []
    assert w.check((230,), (0.0,), (5,), (210.0,)) == [(w.ALL_REVERSED, 0, 0)]
    assert w.check((230,), (0.0,), (5,), (90.0,)) == [(w.UNCLEAR, 1, 0)]


def test_two_halves():
    halves, amps = (120, 119), (5, 4)
    assert w.check_halves(halves, (0.0, 180.0), amps, (10.0, 200.0)) == []
    assert w.check_halves(halves, (0.0, 180.0), amps, (10.0, 20.0)) == [(w.REVERSED, 2, 0)]
    assert w.check_halves(halves, (0.0, 0.0), amps, (10.0, 10.0)) == [(w.SAME_PHASE, 1, 2)]
    assert w.check_halves((120, 119), (0.0, 180.0), (5, 0), (10.0, 0.0)) == [(w.NO_CURRENT, 2, 0)]


def test_delta():
    assert w.star_of_lines((0.0, 120.0, 240.0)) == (30.0, 150.0, 270.0)
    assert w.star_of_lines((0.0, 240.0, 120.0)) == (330.0, 210.0, 90.0)


def test_what_a_meter_shows_is_enough():
    star = ((230.0, 0.0), (230.0, 120.0), (230.0, 240.0))
    load = ((5.0, 260.0), (5.0, 140.0), (5.0, 200.0))  # I1 and I3 swapped, then I3 turned round
    b = Bench(star + load, kinds="VVVIII", phases=(1, 2, 3, 1, 2, 3), settings=((p.CT1, 5),)).run(2300)
    seen = look(b.meter)
    found = w.check(seen["volts"], seen["volt_angles"], seen["amps"], seen["amp_angles"])
    assert found == [(w.REVERSED, 3, 0), (w.SWAPPED, 1, 3)]
    assert seen["source"] == "none" and len(seen["record"]) == 2 + 8 * 6 and seen["phases"] == 3
