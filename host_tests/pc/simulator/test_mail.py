"""Mail of a simulated kw320 and of an acurev2020 to a server of others (aiosmtpd), read by Python's own email
package.
"""

from __future__ import annotations

import csv
import ssl
import time
from pathlib import Path

import pytest
from mail_server import Box, serving
from test_command import PATIENCE
from test_posts import MODELS, Meter, meter, words

from fourquad_tools.ports.tls import NAME, context

pytestmark = pytest.mark.thorough

MAIL, PORT, AUTH, TLS, TRIGGERS, TIMED, INTERVAL, CONTENTS, TEST = range(0xD7E0, 0xD7E9)
SERVER, FROM, SUBJECT, USER, PASSWORD, TO = 0xDC00, 0xDC14, 0xDC28, 0xDC37, 0xDC4B, 0xDC5B
RESULT, SENT = 0xDCE0, 0xDCE2


def set_up(one: Meter, port: int, tls: int) -> None:
    one.write(SERVER, *words("localhost", 20))
    one.write(FROM, *words("Technical Support", 20))
    one.write(USER, *words("me@example.com", 20))
    one.write(PASSWORD, *words("pass word", 16))
    one.write(TO, *words("you@example.com", 20))
    one.write(MAIL, 1, port, 1, tls)
    one.write(one.reset, 1)
    one.leap(1)


@pytest.mark.parametrize("model", MODELS)
def test_a_timed_mail_with_files_after_a_failure(tmp_path: Path, model: str) -> None:
    box = Box(failures=1)
    with serving(box, auth_require_tls=False) as port, meter(tmp_path, model) as one:
        set_up(one, port, 0)
        one.write(CONTENTS, 0x7F)
        one.write(INTERVAL, 5)
        one.write(TIMED, 1)
        one.leap(6)
        end = time.monotonic() + PATIENCE
        while one.read(RESULT) != 451:
            assert time.monotonic() < end
            time.sleep(0.05)
        one.write(TIMED, 0)
        one.leap(2)
        box.wait(1)
        (mail,) = box.mails
        (sender,), (recipient,) = mail["From"].addresses, mail["To"].addresses
        assert (sender.display_name, sender.addr_spec) == ("Technical Support", "me@example.com")
        assert recipient.addr_spec == "you@example.com"
        assert box.envelopes[0].rcpt_tos == ["you@example.com"]
        assert box.envelopes[0].mail_from == "me@example.com"
        files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
        assert len(files) == 7
        metering = dict(csv.reader(files["metering.csv"].splitlines()))
        assert abs(float(metering["V2"]) - 231.5) < 1 and abs(float(metering["F"]) - 50) < 0.1
        energy = dict(csv.reader(files["energy.csv"].splitlines()))
        assert float(energy["EP_IMP"]) > 0
        if model == "kw320":
            _, *rows = csv.reader(files["extremes.csv"].splitlines())
            extremes = {name: float(value) for name, value, *_ in rows}
            assert abs(extremes["V2_MAX"] - 231.5) < 1 and abs(extremes["F_MIN"] - 50) < 0.1
        if model == "acurev2020":
            inputs = sum(float(energy[f"EP_IMP_{n + 1}"]) for n in range(18))
            assert float(energy["EP_IMP"]) == pytest.approx(inputs, abs=0.05)
            assert float(metering["I_18"]) == pytest.approx(50.0, rel=0.01)
        end = time.monotonic() + PATIENCE
        while one.read(SENT) != 1:
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.parametrize("trusted", [True, False])
def test_starttls(tmp_path: Path, trusted: bool) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    secure = context(str(folder))
    ca = ("--ca", str(folder / NAME)) if trusted else ()
    box = Box()
    with (
        serving(box, tls_context=secure, require_starttls=True) as port,
        meter(tmp_path, "kw320", *ca) as one,
    ):
        set_up(one, port, 1)
        one.write(TEST, 1)
        one.leap(1)
        if trusted:
            box.wait(1)
            assert "A test." in box.mails[0].get_body(("plain",)).get_content()
        else:
            end = time.monotonic() + PATIENCE
            while one.read(RESULT) != 7:
                assert time.monotonic() < end
                time.sleep(0.05)
            assert not box.mails


def test_the_layer_from_the_first_octet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on port 465, which a test cannot have: the layer alone, against a server of Python's."""
    from fourquad_tools.ports.tls_layer import Layers

    secure = context(str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / NAME))
    came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = secure.wrap_bio(came, goes, server_side=True)
    layer = Layers()("localhost")
    layer.put(b"EHLO meter\r\n")
    heard = b""
    for _ in range(10):
        while octets := layer.said(100):
            came.write(octets)
        try:
            server.do_handshake()
            heard += server.read(100)
        except ssl.SSLWantReadError:
            pass
        got = layer.take(goes.read())
        assert got == b""
    assert heard == b"EHLO meter\r\n"
