"""Drivers of the RP2040 and the RP2350."""
