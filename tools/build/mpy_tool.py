"""Numbers and native code as boards here have them: mpy_tool.py MICROPYTHON mends a tree of MicroPython 1.25.

Every board here has small integers of 31 bits. mpy-tool takes those of any target, 14 bits: it would put each
larger number of a table into flash as an object of 20 bytes, and each calculation with one would take heap.

Native code of a Cortex-M0+ has its 32-bit constants between its instructions, at addresses that are read as
multiples of four. mpy-tool puts a function at any even address: from half of them it would read other
constants.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

# (file, what it has once, what stands in its place)
EDITS = (
    (
        "tools/mpy-tool.py",
        "    return -0x2000 <= i <= 0x1FFF\n",
        "    return -0x40000000 <= i <= 0x3FFFFFFF\n",
    ),
    ("tools/mpy-tool.py", ' __attribute__ ((aligned (2)))"\n', ' __attribute__ ((aligned (4)))"\n'),
)

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
