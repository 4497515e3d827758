"""The radio of a board: which network it joins, and that it comes back to it, on a model of network.WLAN."""

from __future__ import annotations

import os
import sys
import types
from typing import Any

import pytest
from wlan import ANYTHING, Air, network

NAME, PASSWORD = "Umspannwerk 4", "not to be seen 1"
EVERY_S = 0.5  # how often the loop looks


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    made = Air()
    monkeypatch.setitem(sys.modules, "network", network(made))
    made.networks[NAME] = PASSWORD
    return made


def radio() -> Any:
    return sys.modules["network"].radio  # type: ignore[attr-defined]


def started(board: Any) -> Any:
    """The job of a meter whose board has been told the network."""
    board.wifi.choose(NAME, PASSWORD, "DE")
    return board.link.Link(board.wifi.interface("meter-4"))


def run(air: Air, link: Any, seconds: float) -> None:
    """The loop for so long."""
    for _ in range(round(seconds / EVERY_S)):
        air.now += EVERY_S
        assert link.work(round(1000 * air.now)) == 1000 * EVERY_S


def test_it_joins_in_the_background(board: Any, air: Air) -> None:
    link = started(board)
    assert air.now == 0 and radio().told == [0]
    assert link.address()[0] == ANYTHING
    run(air, link, 3)
    assert radio().isconnected() and link.address()[0] == "192.168.1.7"
    run(air, link, 3600)
    assert radio().told == [0]


def test_names_are_told_before_the_radio_is_on_and_it_does_not_sleep(board: Any, air: Air) -> None:
    started(board)
    assert radio().named == ("meter-4", "DE")
    assert radio().pm == radio().PM_NONE


def test_a_restart_of_the_program_tells_them_anew(board: Any, air: Air) -> None:
    started(board)
    board.wifi.interface("meter-5")
    assert radio().named == ("meter-5", "DE")


@pytest.mark.parametrize("away_s", [1, 30, 3600])
def test_it_comes_back_when_the_network_does(board: Any, air: Air, away_s: float) -> None:
    link = started(board)
    run(air, link, 10)
    del air.networks[NAME]
    run(air, link, away_s)
    assert not radio().isconnected()
    air.networks[NAME] = PASSWORD
    run(air, link, 20 + 3 + 2 * EVERY_S)
    assert radio().isconnected()


def test_a_network_that_is_lost_is_asked_for_at_the_next_look(board: Any, air: Air) -> None:
    link = started(board)
    run(air, link, 10)
    del air.networks[NAME]
    radio().isconnected()
    air.networks[NAME] = PASSWORD
    run(air, link, 3 + EVERY_S)
    assert radio().isconnected()


def test_a_slow_association_is_let_finish(board: Any, air: Air) -> None:
    air.association_s = 19
    link = started(board)
    run(air, link, 19)
    assert radio().isconnected() and radio().told == [0]


@pytest.mark.parametrize("networks", [{}, {NAME: "another password"}, {NAME: None}])
def test_one_that_cannot_be_joined_is_asked_for_three_times_a_minute(
    board: Any, air: Air, networks: dict[str, str | None], capsys: pytest.CaptureFixture[str]
) -> None:
    air.networks = networks
    link = started(board)
    run(air, link, 600)
    assert not radio().isconnected()
    assert 28 <= len(radio().told) <= 31
    assert PASSWORD not in "".join(capsys.readouterr())


def test_an_open_network(board: Any, air: Air) -> None:
    air.networks["guests"] = None
    board.wifi.choose("guests")
    link = board.link.Link(board.wifi.interface("meter-4"))
    run(air, link, 3)
    assert radio().isconnected()
    del air.networks["guests"]
    run(air, link, 10)
    air.networks["guests"] = None
    run(air, link, 30)
    assert radio().isconnected()


def test_an_address_of_its_own_outlives_a_loss(board: Any, air: Air) -> None:
    link = started(board)
    own = ("10.0.0.9", "255.0.0.0", "10.0.0.1", "10.0.0.1")
    link.join(own)
    run(air, link, 10)
    assert link.address() == own
    del air.networks[NAME]
    run(air, link, 60)
    air.networks[NAME] = PASSWORD
    run(air, link, 30)
    assert radio().isconnected() and link.address() == own
    link.join(None)
    assert link.address()[0] == "192.168.1.7"


def test_a_radio_that_fails_later_ends_nothing(board: Any, air: Air) -> None:
    link = started(board)
    run(air, link, 10)
    radio().up = False
    radio().joined = None
    run(air, link, 60)
    radio().up = True
    run(air, link, 30)
    assert radio().isconnected()


def test_without_a_network_there_is_no_interface(
    board: Any, air: Air, capsys: pytest.CaptureFixture[str]
) -> None:
    assert board.wifi.interface("meter-4") is None
    assert "no WiFi is chosen" in capsys.readouterr().out
    assert not radio().up
    board.wifi.choose(NAME, PASSWORD)
    board.wifi.forget()
    assert board.wifi.chosen() is None and board.wifi.interface("meter-4") is None


def test_without_a_radio_there_is_no_interface(
    board: Any, air: Air, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    board.wifi.choose(NAME, PASSWORD)
    air.works = False
    assert board.wifi.interface("meter-4") is None
    said = capsys.readouterr().out
    assert "no radio until the next start" in said and PASSWORD not in said
    # another image: one with a network of another kind, one with none
    other = types.ModuleType("network")
    other.hostname = other.country = str  # type: ignore[attr-defined]
    for module in (other, None):
        monkeypatch.setitem(sys.modules, "network", module)
        assert board.wifi.interface("meter-4") is None


GOOD = (("a", "12345678"), ("n" * 32, "p" * 63), ("ö" * 16, " !~^\\'\"{}"), ("with\nlines", "a\\nb\\x00c"))
BAD = (
    ("", "12345678", "XX"),
    ("n" * 33, "12345678", "XX"),
    ("ö" * 17, "12345678", "XX"),
    (NAME, "", "XX"),
    (NAME, "1234567", "XX"),
    (NAME, "p" * 64, "XX"),
    (NAME, "zwölf Zeichen", "XX"),
    (NAME, "a line\nmore", "XX"),
    (NAME, PASSWORD, ""),
    (NAME, PASSWORD, "de"),
    (NAME, PASSWORD, "DEU"),
    (NAME, PASSWORD, "4D"),
)


@pytest.mark.parametrize(("name", "password"), GOOD)
def test_what_is_chosen_is_joined(board: Any, air: Air, name: str, password: str) -> None:
    air.networks[name] = password
    board.wifi.choose(name, password)
    assert board.wifi.chosen() == name
    link = board.link.Link(board.wifi.interface("meter-4"))
    run(air, link, 3)
    assert radio().joined == name and radio().named == ("meter-4", "XX")


@pytest.mark.parametrize(("name", "password", "country"), BAD)
def test_what_cannot_be_is_refused_and_changes_nothing(
    board: Any, name: str, password: str, country: str
) -> None:
    board.wifi.choose("before", "12345678")
    kept = (board.files / "wifi").read_bytes()
    with pytest.raises(ValueError) as refused:
        board.wifi.choose(name, password, country)
    assert (board.files / "wifi").read_bytes() == kept
    assert not password or password not in str(refused.value)


def test_a_cut_leaves_the_old_one_or_the_new_one(board: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    board.wifi.choose("before", "12345678")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(os, "rename", cut)
        with pytest.raises(KeyboardInterrupt):
            board.wifi.choose(NAME, PASSWORD)
    assert board.wifi.chosen() == "before"
    board.wifi.choose(NAME, PASSWORD)
    assert board.wifi.chosen() == NAME
