# Raspberry Pi Pico 2, its Arm cores
set(PICO_BOARD "pico2")
set(PICO_PLATFORM "rp2350-arm-s")
