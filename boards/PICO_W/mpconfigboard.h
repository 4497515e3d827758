#include "../common/rp2.h"
#include "../common/cyw43.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on Raspberry Pi Pico W"
// the firmware of the radio takes 220 KB of the flash: 224 KB of littlefs (boards/common/_boot.py), then 512 KB of stores
// (lib/fourquad/device/layout.py), which an acurev2020 can do with and a kw320 with a network cannot
#define MICROPY_HW_FLASH_STORAGE_BYTES (736 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (512 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
