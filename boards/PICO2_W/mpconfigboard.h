// six connections, of which four are of HTTPS
#define FOURQUAD_TLS_BYTES (160 * 1024)
#include "../common/tls.h"
#include "../common/rp2.h"
#include "../common/cyw43.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on Raspberry Pi Pico 2 W"
// of the flash, which is twice that of a Pico
#define FOURQUAD_FLASH_BYTES (4096 * 1024)
// 256 KB of littlefs (boards/common/_boot.py), then the stores (lib/fourquad/device/layout.py)
#define MICROPY_HW_FLASH_STORAGE_BYTES (1408 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (512 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
