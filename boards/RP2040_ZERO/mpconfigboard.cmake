# Waveshare RP2040-Zero: a Pico with GP29 brought out
set(PICO_BOARD "waveshare_rp2040_zero")
set(PICO_PLATFORM "rp2040")
