"""TLS for what the simulated meter sends to others, as a layer between octets and octets. Servers are
believed whose certificate the computer trusts.
"""

from __future__ import annotations

import ssl


class Layer:
    """A conversation with `host`, from its first octet on."""

    def __init__(self, host: str) -> None:
        self._came = ssl.MemoryBIO()
        self._goes = ssl.MemoryBIO()
        context = ssl.create_default_context()
        self._layer = context.wrap_bio(self._came, self._goes, server_hostname=host)
        self._waiting: bytes | None = b""  # until both have agreed
        self.take(b"")

    def take(self, octets: bytes) -> bytes | None:
        """What these octets of the server say; None if it is not to be trusted, or speaks no TLS."""
        self._came.write(octets)
        out = b""
        try:
            if self._waiting is not None:
                self._layer.do_handshake()
                waiting, self._waiting = self._waiting, None
                if waiting:
                    self._layer.write(waiting)
            while data := self._layer.read(4096):
                out += data
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            return None
        return out

    def put(self, octets: bytes) -> None:
        """To be said to the server."""
        if self._waiting is None:
            self._layer.write(octets)
        else:
            self._waiting += octets

    def said(self, count: int) -> bytes:
        """At most so many octets that are to be sent now."""
        return self._goes.read(count)
