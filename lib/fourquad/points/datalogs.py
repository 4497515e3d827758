"""Data logs: what who has none knows of their settings, too. They begin at points.GROUP_LOGS."""

LOGS = 3
WORDS = 192  # registers of the settings of each (events/log_settings.py)
BLOCK = 64  # of these, that a configuration has as one text
