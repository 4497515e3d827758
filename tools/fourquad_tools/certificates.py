"""Certificates of TLS: a new one that its key has signed itself, and those of a file in PEM."""

from __future__ import annotations

import base64
import datetime
import importlib
import ipaddress
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_DAYS = 3650
_HOST = "fourquad"
_OPENSSL_S = 60
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)


class CertificateError(Exception):
    """There is no certificate to be had; the message says why."""


def made(names: Sequence[str]) -> bytes:
    """A new key and its certificate for these names and addresses, in PEM, by the program openssl or by
    `cryptography`. CertificateError.
    """
    for name in names:
        if not _address(name) and not _NAME.fullmatch(name):
            raise CertificateError(f"{name!r} is neither a name of a host nor an address")
    program = shutil.which("openssl")
    if program:
        with tempfile.TemporaryDirectory() as folder:
            return _by_program(program, Path(folder), names)
    try:
        return _by_library(names)
    except ImportError:
        raise CertificateError(
            "TLS needs a certificate, and so the program openssl or the package cryptography (pip install "
            "cryptography)"
        ) from None


def in_der(pem: bytes) -> tuple[bytes, list[bytes]]:
    """The key (b"" without one) and the certificates of a text in PEM. CertificateError: the key asks for a
    password.
    """
    key, certificates = b"", []
    for kind, text in _BLOCK.findall(pem.decode("ascii", "replace")):
        if "ENCRYPTED" in kind or "ENCRYPTED" in text:
            raise CertificateError("the key is locked by a password, which a meter has not")
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
        raise CertificateError(f"openssl: {done.stderr.strip()[-200:]}")
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
