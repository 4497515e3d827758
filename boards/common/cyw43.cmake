# The radio of a Pico W and a Pico 2 W, for WiFi alone.
set(MICROPY_PY_NETWORK_CYW43 1)
# a macro, because the port looks for it before it reads mpconfigboard.h
list(APPEND MICROPY_DEF_BOARD LWIP_IPV6=0)
# MicroPython finds the header of the radio's bus by way of Bluetooth, which a meter has not
include_directories(SYSTEM ${MICROPY_DIR}/lib/pico-sdk/src/rp2_common/pico_cyw43_driver/include)
