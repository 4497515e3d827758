"""Mounts the filesystem on the first 896 KB of the storage; the last 512 KB stay raw, for the journal."""

import rp2
import vfs

JOURNAL_BYTES = 512 * 1024

flash = rp2.Flash()
size = flash.ioctl(4, 0) * flash.ioctl(5, 0) - JOURNAL_BYTES
area = rp2.Flash(start=0, len=size)
try:
    vfs.mount(vfs.VfsLfs2(area, progsize=256), "/")
except OSError:
    vfs.VfsLfs2.mkfs(area, progsize=256)
    vfs.mount(vfs.VfsLfs2(area, progsize=256), "/")

del flash, size, area, rp2, vfs
