# WIZnet W5500-EVB-Pico, emulated
set(PICO_BOARD "pico")
set(PICO_PLATFORM "rp2040")
set(MICROPY_PY_LWIP 1)
set(MICROPY_PY_NETWORK_WIZNET5K W5500)
# alarms of the SDK, of which MicroPython takes one
list(APPEND MICROPY_DEF_BOARD PICO_TIME_DEFAULT_ALARM_POOL_MAX_TIMERS=4)
# a macro, because the port looks for it before it reads mpconfigboard.h
list(APPEND MICROPY_DEF_BOARD LWIP_IPV6=0)
include(${CMAKE_CURRENT_LIST_DIR}/../common/tls.cmake)
