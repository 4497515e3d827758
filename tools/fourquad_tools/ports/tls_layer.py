"""TLS of the simulated meter as fourquad.net.secured wants it, a layer between octets and octets. A server is
believed whose certificate is of an authority that is trusted, is not out of date, and names the host that
was set. Not looked at: whether it was revoked. The meter has no certificate of its own to show to a server,
and asks no client for one.
"""

from __future__ import annotations

import contextlib
import functools
import ssl


class Layers:
    """Begins layers. `authorities`: a file of PEM with those that are trusted, None: those that the computer
    trusts; `serving`: what a server of TLS needs, or None.
    """

    def __init__(self, authorities: str | None = None, serving: ssl.SSLContext | None = None) -> None:
        self._authorities = authorities
        self._serving = serving

    @functools.cached_property
    def _calling(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._authorities)

    def __call__(self, host: str | None) -> Layer:
        """A layer with the server `host`, None: with a client."""
        if host is not None:
            return Layer(self._calling, host)
        assert self._serving is not None
        return Layer(self._serving, None)


class Layer:
    """A conversation, from its first octet on."""

    def __init__(self, context: ssl.SSLContext, host: str | None) -> None:
        self._came = ssl.MemoryBIO()
        self._goes = ssl.MemoryBIO()
        self._layer = context.wrap_bio(self._came, self._goes, server_side=host is None, server_hostname=host)
        self._waiting: bytes | None = b""  # until both have agreed
        self.take(b"")

    def take(self, octets: bytes) -> bytes | None:
        """What these octets of the other side say; None: it speaks no TLS, or is not to be trusted."""
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
        """To be said."""
        if self._waiting is None:
            with contextlib.suppress(ssl.SSLError):  # `take` tells that it is over
                self._layer.write(octets)
        else:
            self._waiting += octets

    def said(self, count: int) -> bytes:
        """At most so many octets that are to be sent now."""
        return self._goes.read(count)

    def close(self) -> None:
        """It is over."""
