"""A collection takes a fifth of the time: collector.py MICROPYTHON mends a tree of MicroPython 1.25.

While garbage is collected nothing is answered. MicroPython's collector takes whatever lies in the heap for
pointers, one word at a time. Here

- the contents of a bytearray and of an array of numbers are not looked at: a ring of samples has 28 KB;
- what is no multiple of 16 is put aside first, and a pointer is compared with the heap's ends in one step;
- the sweep goes through the table of blocks by words of 16 blocks, of which most have nothing to free;
- a search for room passes by four blocks that are taken at once;
- `gc.allocated()` gives the bytes that were taken since the last collection, `gc.left()` those that it left
  free, both at once: `gc.mem_free()` goes through the whole heap, 7 ms on an RP2040.

A bytearray and an array are known by their first word, the type; that of a list's or a dict's contents may
be a type too, but the words after it would have to be those of an array. An array of objects is looked at.

Boards have it by MICROPY_GC_QUICK. flash_functions.py comes first.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

_MARK = """\
#if MICROPY_GC_QUICK
static size_t gc_kind_of(const byte *table, size_t block) {
    return table[block / BLOCKS_PER_ATB] >> BLOCK_SHIFT(block) & 3;
}

size_t gc_left_blocks;

// How many of 16 blocks are taken.
static inline size_t gc_taken(uint32_t blocks) {
    uint32_t n = (blocks | blocks >> 1) & 0x55555555;
    if (n == 0x55555555) {
        return 16;
    }
    n = (n & 0x33333333) + (n >> 2 & 0x33333333);
    n = (n & 0x0f0f0f0f) + (n >> 4 & 0x0f0f0f0f);
    return n * 0x01010101 >> 24;
}

// The contents of a bytearray, of an array of numbers, or of what a memoryview looks at; 0 of all else.
static inline uintptr_t gc_numbers(const uintptr_t *words) {
    const mp_obj_type_t *type = (const mp_obj_type_t *)words[0];
    if (type != &mp_type_bytearray && type != &mp_type_array && type != &mp_type_memoryview) {
        return 0;
    }
    // the type code, and above it what of the contents is not used yet: never an address
    if (words[1] >> 24) {
        return 0;
    }
    switch (words[1] & 0x7f) {
        case 'b':
        case 'B':
        case BYTEARRAY_TYPECODE:
        case 'h':
        case 'H':
        case 'i':
        case 'I':
        case 'l':
        case 'L':
        case 'q':
        case 'Q':
        case 'f':
        case 'd':
            return words[3];
        default:
            return 0;
    }
}

static void gc_mark_subtree(size_t block) {
    byte *const table = MP_STATE_MEM(area).gc_alloc_table_start;
    const uintptr_t pool = (uintptr_t)MP_STATE_MEM(area).gc_pool_start;
    const size_t size = (uintptr_t)MP_STATE_MEM(area).gc_pool_end - pool;
    size_t sp = 0;
    for (;;) {
        const uintptr_t *words = (const uintptr_t *)(pool + block * BYTES_PER_BLOCK);
        do {
            block += 1;
        } while (gc_kind_of(table, block) == AT_TAIL);
        const uintptr_t *end = (const uintptr_t *)(pool + block * BYTES_PER_BLOCK);
        do {
            uintptr_t at = *words++;
            if ((at & (BYTES_PER_BLOCK - 1)) != 0 || at == 0) {
                continue;
            }
            at -= pool;
            if (at >= size) {
                #if MICROPY_FLASH_FUNCTIONS
                at = (uintptr_t)gc_globals((void *)(at + pool)) - pool;
                if (at >= size)
                #endif
                {
                    continue;
                }
            }
            size_t found = at / BYTES_PER_BLOCK;
            if (gc_kind_of(table, found) != AT_HEAD) {
                continue;
            }
            table[found / BLOCKS_PER_ATB] |= AT_MARK << BLOCK_SHIFT(found);
            uintptr_t numbers = gc_numbers((const uintptr_t *)(pool + at));
            if (numbers != 0) {
                numbers -= pool;
                if (numbers < size && (numbers & (BYTES_PER_BLOCK - 1)) == 0) {
                    found = numbers / BYTES_PER_BLOCK;
                    if (gc_kind_of(table, found) == AT_HEAD) {
                        table[found / BLOCKS_PER_ATB] |= AT_MARK << BLOCK_SHIFT(found);
                    }
                }
            } else if (sp < MICROPY_ALLOC_GC_STACK_SIZE) {
                MP_STATE_MEM(gc_block_stack)[sp++] = found;
            } else {
                MP_STATE_MEM(gc_stack_overflow) = 1;
            }
        } while (words < end);
        if (sp == 0) {
            break;
        }
        block = MP_STATE_MEM(gc_block_stack)[--sp];
    }
}
#else
"""

_SWEEP = """\
    #if MICROPY_GC_QUICK
    // 16 blocks at once where none is to be freed: those that are marked become heads again
    mp_state_mem_area_t *const all = &MP_STATE_MEM(area);
    uint32_t *word = (uint32_t *)all->gc_alloc_table_start;
    uint32_t *const end = word + all->gc_last_used_block / 16 + 1;
    uint32_t *last = word;
    bool freeing = false;
    size_t taken = 0;
    for (; word < end; word++) {
        uint32_t blocks = *word;
        if (blocks == 0) {
            continue;
        }
        const uint32_t low = blocks & 0x55555555;
        const uint32_t high = blocks >> 1 & 0x55555555;
        if (!freeing && (low & ~high) == 0) {
            *word = blocks & ~(low << 1);
            taken += gc_taken(blocks);
            last = word;
            continue;
        }
        for (size_t shift = 0; shift < 32; shift += 2) {
            switch (blocks >> shift & 3) {
                case AT_HEAD:
                    freeing = true;
                    break;
                case AT_MARK:
                    freeing = false;
                    blocks &= ~(AT_TAIL << shift);
                    break;
            }
            if (freeing) {
                blocks &= ~(AT_MARK << shift);
            }
        }
        *word = blocks;
        if (blocks != 0) {
            taken += gc_taken(blocks);
            last = word;
        }
    }
    const size_t used = (last - (uint32_t *)all->gc_alloc_table_start) * 16 + 15;
    all->gc_last_used_block = MIN(used, all->gc_last_used_block);
    gc_left_blocks = all->gc_alloc_table_byte_len * BLOCKS_PER_ATB - taken;
    return;
    #endif
"""

_SEARCH = """\
                #if MICROPY_GC_QUICK
                if (((a | a >> 1) & 0x55) == 0x55) {
                    n_free = 0;
                    continue;
                }
                #endif
"""
_TOLD = """\
#if MICROPY_GC_QUICK
// allocated(): bytes of heap RAM that were asked for since the last collection
static mp_obj_t gc_allocated(void) {
    return MP_OBJ_NEW_SMALL_INT(MP_STATE_MEM(gc_alloc_amount) * MICROPY_BYTES_PER_GC_BLOCK);
}
static MP_DEFINE_CONST_FUN_OBJ_0(gc_allocated_obj, gc_allocated);

// left(): bytes of heap RAM that were free after the last collection
extern size_t gc_left_blocks;
static mp_obj_t gc_left(void) {
    return MP_OBJ_NEW_SMALL_INT(gc_left_blocks * MICROPY_BYTES_PER_GC_BLOCK);
}
static MP_DEFINE_CONST_FUN_OBJ_0(gc_left_obj, gc_left);
#endif

"""
_ROW = """\
    #if MICROPY_GC_QUICK
    { MP_ROM_QSTR(MP_QSTR_allocated), MP_ROM_PTR(&gc_allocated_obj) },
    { MP_ROM_QSTR(MP_QSTR_left), MP_ROM_PTR(&gc_left_obj) },
    #endif
"""
_TABLE = "static const mp_rom_map_elem_t mp_module_gc_globals_table[] = {\n"
_NAME = "    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_gc) },\n"
_MARKED = "// Take the given block as the topmost block on the stack. Check all it's\n"
_SWEPT = "static void gc_sweep_free_blocks(void) {\n"
_BYTE = "                byte a = area->gc_alloc_table_start[i];\n"

# (file, what it has once, what stands in its place)
EDITS = (
    (
        "py/gc.c",
        '#include "py/runtime.h"\n',
        '#include "py/runtime.h"\n#include "py/binary.h"\n#include "py/objarray.h"\n\n'
        '#if MICROPY_GC_QUICK\n#pragma GCC optimize("O2")\n#endif\n',
    ),
    ("py/gc.c", _MARKED, _MARK + _MARKED),
    ("py/gc.c", "void gc_sweep_all(void) {\n", "#endif // MICROPY_GC_QUICK\n\nvoid gc_sweep_all(void) {\n"),
    (
        "py/gc.c",
        _SWEPT + "    #if MICROPY_PY_GC_COLLECT_RETVAL\n",
        _SWEPT + _SWEEP + "    #if MICROPY_PY_GC_COLLECT_RETVAL\n",
    ),
    ("py/gc.c", _BYTE, _BYTE + _SEARCH),
    ("py/modgc.c", _TABLE, _TOLD + _TABLE),
    ("py/modgc.c", _NAME, _NAME + _ROW),
)


if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
