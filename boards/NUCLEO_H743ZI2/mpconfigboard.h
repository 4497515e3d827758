// MicroPython's own board without its Ethernet: an image of ours has no network, deployed modules on MicroPython's have.
#include "boards/NUCLEO_H743ZI2/mpconfigboard.h"

#undef MICROPY_HW_BOARD_NAME
#define MICROPY_HW_BOARD_NAME "Fourquad on NUCLEO_H743ZI2"
#undef MICROPY_HW_ETH_MDC
