// Mbed TLS as MicroPython has it, but not in MicroPython's heap: a connection wants 16 KB in one piece, and finds none in a
// heap of many pieces.
#ifndef FOURQUAD_TLS_CONFIG_H
#define FOURQUAD_TLS_CONFIG_H

#include "mbedtls/mbedtls_config_port.h"

#undef MBEDTLS_PLATFORM_STD_CALLOC
#undef MBEDTLS_PLATFORM_STD_FREE
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C

#endif
