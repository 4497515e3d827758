"""What `fourquad deploy` puts on a board is what its image would have, compiled for its core."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fourquad_tools.board import deploy
from fourquad_tools.cli import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("board", "architecture", "manifest", "has", "has_not"),
    [
        (
            "NUCLEO_H743ZI2",
            "armv7emdp",
            "manifest_stm32.py",
            ["chip/memory", "drivers/keys"],
            ["chip/rp2040"],
        ),
        ("PICO2", "armv6m", "manifest.py", ["chip/rp2350", "fourquad/meter/meter"], ["chip/memory"]),
    ],
)
def test_modules_of_a_board_are_those_of_its_image(
    tmp_path: Path, board: str, architecture: str, manifest: str, has: list[str], has_not: list[str]
) -> None:
    stage = tmp_path / "modules"
    compiler = deploy.find_compiler(ROOT, None)
    count = deploy.build(ROOT, ROOT / "boards" / board, stage, compiler, architecture)
    names = {str(path.relative_to(stage))[:-4] for path in stage.rglob("*.mpy")}
    assert len(names) == count
    assert set(has) | {"app", "board", "meter"} <= names
    assert not set(has_not) & names
    common = ROOT / "boards" / "common"
    packages = re.findall(
        r'^package\("(\w+)", base_path="(.*)"\)$', (common / manifest).read_text(), re.MULTILINE
    )
    assert {name for name, _ in packages} == {name.split("/")[0] for name in names if "/" in name}
    for package, base in packages:
        # an image is made of copies with literals
        folder = common / base.replace("build/", "") if package != "fourquad" else tmp_path / "inlined"
        frozen = {str(f.relative_to(folder))[:-3] for f in (folder / package).rglob("*.py")}
        assert frozen == {name for name in names if name.split("/")[0] == package}


class Mpremote:
    """In place of mpremote: a board that answers the probe, and a list of what it was told to do."""

    def __init__(self, romfs: int, heap: int) -> None:
        self.answer = repr((6 | 4 << 10, romfs, "a board", False, heap, "/"))
        self.told: list[tuple[str, ...]] = []

    def __call__(self, device: str, *arguments: str, capture: bool = False, task: str = "") -> str:
        self.told.append(arguments)
        return self.answer if capture and len(self.told) == 1 else ""


def run_deploy(monkeypatch: pytest.MonkeyPatch, line: Mpremote, *options: str) -> int:
    monkeypatch.setattr(deploy, "mpremote", line)
    monkeypatch.setattr(deploy, "RESET_S", 0.0)
    return main(["deploy", "--board", "PICO", *options])


@pytest.mark.parametrize(
    ("romfs", "heap", "options", "reason"),
    [
        (0, 240 * 1024, (), "has no ROMFS"),  # a stock image on an RP2040
        (1 << 20, 240 * 1024, ("--copy",), "--copy was given"),
        (64 * 1024, 240 * 1024, (), "ROMFS of 64 KB"),
        (1 << 20, 240 * 1024, (), "an image with the meter in it"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_removed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    romfs: int,
    heap: int,
    options: tuple[str, ...],
    reason: str,
) -> None:
    line = Mpremote(romfs, heap)
    assert run_deploy(monkeypatch, line, *options) == 2
    told = capsys.readouterr().err
    assert reason in told
    assert "make firmware BOARD=PICO" in told
    [(_, _, probe)] = line.told
    assert "remove" not in probe


@pytest.mark.parametrize(
    ("romfs", "heap", "copies"), [(1 << 20, 480 * 1024, ["romfs", "fs"]), (0, 900 * 1024, ["fs", "fs"])]
)
def test_what_fits_is_deployed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    romfs: int,
    heap: int,
    copies: list[str],
) -> None:
    line = Mpremote(romfs, heap)
    assert run_deploy(monkeypatch, line) == 0
    assert [told[1] for told in line.told] == ["exec", "exec", "reset", "exec", *copies, "reset"]
    assert line.told[-2][-1] == ":/main.py"
    assert "live divider" in capsys.readouterr().err


def test_a_board_file_that_would_come_first_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What runs on the board, here in a folder: its own board.py would hide the one that is deployed."""
    for name in ("board.py", "settings", "old.mpy", "main.py"):
        (tmp_path / name).write_text(name)
    (tmp_path / "hal").mkdir()
    (tmp_path / "hal" / "adc.mpy").write_text("")
    monkeypatch.chdir(tmp_path)
    exec(deploy._CLEAN, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.old.py", "main.py", "settings"]
    assert (tmp_path / "board.old.py").read_text() == "board.py"
    assert "board.old.py" in capsys.readouterr().out


def test_without_a_board_the_error_is_one_line_without_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "--board", "PICO", "--port", "/dev/nobody"]) == 2
    [_, error] = capsys.readouterr().err.splitlines()
    assert error.startswith("fourquad deploy: could not ask the board what it is: ")
    assert "/dev/nobody" in error
    assert "import" not in error


def test_a_board_that_still_starts_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Starting(Mpremote):
        """The first command after the reset is lost to it."""

        def __call__(self, device: str, *arguments: str, capture: bool = False, task: str = "") -> str:
            if len(self.told) == 3:
                self.told.append(arguments)
                raise deploy.DeployError("could not remove an earlier deployment: could not enter raw repl")
            return super().__call__(device, *arguments, capture=capture, task=task)

    line = Starting(1 << 20, 480 * 1024)
    assert run_deploy(monkeypatch, line) == 0
    assert [told[1] for told in line.told][2:6] == ["reset", "exec", "exec", "romfs"]
