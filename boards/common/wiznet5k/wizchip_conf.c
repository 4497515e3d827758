// Access to a W5500 by SPI, and what is done with the chip as a whole.
// Sections are those of the data sheet, version 1.1.0.
#include "wizchip_conf.h"
#include <string.h>
#include "py/mphal.h"
#include "lwip/netif.h"

#define READ 0x00
#define WRITE 0x04 // 2.2.2, RWB; the mode is VDM, so that the end of chip select is the end of the data
#define ATTEMPTS 1000

// Frames are moved in lwIP's context only, so interrupts need not stand still for them; registers are also looked at
// from elsewhere.
#define SHORT 8

static struct {
    void (*enter)(void), (*leave)(void), (*select)(void), (*deselect)(void);
    void (*read)(uint8_t *, uint16_t);
    void (*write)(const uint8_t *, uint16_t);
} port;

void reg_wizchip_cris_cbfunc(void (*enter)(void), void (*leave)(void)) {
    port.enter = enter;
    port.leave = leave;
}

void reg_wizchip_cs_cbfunc(void (*select)(void), void (*deselect)(void)) {
    port.select = select;
    port.deselect = deselect;
}

void reg_wizchip_spi_cbfunc(uint8_t (*read)(void), void (*write)(const uint8_t)) {
}

void reg_wizchip_spiburst_cbfunc(void (*read)(uint8_t *, uint16_t), void (*write)(const uint8_t *, uint16_t)) {
    port.read = read;
    port.write = write;
}

// 2.2: address phase, control phase
static void begin(uint32_t place, uint8_t direction, uint16_t length) {
    uint8_t head[3] = {place >> 16, place >> 8, (place & 0xf8) | direction};
    if (length <= SHORT) {
        port.enter();
    }
    port.select();
    port.write(head, sizeof(head));
}

static void end(uint16_t length) {
    port.deselect();
    if (length <= SHORT) {
        port.leave();
    }
}

// MicroPython polls from its own start on, also before it has said how the chip is reached.
void WIZCHIP_READ_BUF(uint32_t place, uint8_t *buffer, uint16_t length) {
    memset(buffer, 0, length);
    if (port.read) {
        begin(place, READ, length);
        port.read(buffer, length);
        end(length);
    }
}

void WIZCHIP_WRITE_BUF(uint32_t place, const uint8_t *buffer, uint16_t length) {
    if (port.write) {
        begin(place, WRITE, length);
        port.write(buffer, length);
        end(length);
    }
}

uint8_t WIZCHIP_READ(uint32_t place) {
    uint8_t value;
    WIZCHIP_READ_BUF(place, &value, 1);
    return value;
}

void WIZCHIP_WRITE(uint32_t place, uint8_t value) {
    WIZCHIP_WRITE_BUF(place, &value, 1);
}

// The one command is CW_INIT_WIZCHIP: reset by software (4.1, MR), which the hardware address outlives here, then the
// kilobytes of the sockets' buffers (4.2, Sn_TXBUF_SIZE and Sn_RXBUF_SIZE), 8 to send and 8 to receive.
int8_t ctlwizchip(int command, void *kilobytes) {
    const uint8_t *kb = kilobytes;
    uint8_t mac[6];
    // MicroPython has left it low since before the reset
    port.deselect();
    getSHAR(mac);
    WIZCHIP_WRITE(MR, MR_RST);
    for (int i = 0; i < ATTEMPTS && WIZCHIP_READ(MR) & MR_RST; i++) {
    }
    // the chip has none of its own; MicroPython would give it one only after the first frames
    if (!(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5])) {
        mp_hal_get_mac(MP_HAL_MAC_ETH0, mac);
    }
    setSHAR(mac);
    for (int n = 0; n < _WIZCHIP_SOCK_NUM_; n++) {
        WIZCHIP_WRITE(Sn_TXBUF_SIZE(n), kb[n]);
        WIZCHIP_WRITE(Sn_RXBUF_SIZE(n), kb[_WIZCHIP_SOCK_NUM_ + n]);
    }
    return 0;
}

// 4.1, IMR and SIMR
void wizchip_setinterruptmask(int interrupts) {
    WIZCHIP_WRITE(IMR, interrupts);
    WIZCHIP_WRITE(SIMR, interrupts >> 8);
}

// 4.1, PHYCFGR. MicroPython asks for it and does not tell lwIP, which has much to do when the cable comes back: ask DHCP
// whether the address still holds, say by ARP and mDNS who is there.
int8_t wizphy_getphylink(void) {
    bool linked = WIZCHIP_READ(PHYCFGR) & PHYCFGR_LNK;
    struct netif *netif = netif_default;
    if (netif && netif_is_up(netif) && linked != netif_is_link_up(netif)) {
        MICROPY_PY_LWIP_ENTER
        if (linked) {
            netif_set_link_up(netif);
        } else {
            netif_set_link_down(netif);
        }
        MICROPY_PY_LWIP_EXIT
    }
    return linked ? PHY_LINK_ON : PHY_LINK_OFF;
}

// 4.1, SHAR
void getSHAR(uint8_t *mac) {
    WIZCHIP_READ_BUF(SHAR, mac, 6);
}

void setSHAR(const uint8_t *mac) {
    WIZCHIP_WRITE_BUF(SHAR, mac, 6);
}
