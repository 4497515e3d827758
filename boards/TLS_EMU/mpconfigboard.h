// one connection
#define FOURQUAD_TLS_BYTES (40 * 1024)
#include "../common/tls.h"
#include "../common/rp2.h"
#include "../common/w5500.h"

#define MICROPY_HW_BOARD_NAME "Fourquad on an emulated W5500-EVB-Pico with TLS"
// less than on a board that somebody has, because TLS takes room: 256 KB of littlefs (boards/common/_boot.py), then the
// stores (lib/fourquad/device/layout.py)
#define MICROPY_HW_FLASH_STORAGE_BYTES (896 * 1024)
// what the variant BARE has before the storage, for fourquad itself
#define FOURQUAD_ROMFS_BYTES (512 * 1024)
#ifdef FOURQUAD_BARE
#define MICROPY_HW_ROMFS_BYTES FOURQUAD_ROMFS_BYTES
#endif
// the console is on UART0 (GP0, GP1); USB is not emulated
#define MICROPY_HW_ENABLE_USBDEV (0)
#define MICROPY_HW_ENABLE_UART_REPL (1)
