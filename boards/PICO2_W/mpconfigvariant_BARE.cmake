# Without fourquad frozen, with a ROMFS for it.
list(APPEND MICROPY_DEF_BOARD FOURQUAD_BARE=1)
