"""Erases of an RP2040's own flash in slices: erasing.py MICROPYTHON mends a tree of MicroPython 1.25 and the
SDK in it. boards/common/erase.h has the code, and says why.

The `ioctl` of `_rp2.Flash` has three more operations:

- 100 wants the sector erased that it is given, and answers at once;
- 101 gives that erase so many microseconds; 1 if it goes on after that, 0 if none is under way;
- 102 takes what is called between the slices of an erase that somebody waits for, such as the file system.

Where there are no slices they are None, as of any other operation that is not known.

The second stage of the boot loader, which is how a program returns to its code in the flash, would take a
suspended chip for one without four data lines, and write its status register.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

_FLASH = "ports/rp2/rp2_flash.c"
_SDK = "lib/pico-sdk/src/rp2_common/hardware_flash/flash.c"
_STAGE2 = "lib/pico-sdk/src/rp2040/boot_stage2/boot2_w25q080.S"

_INCLUDE = '#include "hardware/structs/ssi.h"\n#endif\n'
_SLICES = """\
#if FOURQUAD_ERASE_SLICES
#include "../common/erase.h"
#else
#define erase_finish()
#define erase_finish_of(start, size)
#define erase_sector(sector) \\
    do { \\
        mp_uint_t atomic_state = begin_critical_flash_section(); \\
        flash_range_erase(sector, BLOCK_SIZE_BYTES); \\
        end_critical_flash_section(atomic_state); \\
    } while (0)
#endif
"""
_READ = "    memcpy(bufinfo.buf, (void *)(XIP_BASE + self->flash_base + offset), bufinfo.len);\n"
_READS = "    erase_finish_of(self->flash_base + offset, bufinfo.len);\n"
_WRITE = "    if (n_args == 3) {\n        mp_uint_t atomic_state = begin_critical_flash_section();\n"
_WRITES = (
    "    if (n_args == 3) {\n        erase_finish();\n"
    "        mp_uint_t atomic_state = begin_critical_flash_section();\n"
)
_PROGRAM = "    // If copying from SRAM, can write direct to flash.\n"
_ERASE = """\
            mp_uint_t atomic_state = begin_critical_flash_section();
            flash_range_erase(self->flash_base + offset, BLOCK_SIZE_BYTES);
            end_critical_flash_section(atomic_state);
            // TODO check return value
            return MP_OBJ_NEW_SMALL_INT(0);
        }
"""
_ERASES = """\
            erase_sector(self->flash_base + offset);
            return MP_OBJ_NEW_SMALL_INT(0);
        }
        #if FOURQUAD_ERASE_SLICES
        case 100:
            erase_ahead(self->flash_base + mp_obj_get_int(arg_in) * BLOCK_SIZE_BYTES);
            return MP_OBJ_NEW_SMALL_INT(0);
        case 101:
            return MP_OBJ_NEW_SMALL_INT(erase_slice(mp_obj_get_int(arg_in)));
        case 102:
            MP_STATE_VM(flash_erase_between) = arg_in;
            return MP_OBJ_NEW_SMALL_INT(0);
        #endif
"""
_IN_RAM = "static void __no_inline_not_in_flash_func"
_COPY = _IN_RAM + "(flash_init_boot2_copyout)(void) {\n    if (boot2_copyout_valid)"
_ENTER = _IN_RAM + "(flash_enable_xip_via_boot2)(void) {\n    ((void"
_MASK = "    lsls r0, r0, #25 // a suspended chip is as good\n    lsrs r0, r0, #25\n"
_COMPARE = "    movs r2, #SREG_DATA\n    cmp r0, r2\n"

# (file, what it has once, what stands in its place)
EDITS = (
    (_FLASH, _INCLUDE, _INCLUDE + _SLICES),
    (_FLASH, _READ, _READS + _READ),
    (_FLASH, _WRITE, _WRITES),
    (_FLASH, _PROGRAM, _READS + _PROGRAM),
    (_FLASH, _ERASE, _ERASES),
    (_SDK, _COPY, _COPY.removeprefix("static ")),
    (_SDK, _ENTER, _ENTER.removeprefix("static ")),
    (_STAGE2, _COMPARE, _MASK + _COMPARE),
)

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
