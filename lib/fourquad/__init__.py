"""Fourquad: the hardware-free modules of a four-quadrant power and energy meter."""
