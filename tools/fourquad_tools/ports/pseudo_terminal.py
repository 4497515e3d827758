"""Pseudo-terminals, which Linux and macOS have."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import socket
import struct
import sys
import termios
import tty
from pathlib import Path

from fourquad_tools.ports import MakeLink, PortError


class PtyPort:
    """A new pseudo-terminal, and a symbolic link to it when `path` is given."""

    def __init__(self, name: str, path: str | None, make_link: MakeLink) -> None:
        self.name = name
        self.path = Path(path) if path else None
        # Holding the slave open keeps the terminal alive while clients come and go.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.device = os.ttyname(self._slave)
        self.dropped = 0
        self._link = make_link(self._send)
        self._claim: _Claim | None = None
        try:
            if self.path is not None:
                self._claim = _make_symlink(name, self.path, self.device)
        except PortError:
            self._close_files()
            raise
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    @property
    def where(self) -> str:
        """What a master opens."""
        return str(self.path) if self.path else self.device

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EIO):
                return
            raise
        # A new request while an answer lies unread: who asked for it is gone, the next must not get it. A
        # protocol that speaks unasked says of its own accord which answer is to which request.
        if getattr(self._link, "framed", True) and _waiting(self._slave):
            termios.tcflush(self._slave, termios.TCIFLUSH)
        self._link.received(data)

    def _send(self, data: bytes) -> None:
        try:
            sent = os.write(self._master, data)
        except BlockingIOError:
            sent = 0
        self.dropped += len(data) - sent

    async def close(self) -> None:
        """Take the terminal and its link away."""
        asyncio.get_running_loop().remove_reader(self._master)
        self._link.closed()
        if self.path is not None and self.path.is_symlink() and os.readlink(self.path) == self.device:
            self.path.unlink()
        self._close_files()

    def _close_files(self) -> None:
        if self._claim is not None:
            self._claim.close()
        os.close(self._master)
        os.close(self._slave)


def _waiting(fd: int) -> int:
    return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]


class _Claim:
    """What keeps other simulators from taking a path over. OSError: another one has it.

    It goes with its process. The terminal itself stays free for a master's lock.
    """

    def __init__(self, path: Path) -> None:
        self._socket: socket.socket | None = None
        self._file: Path | None = None
        self._lock = -1
        if sys.platform == "linux":
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                # a name without a file
                self._socket.bind(f"\0fourquad {path.absolute()}")
            except OSError:
                self._socket.close()
                raise
            return
        self._file = path.with_name(path.name + ".lock")
        self._lock = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise OSError(errno.EADDRINUSE, "in use") from None

    def close(self) -> None:
        """Let it go."""
        if self._socket is not None:
            self._socket.close()
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            os.close(self._lock)


def _make_symlink(name: str, path: Path, device: str) -> _Claim:
    """Let `path` be a link to `device`."""
    claim: _Claim | None = None
    try:
        claim = _Claim(path)
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            raise PortError(f"--port {name}: {path} exists and is no link")
        path.symlink_to(device)
    except OSError as error:
        if claim is not None:
            claim.close()
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"--port {name}: {path} belongs to a running simulator") from None
        raise PortError(f"--port {name}: cannot make the link {path}: {error.strerror}") from None
    except PortError:
        if claim is not None:
            claim.close()
        raise
    return claim
