// Ethernet frames through socket 0 of a W5500 in MACRAW mode.
// Sections are those of the data sheet, version 1.1.0.
#include "socket.h"
#include <string.h>

#define HEADER 2 // bytes of length before a frame that was received, which count themselves
#define SHORTEST 14
#define LONGEST 1514
// A command is taken at once, a frame of 1,514 bytes is on the line for 123 us, and a look at a register takes 3 us and
// more. What is not over then never will be: the chip is not there, or lost its supply.
#define ATTEMPTS 1000

static bool sending;
static bool came; // a frame, since interrupts were cleared last

static uint16_t read16(uint32_t place) {
    uint8_t bytes[2];
    WIZCHIP_READ_BUF(place, bytes, 2);
    return bytes[0] << 8 | bytes[1];
}

static void write16(uint32_t place, uint16_t value) {
    uint8_t bytes[2] = {value >> 8, value};
    WIZCHIP_WRITE_BUF(place, bytes, 2);
}

// 4.2, Sn_CR: reads 0 once the command is taken
static void command(uint8_t n, uint8_t code) {
    WIZCHIP_WRITE(Sn_CR(n), code);
    for (int i = 0; i < ATTEMPTS && WIZCHIP_READ(Sn_CR(n)); i++) {
    }
}

static void open(uint8_t n) {
    command(n, Sn_CR_CLOSE);
    setSn_IR(n, 0xff);
    command(n, Sn_CR_OPEN);
    sending = false;
}

int8_t WIZCHIP_EXPORT(socket)(uint8_t n, uint8_t protocol, uint16_t port, uint8_t flag) {
    setSn_MR(n, protocol | flag);
    open(n);
    return getSn_SR(n) == SOCK_MACRAW ? n : -1;
}

int32_t WIZCHIP_EXPORT(sendto)(uint8_t n, uint8_t *frame, uint16_t length, uint8_t *ip, uint16_t port) {
    if (sending) {
        for (int i = 0; !(getSn_IR(n) & (Sn_IR_SENDOK | Sn_IR_TIMEOUT)); i++) {
            if (i == ATTEMPTS) {
                // lost as on a wire; MicroPython would give the network up for less
                open(n);
                return length;
            }
        }
        setSn_IR(n, Sn_IR_SENDOK | Sn_IR_TIMEOUT);
    }
    uint16_t at = read16(Sn_TX_WR(n));
    WIZCHIP_WRITE_BUF(WIZCHIP_AT(WIZCHIP_TXBUF_BLOCK(n), at), frame, length);
    write16(Sn_TX_WR(n), at + length);
    command(n, Sn_CR_SEND);
    sending = true;
    return length;
}

// 4.2, Sn_RX_RSR: changes while it is read, so it is right once it reads the same twice
uint16_t getSn_RX_RSR(uint8_t n) {
    uint16_t size = read16(Sn_RX_RSR(n)), before;
    if (size) {
        int i = 0;
        do {
            before = size;
            size = read16(Sn_RX_RSR(n));
        } while (size != before && ++i < ATTEMPTS);
    }
    return size;
}

int32_t WIZCHIP_EXPORT(recvfrom)(uint8_t n, uint8_t *frame, uint16_t room, uint8_t *ip, uint16_t *port) {
    came = true;
    uint16_t at = read16(Sn_RX_RD(n));
    uint16_t length = read16(WIZCHIP_AT(WIZCHIP_RXBUF_BLOCK(n), at)) - HEADER;
    if (length < SHORTEST || length > LONGEST) {
        // where the next frame begins is lost: all that waits goes, and an empty frame is nobody's
        open(n);
        memset(frame, 0, SHORTEST);
        return SHORTEST;
    }
    uint16_t taken = length < room ? length : room;
    WIZCHIP_READ_BUF(WIZCHIP_AT(WIZCHIP_RXBUF_BLOCK(n), at + HEADER), frame, taken);
    write16(Sn_RX_RD(n), at + HEADER + length);
    command(n, Sn_CR_RECV);
    return taken;
}

// Called when no frame was left. One that has come since then has its interrupt cleared here too, so it is looked for
// once more; not where no frame was taken, because then nobody takes them. That a frame has gone stays for sendto().
void wizchip_clrinterrupt(int interrupts) {
    extern void wiznet5k_try_poll(void);
    if (interrupts & IK_SOCK_0) {
        setSn_IR(0, Sn_IR_RECV);
        if (came) {
            came = false;
            if (getSn_RX_RSR(0)) {
                wiznet5k_try_poll();
            }
        }
    }
}
