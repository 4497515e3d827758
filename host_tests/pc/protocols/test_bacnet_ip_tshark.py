"""What a kw320 says on BACnet/IP, decoded by tshark: nothing malformed, and the services that were meant."""

from __future__ import annotations

import collections
import subprocess
from pathlib import Path

from foreign import programs
from net import test_bacnet_ip as bip

programs("tshark")
# Of everything, and of what may be long.
READ_ALL = (
    "01 04 02 05 01 0E 0C 02 3F FF FF 1E 09 98 09 4C 1F 0C 00 00 00 02 1E 09 08 1F 0C 01 00 00 01 1E 09 08 1F"
)
WHO_HAS = "01 00 10 07 3D 04 00 56 31 32"


def conversation() -> list[bytes]:
    """Datagrams, of ours and of the meter."""
    plant = bip.with_bacnet(("io11",))
    requests = [bip.framed(0x0A, text) for text in (READ_ALL, WHO_HAS)]
    requests += [bip.framed(0x0B, WHO_HAS), *bip.SEEDS]
    requests += [bip.framed(0x0A, bip.SUBSCRIBE % (1, 0, 60)), bip.framed(0x0A, READ_ALL)]
    out = []
    for octets in requests:
        out.append(octets)
        out += [said for said, _ in bip.tell(plant, octets, ms=1000)]
    return out


def test_wireshark_finds_nothing_malformed(tmp_path: Path) -> None:
    datagrams = conversation()
    dump = tmp_path / "dump"
    lines = [f"000000 {octets.hex(' ')}\n" for octets in datagrams]
    dump.write_text("".join(lines))
    capture = tmp_path / "pcap"
    made = ["text2pcap", "-q", "-u", "47808,47808", str(dump), str(capture)]
    subprocess.run(made, check=True, capture_output=True)

    def found(filtered: str, field: str = "frame.number") -> list[str]:
        command = ["tshark", "-r", str(capture), "-Y", filtered, "-T", "fields", "-e", field]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert len(found("bvlc")) == len(datagrams)
    assert found("_ws.malformed or _ws.expert.severity == error") == []
    confirmed = collections.Counter(found("bacapp.confirmed_service", "bacapp.confirmed_service"))
    unconfirmed = collections.Counter(found("bacapp.unconfirmed_service", "bacapp.unconfirmed_service"))
    # notifications that are to be confirmed and others; I-Am, I-Have
    assert confirmed["1"] >= 1 and unconfirmed["2"] >= 1 and unconfirmed["0"] >= 2 and unconfirmed["1"] >= 2
    assert found("bvlc.function == 0x00", "bvlc.result") != []
    # how long a subscription lasts, as an active one is told
    assert len(found("bacapp.type == 3")) >= 4
