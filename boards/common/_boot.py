"""Mounts the filesystem on the first 896 KB of the storage; the last 512 KB stay raw, for the journal."""

import _rp2
import vfs

LITTLEFS_BYTES = 896 * 1024

area = _rp2.Flash(start=0, len=LITTLEFS_BYTES)
try:
    vfs.mount(vfs.VfsLfs2(area, progsize=256), "/")
except OSError:
    vfs.VfsLfs2.mkfs(area, progsize=256)
    vfs.mount(vfs.VfsLfs2(area, progsize=256), "/")

del area, _rp2, vfs
