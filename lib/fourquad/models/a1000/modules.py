"""A1000 inputs, of which the first ends a demand interval; nothing counts their pulses."""

from fourquad.models.rows import module

MODULES = (module("inputs", bit=0, inputs=(1, 6, None)),)
