# TLS: Mbed TLS in memory of its own (tls.h)
set(MBEDTLS_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/tls_config.h")
list(APPEND MICROPY_SOURCE_BOARD
    ${CMAKE_CURRENT_LIST_DIR}/tls.c
    ${MICROPY_DIR}/lib/mbedtls/library/memory_buffer_alloc.c
)
