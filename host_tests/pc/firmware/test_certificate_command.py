"""`fourquad certificate` with a board whose console runs what it is sent; what the board has then, as OpenSSL
sees it.
"""

from __future__ import annotations

import contextlib
import hashlib
import ssl
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import foreign
import pytest
from board_console import Console, attached

from fourquad.records.files import OsFiles
from fourquad_tools.certificates import made
from fourquad_tools.cli import main

foreign.programs("openssl")

ROOT = Path(__file__).resolve().parents[3]
FILES = ("tls.own", "tls.authorities")


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> OsFiles:
    """The files of a board with TLS."""
    files = OsFiles(str(tmp_path))
    model: Any = types.ModuleType("model")
    model.files = lambda: files
    for name in ("drivers", "drivers.tls"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(ROOT / "firmware"))
    monkeypatch.setitem(sys.modules, "model", model)
    monkeypatch.setitem(sys.modules, "tls", types.ModuleType("tls"))
    attached(monkeypatch)
    return files


def command(*arguments: object) -> int:
    return main(["certificate", "--port", "/dev/nobody", *map(str, arguments)])


def agree(board: OsFiles, folder: Path, name: str) -> None:
    """OpenSSL serves with the board's key, and a client that trusts the file that was saved calls it so."""
    import drivers.tls as driver

    key, certificate = driver.parts(board.read("tls.own"))
    pem = folder / "served.pem"
    kind = ["openssl", "pkey", "-inform", "DER", "-in", "/dev/stdin"]
    text = subprocess.run(kind, input=key, capture_output=True, check=True).stdout.decode()
    pem.write_text(text + ssl.DER_cert_to_PEM_cert(certificate))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    ends = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(*ends, server_side=True)
    calling = ssl.create_default_context(cafile=str(folder / "saved.pem"))
    client = calling.wrap_bio(*reversed(ends), server_hostname=name)
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
    client.write(b"x")
    assert server.read(1) == b"x"


def test_a_key_for_the_names_by_which_clients_call_it(
    board: OsFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.pem"
    assert command("--name", "meter7.example.com", "--name", "192.0.2.7", "--save", saved) == 0
    told = capsys.readouterr()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(saved.read_text())).hexdigest()
    assert told.out == f"own: SHA-256 {digest}\n" and "live divider" in told.err
    for name in ("meter7.example.com", "192.0.2.7", "fourquad.local"):
        agree(board, tmp_path, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        agree(board, tmp_path, "meter8.example.com")
    assert "PRIVATE" not in saved.read_text()
    assert Console.sent[-2].endswith("machine.reset()")


def test_one_of_yours_and_whom_it_believes(
    board: OsFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, others = tmp_path / "own.pem", tmp_path / "others.pem"
    own.write_bytes(made(["a.example.com"]))
    texts = [made([name]).decode() for name in ("b", "c")]
    others.write_text("".join(text[text.index("-----BEGIN CERT") :] for text in texts))
    assert command("--own", own, "--authorities", others, "--save", tmp_path / "saved.pem") == 0
    agree(board, tmp_path, "a.example.com")
    import drivers.tls as driver

    kept = list(driver.parts(board.read("tls.authorities")))
    assert [ssl.DER_cert_to_PEM_cert(one) in others.read_text() for one in kept] == [True, True]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["own", *["authority"] * 2]
    # the key stays while only the others change
    both = board.read("tls.own")
    assert command("--authorities", own) == 0 and board.read("tls.own") == both
    assert command("--own", own, "--forget") == 0
    assert board.read("tls.own") == both and not board.read("tls.authorities")
    capsys.readouterr()
    assert command("--forget") == 0
    assert capsys.readouterr().out.endswith("no certificate\n")
    assert not any(board.read(name) for name in FILES)


def test_what_is_no_certificate_changes_nothing(
    board: OsFiles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = made(["a"])
    at = whole.index(b"-----BEGIN CERT")
    locked = subprocess.run(
        ["openssl", "pkey", "-aes256", "-passout", "pass:abc"],
        input=whole[:at],
        capture_output=True,
        check=True,
    )
    files = {
        "key": whole[:at],
        "certificate": whole[at:],
        "chain": whole + whole[at:],
        "locked": locked.stdout + whole[at:],
        "text": b"a text \xff",
        "many": whole[at:] * 60,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    for name in ("key", "certificate", "chain", "locked", "text", "none"):
        assert command("--own", tmp_path / name) == 2, name
    for name in ("key", "text", "many", "none"):
        assert command("--authorities", tmp_path / name) == 2, name
    for wrong in (
        ["--name", "a", "--own", tmp_path / "key"],
        ["--save", tmp_path / "x"],
        ["--name", "a", "--save", tmp_path],
        ["--name", "a,DNS:b\nb"],
    ):
        assert command(*wrong) == 2, wrong
    assert not Console.sent and not any(board.read(name) for name in FILES)
    lines = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("fourquad certificate: ")
    ]
    assert len(lines) == 14 and "password" in lines[3]


def test_a_board_without_tls_says_so(
    board: OsFiles, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "tls")
    assert command("--name", "a") == 2
    assert "no TLS" in capsys.readouterr().err
    assert not board.read("tls.own")
