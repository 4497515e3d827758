"""Every model starts on the emulated board, with no module missing from its image, and goes on."""

from __future__ import annotations

import pytest
from emulated import Emulated, image

from fourquad import models

BANNER = "Ctrl-C ends it"
# The C stack (boards/common/rp2.h): what was never used of it lies at its lower end, and is 0.
UNUSED = """
import uctypes
stack = uctypes.bytearray_at(0x20040800, 6144)
n = 0
while not stack[n]:
    n += 1
print(n)
"""
MARGIN = 400


@pytest.mark.parametrize("name", models.NAMES)
def test_a_board_can_be_every_model_of_its_image(name: str) -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board.run(f"import model\nmodel.choose({name!r})")
        board("reset")
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        said = board("run", ns=6e9, until="uart0", text="starts anew")
        assert not said["found"] and "Traceback" not in said["text"], said["text"]
        unused = int(board.run(UNUSED))
        print(f"{unused} bytes of the C stack were never used")
        assert unused >= MARGIN
