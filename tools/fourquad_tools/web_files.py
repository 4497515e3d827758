"""The files of the network module's pages, gzipped, as its web server gives them away: the same rows in the
simulator and, frozen, in an image (tools/build/web.py).

One sheet and one program, joined of the files in web/; the layout of the model, made of its tables; the
charting library where the build has taken it from npm.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from fourquad_tools.web.layout import layout

HERE = Path(__file__).resolve().parent / "web"
LIBRARY = Path(__file__).resolve().parents[2] / "build" / "web" / "uplot"
# Of the program, in the order in which they are joined.
PROGRAM = ("core.js", "charts.js", "blocks.js", "forms.js", "manage.js", "logs.js", "quality.js", "app.js")

Row = tuple[str, str, str, bytes]

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


def tag(text: str) -> str:
    """What tells one content from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def row(path: str, text: str, kind: str = "") -> Row:
    """(path, type, etag, gzipped content)."""
    name = kind or "." + path.rpartition(".")[2]
    return (path, _TYPES[name], f'"{tag(text)}"', gzip.compress(text.encode(), 9, mtime=0))


def bare(name: str, comment: str = "//") -> str:
    """A source without what only its readers want: indentation and lines that are comments."""
    lines = [line.strip() for line in (HERE / name).read_text().splitlines()]
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(comment))


def stepwise(settings: dict[str, Any]) -> list[tuple[int, Any]]:
    """By their ids: (from the id before to this one, what is told of it), because steps of 1 pack well."""
    ids = sorted(map(int, settings))
    return [(pid - before, settings[str(pid)]) for before, pid in zip([0, *ids], ids, strict=False)]


def program() -> str:
    """All scripts as one, with nothing of it seen from outside."""
    return '"use strict";\n(() => {\n' + "".join(bare(name) for name in PROGRAM) + "})();\n"


def library() -> dict[str, str]:
    """The charting library by path; empty where no build has taken it."""
    names = {"/uplot.js": "uPlot.iife.min.js", "/uplot.css": "uPlot.min.css"}
    if not all((LIBRARY / name).is_file() for name in names.values()):
        return {}
    return {path: (LIBRARY / name).read_text() for path, name in names.items()}


def files(*models: ModuleType) -> tuple[Row, ...]:
    """The rows for meters of these models, of any version of each."""
    return _files(tuple(dict.fromkeys(model.__name__.rpartition(".")[2] for model in models)))


@cache
def _files(folders: tuple[str, ...]) -> tuple[Row, ...]:
    texts = {"/app.css": bare("app.css", "/*"), "/app.js": program()}
    texts["/icon.svg"] = (HERE / "icon.svg").read_text()
    texts.update(library())
    page = (HERE / "index.html").read_text()
    for path in ("/app.css", "/app.js"):
        page = page.replace(f"@{path[1:]}@", tag(texts[path]))
    for folder in folders:
        found = {**layout(folder), "library": "/uplot.js" in texts}
        found["settings"] = stepwise(found["settings"])
        texts[f"/{folder}.json"] = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    return (row("/", page, ".html"), *[row(path, text) for path, text in texts.items()])
