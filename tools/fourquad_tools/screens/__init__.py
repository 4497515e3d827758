"""Pictures: the meter's panel in a terminal and as PNG."""
