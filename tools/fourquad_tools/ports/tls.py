"""The certificate of a meter with TLS. It is made at the first start, signed by itself, and the simulated
meter keeps it with its state: whoever has looked at it once, or has told the client to trust it, meets the
same one again.
"""

from __future__ import annotations

import base64
import datetime
import importlib
import ipaddress
import os
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fourquad_tools.ports import PortError

NAME = "tls.pem"  # the key and the certificate
_DAYS = 3650
_HOST = "fourquad"
HERE = ("localhost", _HOST, "127.0.0.1")  # how a simulated meter is called
_OPENSSL_S = 60
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)


def context(folder: str | None) -> ssl.SSLContext:
    """What a server of TLS needs; `folder`: where the certificate is kept, None: nowhere. PortError."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as passing:
        path = Path(folder or passing) / NAME
        try:
            if not path.exists():
                keep(path, made(HERE))
            found.load_cert_chain(path)
        except OSError as error:
            raise PortError(f"{path}: {error.strerror or error}") from None
    return found


def keep(path: Path, pem: bytes) -> None:
    """Write a file that nobody else reads."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)


def made(names: Sequence[str]) -> bytes:
    """A new key and its certificate for these names and addresses, in PEM, by the program openssl or by
    `cryptography`. PortError.
    """
    program = shutil.which("openssl")
    if program:
        with tempfile.TemporaryDirectory() as folder:
            return _by_program(program, Path(folder), names)
    try:
        return _by_library(names)
    except ImportError:
        raise PortError(
            "TLS needs a certificate, and so the program openssl or the package cryptography (pip install "
            "cryptography)"
        ) from None


def in_der(pem: bytes) -> tuple[bytes, list[bytes]]:
    """The key (b"" without one) and the certificates of a text in PEM. PortError: the key asks for a
    password.
    """
    key, certificates = b"", []
    for kind, text in _BLOCK.findall(pem.decode("ascii", "replace")):
        if "ENCRYPTED" in kind or "ENCRYPTED" in text:
            raise PortError("the key is locked by a password, which a meter has not")
        if kind == "CERTIFICATE":
            certificates.append(base64.b64decode(text))
        elif kind.endswith("PRIVATE KEY"):
            key = base64.b64decode(text)
    return key, certificates


def _address(name: str) -> Any:
    """The address that this is; None of a name."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _by_program(program: str, folder: Path, names: Sequence[str]) -> bytes:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    known = ",".join(f"{'IP' if _address(name) else 'DNS'}:{name}" for name in names)
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", str(_DAYS), "-subj", f"/CN={_HOST}", "-keyout", str(key), "-out", str(certificate)]
    command += ["-addext", f"subjectAltName={known}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_OPENSSL_S)
    if done.returncode:
        raise PortError(f"openssl: {done.stderr.strip()[-200:]}")
    return key.read_bytes() + certificate.read_bytes()


def _by_library(known: Sequence[str]) -> bytes:
    x509: Any = importlib.import_module("cryptography.x509")
    hashes: Any = importlib.import_module("cryptography.hazmat.primitives.hashes")
    serialization: Any = importlib.import_module("cryptography.hazmat.primitives.serialization")
    ec: Any = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ec")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _HOST)])
    names = [x509.IPAddress(_address(one)) if _address(one) else x509.DNSName(one) for one in known]
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
