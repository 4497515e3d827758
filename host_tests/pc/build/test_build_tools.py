"""The build's own tools, and what the build rests on: pinned versions, no addresses, room in the flash."""

import ast
import importlib
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from fourquad import models
from fourquad.device import layout

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "tools" / "build"
TESTED_ONLY = ("TLS_EMU",)  # nobody has it: it keeps less
BOARDS = sorted(path.parent for path in (ROOT / "boards").glob("*/mpconfigboard.cmake"))
SOLD = [board for board in BOARDS if board.name not in TESTED_ONLY]
RADIOS = [board.name for board in BOARDS if "cyw43" in (board / "mpconfigboard.cmake").read_text()]


def run(*command: object) -> str:
    result = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=True)
    return result.stdout.strip()


@pytest.mark.parametrize(("chip", "family_id"), [("rp2040", 0xE48BFF56), ("rp2350-arm-s", 0xE48BFF59)])
def test_uf2_carries_the_image(tmp_path: Path, chip: str, family_id: int) -> None:
    image = b"\xd3\xde\xff\xff" + bytes(range(252)) + bytes(range(256)) * 2 + b"end"
    (tmp_path / "image.bin").write_bytes(image)
    run(TOOLS / "uf2.py", tmp_path / "image.bin", tmp_path / "image.uf2", chip)
    file = (tmp_path / "image.uf2").read_bytes()
    assert len(file) == 4 * 512
    carried = b""
    for n in range(4):
        block = file[512 * n : 512 * (n + 1)]
        *magic, _, address, size, number, count, family = struct.unpack("<8I", block[:32])
        assert magic == [0x0A324655, 0x9E5D5157]
        assert struct.unpack("<I", block[-4:]) == (0x0AB16F30,)
        assert (address, size, number, count) == (0x10000000 + 256 * n, 256, n, 4)
        assert family == family_id
        carried += block[32 : 32 + size]
    assert carried == image.ljust(1024, b"\0")


def test_uf2_of_an_image_that_an_rp2350_would_not_start(tmp_path: Path) -> None:
    (tmp_path / "image.bin").write_bytes(bytes(8192) + b"\xd3\xde\xff\xff")
    with pytest.raises(subprocess.CalledProcessError):
        run(TOOLS / "uf2.py", tmp_path / "image.bin", tmp_path / "image.uf2", "rp2350-arm-s")
    assert not (tmp_path / "image.uf2").exists()


@pytest.mark.parametrize("board", SOLD, ids=lambda path: path.name)
def test_flash_is_shared_out(board: Path) -> None:
    config = board / "mpconfigboard.h"
    full = int(run(TOOLS / "flash_limit.py", config, ""))
    bare = int(run(TOOLS / "flash_limit.py", config, "bare"))
    large = board.name.startswith("PICO2")
    whole = 4096 if large else 2048
    others = {"PICO_W": layout.RADIO_SECTORS}
    others.update(dict.fromkeys(("W5500_EMU", "W5500_EVB_PICO"), layout.NETWORK_SECTORS))
    storage = layout.LARGE_SECTORS if large else others.get(board.name, layout.STORAGE_SECTORS)
    assert full == whole * 1024 - storage * layout.SECTOR_SIZE
    assert bare == full - 512 * 1024
    # the budget of a board whose flash has 2 MB
    assert full >= 1000 * 1024 and storage * layout.SECTOR_SIZE >= 640 * 1024
    assert (board / "pins.csv").exists()
    assert (board / "mpconfigvariant_BARE.cmake").exists()
    assert (board / "manifest.py").exists()


@pytest.mark.parametrize("name", models.NAMES + tuple(name for name, _ in models.VARIANT_OF))
def test_a_board_has_room_for_what_every_model_keeps(name: str) -> None:
    sizes = ((layout.STORAGE_SECTORS, ()), (layout.NETWORK_SECTORS, ("network",)))
    for sectors, options in sizes:
        rows = models.load(name, options=options).STORAGE
        places = layout.lay(rows, sectors - layout.FILES_SECTORS)
        assert set(places) == {store for store, _, _ in rows}


@pytest.mark.parametrize("name", [name for name in models.NAMES if name != "kw320"])
def test_a_pico_w_has_room_for_what_all_models_but_one_keep(name: str) -> None:
    rows = models.load(name, options=("network",)).STORAGE
    # what _boot.py leaves them; the file system has the rest
    assert layout.RADIO_SECTORS - layout.RAW_SECTORS >= 48
    assert set(layout.lay(rows, layout.RAW_SECTORS)) == {store for store, _, _ in rows}
    with pytest.raises(ValueError, match="storage"):
        layout.lay(models.load("kw320", options=("network",)).STORAGE, layout.RAW_SECTORS)


@pytest.mark.parametrize("board", SOLD, ids=lambda path: path.name)
def test_an_image_with_one_model_keeps_its_budget(board: Path) -> None:
    images = [
        path
        for path in (ROOT / "build").glob(f"{board.name}*/firmware.bin")
        # PICO2-kw320 is no image of a PICO
        if path.parent.name.split("-")[0] == board.name and "bare" not in path.parent.name
    ]
    if not images:
        pytest.skip("no image is built")
    limit = int(run(TOOLS / "flash_limit.py", board / "mpconfigboard.h", ""))
    for path in images:
        assert path.stat().st_size <= max(1000 * 1024, limit - 32 * 1024), path


def test_boot_leaves_the_journal_to_itself() -> None:
    boot = (ROOT / "boards" / "common" / "_boot.py").read_text()
    for name, sectors in (("RAW_BLOCKS", layout.RAW_SECTORS), ("FILES_BLOCKS", layout.FILES_SECTORS)):
        assert f"\n{name} = {sectors}\n" in boot


def test_versions_are_pinned() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    extras = text[text.index("[project.optional-dependencies]") : text.index("[project.scripts]")]
    entries = [entry for entry in re.findall(r'^ +"([^"]+)"', extras, re.M) if entry != "fourquad[pinned]"]
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[\w.-]+==\d", entry), entry


def test_lock_file_names_no_address() -> None:
    lock = json.loads((ROOT / "tools" / "emulator" / "package-lock.json").read_text())
    packages = lock["packages"]
    assert packages["node_modules/rp2040js"]["version"] == "1.4.1"
    assert not any("resolved" in package for package in packages.values())


def test_ids_of_an_image_are_found_by_name_and_take_no_room(tmp_path: Path) -> None:
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path)
    program = (
        "from fourquad import points as p\nfrom fourquad.points import billing as b\n"
        "from fourquad.points import EP_IMP, Points\n"
        "print([n for n in vars(p) if n.isupper()], p.P_SUM, EP_IMP, b.EVENTS, b.tariff_energy(2, 1), "
        "hasattr(p, 'P_SU'))"
    )
    shown = run("-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}")
    from fourquad import points
    from fourquad.points import billing as points_billing

    expected = (points.P_SUM, points.EP_IMP, points_billing.EVENTS, points_billing.tariff_energy(2, 1))
    assert shown == f"['_IDS'] {' '.join(map(str, expected))} False"


def test_modules_of_an_image_import_ids_only_where_they_use_more_than_numbers(tmp_path: Path) -> None:
    """A name in each of some 30 modules takes heap on a board."""
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path)
    ids = re.compile(
        r"^from fourquad(?:\.points)? import (?:points|billing|columns|values) as (\w+)$", re.MULTILINE
    )
    for path in tmp_path.rglob("*.py"):
        source = path.read_text()
        for alias in ids.findall(source):
            assert re.search(rf"\b{alias}\.\w", source), path.relative_to(tmp_path)
    assert not ids.search((tmp_path / "fourquad" / "models" / "variants.py").read_text())


def test_integers_of_an_image_are_literals_and_no_names(tmp_path: Path) -> None:
    """An image's modules do as the sources do; a sample of values that were names."""
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path)
    program = (
        "import builtins\nbuiltins.const = lambda x: x\n"
        "from fourquad.billing import demand\nfrom fourquad.calendar.clock import split\n"
        "from fourquad.registers.isqrt import isqrt\n"
        "out = [0] * 7\nsplit(86400 * 31 + 3661, out)\n"
        "print(hasattr(demand, 'BLOCK'), out, isqrt(10**12, 1))"
    )
    shown = run("-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}")
    assert shown == "False [2, 2000, 2, 1, 1, 1, 1] 1000000"


LITERALS = """
from fourquad.a import ONE, work
from fourquad import a as other
from fourquad import b

OWN = const(7)
_REST = OWN + 1


def f(x, OWN_TOO=OWN):
    "ONE stays in a text"
    return x.OWN + ONE - other.MINUS + b.made(OWN)  # OWN
"""


def test_what_becomes_a_literal() -> None:
    sys.path.insert(0, str(TOOLS))
    literals = importlib.import_module("literals")
    sys.path.pop(0)
    constants = {
        "fourquad.a": {"ONE": 1, "MINUS": -1},
        "fourquad.c": literals.public(LITERALS),
    }
    assert constants["fourquad.c"] == {"OWN": 7}
    written = literals.literal(LITERALS, "fourquad.c", constants)
    assert written.count("\n") == LITERALS.count("\n")
    assert [line for line in written.split("\n") if line and line != "pass"] == [
        "from fourquad.a import work",
        "from fourquad import b",
        "_REST = 7 + 1",
        "def f(x, OWN_TOO=7):",
        '    "ONE stays in a text"',
        "    return x.OWN + 1 - (-1) + b.made(7)  # OWN",
    ]
    # what the firmware asks for by name stays
    assert literals.used("from fourquad import a as x\nx.ONE", constants) == {("fourquad.a", "ONE")}
    assert "\nOWN = const(7)\n" in literals.literal(
        LITERALS, "fourquad.c", constants, [("fourquad.c", "OWN")]
    )


def test_private_constants_of_an_image_come_before_their_use(tmp_path: Path) -> None:
    """MicroPython's compiler knows them from their line on only, and the module not at all."""
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path)
    private = re.compile(r"^(_[A-Z0-9_]+) = const\(", re.MULTILINE)
    found = 0
    for path in tmp_path.rglob("*.py"):
        source = path.read_text()
        for match in private.finditer(source):
            found += 1
            tree = ast.parse(source[: match.start()])
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert match[1] not in used, f"{path.relative_to(tmp_path)}: {match[1]}"
    assert found > 50


OF_KW320 = {"models/kw320", "protocols/modbus", "protocols/dnp3", "display/rows"}
OF_A1000 = {"models/a1000", "protocols/iec62056", "display/lists"}
OF_S4100 = {"models/s4100", "protocols/bacnet", "protocols/bacnet/mstp", "display/tree"}


@pytest.mark.parametrize(
    ("models", "has", "has_not"),
    [
        (["kw320"], OF_KW320, OF_A1000 | OF_S4100),
        (["a1000"], OF_A1000, OF_KW320 | OF_S4100),
        (["kw320q"], OF_KW320, OF_A1000 | OF_S4100),
        (["s4100"], OF_S4100, OF_KW320 | OF_A1000),
        ([], OF_KW320 | OF_A1000 | OF_S4100, set()),
    ],
)
def test_an_image_has_what_its_models_name(
    tmp_path: Path, models: list[str], has: set[str], has_not: set[str]
) -> None:
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path, *models)
    package = tmp_path / "fourquad"
    rooms = {str(path.parent.relative_to(package)) for path in package.rglob("*.py")}
    assert has <= rooms and not has_not & rooms
    source = (package / "models" / "__init__.py").read_text()
    names = re.search(r"^NAMES = (\(.*\))$", source, re.MULTILINE)
    folders = sorted(path.parent.name for path in (package / "models").glob("*/__init__.py"))
    assert names and sorted(ast.literal_eval(names[1])) == folders
    # a part that only another model names takes no flash, nor does what stores it
    for file in ("registers/extremes.py", "device/extremes_store.py", "events/log_window.py"):
        assert (package / file).exists() == (models not in (["a1000"], ["s4100"])), file
    assert (package / "device" / "trend_store.py").exists() == (models in (["s4100"], []))
    asks_for_nothing_that_it_has_not(tmp_path)


def asks_for_nothing_that_it_has_not(image: Path) -> None:
    """What a module of an image imports as it is imported itself is there."""
    for path in (image / "fourquad").rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fourquad."):
                place = image / node.module.replace(".", "/")
                assert place.is_dir() or place.with_suffix(".py").exists(), (path, node.module)


@pytest.mark.parametrize(
    ("model", "board"),
    [
        ("acurev2020", "PICO"),
        ("acurev2020", "W5500_EVB_PICO"),
        ("kw320", "W5500_EVB_PICO"),
        ("kw320", "PICO2_W"),
    ],
)
def test_a_model_alone_has_what_others_name(tmp_path: Path, model: str, board: str) -> None:
    """An acurev2020 alone lacked what its integrator takes from a part that it does not name."""
    run(TOOLS / "inline_points.py", "--board", ROOT / "boards" / board, ROOT / "lib", tmp_path, model)
    asks_for_nothing_that_it_has_not(tmp_path)
    net = tmp_path / "fourquad" / "net"
    assert (net / "switchboard.py").exists() == (board != "PICO")
    assert (net / "secured.py").exists() == (board == "PICO2_W")


@pytest.mark.parametrize("model", models.NAMES)
def test_an_image_has_the_parts_of_its_model_and_what_stores_them(tmp_path: Path, model: str) -> None:
    run(TOOLS / "inline_points.py", ROOT / "lib", tmp_path, model)
    package = tmp_path / "fourquad"
    for part in models.load(model).PARTS:
        file = package / (part.replace(".", "/") + ".py")
        assert file.exists(), part
        for store in re.findall(
            r'^    store = "(\w+)"', (ROOT / "lib" / file.relative_to(tmp_path)).read_text(), re.M
        ):
            assert (package / "device" / f"{store}.py").exists(), (part, store)


@pytest.mark.parametrize("board", BOARDS, ids=lambda folder: folder.name)
def test_an_image_has_the_drivers_that_its_board_asks_for(tmp_path: Path, board: Path) -> None:
    """An image had the driver of every network chip there is."""
    run(TOOLS / "inline_firmware.py", tmp_path, board.name)
    text = (board / "board.py").read_text()
    for name in ("lan", "wifi", "wiznet"):
        assert (tmp_path / "drivers" / f"{name}.py").exists() == (f"drivers.{name}" in text)
    assert (tmp_path / "drivers" / "keys.py").exists()


@pytest.mark.parametrize("board", RADIOS)
@pytest.mark.parametrize("copy", [None, "", "empty", "no firmware"])
def test_without_the_driver_of_its_radio_a_board_is_not_built(
    tmp_path: Path, board: str, copy: str | None
) -> None:
    environment = {**os.environ, "FOURQUAD_BUILD": str(tmp_path / "build"), "PATH": "/usr/bin:/bin"}
    environment.pop("CYW43_DRIVER", None)
    if copy is not None:
        environment["CYW43_DRIVER"] = copy and str(tmp_path / copy)
    (tmp_path / "empty").mkdir()
    (tmp_path / "no firmware" / "src").mkdir(parents=True)
    (tmp_path / "no firmware" / "src" / "cyw43.h").write_text("")
    for kind in ("kw320", "bare"):
        result = subprocess.run(
            [TOOLS / "firmware.sh", board, kind], env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 3
        first, second = result.stderr.strip().splitlines()
        missing = "firmware/w43439A0_7_95_49_00_combined.h" if copy == "no firmware" else "src/cyw43.h"
        assert first.startswith("cannot be built here: ") and missing in first
        assert "CYW43_DRIVER" in second
    # nothing was built for it
    assert {path.name for path in (tmp_path / "build").iterdir()} <= {"stamps", "logs"}


def test_a_release_has_no_board_that_needs_more_than_packages() -> None:
    script = (TOOLS / "release.sh").read_text()
    [boards] = re.findall(r"boards=\(([A-Z].*?)\)", script)
    assert set(RADIOS) == {"PICO_W", "PICO2_W"} and not {*RADIOS, "NUCLEO_H743ZI2"} & set(boards.split())


def test_an_unknown_model_is_no_image(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(TOOLS / "inline_points.py"),
        str(ROOT / "lib"),
        str(tmp_path / "x"),
        "kw321",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (
        result.returncode == 1
        and result.stderr.strip()
        == "no such model: kw321 (there are kw320, a1000, acurev1312, s4100, acurev2020)"
    )
    assert not (tmp_path / "x").exists()


def test_another_micropython_is_not_mended(tmp_path: Path) -> None:
    file = tmp_path / "tools" / "mpy-tool.py"
    file.parent.mkdir()
    once = '    return -0x2000 <= i <= 0x1FFF\n    self.attributes += " __attribute__ ((aligned (2)))"\n'
    for text, fits in ((once, True), (2 * once, False), ("return 1\n", False)):
        file.write_text(text)
        command = [sys.executable, TOOLS / "mpy_tool.py", tmp_path]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (result.returncode == 0) == fits == (file.read_text() != text)
        assert fits or "tools/mpy-tool.py" in result.stderr and "0x1FFF" in result.stderr


def test_a_build_step_ends_at_its_first_failure(tmp_path: Path) -> None:
    script = f'. {TOOLS}/common.sh; step() {{ false; echo more; }}; took step step; echo "after it"'
    environment = {**os.environ, "FOURQUAD_BUILD": str(tmp_path)}
    result = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "failed: step" in result.stderr and "after it" not in result.stdout
    assert (tmp_path / "logs" / "step.log").read_text() == ""
