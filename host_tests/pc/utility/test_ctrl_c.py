"""Ctrl-C ends a command with 130, wherever it comes and whatever becomes of its KeyboardInterrupt."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from fourquad_tools.utility import ctrl_c
from fourquad_tools.utility.code_link import CodeLink
from fourquad_tools.utility.errors import NoAnswer
from fourquad_tools.utility.modbus_link import ModbusLink


class Finalized:
    """An object whose finalizer is running when Ctrl-C comes: Python swallows what is raised there."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def press(*request: object) -> list[int]:
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("the interrupt was not heard")


def press_in_a_finalizer(*request: object) -> list[int]:
    Finalized()
    raise NoAnswer("nothing came")


@pytest.fixture
def where():
    """A port where somebody listens and nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield "--net", f"127.0.0.1:{server.getsockname()[1]}"


COMMANDS = (
    ("log", "1"),
    ("log",),
    ("watch", "v1"),
    ("scan", "--units", "1"),
    ("read", "v1"),
    ("info",),
    ("clock",),
    ("months",),
    ("events",),
    ("waveform", "list"),
    ("set", "setting.ct1=5"),
    ("config", "export"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_while_an_answer_is_awaited(words, where, run, monkeypatch):
    monkeypatch.setattr(ModbusLink, "read", press)
    monkeypatch.setattr(ModbusLink, "write", press)
    assert run(*words, *where)[0] == ctrl_c.STATUS
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("words", [("log", "1"), ("info",)], ids=" ".join)
def test_while_a_finalizer_runs(words, where, run, monkeypatch):
    monkeypatch.setattr(ModbusLink, "read", press_in_a_finalizer)
    assert run(*words, *where)[0] == ctrl_c.STATUS


@pytest.mark.parametrize("failure", [NoAnswer("the line is gone"), OSError("the line is gone")], ids=repr)
@pytest.mark.parametrize("words", [("log", "1"), ("watch", "v1"), ("scan", "--units", "1")], ids=" ".join)
def test_what_fails_on_the_way_out_does_not_hide_it(words, failure, where, run, monkeypatch):
    def fails(link: object) -> None:
        raise failure

    monkeypatch.setattr(ModbusLink, "read", press)
    monkeypatch.setattr(ModbusLink, "close", fails)
    assert run(*words, *where)[0] == ctrl_c.STATUS


def test_a_meter_with_codes(where, run, monkeypatch):
    monkeypatch.setattr(CodeLink, "_byte", press)
    assert run("read", "--model", "a1000", "--port", f"socket://{where[1]}", "1.8.0")[0] == ctrl_c.STATUS


def test_while_the_command_line_is_read(run, monkeypatch):
    monkeypatch.setattr("fourquad_tools.cli._version", press)
    assert run("info")[0] == ctrl_c.STATUS


def test_without_it_a_failure_is_a_failure(where, run, monkeypatch):
    def silent(link: object, *request: object) -> list[int]:
        raise NoAnswer("nothing came")

    monkeypatch.setattr(ModbusLink, "read", silent)
    assert run("info", *where)[0] == 1
