"""Analog inputs and outputs against closed forms (manual 6.3.5, note 3; 6.3.7)."""

from test_table import modules

from fourquad import points as p
from fourquad.points import modules as m


def curve(settings, output, parameter, values, outputs):
    """The points of a curve, of the manual's four registers those that its number of gradients counts."""
    n = len(values) - 1
    at = m.AO1_GRADIENTS + m.CURVE * (output - 1)
    settings.write(m.AO1_PARAMETER + output - 1, parameter)
    settings.write(at, n)
    for k in range(n + 1):
        place = k if k < n else 3
        settings.write(at + 1 + place, values[k] & 0xFFFF)
        settings.write(at + 5 + place, outputs[k])


def expected(values, outputs, x):
    """The code by the definition of a line through two points."""
    if x <= values[0]:
        return outputs[0]
    for k in range(1, len(values)):
        if x <= values[k]:
            part = (x - values[k - 1]) / (values[k] - values[k - 1])
            return outputs[k - 1] + part * (outputs[k] - outputs[k - 1])
    return outputs[-1]


def put_out(io, reading, value, output=1):
    io._readings[reading] = value
    io._follow()
    return io.read(m.AO1 + output - 1)


def test_an_output_of_one_gradient_is_a_line():
    io, settings = modules("io21")
    curve(settings, 1, 1, (1000, 3000), (819, 4096))
    # V1 of 100 V is 4 mA, of 300 V 20 mA
    for volts in (0.0, 99.9, 100.0, 150.0, 200.0, 299.9, 300.0, 480.0):
        code = expected((1000, 3000), (819, 4096), 10 * volts)
        assert abs(put_out(io, p.V1, volts) - code * 20 / 4096) <= 0.5 * 20 / 4096 + 1e-5
    assert put_out(io, p.V1, 100.0) == 819 * 20 / 4096
    assert put_out(io, p.V1, 300.0) == 20.0


def test_two_and_three_gradients_each_parameter_each_type():
    # parameter, reading, codes of a unit, values
    cases = (
        (0, p.FREQUENCY, 100, (4500, 5000, 5100, 6500)),
        (0, p.FREQUENCY, 100, (30000, 40000, 40100, 50000)),
        (4, p.V_AVG, 10, (0, 2000, 2300, 4800)),
        (8, p.VL_AVG, 10, (0, 1, 8000, 8310)),
        (13, p.I_N, 1000, (0, 10, 5000, 10000)),
        (14, p.P1, 1, (-4800, -100, 0, 4800)),
        (17, p.P_SUM, 1, (-14400, 0, 1, 14400)),
        (21, p.Q_SUM, 1, (-14400, -14399, 14399, 14400)),
        (25, p.S_SUM, 1, (0, 100, 200, 14400)),
        (29, p.PF_SUM, 1000, (-1000, -500, 500, 1000)),
    )
    for kind, low, full in ((0, 0, 20), (1, 819, 20), (2, 0, 5), (3, 819, 5)):
        for parameter, reading, unit, values in cases:
            for used in ((0, 3), (0, 1, 3), (0, 1, 2, 3)):
                io, settings = modules("io22", "io11")
                settings.write(m.IO22_AO_TYPE, kind)
                xs = [values[k] for k in used]
                ys = [(low, 1500, 3000, 4915)[k] for k in used]
                curve(settings, 4, parameter, xs, ys)
                span = xs[-1] - xs[0]
                for i in range(-2, 23):
                    x = (xs[0] + span * i // 20) / unit
                    got = put_out(io, reading, x, 4)
                    code = expected(xs, ys, int(x * unit + (0.5 if x >= 0 else -0.5)))
                    assert abs(got * 4096 / full - code) <= 0.501, (parameter, used, x)


def test_points_that_make_no_curve_hold_the_output():
    io, settings = modules("io21")
    assert put_out(io, p.I1, 5.0) == 819 * 20 / 4096  # nothing set: 4 mA
    curve(settings, 1, 9, (0, 10000), (819, 4915))
    before = put_out(io, p.I1, 5.0)
    assert abs(before - (819 + 4096 / 2) * 20 / 4096) <= 0.5 * 20 / 4096
    for values, outputs in (
        ((10000, 0), (819, 4915)),  # falling
        ((5000, 5000), (819, 4915)),  # no line
        ((0, 10001), (819, 4915)),  # beyond 10 A
        ((-1, 10000), (819, 4915)),
        ((0, 10000), (4915, 819)),  # falling outputs
        ((0, 10000), (0, 4915)),  # below 4 mA
        ((0, 6000, 5000), (819, 2000, 4915)),
        ((0, 5000, 4000, 10000), (819, 2000, 3000, 4915)),
    ):
        curve(settings, 1, 9, values, outputs)
        assert put_out(io, p.I1, 2.5) == before, (values, outputs)
    # points that do not count may be anything
    curve(settings, 1, 9, (0, 10000), (819, 4915))
    settings.write(m.AO1_GRADIENTS + 2, 9)
    settings.write(m.AO1_GRADIENTS + 3, 1)
    assert abs(put_out(io, p.I1, 2.5) - (819 + 1024) * 20 / 4096) <= 0.5 * 20 / 4096
    # of 50 Hz and 400 Hz one range holds
    curve(settings, 1, 0, (4500, 50000), (819, 4915))
    held = put_out(io, p.FREQUENCY, 60.0)
    assert held == put_out(io, p.FREQUENCY, 45.0)


def test_a_reading_that_is_no_number_holds_the_output():
    io, settings = modules("io21")
    curve(settings, 2, 26, (-1000, 1000), (819, 4915))
    before = put_out(io, p.PF1, 0.5, 2)
    assert put_out(io, p.PF1, float("nan"), 2) == before
    assert put_out(io, p.PF1, float("inf"), 2) == before


def test_outputs_whose_module_is_away_are_0_and_start_at_the_bottom():
    io, settings = modules("io21")
    curve(settings, 1, 1, (0, 4800), (819, 4915))
    assert put_out(io, p.V1, 480.0) == 4915 * 20 / 4096
    io.connect(["io11"])
    assert put_out(io, p.V1, 480.0) == 0
    io.connect(["io21"])
    assert io.read(m.AO1) == 819 * 20 / 4096
    assert put_out(io, p.V1, 480.0) == 4915 * 20 / 4096
    settings.write(m.IO21_AO_TYPE, 2)
    assert io.read(m.AO1) == 0
    assert put_out(io, p.V1, 480.0) == 4915 * 5 / 4096


def test_inputs_have_the_codes_of_their_types():
    io, settings = modules("io31", "io32")
    for n, at in ((0, m.IO31_AI_TYPE), (3, m.IO32_AI_TYPE)):
        for kind, value, code in (
            (0, 0.0, 0),
            (0, 10.0, 2048),
            (0, 20.0, 4095),  # 4096 does not fit
            (0, 24.0, 4095),
            (1, 4.0, 819),
            (1, 3.0, 614),
            (1, 12.0, 2458),
            (2, 2.5, 2048),
            (2, 5.0, 4095),
            (3, 1.0, 819),
            (3, 0.001, 1),
            (0, -1.0, 0),
        ):
            settings.write(at, kind)
            io.put_analog(n, value)
            assert io.read(m.AI1 + n) == code, (kind, value)
    io.connect(["io31"])
    assert io.read(m.AI1 + 3) == 0 and io.read(m.AI1) == 0
    io.put_analog(0, 2.5)
    assert io.read(m.AI1) == 512
