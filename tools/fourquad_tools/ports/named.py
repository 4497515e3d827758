"""What a PATH of `--port NAME=PATH` is: a serial port that is there, or the name of a link to be made.

- A URL (rfc2217://host:port, socket://host:port) and, on Windows, any name are opened.
- A device node is opened, and so is a link to one, such as those in /dev/serial/by-id.
- A link to a pseudo-terminal, or to nothing, is one that a simulator left: it is made anew.
- A name that is not there becomes a link to a new pseudo-terminal. Anything else is refused.
"""

from __future__ import annotations

import os
import re
import stat

from fourquad_tools.ports.serial_port import SCHEMES

_PSEUDO = re.compile(r"/dev/pts/\d+|/dev/tty[p-za-e][0-9a-f]|/dev/ttys\d+")


def is_device(path: str, windows: bool = os.name == "nt") -> bool:
    """Whether the path is opened as it is."""
    if path.startswith(SCHEMES) or windows:
        return True
    try:
        if not stat.S_ISCHR(os.stat(path).st_mode):
            return False
        return not (os.path.islink(path) and _PSEUDO.fullmatch(os.path.realpath(path)))
    except (OSError, ValueError):
        # not there; ValueError: no file can have that name
        return False
