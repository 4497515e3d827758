"""Smaller caches of littlefs: file_caches.py MICROPYTHON mends a tree of MicroPython 1.25.

A file system has two caches, and each open file one, of four pages of the flash, 1 KB. Two do: a file that is
kept with its name (512 bytes at most on sectors of 4 KB) still fits into one, so what is on a board stays
readable. A board says how many by FOURQUAD_CACHE_PAGES (boards/common/rp2.h).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

_FILE = "extmod/vfs_lfsx.c"
_SIZE = "    config->cache_size = MIN(config->block_size, (4 * MAX(read_size, prog_size)));\n"
_SIZED = f"""\
    #ifndef FOURQUAD_CACHE_PAGES
    #define FOURQUAD_CACHE_PAGES (4)
    #endif
{_SIZE.replace("4 *", "FOURQUAD_CACHE_PAGES *")}"""

EDITS = [(_FILE, _SIZE, _SIZED)]

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
