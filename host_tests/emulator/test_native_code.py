"""Native code that is frozen into an image computes what it does elsewhere, wherever the linker puts it."""

from __future__ import annotations

import ast
import zlib

import pytest
from emulated import Emulated, image

BANNER = "Ctrl-C ends it"
DATA = (b"123456789", b"", b"\0", b"\xff", b"\xff" * 2 + b"\0" * 6, bytes(128), bytes(range(256)))
CODE = """
from fourquad.records.crc32 import put_crc32
out = bytearray(4)
found = []
for data in {data!r}:
    put_crc32(data, len(data), out, 0)
    found.append(bytes(out))
print(found)
"""


@pytest.mark.chosen
def test_the_crc_of_an_image_is_that_of_zlib() -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        found = ast.literal_eval(board.run(CODE.format(data=DATA)))
    assert found == [zlib.crc32(data).to_bytes(4, "little") for data in DATA]
