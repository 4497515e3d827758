"""Heap that the panel takes under MicroPython: all the firmware has 16 KB a second, a refresh some 1.2 KB."""

import gc

from panel_bench import FourKeys
from panel_fake import Fake, H, P, V

from fourquad.display.keys import Keys


def taken(work):
    """Bytes that `work` allocates, without collection; 0 where the interpreter does not tell."""
    if not hasattr(gc, "mem_alloc"):
        return 0
    work()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    work()
    after = gc.mem_alloc()
    gc.enable()
    return after - before


def test_a_refresh():
    fake = Fake()
    for key in (V, V, V, V, P, P, P, P, P, P, H, H, H):
        fake.keys(key)
        used = taken(fake.draw)
        assert used <= 1280, (fake.screen.item, used)


def test_a_setting_page():
    fake = Fake()
    fake.open_setting(8)
    assert taken(fake.draw) <= 512
    fake.keys(V)
    assert taken(fake.draw) <= 768


def test_what_runs_often_takes_nothing():
    fake = Fake()
    keys = Keys(4, ((0, 3, 4),))

    def often():
        fake.menu.tick(fake.now)
        keys.sample(0, 1000)
        keys.tick(1000)

    assert taken(often) == 0


def test_a_tree_of_pages():
    bench = FourKeys()

    def draw():
        bench.menu.draw_part(bench.screen, 0)

    def often():
        bench.menu.tick(bench.now)

    for key in ("DOWN", "DOWN", "UP", "UP", "UP", "RIGHT", "RIGHT"):
        used = taken(draw)
        assert used <= 640, (bench.screen.name, used)
        assert taken(often) == 0
        bench.press(key)
    assert bench.screen.name == "PASWD"
