"""Mounts the file system, which is first in the storage; 512 KB and more stay raw after it, for the stores.

A file system that an earlier version made where this storage begins is larger and stays as it is, with all
that is in it (lib/fourquad/device/layout.py). Only a PICO2 can have one: elsewhere the storage has become
smaller.
"""

import _rp2
import vfs

BLOCK = 4096
RAW_BLOCKS = 128
FILES_BLOCKS = 64

old = (_rp2.Flash().ioctl(4, 0) or 0) - RAW_BLOCKS
new = min(FILES_BLOCKS, old)
for blocks in (new, old, 0):
    area = _rp2.Flash(start=0, len=(blocks or new) * BLOCK)
    try:
        if not blocks:
            vfs.VfsLfs2.mkfs(area, progsize=256)
        vfs.mount(vfs.VfsLfs2(area, progsize=256), "/")
        break
    except OSError:
        if not blocks:
            raise

del area, blocks, new, old, _rp2, vfs
