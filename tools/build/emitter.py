"""An image without the makers of machine code: emitter.py MICROPYTHON mends a tree of MicroPython 1.25.

Native code, viper and assembler of an image's own modules were made on a PC. What makes them on the board too
takes 20 KB of its flash, for those who type @micropython.native at its prompt: without it that is a syntax
error. A board does without by FOURQUAD_NO_EMITTER (boards/common/w5500.h).
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

_COMPILER = "#if MICROPY_ENABLE_COMPILER\n\n#define INVALID_LABEL (0xffff)\n"
_BYTECODE = "#if MICROPY_ENABLE_COMPILER\n\n#define DUMMY_DATA_SIZE"
_WITHOUT = """\
#if FOURQUAD_NO_EMITTER
// the linker leaves out what nobody calls; what runs machine code stays
#undef MICROPY_EMIT_NATIVE
#define MICROPY_EMIT_NATIVE (0)
#undef MICROPY_EMIT_INLINE_ASM
#define MICROPY_EMIT_INLINE_ASM (0)
#endif

"""

EDITS = [
    ("py/compile.c", _COMPILER, _WITHOUT + _COMPILER),
    ("py/emitbc.c", _BYTECODE, _WITHOUT + _BYTECODE),
]

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
