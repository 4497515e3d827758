"""Billing: demands, tariffs, periods, load profile, pulses, on one time line."""
