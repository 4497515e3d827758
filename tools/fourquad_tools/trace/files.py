"""Files of a trace: `--trace FILE`."""

from __future__ import annotations

from pathlib import Path

from fourquad_tools.options import OptionError
from fourquad_tools.trace.pcapng import PcapngSink
from fourquad_tools.trace.tap import Sink
from fourquad_tools.trace.text import TextSink

PACKETS = (".pcap", ".pcapng")


def open_sink(name: str) -> Sink:
    """A new file: for Wireshark where its name ends in .pcapng or .pcap, otherwise text."""
    path = Path(name)
    try:
        if path.suffix.lower() in PACKETS:
            return PcapngSink(path.open("wb"))
        return TextSink(path.open("w", encoding="utf-8"))
    except (OSError, ValueError) as error:
        # ValueError: no file can have that name
        raise OptionError(f"--trace {name}: {getattr(error, 'strerror', None) or error}") from None
