"""The renderers: terminal, PNG and the framebuffer stand-in show what the Screen holds."""

from __future__ import annotations

import io
from pathlib import Path

from panel_fake import CHOOSE, Fake, H, P, V
from PIL import Image, ImageChops
from rich.console import Console

from fourquad.display import HEIGHT, WIDTH
from fourquad.display.rows.framebuffer import RowsLayout
from fourquad_tools.screens import fronts, panel, png
from fourquad_tools.screens.framebuf import FrameBuffer
from fourquad_tools.screens.segments import GLYPHS, cells, polygons


def terminal(fake: Fake) -> list[str]:
    console = Console(file=io.StringIO(), width=80)
    screen = fake.draw()
    console.print(panel.render(screen))
    assert {line.cell_len for line in panel.lines(screen)} == {panel.WIDTH}
    # a line that is too long would be cut off in its frame
    few = panel.compact_lines(screen)
    assert max(line.cell_len for line in few) <= panel.COMPACT_WIDTH - 2
    assert len(few) <= panel.COMPACT_HEIGHT - 2
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def seven(lines: list[str], row: int) -> str:
    """Read three lines of segments back to digits."""
    shapes = {}
    for char in "0123456789-":
        lit = GLYPHS[char]
        rows = (" a ", "fgb", "edc")
        shapes[tuple("".join(("|_"[s in "adg"] if s in lit else " ") for s in r) for r in rows)] = char
    text = ""
    for place in range(10):
        part = tuple(line[row + 4 * place : row + 4 * place + 3] for line in lines)
        text += shapes.get(part, "")
        mark = lines[2][row + 4 * place + 3 : row + 4 * place + 4]
        text += "." if mark == "." and shapes.get(part) else ""
    return text


def test_terminal_shows_rows_units_and_icons() -> None:
    fake = Fake()
    fake.energy[0] = 1234567
    fake.keys(P, P)
    fake.screen.comm = 2
    lines = terminal(fake)
    whole = "\n".join(lines)
    for word in ("Meter", "Setting", "Q1", "42%", "Imp", "kWh", "(  V/A  )", "\u03a3", "FOURQUAD"):
        assert word in whole, word
    assert whole.count("kvar") == 4
    column = lines[4].index("1") + 3
    rows = [seven(lines[2 + 3 * i : 5 + 3 * i], column) for i in range(4)]
    assert rows == ["0.100", "-0.200", "0.300", "0.250"]
    assert len(lines) <= 24 and max(map(len, lines)) <= 80


def test_terminal_shows_words_and_the_dark_half() -> None:
    fake = Fake()
    fake.open_setting(5)
    whole = "\n".join(terminal(fake))
    assert "BAUD" in whole and "CH1" in whole and "S05" in whole
    fake.open_setting(28)
    fake.keys(V)
    assert "NONE" in "\n".join(terminal(fake))
    fake.wait(600)
    assert fake.screen.dark and "NONE" not in "\n".join(terminal(fake))


def test_every_page_renders() -> None:
    for wiring in range(5):
        fake = Fake(wiring)
        for key in (V, P, H):
            for _ in range(4):
                fake.keys(key)
                terminal(fake)
    fake.keys(CHOOSE)
    terminal(fake)


def test_png_is_saved_and_differs_with_what_is_shown(tmp_path: Path) -> None:
    fake = Fake()
    fake.draw()
    fronts.save(fake.screen, tmp_path / "a.png")
    image = Image.open(tmp_path / "a.png").convert("RGB")
    assert image.size == (png.WIDTH, png.HEIGHT)
    assert (tmp_path / "a.png").stat().st_size < 60000
    bright = png.picture(fake.screen)
    fake.screen.backlight = False
    dim = png.picture(fake.screen)
    # A spot of bare glass is bright, then dim.
    assert sum(bright.getpixel((400, 500 + 34))) > sum(dim.getpixel((400, 500 + 34))) + 150
    fake.screen.backlight = True
    fake.screen.digits[0] = "230.1"
    box = ImageChops.difference(bright, png.picture(fake.screen)).getbbox()
    # Only the last digit of the first row changed.
    assert box is not None and box[2] - box[0] < 60 and box[3] - box[1] < 70


def test_png_flashes_only_the_cursor() -> None:
    fake = Fake()
    fake.open_setting(4)
    fake.keys(V)
    bright = png.picture(fake.screen)
    fake.wait(600)
    box = ImageChops.difference(bright, png.picture(fake.screen)).getbbox()
    assert box is not None and box[2] - box[0] < 60


def test_segments() -> None:
    assert cells("-575.0") == [("-", ""), ("5", ""), ("7", ""), ("5", "."), ("0", "")]
    assert [mark for _, mark in cells("03:04:05")] == ["", ":", "", ":", "", ""]
    assert set("".join(GLYPHS.values())) == set(polygons(40, 60, 8))
    # No two characters look alike but those that do on any such display.
    looks: dict[str, str] = {}
    for char, lit in GLYPHS.items():
        looks.setdefault("".join(sorted(lit)), "")
        looks["".join(sorted(lit))] += char
    assert sorted(alike for alike in looks.values() if len(alike) > 1) == ["0O", "5S"]


def test_framebuffer_stand_in() -> None:
    buffer = bytearray(WIDTH * HEIGHT // 8)
    fb = FrameBuffer(buffer, WIDTH, HEIGHT)
    fb.pixel(3, 10, 1)
    # MONO_VLSB: page 1, bit 2.
    assert buffer[WIDTH + 3] == 4 and fb.pixel(3, 10) == 1 and fb.pixel(4, 10) == 0
    fb.pixel(-1, 5, 1)
    fb.hline(120, 0, 20, 1)
    assert sum(bin(b).count("1") for b in buffer) == 9
    fb.fill(0)
    fb.vline(0, 60, 10, 1)
    assert buffer[7 * WIDTH] == 0xF0
    fb.fill(1)
    assert set(buffer) == {0xFF}
    for char in "0123456789ABCDEFGHIKLMNOPQRSTUVWabcdefghiklmnopqrstuvw%.-:/":
        fb.fill(0)
        fb.text(char, 8, 8)
        lit = [(x, y) for x in range(WIDTH) for y in range(HEIGHT) if fb.pixel(x, y)]
        assert lit and all(8 <= x < 16 and 8 <= y < 16 for x, y in lit), char


def test_layout_on_the_stand_in_leaves_nothing_behind() -> None:
    fake = Fake()
    fake.draw()
    used = FrameBuffer(bytearray(1024), WIDTH, HEIGHT)
    layout = RowsLayout(fake.screen, used)
    layout.draw_all()
    for key in (P, H, CHOOSE, V):
        fake.keys(key)
        layout.draw_all()
        fresh_buffer = bytearray(1024)
        fresh = FrameBuffer(fresh_buffer, WIDTH, HEIGHT)
        RowsLayout(fake.screen, fresh).draw_all()
        assert used.image().tobytes() == fresh.image().tobytes()


def test_every_icon_of_modules_and_networks_has_its_place() -> None:
    fake = Fake()
    fake.state[12] = 0b000111
    fake.state[8] = 10
    dark = png.picture(fake.draw())
    fake.screen.linked = fake.screen.profibus = fake.screen.pulse = True
    fake.screen.comm = 2
    fake.settings.values[71] = 1  # the second protocol: BACnet
    whole = "\n".join(terminal(fake))
    for word in ("M1x2 M2", "BACNET", "PROFI", "SEAL"):
        assert word in whole, word
    box = ImageChops.difference(dark, png.picture(fake.screen)).getbbox()
    assert box is not None and box[3] < 75 + 440  # all of it above the fifth line's foot
    lit = FrameBuffer(bytearray(1024), WIDTH, HEIGHT)
    RowsLayout(fake.screen, lit).draw_all()
    fake.screen.linked = fake.screen.profibus = False
    fake.draw()
    out = FrameBuffer(bytearray(1024), WIDTH, HEIGHT)
    RowsLayout(fake.screen, out).draw_all()
    marks = [(x, y) for x in range(WIDTH) for y in range(HEIGHT) if lit.pixel(x, y) != out.pixel(x, y)]
    assert {y // 9 for _, y in marks} == {1, 2} and all(117 <= x < 121 for x, _ in marks)
