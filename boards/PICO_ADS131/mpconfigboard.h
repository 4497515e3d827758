#include "../common/rp2.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on Raspberry Pi Pico and ADS131M08"
// 896 KB of littlefs, then 512 KB of journal: boards/common/_boot.py
#define MICROPY_HW_FLASH_STORAGE_BYTES (1408 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (304 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
