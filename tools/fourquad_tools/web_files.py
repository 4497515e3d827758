"""The files of the web pages, as a meter serves them (lib/fourquad/protocols/http/files.py): packed, with a
tag of their content.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "web"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}

Row = tuple[str, str, str, bytes]


def files(model: ModuleType) -> tuple[Row, ...]:
    """The rows of a model: (path, type, tag, data)."""
    found = sorted(path for path in FOLDER.glob("*") if path.suffix in TYPES)
    return tuple(row(path.name, path.read_bytes()) for path in found)


def row(name: str, data: bytes) -> Row:
    """One file."""
    path = "/" if name == "index.html" else f"/{name}"
    tag = hashlib.sha256(data).hexdigest()[:12]
    return (path, TYPES[Path(name).suffix], f'"{tag}"', gzip.compress(data, 9, mtime=0))
