#include "boards/NUCLEO_H743ZI/stm32h7xx_hal_conf.h"
