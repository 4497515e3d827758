"""Makes a UF2 file of a flash image for the RP2040: uf2.py IMAGE OUT."""

import struct
import sys

FLASH = 0x10000000
FAMILY_RP2040 = 0xE48BFF56
MAGIC_START = (0x0A324655, 0x9E5D5157)
MAGIC_END = 0x0AB16F30
FAMILY_PRESENT = 0x2000
PAGE = 256


def blocks(image: bytes) -> list[bytes]:
    """One block of 512 bytes for every page of the image."""
    pages = [image[at : at + PAGE].ljust(PAGE, b"\0") for at in range(0, len(image), PAGE)]
    return [
        struct.pack("<8I", *MAGIC_START, FAMILY_PRESENT, FLASH + n * PAGE, PAGE, n, len(pages), FAMILY_RP2040)
        + page
        + bytes(220)
        + struct.pack("<I", MAGIC_END)
        for n, page in enumerate(pages)
    ]


def main() -> None:
    source, out = sys.argv[1:]
    with open(source, "rb") as file:
        image = file.read()
    with open(out, "wb") as file:
        file.write(b"".join(blocks(image)))


if __name__ == "__main__":
    main()
