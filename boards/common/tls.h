// TLS (tls.cmake). FOURQUAD_TLS_BYTES: memory for it, of which a connection has 23 KB, and while it agrees on a key up to
// 10 KB more.
#define MICROPY_PY_SSL (1)
void fourquad_tls_begin(void);
#define MICROPY_BOARD_STARTUP() fourquad_tls_begin()
