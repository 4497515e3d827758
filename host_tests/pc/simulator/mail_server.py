"""A server of mail of others (aiosmtpd), and what it has got, read by Python's own email package."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from post_servers import free_port

PATIENCE_S = 120.0


class Box:
    """Takes mails; the first `failures` of them not."""

    def __init__(self, failures: int = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Any] = []
        self.failures = failures

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.failures:
            self.failures -= 1
            return "451 later"
        self.envelopes.append(envelope)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 queued"

    def wait(self, count: int) -> None:
        end = time.monotonic() + PATIENCE_S
        while len(self.mails) < count:
            assert time.monotonic() < end
            time.sleep(0.05)


def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"me@example.com", b"pass word"))


@contextmanager
def serving(box: Box, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(box, "127.0.0.1", port, authenticator=known, auth_required=True, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
