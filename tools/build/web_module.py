"""The pages of the network module as a module for a frozen image: web_module.py TARGET [MODEL...]

Writes nothing where no model has pages. What it writes are literals, so that all of it stays in flash.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tools")]


def text(names: list[str]) -> str:
    """The module for these models, for all without any; "" if none of them has pages."""
    from rooms import chosen

    from fourquad_tools.web_files import files

    paged = [name for name in chosen(names) if importlib.util.find_spec(f"fourquad.models.{name}.web_pages")]
    if not paged:
        return ""
    rows = files(*[importlib.import_module(f"fourquad.models.{name}") for name in paged])
    lines = "".join(f"    {(*row, packed(data))!r},\n" for *row, data in rows)
    return f'"""The files of the web pages: path, type, tag, gzipped data."""\n\nFILES = (\n{lines})\n'


def packed(data: bytes) -> bytes:
    """The same in fewer bytes, where zopfli is installed: it packs for minutes what is unpacked for years."""
    with contextlib.suppress(ImportError):
        from zopfli.gzip import compress

        return min(data, bytes(compress(gzip.decompress(data))), key=len)
    return data


def main(target: Path, names: list[str]) -> None:
    """Write the module, or see to it that there is none."""
    found = text(names)
    target.unlink(missing_ok=True)
    if found:
        target.write_text(found)
        print(f"  web pages: {len(found) // 1024} KB of source")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
