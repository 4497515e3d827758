"""The meter from power-on to power-off: its registers, storage, keys and screen, as on a board."""
