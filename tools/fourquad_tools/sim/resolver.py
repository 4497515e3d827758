"""Addresses of hosts, asked for while the meter works."""

from __future__ import annotations

import ipaddress
import socket
import threading


class Resolver:
    """`resolver(name)`: the address as text, "" while that is being asked for, None if there is none."""

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {}

    def __call__(self, name: str) -> str | None:
        """What is known; an answer that was taken is forgotten, so that the next question is asked anew."""
        try:
            return str(ipaddress.ip_address(name))
        except ValueError:
            pass
        if name not in self._found:
            self._found[name] = ""
            threading.Thread(target=self._ask, args=(name,), daemon=True).start()
        found = self._found[name]
        if found != "":
            del self._found[name]
        return found

    def _ask(self, name: str) -> None:
        try:
            found: str | None = str(socket.getaddrinfo(name, None, socket.AF_INET)[0][4][0])
        except (OSError, UnicodeError):
            found = None
        self._found[name] = found
