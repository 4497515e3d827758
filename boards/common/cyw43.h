// A network by the radio of a Pico W and Pico 2 W, a CYW43439. Its bus takes GP23-GP25 and GP29, with these ADC3 and the LED,
// two channels of the DMA, and the first state machine of the last PIO that is free.
#include "network.h"

#define CYW43_USE_SPI (1)
#define CYW43_LWIP (1)
#define CYW43_GPIO (1)
#define CYW43_SPI_PIO (1)

// the pins of the radio, of which one is the LED
#define MICROPY_HW_PIN_EXT_COUNT CYW43_WL_GPIO_COUNT
// a reset of the program leaves the interrupt of the radio as it is
int mp_hal_is_pin_reserved(int n);
#define MICROPY_HW_PIN_RESERVED(i) mp_hal_is_pin_reserved(i)
