"""Every model starts on the emulated board, with no module missing from its image, and goes on."""

from __future__ import annotations

import pytest
from emulated import Emulated, image

from fourquad import models

BANNER = "Ctrl-C ends it"


@pytest.mark.parametrize("name", models.NAMES)
def test_a_board_can_be_every_model_of_its_image(name: str) -> None:
    with Emulated(image("PICO_EMU")) as board:
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        board.run(f"import model\nmodel.choose({name!r})")
        board("reset")
        assert board("run", ns=5e9, until="uart0", text=BANNER)["found"]
        said = board("run", ns=6e9, until="uart0", text="starts anew")
        assert not said["found"] and "Traceback" not in said["text"], said["text"]
