# Raspberry Pi Pico, emulated
set(PICO_BOARD "pico")
set(PICO_PLATFORM "rp2040")
