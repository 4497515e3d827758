"""Makes a UF2 file of a flash image: uf2.py IMAGE OUT [rp2040|rp2350-arm-s]."""

import struct
import sys

FLASH = 0x10000000
FAMILIES = {"rp2040": 0xE48BFF56, "rp2350-arm-s": 0xE48BFF59}
IMAGE_DEF = struct.pack("<I", 0xFFFFDED3)  # begins the block without which an RP2350 does not start an image
IMAGE_DEF_WITHIN = 4096
MAGIC_START = (0x0A324655, 0x9E5D5157)
MAGIC_END = 0x0AB16F30
FAMILY_PRESENT = 0x2000
PAGE = 256


def blocks(image: bytes, family: int) -> list[bytes]:
    """One block of 512 bytes for every page of the image."""
    pages = [image[at : at + PAGE].ljust(PAGE, b"\0") for at in range(0, len(image), PAGE)]
    return [
        struct.pack("<8I", *MAGIC_START, FAMILY_PRESENT, FLASH + n * PAGE, PAGE, n, len(pages), family)
        + page
        + bytes(220)
        + struct.pack("<I", MAGIC_END)
        for n, page in enumerate(pages)
    ]


def main() -> None:
    source, out, *chip = sys.argv[1:]
    name = chip[0] if chip else "rp2040"
    with open(source, "rb") as file:
        image = file.read()
    if name.startswith("rp2350") and IMAGE_DEF not in image[:IMAGE_DEF_WITHIN]:
        raise SystemExit(f"{source} has no image definition in its first {IMAGE_DEF_WITHIN} bytes")
    with open(out, "wb") as file:
        file.write(b"".join(blocks(image, FAMILIES[name])))


if __name__ == "__main__":
    main()
