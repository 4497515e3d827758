// A network by a W5500 on SPI0: lwIP over Ethernet frames (MACRAW).
#include "network.h"

// The image has all of its machine code, none is made on a board (tools/build/emitter.py).
#define FOURQUAD_NO_EMITTER (1)

// as the W5500-EVB-Pico has it wired
#define MICROPY_HW_WIZNET_SPI_ID (0)
#define MICROPY_HW_WIZNET_SPI_BAUDRATE (20 * 1000 * 1000)
#define MICROPY_HW_WIZNET_SPI_SCK (18)
#define MICROPY_HW_WIZNET_SPI_MOSI (19)
#define MICROPY_HW_WIZNET_SPI_MISO (16)
#define MICROPY_HW_WIZNET_PIN_CS (17)
#define MICROPY_HW_WIZNET_PIN_RST (20)
#define MICROPY_HW_WIZNET_PIN_INTN (21)
