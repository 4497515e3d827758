"""A time server that somebody else wrote: chrony, which tells this computer's time and does not touch it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from foreign import not_tried

ROOT = Path(__file__).resolve().parents[3]
UNPACKED = ROOT / "build" / "chrony"
CHRONYD = shutil.which("chronyd", path=f"{UNPACKED}/usr/sbin:/usr/sbin")
PORT = 123  # a meter asks no other
PATIENCE_S = 120.0


@contextlib.contextmanager
def chrony(folder: Path, host: str) -> Iterator[None]:
    """The server at this address. Where it cannot be, the test is skipped; in CI it fails."""
    if CHRONYD is None or os.geteuid() != 0:
        not_tried(f"no chronyd, or not root (port {PORT}): SNTP was NOT tried with a foreign server")
    settings = folder / "chrony.conf"
    lines = ("local stratum 1", "allow", f"bindaddress {host}", "cmdport 0", "user root")
    settings.write_text("\n".join((*lines, f"pidfile {folder}/chronyd.pid", "")))
    libraries = ":".join(str(path.parent) for path in UNPACKED.glob("usr/lib/**/lib*.so*"))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(CHRONYD), "-x", "-d", "-f", str(settings)],
            stdout=log,
            stderr=log,
            env={**os.environ, "LD_LIBRARY_PATH": libraries},
        )
    try:
        end = time.monotonic() + PATIENCE_S
        while not answers(host):
            assert process.poll() is None and time.monotonic() < end, (folder / "log").read_text()
        yield
    finally:
        process.terminate()
        process.wait()


def answers(host: str) -> bool:
    """Whether the server is there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(1)
        try:
            one.sendto(b"\x23" + bytes(47), (host, PORT))
            return len(one.recv(100)) == 48
        except OSError:
            time.sleep(0.1)
            return False
