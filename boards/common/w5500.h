// A network by a W5500 on SPI0: lwIP over Ethernet frames (MACRAW).

#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "fourquad"
// nothing of a meter speaks TLS on this chip, and the other two are for consoles over a network
#define MICROPY_PY_SSL (0)
#define MICROPY_PY_WEBSOCKET (0)
#define MICROPY_PY_WEBREPL (0)
// connections at once; sockets for datagrams, of which lwIP takes three for DHCP, DNS and mDNS
#define MEMP_NUM_TCP_PCB (12)
#define MEMP_NUM_UDP_PCB (9)
// as the W5500-EVB-Pico has it wired
#define MICROPY_HW_WIZNET_SPI_ID (0)
#define MICROPY_HW_WIZNET_SPI_BAUDRATE (20 * 1000 * 1000)
#define MICROPY_HW_WIZNET_SPI_SCK (18)
#define MICROPY_HW_WIZNET_SPI_MOSI (19)
#define MICROPY_HW_WIZNET_SPI_MISO (16)
#define MICROPY_HW_WIZNET_PIN_CS (17)
#define MICROPY_HW_WIZNET_PIN_RST (20)
#define MICROPY_HW_WIZNET_PIN_INTN (21)
