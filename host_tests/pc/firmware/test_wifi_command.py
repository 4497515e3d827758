"""`fourquad wifi` with a board whose console runs what it is sent, and how commands leave a board."""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from board_console import Console, attached
from test_wifi import BAD, GOOD, PASSWORD

from fourquad_tools.board import wifi
from fourquad_tools.cli import main

RESET = "import machine\nmachine.reset()"


@pytest.fixture
def console(board: Any, monkeypatch: pytest.MonkeyPatch) -> type[Console]:
    return attached(monkeypatch)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What a script writes to the command."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def command(*arguments: str) -> int:
    return main(["wifi", "--port", "/dev/nobody", *arguments])


@pytest.mark.parametrize(("name", "password"), GOOD)
def test_the_board_has_what_a_script_wrote(
    board: Any,
    console: type[Console],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    password: str,
) -> None:
    typed(monkeypatch, password + "\n")
    assert command(name, "--country", "de") == 0
    told = capsys.readouterr()
    assert told.out == name + "\n"
    assert "live divider" in told.err
    encoded = name.encode()
    # country, length, name, password
    expected = b"DE" + bytes([len(encoded)]) + encoded + password.encode()
    assert (board.files / "wifi").read_bytes() == expected
    assert console.sent[-2:] == [RESET, "closed"]


def test_a_password_is_typed_without_an_echo_and_is_told_by_nobody(
    board: Any,
    console: type[Console],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = []
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(wifi.getpass, "getpass", lambda what: asked.append(what) or PASSWORD)
    assert command("home") == 0
    assert asked == ["password of home: "]
    assert command() == 0
    monkeypatch.setattr(Console, "answers", False)
    assert command("home") == 2
    assert PASSWORD not in "".join(capfd.readouterr())
    assert PASSWORD.encode() in (board.files / "wifi").read_bytes()


def test_a_network_is_told_and_forgotten(
    board: Any,
    console: type[Console],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command() == 0
    assert capsys.readouterr().out == "no network\n"
    assert command("guests", "--open") == 0
    assert command() == 0
    assert capsys.readouterr().out == "guests\nguests\n"
    assert command("--forget") == 0
    assert capsys.readouterr().out == "no network\n"
    assert board.wifi.chosen() is None


@pytest.mark.parametrize(("name", "password", "country"), [row for row in BAD if row[2] != "de"])
def test_what_a_board_would_refuse_is_not_sent(
    console: type[Console],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    password: str,
    country: str,
) -> None:
    typed(monkeypatch, password)
    # a script's password ends with its line
    status = command(name, "--country", country)
    if "\n" in password:
        password = password.splitlines()[0] + "\n"
        typed(monkeypatch, "short\n")
        status = command(name, "--country", country)
    assert status == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("fourquad wifi: ")
    assert not password or password not in error
    assert not any("choose" in code and "'short'" in code for code in console.sent)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["home", "--forget"], "--forget"),
        (["--open"], "NAME"),
        (["--country", "DE"], "NAME"),
        (["home\udc80", "--open"], "NAME"),
    ],
)
def test_options_that_make_no_sense(
    console: type[Console], capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert command(*arguments) == 2
    assert f"fourquad wifi: {reason}" in capsys.readouterr().err
    assert console.sent == []


def test_a_board_without_a_radio_says_so_and_starts_anew(
    console: type[Console], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "drivers.wifi", None)
    monkeypatch.delattr(sys.modules["drivers"], "wifi")
    assert command() == 2
    assert "no driver of a radio" in capsys.readouterr().err
    assert console.sent[-2:] == [RESET, "closed"]


def test_a_board_that_refuses_a_model_starts_anew(
    console: type[Console], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stayed at its prompt, and measured nothing."""
    import model

    def choose(name: str) -> None:
        raise ImportError("there is no such model in this image")

    monkeypatch.setattr(model, "choose", choose)
    assert main(["model", "a1000", "--port", "/dev/nobody"]) == 2
    assert "no such model in this image" in capsys.readouterr().err
    assert console.sent[-2:] == [RESET, "closed"]


def test_no_backup_and_no_page_reads_the_file() -> None:
    """Files of a meter have names that its code writes; this one is only of the driver."""
    root = Path(__file__).resolve().parents[3]
    for folder in ("lib", "tools/fourquad_tools/web"):
        for path in (root / folder).rglob("*.*"):
            if path.suffix in {".py", ".js"}:
                text = path.read_text()
                assert '"wifi"' not in text and "listdir" not in text, path
