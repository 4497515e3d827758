"""Time: the meter's clock and its zone."""
