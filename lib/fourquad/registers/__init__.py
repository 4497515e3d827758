"""Registers that only count: energy and run time."""
