#include "../common/rp2.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on an emulated RP2040"
// 896 KB of littlefs, then 512 KB of journal: boards/common/_boot.py
#define MICROPY_HW_FLASH_STORAGE_BYTES (1408 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (304 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
// the console is on UART0 (GP0, GP1); USB is not emulated
#define MICROPY_HW_ENABLE_USBDEV (0)
#define MICROPY_HW_ENABLE_UART_REPL (1)
