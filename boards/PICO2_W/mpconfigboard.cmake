# Raspberry Pi Pico 2 W, its Arm cores
set(PICO_BOARD "pico2_w")
set(PICO_PLATFORM "rp2350-arm-s")
set(MICROPY_PY_LWIP 1)
include(${CMAKE_CURRENT_LIST_DIR}/../common/cyw43.cmake)
# alarms of the SDK, of which MicroPython takes one
list(APPEND MICROPY_DEF_BOARD PICO_TIME_DEFAULT_ALARM_POOL_MAX_TIMERS=4)
include(${CMAKE_CURRENT_LIST_DIR}/../common/tls.cmake)
