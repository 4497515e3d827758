"""Large characters made of bars, for framebuffers whose font has only 8x8: seven segments and a few marks."""

# Segments: 1 top, 2 upper right, 4 lower right, 8 bottom, 16 lower left, 32 upper left, 64 middle.
_BARS = {
    "0": 63, "1": 6, "2": 91, "3": 79, "4": 102, "5": 109, "6": 125, "7": 7, "8": 127, "9": 111,
    "-": 64, "b": 124, "F": 113, "P": 115, "R": 80, "G": 61, "r": 80, "E": 121, " ": 0,
}  # fmt: skip
WIDTH = 10
HEIGHT = 20
PITCH = 12
NARROW = 6  # pitch of a point, a colon, a space or a dash between digits
_THICK = 2


def pitch(char):
    """How far the next character is."""
    return NARROW if char in ".:- " else PITCH


def width(text):
    """Width of a text."""
    total = 0
    for c in text:
        total += pitch(c)
    return total


def draw(fb, text, x, y):
    """Draw a text with its upper left corner at (x, y)."""
    for c in text:
        _draw(fb, c, x, y)
        x += pitch(c)


def value(fb, text, right, y):
    """Draw a number that ends at `right`; words in the small font of `fb`."""
    if any(c not in "0123456789.- " for c in text):
        fb.text(text, right - 8 * len(text), y + 8, 1)
    else:
        draw(fb, text, max(0, right - width(text)), y)


def _draw(fb, char, x, y):
    rect = fb.fill_rect
    if char == ".":
        rect(x + 1, y + HEIGHT - _THICK, _THICK, _THICK, 1)
        return
    if char == ":":
        rect(x + 1, y + 6, _THICK, _THICK, 1)
        rect(x + 1, y + 13, _THICK, _THICK, 1)
        return
    if char == "-":
        rect(x, y + HEIGHT // 2 - 1, NARROW - 1, _THICK, 1)
        return
    bars = _BARS.get(char, 0)
    half = HEIGHT // 2
    right = x + WIDTH - _THICK
    if bars & 1:
        rect(x, y, WIDTH, _THICK, 1)
    if bars & 2:
        rect(right, y, _THICK, half, 1)
    if bars & 4:
        rect(right, y + half, _THICK, half, 1)
    if bars & 8:
        rect(x, y + HEIGHT - _THICK, WIDTH, _THICK, 1)
    if bars & 16:
        rect(x, y + half, _THICK, half, 1)
    if bars & 32:
        rect(x, y, _THICK, half, 1)
    if bars & 64:
        rect(x, y + half - 1, WIDTH, _THICK, 1)
