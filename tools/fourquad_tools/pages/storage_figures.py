"""Measures what the storage costs and puts the tables into docs/storage.md.

    python -m fourquad_tools.pages.storage_figures [--check] [--board build/PICO_EMU-bare/firmware.bin]

Without `--board` the times of the RP2040 stay as they are in the page. `--check` changes nothing and tells by
its exit code whether the page is up to date.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from pathlib import Path

from fourquad import models
from fourquad.device import layout
from fourquad.device.register_store import RegisterStore
from fourquad.meter.meter import Meter
from fourquad.metering.channels import Channel
from fourquad.records.flash import RamFlash
from fourquad.records.journal import Journal
from fourquad.records.settings import encode
from fourquad_tools.pages.storage_board import Times, measure
from fourquad_tools.sim.littlefs_files import LittlefsFiles

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "storage.md"
MODELS = ("kw320", "a1000")
SECTORS = 64  # of the journal
# from the data sheets of the W25Q16JV and its like
ENDURANCE = 100_000
MINUTES_A_YEAR = 525_960
SAVES = 30 * 1440
SETTINGS_SAVES = 1000
BOOTS_A_DAY = 1


def register_bytes(model: str) -> int:
    """Bytes of the registers of a three-phase meter, as it saves them."""
    channels = [Channel(kind, phase, 0.01) for kind in "VI" for phase in (1, 2, 3)]
    return Meter(models.load(model), channels, clock_hz=1_000_000_000, bits=16).dump_size


class QuickFlash(RamFlash):
    """The flash in RAM without its byte-by-byte care, for CPython's speed."""

    def read(self, address: int, buffer: bytearray) -> None:
        buffer[:] = self.image[address : address + len(buffer)]

    def program(self, address: int, data: bytes) -> None:
        self.programs += 1
        self.bytes_programmed += len(data)
        self.image[address : address + len(data)] = data


class Cost:
    """What `saves` saves of `size` bytes did to the flash."""

    def __init__(self, name: str, flash: RamFlash, saves: int, size: int) -> None:
        self.name = name
        self.bytes = flash.bytes_programmed / saves
        self.erases = flash.erases / saves
        self.amplification = self.bytes / size
        # wear that is not even counts where it is worst
        self.worst = max(flash.erase_counts) / saves

    def years(self, interval_s: int) -> float:
        """Until the most worn sector has had its cycles."""
        return ENDURANCE / (self.worst * MINUTES_A_YEAR * 60 / interval_s)

    def row(self) -> str:
        years = [f"{self.years(interval):,.0f}" for interval in (60, 10)]
        return (
            f"| {self.name} | {self.bytes:,.0f} | {self.amplification:.1f} | {self.erases:.3f} | "
            + " | ".join(years)
        )


def journal_cost(model: str) -> Cost:
    """Thirty days of saves once a minute, with a boot a day."""
    flash = QuickFlash(SECTORS)
    payload = bytearray(register_bytes(model))
    store = RegisterStore(Journal(flash, 0, SECTORS, len(payload)), lambda: payload)
    for save in range(SAVES):
        if save % (1440 // BOOTS_A_DAY) == 0:
            store.restore()
        payload[0:4] = save.to_bytes(4, "little")
        store.snapshot()
        store.service()
    return Cost(f"journal over raw sectors, {model}, {len(payload):,} bytes", flash, SAVES, len(payload))


def littlefs_cost(name: str, size: int, saves: int, write: Callable[[LittlefsFiles, bytes], None]) -> Cost:
    """`saves` saves of a file of `size` bytes in a littlefs with as many sectors as the journal has."""
    flash = QuickFlash(SECTORS)
    files = LittlefsFiles(flash, 0, SECTORS)
    flash.clear_counts()
    for save in range(saves):
        write(files, save.to_bytes(4, "little") + bytes(size - 4))
    return Cost(name, flash, saves, size)


def by_rename(files: LittlefsFiles, data: bytes) -> None:
    files.write("registers", data)


def in_place(files: LittlefsFiles, data: bytes) -> None:
    files.replace("registers", data)


def worst_loss_s(warning: bool) -> int:
    """Most seconds of energy that a cut took, over cuts at 1,000 moments; energy is counted once a second."""
    rng = random.Random(warning)
    worst = 0
    for _ in range(1000):
        flash = QuickFlash(4)
        counted = 0
        store = RegisterStore(Journal(flash, 0, 4, 8), lambda: counted.to_bytes(8, "little"))  # noqa: B023
        store.restore()
        # the cut comes within the second that follows
        for second in range(rng.randrange(1, 300)):
            counted = second
            # a page each 0.1 s: a save is over before the next second
            while store.tick(second * 1000):
                pass
            if store.due:
                store.service()
        if warning:
            store.snapshot()
        after = RegisterStore(Journal(flash, 0, 4, 8), lambda: b"")
        kept = int.from_bytes(after.restore() or b"", "little")
        worst = max(worst, counted + 1 - kept)
    return worst


def wear_table() -> list[str]:
    """Flash cost and life, as counted on the flash in RAM."""
    bytes_ = register_bytes(MODELS[0])
    costs = [
        *(journal_cost(model) for model in MODELS),
        littlefs_cost(f"littlefs, new file and rename, {bytes_} bytes", bytes_, SAVES, by_rename),
        littlefs_cost(f"littlefs, file replaced in place, {bytes_} bytes", bytes_, SAVES, in_place),
    ]
    size = len(encode(bytes(4 * 60), "kw320", 1))
    settings = littlefs_cost("", size, SETTINGS_SAVES, by_rename)
    once_a_day = settings.years(86400)
    return [
        f"{SAVES:,} saves in {SECTORS} sectors, counted by `RamFlash`; years until the "
        f"most worn sector has had {ENDURANCE:,} erases:",
        "",
        "| registers | bytes a save | write amplification | erases a save | years at 60 s | years at 10 s |",
        "|---|---|---|---|---|---|",
        *(cost.row() + " |" for cost in costs),
        "",
        f"Settings ({size} bytes for 60 values, littlefs, new file and rename): {settings.bytes:,.0f} bytes "
        f"programmed and {settings.erases:.2f} erases a change; at ten changes a day "
        f"{once_a_day / 10:,.0f} years.",
        "",
        "| a cut costs at most | seconds of energy | at 3 x 230 V, 5 A |",
        "|---|---|---|",
        *(
            f"| {name} the warning line | {loss} | {3450 * loss / 3600:.2f} Wh |"
            for name, loss in (("with", worst_loss_s(True)), ("without", worst_loss_s(False)))
        ),
    ]


STORES = {
    "journal": "journal of the registers (`records/journal.py`)",
    "profile": "load profile (`records/profile.py`)",
    "periods": "billing periods (`records/periods.py`), a sector each",
    "extremes": "maxima and minima (`device/extremes_store.py`)",
}


def places_table() -> list[str]:
    """Where each model's stores are in the storage of a board with 2 MB of flash."""
    whole, files = layout.STORAGE_SECTORS, layout.FILES_SECTORS
    kilobytes = layout.SECTOR_SIZE // 1024
    lines = [
        f"| sectors of {whole} | what | " + " | ".join(MODELS) + " |",
        "|---|---|" + "---|" * len(MODELS),
        f"| 0..{files - 1} ({files * kilobytes} KB) | littlefs: settings, tables, calibration, "
        "what the user puts there | " + " | ".join("yes" for _ in MODELS) + " |",
    ]
    places = {model: layout.lay(models.load(model).STORAGE, whole, files) for model in MODELS}
    for name, said in STORES.items():
        first, count = next(of[name] for of in places.values() if name in of)
        has = " | ".join("yes" if name in places[model] else "free" for model in MODELS)
        lines.append(f"| {first}..{first + count - 1} ({count * kilobytes} KB) | {said} | {has} |")
    logs = [[of[name][1] for name in ("log1", "log2", "log3") if name in of] for of in places.values()]
    has = " | ".join(f"{len(each)} x {each[0] * kilobytes} KB" if each else "free" for each in logs)
    lines.append(f"| gaps between these | data logs (`device/datalog_store.py`) | {has} |")
    events = [sum(of[name][1] for name in ("sequence", "alarms") if name in of) for of in places.values()]
    has = " | ".join(f"{sectors * kilobytes} KB" if sectors else "free" for sectors in events)
    lines.append(f"| gaps between these | alarms, sequence of events (`device/event_store.py`) | {has} |")
    left = [whole - files - sum(count for _, count in places[model].values()) for model in MODELS]
    room = " | ".join(f"{sectors * kilobytes} KB" for sectors in left)
    return [*lines, f"| the others | other logs | {room} |"]


NAMES = {
    "snapshot": "journal: save or snapshot",
    "service": "journal: erase ahead (one sector)",
    "mount": "journal: mount, all sectors in use",
    "mount_blank": "journal: mount, blank flash",
    "restore": "journal: boot (mount, two erases, a save)",
    "littlefs_rename": "littlefs: the same bytes, new file and rename",
    "littlefs_replace": "littlefs: the same bytes, replaced in place",
    "littlefs_mount": "littlefs: mount",
    "settings_save": "settings: save 60 values",
    "settings_load": "settings: load 60 values",
}


def board_table(times: Times) -> list[str]:
    """Times of the emulated RP2040."""
    lines = [
        f"Registers of the {MODELS[0]}, {register_bytes(MODELS[0])} bytes:",
        "",
        "| on the emulated RP2040, milliseconds | median | 95 of 100 | worst | mean |",
        "|---|---|---|---|---|",
    ]
    for key, name in NAMES.items():
        lines.append(f"| {name} | " + " | ".join(f"{t / 1000:.1f}" for t in times[key]) + " |")
    return lines


def replaced(text: str, block: str, lines: list[str]) -> str:
    """`text` with the generated block of that name made anew."""
    start = f"<!-- {block}: made by fourquad_tools.pages.storage_figures -->\n"
    end = f"<!-- end of {block} -->"
    head, found, rest = text.partition(start)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page has no block {block}")
    return head + start + "\n" + "\n".join(lines) + "\n\n" + end + tail


def main() -> int:
    """Regenerate the page's tables; 1 if `--check` found it out of date."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--board", type=Path, metavar="FIRMWARE")
    options = parser.parse_args()
    old = PAGE.read_text()
    new = replaced(replaced(old, "wear", wear_table()), "places", places_table())
    if options.board:
        new = replaced(
            new,
            "board",
            board_table(measure(options.board, ROOT / "build" / "bootrom.bin", register_bytes(MODELS[0]))),
        )
    if options.check:
        return int(new != old)
    PAGE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
