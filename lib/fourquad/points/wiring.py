"""Offsets into points.WIRING (meter/wiring.py).

A fault is its kind from 1 on, in the order of metering/wiring_check.py, times 256, its phase (1-3) times 16,
and the other phase; 0 is none.
"""

RESULT = 0  # bits 0-11 the kinds of all faults, bits 12-14 the phases that they name
VOLTAGE = 1  # the first fault of voltages, -1 while there is no check
CURRENT = 2  # and of currents
FINDINGS = 3
MOST = 8
END = FINDINGS + MOST
