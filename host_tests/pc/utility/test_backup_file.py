"""`fourquad config` takes what a meter's web pages gave away."""

from __future__ import annotations

import json

import pytest
from device.device_fakes import Networked
from net.backup_bench import PHRASE, file_of, logged_in, put

from fourquad import points as p
from fourquad.points import network as n
from fourquad_tools.options import OptionError
from fourquad_tools.utility import config_file
from fourquad_tools.utility.entries import Map
from fourquad_tools.utility.meter import encode

TITLE = 'a "b" # c'


def test_every_setting_that_has_a_register_comes_with_its_words() -> None:
    web = logged_in(Networked())
    put(web, p.CT1, 400)
    put(web, n.HTTP_TITLE, TITLE.encode())
    data = file_of(web, PHRASE)
    known = Map("kw320")
    told = json.loads(data)["settings"]
    found = config_file.parse(data.encode(), known, "kw320")
    assert len(told) - len(found) < 5
    for entry, text in found:
        value = told[str(entry.point)]
        if isinstance(value, str):
            assert text == value
            continue
        words = encode(entry, text, 0)
        bits = words[0] if len(words) == 1 else words[0] << 16 | words[1]
        raw = entry.codes[value] if entry.codes else value
        assert bits == raw & ((1 << 16 * len(words)) - 1), entry.name
    by_name = {entry.name: text for entry, text in found}
    assert by_name["setting.ct1"] == "400"
    assert TITLE in by_name.values()


def test_what_is_no_good_backup() -> None:
    data = file_of(logged_in(Networked()))
    known = Map("kw320")
    for text, words in (
        (data.replace('"format":3', '"format":4'), "newer firmware"),
        (data.replace('"kw320"', '"kw320q"'), "kw320q"),
        (data.replace(f'"{p.SETTING + p.ADDRESS_1}":1,', f'"{p.SETTING + p.ADDRESS_1}":2,'), "damaged"),
        (data[: len(data) // 2], "no configuration"),
    ):
        with pytest.raises(OptionError, match=words):
            config_file.parse(text.encode(), known, "kw320")
