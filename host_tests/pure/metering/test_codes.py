"""The table against erratum RP2040-E11, and machine code against Python."""

import sys
from array import array

from fourquad.metering.frontends import codes


def test_steps_are_where_the_erratum_has_them():
    for shift in range(4):
        n = 1 << shift
        table = codes.straight_table(shift)
        assert len(table) == 10
        out = [codes.straighten(n * code, table, shift) for code in range(4096)]
        assert out[0] >= 0 and out[-1] <= 4095
        jumps = [code for code in range(30, 4066) if out[code] - out[code - 1] > 3]
        assert jumps == [512, 1536, 2560, 3584]
        for code in jumps:
            assert 9 <= out[code] - out[code - 1] <= 12
        # between them nothing goes back, and nothing is off by more than the rounding
        for code in range(30, 4066):
            assert out[code] >= out[code - 1]
        assert out[2000] == 2000 and out[511] == 490 and out[3584] == 3605


def test_every_sum_stays_in_twelve_bits():
    for shift in range(4):
        table = codes.straight_table(shift)
        for total in range((4095 << shift) + 1):
            assert 0 <= codes.straighten(total, table, shift) <= 4095


def test_machine_code_is_the_same():
    if sys.implementation.name != "micropython":
        return
    from fourquad.metering.frontends import codes_native

    for shift in range(4):
        table = codes.straight_table(shift)
        totals = [(i * 7919) % ((4095 << shift) + 1) for i in range(600)]
        totals[0], totals[599] = 0, 4095 << shift
        buffer = array("H", totals)
        codes_native.straighten(0, 0, table, buffer, 2, 596, shift)
        for i in range(600):
            changed = 2 <= i < 598
            assert buffer[i] == (codes.straighten(totals[i], table, shift) if changed else totals[i]), i
