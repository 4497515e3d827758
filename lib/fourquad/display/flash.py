"""What flashes in a row of characters: one of them by its place, points not counted, all, or none."""

NONE = -1
ALL = 99


def seen(text, place):
    """A text in the dark half of its flashing."""
    if place == NONE:
        return text
    if place == ALL:
        return ""
    out = ""
    for c in text:
        if c == ".":
            out += c
        else:
            out += " " if place == 0 else c
            place -= 1
    return out
