"""The A1000's display drawn on a framebuffer, as a picture and in the terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from bounded import Bounded
from PIL import Image
from rich.console import Console

from fourquad.display.lists.carousel import Carousel
from fourquad.display.lists.items import Items
from fourquad.display.lists.matrix import Matrix
from fourquad.display.lists.matrix_layout import MatrixLayout
from fourquad.models.a1000 import display, menu
from fourquad.models.a1000.settings import SETTINGS
from fourquad_tools.pages.matrix_docs import demo
from fourquad_tools.screens import dot_font, fronts, panel_matrix, png, png_matrix
from fourquad_tools.screens.panel import COMPACT_HEIGHT, COMPACT_WIDTH


def screens() -> Iterator[Matrix]:
    """Every item, some with all marks lit."""
    points = demo(SETTINGS)
    carousel, items = Carousel(menu, points), Items(menu.ITEMS, points)
    count = sum(len(row[2]) or 1 for row in display.ITEMS)
    for number in range(1, count + 1):
        screen = Matrix()
        carousel.draw(screen)
        items.show(number, number % 3, screen)
        if number % 2:
            screen.comm, screen.errors, screen.battery, screen.storage = 2, 3, True, 15
            screen.phases, screen.phi, screen.row = "ABC", True, "5.00 6.12 0.00 A"
        yield screen


def test_every_item_fits_the_framebuffer() -> None:
    fb = Bounded()
    for screen in screens():
        fb.check(MatrixLayout(screen, fb))


def test_flashing() -> None:
    screen = next(screens())
    screen.flash_digits = screen.flash_phases = True
    fb = Bounded()
    layout = MatrixLayout(screen, fb)
    layout.draw_all()
    lit = sum(bin(byte).count("1") for byte in fb._buffer)
    screen.dark = True
    layout.draw_all()
    assert sum(bin(byte).count("1") for byte in fb._buffer) < lit


def test_picture(tmp_path: Path) -> None:
    for n, screen in enumerate(screens()):
        if n % 40 == 0:
            fronts.save(screen, tmp_path / "front.png")
            picture = Image.open(tmp_path / "front.png")
            assert picture.size == (760, 700)
            assert len(picture.getcolors() or ()) > 8
    assert png_matrix.KEYS == menu.KEYS


def test_no_two_characters_of_the_matrix_touch() -> None:
    """Finding 9: "03.2433" and "84" ran into each other. Between characters stands a dark column."""
    used = "".join(f"{s.code}{s.digits}{s.note}{s.row}" for s in screens())
    for char in {*used, "P", "R", "G"}:
        rows = dot_font.glyph(char)
        assert len(rows) == dot_font.HEIGHT and len({len(row) for row in rows}) == 1
        assert char == "?" or rows != dot_font.glyph("?"), char
    for text in ("03.2433", "84", "88:88:88", "12345678"):
        width, lit = dot_font.dots(text)
        at = -dot_font.GAP
        for char in text[:-1]:
            at += len(dot_font.glyph(char)[0]) + dot_font.GAP
            assert not [dot for dot in lit if at <= dot[0] < at + dot_font.GAP], (text, char)
        assert max(x for x, _ in lit) == width - 1
    digits = [dot_font.dots(digit)[1] for digit in "0123456789"]
    assert len(set(digits)) == 10 and {dot_font.dots(digit)[0] for digit in "0123456789"} == {5}


def test_pictures_keep_the_colors_of_leds_and_buttons() -> None:
    """Finding 9: the display's pictures were grey."""
    screen = next(screens())
    screen.pulse = True
    picture = png_matrix.picture(screen)
    for wanted, size in ((picture, (760, 700)), (picture.resize((380, 350)), (380, 350))):
        few = png.few_colors(wanted).convert("RGB")
        scale = size[0] / 760
        for x, y in ((130, 503), (630, 503), (300, 552), (460, 552), (400, 300), (20, 400)):
            at = round(x * scale), round(y * scale)
            drawn, kept = wanted.getpixel(at), few.getpixel(at)
            assert max(abs(a - b) for a, b in zip(drawn, kept, strict=True)) <= 24, (at, drawn, kept)


@pytest.mark.parametrize("width", [80, 120])
def test_terminal(width: int) -> None:
    for screen in screens():
        console = Console(width=width, record=True, file=io.StringIO())
        console.print(fronts.render(screen))
        lines = console.export_text().splitlines()
        assert (panel_matrix.WIDTH + 2, len(lines)) == fronts.size(screen) == (68, 13)
        assert {line.cell_len for line in panel_matrix.lines(screen)} == {panel_matrix.WIDTH}
        # a line that is too long would be cut off in its frame
        few = panel_matrix.compact_lines(screen)
        assert max(line.cell_len for line in few) <= COMPACT_WIDTH - 2 and len(few) <= COMPACT_HEIGHT - 2
        console.print(fronts.small(screen))
        assert len(console.export_text().splitlines()) == COMPACT_HEIGHT
