"""A1000: buttons and lists of its display (manual 2.1.1, 2.1.2; the generated page is
docs/a1000/display.md).
"""

from fourquad.models.a1000.display import ITEMS

PANEL = "lists"  # which kind of panel: display/panels.py
KEYS = ("DISPLAY", "RESET")
CHORDS = ()
SHOW = 0
RESET = 1  # the reset button was released before it was held for HELD
HELD = 2
# A key that does something else when it is held: key, ms, event.
HOLDS = ((RESET, 8000, HELD),)
LOW_BATTERY = 0x40  # of ERR 2 (appendix B)

__all__ = ("CHORDS", "HELD", "HOLDS", "ITEMS", "KEYS", "LOW_BATTERY", "PANEL", "RESET", "SHOW")
