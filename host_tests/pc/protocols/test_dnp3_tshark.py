"""tshark decodes every frame of long sessions, and sees in them what was meant."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import dnp3_session
import pytest
from dnp3_rewrite import known
from foreign import tshark
from protocols.dnp3_fakes import with_options
from protocols.dnp3_lists import FULL, UNSOLICITED

from fourquad.models.kw320 import dnp3 as kw320

LISTS = {"full": FULL, "unsolicited": UNSOLICITED, "network": with_options(kw320.NETWORK, unsolicited=1)}


@pytest.mark.parametrize("name", LISTS)
def test_every_frame_of_a_long_session_is_well_formed(tmp_path: Path, name: str) -> None:
    wire = dnp3_session.whole(*LISTS[name])
    wire.save(tmp_path / "session.pcap")
    rows = tshark(
        tmp_path / "session.pcap", "_ws.col.Protocol", "_ws.col.Info", "_ws.malformed", "_ws.expert.message"
    )
    assert len(rows) == len(wire.packets) > 200
    for protocol, info, malformed, expert in rows:
        assert protocol == "DNP 3.0" and not malformed, info
        # the requests for what is not there are answered so
        assert expert in ("", "IIN Abnormality"), (info, expert)
    kinds = Counter(info.split(",")[0] for _, info, _, _ in rows)
    assert kinds["Response"] > 90
    assert (kinds["Unsolicited Response"] > 50) == (name != "full")
    for kind in ("Select", "Operate", "Direct Operate", "Immediate Freeze", "Cold Restart", "Assign Classes"):
        assert kinds[kind], kind


def test_the_list_of_the_manual(tmp_path: Path) -> None:
    """tshark has no group 100 and gives up on its header, which this shows. Its objects are laid out as those
    of 30/5: with that header every frame of the session is well-formed, and every reading what was meant.
    """
    wire = dnp3_session.serial()
    wire.save(tmp_path / "serial.pcap")
    names = ("_ws.malformed", "_ws.expert.message", "dnp.hdr.CRC.status", "dnp.data_chunk.CRC.status")
    unknown = 0
    for packet, row in zip(wire.packets, tshark(tmp_path / "serial.pcap", *names), strict=True):
        # whatever the objects, the frames are right
        assert set(row[2].split(",")) == {"1"} and set(row[3].split(",")) <= {"1", ""}
        if row[0]:
            assert "Unknown Object" in row[1] and b"\x64\x01" in packet and known(packet) != packet
            unknown += 1
    assert unknown > 10
    wire.packets = [known(packet) for packet in wire.packets]
    wire.save(tmp_path / "known.pcap")
    names = ("_ws.malformed", "_ws.expert.message", "dnp3.al.obj", "dnp3.al.ana.float", "dnp3.al.cnt")
    rows = tshark(tmp_path / "known.pcap", *names, "dnp3.al.ana.int")
    assert len(rows) == len(wire.packets)
    assert all(not row[0] and row[1] in ("", "IIN Abnormality") for row in rows)
    class_0 = [row for row in rows if row[2] == "0x1e05,0x1405,0x1401,0x1e04"]
    assert class_0
    for row in class_0:
        assert [len(row[n].split(",")) for n in (3, 4, 5)] == [39, 37, 8]
    # the readings of the fake meter: half their numbers; those of the demands are 40 to 45
    expected = [0.5 * i for i in (*range(33), *range(40, 46))]
    assert [float(value) for value in class_0[0][3].split(",")] == expected


def test_checksums_are_right(tmp_path: Path) -> None:
    dnp3_session.whole(*FULL).save(tmp_path / "session.pcap")
    for header, block in tshark(tmp_path / "session.pcap", "dnp.hdr.CRC.status", "dnp.data_chunk.CRC.status"):
        assert set(header.split(",")) == {"1"}
        assert set(block.split(",")) <= {"1", ""}


def test_values_and_times_are_what_was_meant(tmp_path: Path) -> None:
    wire = dnp3_session.Wire()
    s = wire.tap(dnp3_session.Station(FULL))
    s.meter.secondary[0] = 50.0
    s.meter.secondary[1] = -230.5
    s.request(1, "1E 05 00 00 01 1E 02 00 00 01 14 01 00 00 00 32 01 06")
    wire.save(tmp_path / "values.pcap")
    (row,) = tshark(
        tmp_path / "values.pcap",
        "dnp3.al.ana.float",
        "dnp3.al.ana.int",
        "dnp3.al.cnt",
        "dnp3.al.timestamp",
    )[1:]
    assert row[:3] == ["50,-230.5", "50,-231", "4294967294"]
    assert row[3].startswith(("Jan  1, 2026 00:00:00.000", "2026-01-01T00:00:00.000"))
