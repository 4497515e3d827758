"""A router between BACnet/IP (network 1, UDP on loopback) and an MS/TP line (network 2), all of it of
others: bacpypes' router over bacnet-stack's MS/TP node (PyPI misty).

bip_router.py UDP_PORT CLIENTS_UDP_PORT TTY MAC MAX_MASTER BAUD says "ready" on standard output and runs
until it is killed.
"""

from __future__ import annotations

import sys
import tempfile

from bacpypes.bvllservice import AnnexJCodec, BIPSimple, UDPMultiplexer
from bacpypes.comm import bind
from bacpypes.core import deferred, run
from bacpypes.local.device import LocalDeviceObject
from bacpypes.netservice import NetworkServiceAccessPoint, NetworkServiceElement
from bacpypes.pdu import Address
from misty.mstplib import MSTPMultiplexer, MSTPSimple

IP = 1
LINE = 2


def main() -> None:
    port, client, tty, mac, maximum, baud = sys.argv[1:7]
    with tempfile.TemporaryDirectory() as folder:
        device = LocalDeviceObject(
            objectName="router",
            objectIdentifier=("device", 4000001),
            maxApduLengthAccepted=480,
            segmentationSupported="noSegmentation",
            vendorIdentifier=15,
        )
        device._interface = tty
        device._max_masters = int(maximum)
        device._baudrate = int(baud)
        device._maxinfo = 1
        device._mstp_dir = folder
        point, element = NetworkServiceAccessPoint(), NetworkServiceElement()
        bind(element, point)
        ip, annex_j = BIPSimple(), AnnexJCodec()
        address = Address(f"127.0.0.1:{port}")
        udp = UDPMultiplexer(address, noBroadcast=True)
        # there is one to whom a broadcast can go
        udp.addrBroadcastTuple = ("127.0.0.1", int(client))
        bind(ip, annex_j, udp.annexJ)
        point.bind(ip, IP, address)
        line = MSTPSimple()
        node = MSTPMultiplexer(device, Address(mac))
        bind(line, node.annexH)
        point.bind(line, LINE, Address(mac))
        deferred(print, "ready", flush=True)
        run()


if __name__ == "__main__":
    main()
