"""Which meter this board is: what the file /model names, or else the MODEL of the board's own file, or else
the first that its image has.

At the prompt: `import model; model.choose("a1000")`, then Ctrl-D. `fourquad model` does it from a PC.
"""

import board

from fourquad import models
from fourquad.records.files import OsFiles

_FILE = "model"


def files():
    """The folder of the settings' files: the root, or what the board mounts for them."""
    return OsFiles(board.files() if hasattr(board, "files") else "/")


def chosen():
    """The model's name; the file may name one that this image does not have."""
    name = files().read(_FILE)
    return name.decode().strip() if name else _usual()


def _usual():
    return getattr(board, "MODEL", models.NAMES[0])


def tables():
    """The model's tables, those of the usual model where the chosen one is not to be had."""
    name = chosen()
    options = ("network",) if hasattr(board, "network") else ()
    try:
        return models.load(name, options=options)
    except ImportError as error:
        if name == _usual():
            raise
        print("fourquad: model", name, "-", error)
        return models.load(_usual(), options=options)


def choose(name):
    """Be this meter from the next start on. ImportError: there is no such model in this image."""
    models.load(name)
    files().write(_FILE, name.encode())
