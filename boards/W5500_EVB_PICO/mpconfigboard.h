#include "../common/rp2.h"
#include "../common/w5500.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on W5500-EVB-Pico"
// less than half of the flash, because the network takes room: 256 KB of littlefs (boards/common/_boot.py), then the stores
// (lib/fourquad/device/layout.py)
#define MICROPY_HW_FLASH_STORAGE_BYTES (928 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (512 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
