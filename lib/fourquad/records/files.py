"""Small files in a file system that the interpreter has mounted: littlefs on a board, the host's on a PC."""

import os

_ENOENT = 2


class OsFiles:
    """Files in the folder `root`, which must exist. A write is atomic where the file system's rename is."""

    def __init__(self, root):
        self._root = root if root.endswith("/") else root + "/"

    def read(self, name):
        """The file's bytes, or None if there is no such file. OSError: it cannot be read."""
        try:
            with open(self._root + name, "rb") as file:
                return file.read()
        except OSError as error:
            if error.args[0] != _ENOENT:
                raise
            return None

    def write(self, name, data):
        """Replace the file's content: after a power cut it is the old or the new one. OSError: full or
        broken.
        """
        path = self._root + name
        part = path + "~"
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            # littlefs has committed at flush; a PC needs to be told
            if hasattr(os, "fsync"):
                os.fsync(file.fileno())
        os.rename(part, path)
