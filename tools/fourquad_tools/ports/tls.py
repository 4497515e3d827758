"""The certificate of the simulated meter. It is made at the first start, signed by itself, and kept with the
meter's state: whoever has looked at it once, or has told the client to trust it, meets the same one again.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

from fourquad_tools.certificates import made
from fourquad_tools.ports import PortError

NAME = "tls.pem"  # the key and the certificate
_NAMES = ("localhost", "fourquad", "127.0.0.1")  # by which a simulated meter is called


def context(folder: str | None) -> ssl.SSLContext:
    """What a server of TLS needs; `folder`: where the certificate is kept, None: nowhere. PortError;
    CertificateError.
    """
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as passing:
        path = Path(folder or passing) / NAME
        try:
            if not path.exists():
                _keep(path, made(_NAMES))
            found.load_cert_chain(path)
        except OSError as error:
            raise PortError(f"{path}: {error.strerror or error}") from None
    return found


def _keep(path: Path, pem: bytes) -> None:
    """Write a file that nobody else reads."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
