"""Power cuts at flash operations while records are made and posted, and answers that get lost: every record
arrives, and none twice after repeats are dropped by their keys.
"""

from posts.post_life import Life, live
from records.cut_flash import SHAPES


def odd(n):
    return n % 2 == 1


def test_answers_that_get_lost():
    life = Life(odd)
    live(life)
    assert len(life.server.files) >= 8 and life.server.requests >= 2 * len(life.server.files) - 1


def test_cuts():
    life = Life(odd)
    live(life)
    operations = life.operations
    assert operations > 100
    for fuse in range(0, operations, 3):
        life = Life(odd)
        life.flash.rearm(fuse, fuse % SHAPES)
        live(life)
