"""TLS for services of the simulated meter, with a certificate that it signs itself: made when it is first
wanted, and kept in the state folder. A browser warns of it once.
"""

from __future__ import annotations

import datetime
import importlib
import ipaddress
import os
import shutil
import ssl
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from fourquad_tools.ports import PortError

NAME = "tls.pem"  # the key and the certificate
_DAYS = 3650
_HOST = "fourquad"
_OPENSSL_S = 60


def context(folder: str | None) -> ssl.SSLContext:
    """What a server of TLS needs; `folder`: where the certificate is kept, None: nowhere. PortError."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as passing:
        path = Path(folder or passing) / NAME
        try:
            if not path.exists():
                _keep(path, _made(Path(passing)))
            found.load_cert_chain(path)
        except OSError as error:
            raise PortError(f"{path}: {error.strerror or error}") from None
    return found


def _keep(path: Path, pem: bytes) -> None:
    """Write a file that nobody else reads."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)


def _made(folder: Path) -> bytes:
    """A new key and its certificate, by the program openssl or by `cryptography`."""
    program = shutil.which("openssl")
    if program:
        return _by_program(program, folder)
    try:
        return _by_library()
    except ImportError:
        raise PortError(
            "TLS needs a certificate, and so the program openssl or the package cryptography (pip install "
            "cryptography)"
        ) from None


def _by_program(program: str, folder: Path) -> bytes:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", str(_DAYS), "-subj", f"/CN={_HOST}", "-keyout", str(key), "-out", str(certificate)]
    command += ["-addext", f"subjectAltName=DNS:localhost,DNS:{_HOST},IP:127.0.0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_OPENSSL_S)
    if done.returncode:
        raise PortError(f"openssl: {done.stderr.strip()[-200:]}")
    return key.read_bytes() + certificate.read_bytes()


def _by_library() -> bytes:
    x509: Any = importlib.import_module("cryptography.x509")
    hashes: Any = importlib.import_module("cryptography.hazmat.primitives.hashes")
    serialization: Any = importlib.import_module("cryptography.hazmat.primitives.serialization")
    ec: Any = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ec")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _HOST)])
    names: list[Any] = [x509.DNSName("localhost"), x509.DNSName(_HOST)]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return bytes(secret + certificate.public_bytes(pem))
