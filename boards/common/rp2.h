// What MicroPython is built with on every board of the RP2 family.

// A meter has one thread; locks for a second one cost time at every turn.
#define MICROPY_PY_THREAD (0)

// Functions and classes of frozen modules lie in flash (tools/build/flash_functions.py, flash_classes.py): 56 KB of the
// heap of a meter with a network.
#define MICROPY_FLASH_FUNCTIONS (1)
// and a collection takes a quarter of the time (tools/build/collector.py).
#define MICROPY_GC_QUICK (1)
// An erase of the flash stops code for some milliseconds only (erase.h); an RP2350 has memory for the samples of a long one.
#define FOURQUAD_ERASE_SLICES (PICO_RP2040)
// Blocks whose children the garbage collector has still to look at. With 64 there are more of them than room, and it goes
// through the whole heap again, twice.
#define MICROPY_ALLOC_GC_STACK_SIZE (256)
// the numbers of these blocks, of which no chip here has 65,536
#define MICROPY_GC_STACK_ENTRY_TYPE uint16_t

// Characters of the console that wait; raw paste sends 256 ahead. MicroPython has 512, out of the heap's room.
#define MICROPY_HW_STDIN_BUFFER_LEN (260)

// littlefs's caches: 512 bytes each (tools/build/file_caches.py).
#define FOURQUAD_CACHE_PAGES (2)

// Frames of Python functions lie on a stack of their own: on the heap, where MicroPython puts the larger ones otherwise,
// finding room for one takes up to 0.4 ms. It has the lower end of the C stack, which then has 6 KB of its 8. The peak
// of both was seen at 1.1 KB and 5.2 KB.
#define FOURQUAD_FRAME_BYTES (2048)
#define MICROPY_ENABLE_PYSTACK (1)
// volatile, because the compiler takes what the linker has placed for one byte
#define MICROPY_BOARD_EARLY_INIT() \
    do { \
        uint8_t *volatile bottom = &__StackBottom; \
        mp_pystack_init(bottom, bottom + FOURQUAD_FRAME_BYTES); \
        mp_cstack_init_with_top(&__StackTop, &__StackTop - bottom - FOURQUAD_FRAME_BYTES); \
    } while (0)
