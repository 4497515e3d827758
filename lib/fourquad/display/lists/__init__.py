"""Displays that go through lists of values."""
