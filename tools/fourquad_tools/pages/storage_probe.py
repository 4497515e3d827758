"""Runs on a board: times of the storage, one line `name = microseconds...` each. Sent by storage_board.py,
which puts SIZE, the bytes of the registers, before it.
"""

# ruff: noqa: F821

import gc
import sys
import time

import micropython
import vfs

import rp2

sys.path.insert(0, "/lib")

from fourquad.device.register_store import RegisterStore  # noqa: E402
from fourquad.records.files import OsFiles  # noqa: E402
from fourquad.records.journal import Journal  # noqa: E402
from fourquad.records.settings import SettingsStore  # noqa: E402

SAVES = 200
JOURNAL_FIRST = 128  # of the storage's 256 sectors
JOURNAL_SECTORS = 64


class BoardFlash:
    """The storage area as a flash device (`fourquad.records.flash`)."""

    page_size = 256
    sector_size = 4096

    def __init__(self):
        self._device = rp2.Flash()
        self.sectors = self._device.ioctl(4, 0)

    def read(self, address, buffer):
        self._device.readblocks(address >> 12, buffer, address & 4095)

    def program(self, address, data):
        self._device.writeblocks(address >> 12, data, address & 4095)

    def erase(self, sector):
        self._device.ioctl(6, sector)


def timed(function, *arguments):
    """Microseconds that the call takes."""
    gc.collect()
    start = time.ticks_us()
    function(*arguments)
    return time.ticks_diff(time.ticks_us(), start)


def report(name, times):
    times.sort()
    print(
        name, "=", times[len(times) // 2], times[len(times) * 95 // 100], times[-1], sum(times) // len(times)
    )


def journal():
    flash = BoardFlash()
    payload = bytearray(SIZE)
    records = Journal(flash, JOURNAL_FIRST, JOURNAL_SECTORS, SIZE)
    report("mount_blank", [timed(records.mount)])
    report("service", [timed(records.service)])
    for _ in range(JOURNAL_SECTORS * 17):
        records.append(payload)
        records.service()
    report("mount", [timed(records.mount)])
    store = RegisterStore(records, lambda: payload)
    report("restore", [timed(store.restore)])
    times = []
    for _ in range(SAVES):
        times.append(timed(store.snapshot))
        store.service()
    report("snapshot", times)
    micropython.heap_lock()
    try:
        store.snapshot()
    finally:
        micropython.heap_unlock()


def littlefs():
    area = rp2.Flash(start=0x10000, len=JOURNAL_SECTORS * 4096)
    vfs.VfsLfs2.mkfs(area, progsize=256)
    vfs.mount(vfs.VfsLfs2(area, progsize=256), "/probe")
    files = OsFiles("/probe")
    payload = bytearray(SIZE)
    renamed = []
    replaced = []
    store = SettingsStore(files)

    def replace():
        with open("/probe/over", "wb") as file:
            file.write(payload)

    for i in range(SAVES):
        payload[0] = i
        renamed.append(timed(files.write, "registers", payload))
    for i in range(SAVES):
        payload[0] = i
        replaced.append(timed(replace))
    settings = [timed(store.save, "kw320", [i * 100 + j for j in range(60)]) for i in range(SAVES)]
    report("littlefs_rename", renamed)
    report("littlefs_replace", replaced)
    report("settings_save", settings)
    report("settings_load", [timed(store.load, "kw320", 60)])
    report("littlefs_mount", [timed(lambda: vfs.VfsLfs2(area, progsize=256))])
    vfs.umount("/probe")


journal()
littlefs()
