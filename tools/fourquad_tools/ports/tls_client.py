"""TLS for what the simulated meter sends to others, as a layer between octets and octets. A server is
believed whose certificate is of an authority that is trusted, is not out of date, and names the host that
was set. Not looked at: whether it was revoked. The meter has no certificate of its own to show.
"""

from __future__ import annotations

import ssl


class Layer:
    """A conversation with `host`, from its first octet on. `authorities`: a file of PEM with those that are
    trusted; None: those that the computer trusts.
    """

    def __init__(self, host: str, authorities: str | None = None) -> None:
        self._came = ssl.MemoryBIO()
        self._goes = ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=authorities)
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
