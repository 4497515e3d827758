"""Drivers that know no chip: MicroPython's `machine` is enough for them."""
