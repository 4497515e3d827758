"""Versions of a model and types of current input on the command line."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from fourquad import points as p
from fourquad.points import columns as c
from fourquad_tools.options import OptionError, add_run_options, model, selectable


def test_the_versions_can_be_had() -> None:
    parser = argparse.ArgumentParser()
    add_run_options(parser)
    assert {"kw320", "kw320q", "a1000"} <= set(selectable())
    options = parser.parse_args(["--model", "kw320q", "--ct", "rct"])
    tables = model(options.model, options.ct)
    defaults = {row[c.OFFSET]: row[c.DEFAULT] for row in tables.SETTINGS}
    assert tables.NAME == "kw320q" and defaults[p.CT1] == 1000 and defaults[p.CT2] == 100
    assert parser.parse_args(["--model", "kw320"]).ct is None


def test_a_current_input_that_there_is_not() -> None:
    for name, ct in (("kw320", "ct"), ("a1000", "rct"), ("kw320q", "")):
        with pytest.raises(OptionError, match="has no such current input"):
            model(name, ct)
    command = [sys.executable, "-m", "fourquad_tools", "sim", "--headless", "--model", "kw320", "--ct", "x"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
