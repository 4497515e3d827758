"""Characters made of segments: which of fourteen are lit, and their polygons.

Segments: a top, b and c right, d bottom, e and f left, g and h the middle in two halves, i j k the upper
diagonal, vertical and diagonal, l m n the lower ones. Digits use a-h only, as on seven segments.
"""

from __future__ import annotations

Point = tuple[float, float]

GLYPHS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abdegh",
    "3": "abcdgh",
    "4": "bcfgh",
    "5": "acdfgh",
    "6": "acdefgh",
    "7": "abc",
    "8": "abcdefgh",
    "9": "abcdfgh",
    "A": "abcefgh",
    "B": "abcdhjm",
    "C": "adef",
    "D": "abcdjm",
    "E": "adefg",
    "F": "aefg",
    "G": "acdefh",
    "H": "bcefgh",
    "I": "adjm",
    "J": "bcde",
    "K": "efgkn",
    "L": "def",
    "M": "bcefik",
    "N": "bcefin",
    "O": "abcdef",
    "P": "abefgh",
    "Q": "abcdefn",
    "R": "abefghn",
    "S": "acdfgh",
    "T": "ajm",
    "U": "bcdef",
    "V": "efkl",
    "W": "bcefln",
    "X": "ikln",
    "Y": "ikm",
    "Z": "adkl",
    "-": "gh",
    "/": "kl",
    "\u2220": "dkl",
    " ": "",
}

SEVEN = "abcdefgh"


def cells(text: str) -> list[tuple[str, str]]:
    """Text as (character, mark) for each place: a point or colon belongs to the place before it."""
    places: list[tuple[str, str]] = []
    for char in text:
        if char in ".:" and places and not places[-1][1]:
            places[-1] = (places[-1][0], char)
        else:
            places.append((char, ""))
    return places


def polygons(width: float, height: float, thick: float, slant: float = 0.1) -> dict[str, list[Point]]:
    """Polygons of the fourteen segments in a cell with its upper left corner at (0, 0)."""
    half, gap, middle = thick / 2, thick * 0.07, height / 2
    left, right, top, bottom = half, width - half, half, height - half
    centre = width / 2

    def across(x0: float, x1: float, y: float) -> list[Point]:
        x0, x1 = x0 + gap, x1 - gap
        return [(x0, y), (x0 + half, y - half), (x1 - half, y - half)] + [
            (x1, y),
            (x1 - half, y + half),
            (x0 + half, y + half),
        ]

    def down(x: float, y0: float, y1: float) -> list[Point]:
        y0, y1 = y0 + gap, y1 - gap
        return [(x, y0), (x + half, y0 + half), (x + half, y1 - half)] + [
            (x, y1),
            (x - half, y1 - half),
            (x - half, y0 + half),
        ]

    def diagonal(x: float, y: float) -> list[Point]:
        """From the corner (x, y) to the centre, clear of the segments beside it."""
        towards, under = (1 if x < centre else -1), (1 if y < middle else -1)
        x0, x1 = x + towards * (half + gap * 1.5), centre - towards * gap
        y0, y1 = y + under * (half + gap), middle - under * (half + gap)
        broad = under * thick * 1.5
        return [(x0, y0), (x0, y0 + broad), (x1, y1), (x1, y1 - broad)]

    shapes = {
        "a": across(left, right, top),
        "b": down(right, top, middle),
        "c": down(right, middle, bottom),
        "d": across(left, right, bottom),
        "e": down(left, middle, bottom),
        "f": down(left, top, middle),
        "g": across(left, centre + half * 0.6, middle),
        "h": across(centre - half * 0.6, right, middle),
        "i": diagonal(left, top),
        "j": down(centre, top + half, middle),
        "k": diagonal(right, top),
        "l": diagonal(left, bottom),
        "m": down(centre, middle, bottom - half),
        "n": diagonal(right, bottom),
    }
    return {name: [(x + (height - y) * slant, y) for x, y in shape] for name, shape in shapes.items()}
