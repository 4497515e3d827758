#include "mbedtls/memory_buffer_alloc.h"
#include "py/mpconfig.h"

void fourquad_tls_begin(void) {
    static unsigned char memory[FOURQUAD_TLS_BYTES];
    mbedtls_memory_buffer_alloc_init(memory, sizeof(memory));
}
