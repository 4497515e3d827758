# Raspberry Pi Pico 2, its Arm cores
set(PICO_BOARD "pico2")
set(PICO_PLATFORM "rp2350-arm-s")
# alarms of the SDK, of which MicroPython takes one
list(APPEND MICROPY_DEF_BOARD PICO_TIME_DEFAULT_ALARM_POOL_MAX_TIMERS=4)
