"""The files of the network module's pages: what they weigh, and what must not stand in them."""

from __future__ import annotations

import bisect
import gzip
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from fourquad import points as p
from fourquad.meter.settings import GROUPS
from fourquad.models import load
from fourquad.points import columns as c
from fourquad.points import mail, network, posts
from fourquad_tools import web_files
from fourquad_tools.web.layout import layout, versions

MODELS = ["kw320", "acurev2020"]
WEB = Path(web_files.__file__).parent / "web"
MOST_BYTES = 60_000  # of all files on a board, packed
MOST_LINES = 400


def plain(name: str) -> dict[str, str]:
    """Path and text of each file."""
    return {path: gzip.decompress(data).decode() for path, _, _, data in web_files.files(load(name))}


@pytest.mark.parametrize("name", MODELS)
def test_they_are_small_and_the_same_each_time(name: str) -> None:
    rows = web_files.files(load(name))
    assert sum(len(data) for _, _, _, data in rows) < MOST_BYTES
    assert rows == web_files.files(load(name))
    assert {"/", "/app.css", "/app.js", f"/{name}.json"} <= {path for path, _, _, _ in rows}
    for _, kind, tag, _ in rows:
        assert re.fullmatch(r'"[0-9a-f]{12}"', tag)
        assert "/" in kind


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(name: str) -> None:
    page = plain(name)["/"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
    for path, text in plain(name).items():
        if not path.startswith("/uplot"):
            assert not re.findall(r"https?://(?!www\.w3\.org/)\w\S+", text), path
            assert not re.search(r"url\(|@import", text), path


def test_texts_never_become_markup() -> None:
    for path in WEB.glob("*.js"):
        words = (
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\(.style"
        )
        assert not re.search(words, path.read_text()), path


def test_one_concept_a_file() -> None:
    for path in WEB.iterdir():
        if path.is_file():
            assert len(path.read_text().splitlines()) <= MOST_LINES, path


def test_the_program_is_asked_for_by_what_it_is() -> None:
    rows = {path: tag for path, _, tag, _ in web_files.files(load("kw320"))}
    page = plain("kw320")["/"]
    for path in ("/app.css", "/app.js"):
        assert f'"{path}?v={rows[path].strip(chr(34))}"' in page


@pytest.mark.parametrize("name", MODELS)
def test_every_page_is_in_the_menu_and_every_block_is_known(name: str) -> None:
    found = json.loads(plain(name)[f"/{name}.json"])
    assert [route for _, routes in found["menu"] for route in routes] == list(found["pages"])
    program = plain(name)["/app.js"]
    known = set(re.findall(r"BLOCKS\.(\w+) =", program))
    decoders = set(re.findall(r"DECODERS\.(\w+) =", program))
    for route, page in found["pages"].items():
        for block in page["blocks"]:
            assert block["t"] in known, route
            assert block.get("decode") in {None, *decoders}, route
            for card in block.get("cards", ()):
                assert card["to"] in found["pages"], route


def test_settings_have_their_names() -> None:
    named = layout("kw320")["settings"]

    def of(offset: int) -> dict[str, object]:
        return named[str(p.SETTING + offset)]

    assert of(p.PT1) == {"l": "PT1, primary voltage", "u": "V", "s": 0.1}
    assert of(p.WIRING_U)["o"] == [[0, "3LN"], [1, "1LN"], [2, "2LL"], [3, "3LL"], [4, "1LL"]]
    assert of(p.SECOND_PROTOCOL)["o"] == [[0, "other"], [1, "BACnet"], [2, "mesh"], [3, "WEB2"]]
    assert of(p.SEAL_OPTIONS)["b"] == [
        "port 1",
        "port 2",
        "run time",
        "pulse inputs",
        "clock beyond 5 minutes",
    ]
    assert of(p.TOU_ON)["o"] == [[0, "off"], [1, "on"]]


def served(name: str) -> ModuleType:
    """What the server of a model tells."""
    return importlib.import_module(f"fourquad.models.{name}.web")


@pytest.mark.parametrize("name", MODELS)
def test_what_is_secret_is_never_told(name: str) -> None:
    words = ("PASSWORD", "_KEY", "_TOKEN", "SECRET")
    modules = (p, network, posts, mail)
    secret = {value for module in modules for key, value in vars(module).items() if key.endswith(words)}
    web = served(name)
    told = {offset for _, spans in web.FORMS for first, last in spans for offset in range(first, last + 1)}
    assert secret & told and secret & told <= {*web.SECRETS, *web.HIDDEN}


def keys(block: dict[str, Any]) -> Iterator[str]:
    """What a block takes of the values."""
    for card in block.get("cards", ()):
        yield from (key for _, _, key, *_ in card["rows"])
    if block["t"] == "table":
        yield from (key for _, _, those, *_ in block["rows"] for key in those)
    if block["t"] == "bars":
        yield from (key.replace("{q}", q) for _, key, _ in block["series"] for q in "vi")
    for group in block.get("groups", ()):
        yield from (key for _, size, lag, _ in group for key in (size, lag))
    yield from (key for _, _, those, *_ in block.get("live", ()) for key in those)


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_a_page_is_told_by_the_server(name: str) -> None:
    told = {page: {row[0] for row in rows} for page, rows, *_ in served(name).PAGES}
    for route, page in layout(name)["pages"].items():
        source = page["source"] and page["source"].partition(".")[0]
        for block in page["blocks"]:
            for key in filter(None, keys(block)):
                if not key.startswith("="):
                    found = key.rpartition(":")[2].partition(".")[0]
                    assert found in told[source], f"{route}: {key}"


@pytest.mark.parametrize("name", MODELS)
def test_every_form_of_a_page_is_one_of_the_server(name: str) -> None:
    forms = dict(served(name).FORMS)
    for route, page in layout(name)["pages"].items():
        for block in page["blocks"]:
            assert block["t"] != "form" or block["form"] in forms, route


@pytest.mark.parametrize("name", MODELS)
def test_a_form_is_one_request_and_one_file(name: str) -> None:
    """So a power cut leaves all of it as before, or all as after (pc/records/test_settings_cut.py)."""
    (most,) = re.findall(r"const MOST_BYTES = (\d+);", (WEB / "forms.js").read_text())
    firsts = [first for first, _ in GROUPS]
    for model in versions(name):
        for form, spans in served(name).FORMS:
            found = {}
            for row in model.SETTINGS + model.TEXTS:
                if any(first <= row[c.OFFSET] <= last for first, last in spans):
                    is_text = isinstance(row[c.DEFAULT], bytes)
                    longest = "x" * row[c.LONGEST] if is_text else max(row[c.LOW : c.HIGH + 1], key=wide)
                    found[row[c.OFFSET]] = longest
            assert len({bisect.bisect(firsts, offset) for offset in found}) <= 1, form
            written = {str(p.SETTING + offset): value for offset, value in found.items()}
            assert len(json.dumps(written, separators=(",", ":"))) < int(most), form


def wide(value: int) -> int:
    """Characters of a number."""
    return len(str(value))


@pytest.mark.parametrize("name", MODELS)
def test_every_setting_of_a_form_has_a_name(name: str) -> None:
    web, named = served(name), layout(name)["settings"]
    spans = [span for _, spans in web.FORMS for span in spans]
    for model in versions(name):
        for row in model.SETTINGS + getattr(model, "TEXTS", ()):
            offset = row[c.OFFSET]
            if any(first <= offset <= last for first, last in spans) and offset not in web.HIDDEN:
                assert str(p.SETTING + offset) in named, f"setting {offset} has no name and is not hidden"
