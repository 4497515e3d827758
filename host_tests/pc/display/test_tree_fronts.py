"""The S4100's panel on its three faces: framebuffer, picture, terminal; and every page of it fits."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from bounded import Bounded
from PIL import Image, ImageChops
from rich.console import Console

from fourquad import points as p
from fourquad.display.tree.layout import ReadoutLayout
from fourquad.display.tree.menu import Tree
from fourquad.display.tree.screen import Readout
from fourquad.models.s4100 import menu, menu_names
from fourquad.models.s4100.settings import SETTINGS
from fourquad.points import system as s
from fourquad_tools.pages.made_up import Values
from fourquad_tools.pages.tree_docs import demo, screen_of
from fourquad_tools.screens import fronts, panel_tree, png_tree
from fourquad_tools.screens.panel import COMPACT_HEIGHT, COMPACT_WIDTH, WIDTH


def screens() -> Iterator[Readout]:
    """Every page of every ring at its longest, in both vocabularies, then every field while it is edited."""
    points = demo(SETTINGS)
    points.provide(s.SHOWN, Values(dict.fromkeys(range(64), -123_456_789.0)))
    points.provide(s.ALERTS, Values(dict.fromkeys(range(64), 0x7FFF)))
    points.provide(p.TARIFF_ENERGY, Values(dict.fromkeys(range(200), -123_456_789)), 5)
    for words in (0, 1):
        points.write(p.SETTING + s.DISPLAY_UNITS, words)
        for number, ring in enumerate(menu.RINGS):
            edited = any(("fields", number) == page[-2][:2] for page in sum(menu.RINGS, ()))
            for place in range(len(ring)):
                tree, screen = Tree(menu, points), Readout()
                tree._depth = 1
                tree._rings[1], tree._places[1] = number, place
                tree._places[0] = len(menu.RINGS[0]) - 1
                if edited:
                    tree._edit(True)
                else:
                    tree.draw(screen)
                    yield screen
                    tree._open()
                tree.draw(screen)
                yield screen


def test_every_page_fits_the_framebuffer() -> None:
    fb = Bounded()
    for screen in screens():
        assert 8 * (len(screen.name) + len(screen.note)) < 128
        fb.check(ReadoutLayout(screen, fb))


def test_icons_and_flashing_on_the_framebuffer() -> None:
    def lit(screen: Readout) -> int:
        fb = Bounded()
        ReadoutLayout(screen, fb).draw_all()
        return sum(bin(byte).count("1") for byte in fb._buffer)

    screen = screen_of(menu, SETTINGS, ("SETUP",), "R")
    screen.heart = screen.wrench = False
    none = lit(screen)
    screen.heart = True
    heart = lit(screen)
    screen.wrench = True
    assert none < heart < lit(screen)
    screen.heart = screen.wrench = False
    screen.dark = True
    assert screen.seen() == " 0000" and lit(screen) < none


@pytest.mark.parametrize("width", [80, 120])
def test_terminal(width: int) -> None:
    for screen in screens():
        console = Console(width=width, record=True, file=io.StringIO())
        console.print(fronts.render(screen))
        lines = console.export_text().splitlines()
        assert (WIDTH + 2, len(lines)) == fronts.size(screen)
        assert {line.cell_len for line in panel_tree.lines(screen)} == {WIDTH}
        few = panel_tree.compact_lines(screen)
        assert max(line.cell_len for line in few) <= COMPACT_WIDTH - 2 and len(few) <= COMPACT_HEIGHT - 2
        text = "\n".join(lines)
        assert screen.name in text and screen.note in text and screen.path in text
        console.print(fronts.small(screen))
        assert len(console.export_text().splitlines()) == COMPACT_HEIGHT


def test_picture(tmp_path: Path) -> None:
    screen = screen_of(menu, SETTINGS, ("W",), "")
    fronts.save(screen, tmp_path / "front.png")
    assert Image.open(tmp_path / "front.png").size == (760, 700)
    before = png_tree.picture(screen)
    screen.wrench = False
    box = ImageChops.difference(before, png_tree.picture(screen)).getbbox()
    # the wrench alone, at the right of the glass
    assert box is not None and box[0] > 560 and box[2] - box[0] < 60 and box[3] < 190
    assert png_tree.KEYS == panel_tree.KEYS == menu.KEYS


def test_the_pictures_of_the_page_are_there() -> None:
    docs = Path(__file__).resolve().parents[3] / "docs" / "s4100"
    for path in (docs / "panel.png", *(docs / "display" / f"{name}.png" for name, *_ in menu_names.SHOTS)):
        assert path.stat().st_size > 1000
