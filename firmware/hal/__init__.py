"""Drivers of the RP2040. Only what is in here and in boards/ touches hardware."""
