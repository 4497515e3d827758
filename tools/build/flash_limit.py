"""Prints how many bytes of flash a board's image may have: flash_limit.py mpconfigboard.h [VARIANT]."""

import re
import sys

FLASH = 2048 * 1024  # of a Pico; a board with more defines FOURQUAD_FLASH_BYTES


def defined(text: str, name: str) -> int:
    """The value of `#define NAME (A * B)`."""
    match = re.search(rf"#define {name}\s+\((\d+) \* (\d+)\)", text)
    if match is None:
        raise SystemExit(f"{name} is not defined as (A * B)")
    return int(match[1]) * int(match[2])


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    flash = defined(text, "FOURQUAD_FLASH_BYTES") if "FOURQUAD_FLASH_BYTES" in text else FLASH
    limit = flash - defined(text, "MICROPY_HW_FLASH_STORAGE_BYTES")
    if sys.argv[2:] == ["bare"]:
        limit -= defined(text, "FOURQUAD_ROMFS_BYTES")
    print(limit)


if __name__ == "__main__":
    main()
