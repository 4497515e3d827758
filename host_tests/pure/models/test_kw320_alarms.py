"""What the KW320's alarm codes stand for: the table of 6.3.4 and the formats of 6.2, written down by hand."""

from fourquad import points as p
from fourquad.models import kw320
from fourquad.points import columns as c
from fourquad.points import values as v

F, S, H = p.FAST, p.SECONDARY, p.HARMONIC
# codes: (point, how many of the unit of a set point are one of the reading), and whether it has a sign
FREQUENCY, VOLTS, AMPS, POWER, FACTOR, UNBALANCE, TEXT = 100, 10, 1000, 1, 1000, 1000, 1
TABLE = {
    0: (F + p.FREQUENCY, FREQUENCY, False),
    1: (F + p.V1, VOLTS, False),
    2: (F + p.V2, VOLTS, False),
    3: (F + p.V3, VOLTS, False),
    4: (F + p.V_AVG, VOLTS, False),
    5: (F + p.V12, VOLTS, False),
    6: (F + p.V23, VOLTS, False),
    7: (F + p.V31, VOLTS, False),
    8: (F + p.VL_AVG, VOLTS, False),
    9: (F + p.I1, AMPS, False),
    10: (F + p.I2, AMPS, False),
    11: (F + p.I3, AMPS, False),
    12: (F + p.I_AVG, AMPS, False),
    13: (F + p.I_N, AMPS, False),
    14: (F + p.P1, POWER, True),
    15: (F + p.P2, POWER, True),
    16: (F + p.P3, POWER, True),
    17: (F + p.P_SUM, POWER, True),
    18: (F + p.Q1, POWER, True),
    19: (F + p.Q2, POWER, True),
    20: (F + p.Q3, POWER, True),  # printed "phase B" twice
    21: (F + p.Q_SUM, POWER, True),
    22: (F + p.S1, POWER, False),
    23: (F + p.S2, POWER, False),
    24: (F + p.S3, POWER, False),
    25: (F + p.S_SUM, POWER, False),
    26: (F + p.PF1, FACTOR, True),
    27: (F + p.PF2, FACTOR, True),
    28: (F + p.PF3, FACTOR, True),
    29: (F + p.PF_SUM, FACTOR, True),
    30: (S + p.V_UNBALANCE, UNBALANCE, False),
    31: (S + p.I_UNBALANCE, UNBALANCE, False),
    32: (S + p.LOAD_CHARACTER, TEXT, False),
    33: (H + p.THD_V1, 1, False),  # in 0.01 % already
    34: (H + p.THD_V1 + 1, 1, False),
    35: (H + p.THD_V1 + 2, 1, False),
    36: (H + p.THD_V1 + 3, 1, False),
    37: (H + p.THD_I1, 1, False),
    38: (H + p.THD_I1 + 1, 1, False),
    39: (H + p.THD_I1 + 2, 1, False),
    40: (H + p.THD_I1 + 3, 1, False),
    45: (S + p.P_DEMAND, POWER, True),
    46: (S + p.Q_DEMAND, POWER, True),
    47: (S + p.S_DEMAND, POWER, False),
    48: (S + p.I1_DEMAND, AMPS, False),
    49: (S + p.I2_DEMAND, AMPS, False),
    50: (S + p.I3_DEMAND, AMPS, False),
}


def test_there_are_80_codes():
    assert len(kw320.WATCHED) == 80


def test_codes_are_the_quantities_of_the_manual():
    for code in TABLE:
        point, factor, signed = TABLE[code]
        row = kw320.WATCHED[code]
        assert (row[c.WATCHED], row[c.FACTOR]) == (point, factor), code
        assert row[c.WATCH] == (v.WATCH_SIGNED if signed else v.WATCH_VALUE), code


def test_fast_readings_know_what_the_transformers_multiply():
    expected = [0] + [1] * 8 + [2] * 5 + [3] * 12 + [0] * 4
    assert [row[c.SIDE] for row in kw320.WATCHED[:30]] == expected


def test_the_phase_order_records_an_angle_and_inputs_their_state():
    row = kw320.WATCHED[51]
    assert (row[c.WATCHED], row[c.FACTOR], row[c.WATCH]) == (S + p.ANGLE_V2, 10, v.WATCH_ORDER)
    for n in range(28):
        assert kw320.WATCHED[52 + n][c.WATCH] == v.WATCH_INPUT
        assert kw320.WATCHED[52 + n][c.WATCHED] - kw320.WATCHED[52][c.WATCHED] == n
    for n in range(4):
        assert kw320.WATCHED[41 + n][c.WATCH] == v.WATCH_VALUE
        assert kw320.WATCHED[41 + n][c.WATCHED] - kw320.WATCHED[41][c.WATCHED] == n


def test_each_code_has_a_name_for_people():
    from fourquad.models.kw320.alarm_names import CODES

    assert len(CODES) == 80
