"""What a file of samples says, before anybody decides what it means for the meter."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Channel:
    """One channel by its words; `ratio` turns secondary values into primary ones."""

    number: int
    name: str
    phase: str = ""
    unit: str = ""
    ratio: float = 1.0

    def __str__(self) -> str:
        words = [f'"{self.name}"']
        words += [f'phase "{self.phase}"'] if self.phase else []
        words += [f'unit "{self.unit}"'] if self.unit else []
        return f"channel {self.number} {', '.join(words)}"


@dataclass
class Traces:
    """Channels and their samples, one row a sample; NaN is a sample that is missing.

    `times` (seconds) and `rate` (hertz) are None where the file does not tell; `nominal` is the frequency
    that the file says the network has; `certain` channels are named as we name them. `notes` are lines for
    the user.
    """

    channels: list[Channel]
    values: Values
    times: Values | None = None
    rate: float | None = None
    nominal: float | None = None
    certain: bool = False
    notes: list[str] = field(default_factory=list)


def texts(data: bytes) -> list[str]:
    """The texts that `data` may be, the likeliest first: Unicode, else the code pages that recorders use."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        text = _decode(data, encoding) if data.startswith(mark) else None
        if text is not None:
            return [text]
    decoded = [_decode(data, encoding) for encoding in ("gb18030", "cp1251", "latin-1")]
    return [text for text in decoded if text is not None]


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return _plain(data.decode(encoding))
    except UnicodeDecodeError:
        return None


def _plain(text: str) -> str:
    # Full-width letters and compatibility signs become plain ones; 1AH and NUL end files of DOS.
    return unicodedata.normalize("NFKC", text).rstrip("\x1a\x00 \r\n") + "\n"
