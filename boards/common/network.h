// What a board with a network has, whatever it reaches it by: lwIP, and the room for it.

// lwIP works in interrupts, on the C stack, which is also deeper where a request comes by a connection: it has all of its
// 8 KB here, and the frames of Python (rp2.h) are beside the heap.
#undef MICROPY_BOARD_EARLY_INIT
#define MICROPY_BOARD_EARLY_INIT() \
    do { \
        static uint64_t frames[FOURQUAD_FRAME_BYTES / sizeof(uint64_t)]; \
        uint8_t *volatile bottom = &__StackBottom; \
        mp_pystack_init(frames, (uint8_t *)frames + FOURQUAD_FRAME_BYTES); \
        mp_cstack_init_with_top(&__StackTop, &__StackTop - bottom); \
    } while (0)

#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "fourquad"
// TLS only where a board says so; nothing of a meter takes any of the others; crc32() is of MICROPY_PY_DEFLATE
#ifndef MICROPY_PY_SSL
#define MICROPY_PY_SSL (0)
#endif
#define MICROPY_PY_WEBSOCKET (0)
#define MICROPY_PY_WEBREPL (0)
#define MICROPY_PY_CMATH (0)
// lwIP, as a meter needs it (IPv4 alone: mpconfigboard.cmake). Connections at once; sockets for datagrams, of which three
// are for DHCP, DNS and mDNS; what is sent and not acknowledged (the budget of fourquad.net); buffers for what comes, and a
// window that they can hold; lwIP itself asks for no names, by mDNS either, and no datagram is longer than a frame. 24 KB of memory.
#define MEMP_NUM_TCP_PCB (12)
#define MEMP_NUM_UDP_PCB (9)
#define MEM_SIZE (8000)
#define TCP_MSS (800)
#define TCP_SND_BUF (4 * TCP_MSS)
#define TCP_WND (4 * TCP_MSS)
#define MEMP_NUM_TCP_SEG (32)
#define PBUF_POOL_SIZE (10)
#define DNS_TABLE_SIZE (1)
#define DNS_MAX_NAME_LENGTH (64)
#define LWIP_MDNS_SEARCH (0)
#define IP_FRAG (0)
#define IP_REASSEMBLY (0)
