# Waveshare RP2040-Zero: a Pico with GP29 brought out
set(PICO_BOARD "waveshare_rp2040_zero")
set(PICO_PLATFORM "rp2040")
# alarms of the SDK, of which MicroPython takes one
list(APPEND MICROPY_DEF_BOARD PICO_TIME_DEFAULT_ALARM_POOL_MAX_TIMERS=4)
