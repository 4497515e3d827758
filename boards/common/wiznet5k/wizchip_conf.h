// Registers of a W5500 and access to them, under the names that extmod/network_wiznet5k.c uses.
// Sections are those of the data sheet, version 1.1.0.
#ifndef WIZCHIP_CONF_H
#define WIZCHIP_CONF_H
#include <stdbool.h>
#include <stdint.h>

// The chips that MicroPython tells apart; this driver is for one of them.
#define W5100 5100
#define W5100S 5150
#define W5200 5200
#define W5300 5300
#define W5500 5500
#if _WIZCHIP_ != W5500
#error "this driver is for the W5500"
#endif

// socket() and sendto() are names of lwIP too
#define WIZCHIP_EXPORT(name) wizchip_##name
#define _WIZCHIP_SOCK_NUM_ 8

// 2.2: a place is its 16 bits of address and the 5 bits of its block, as the control phase has them
#define _W5500_IO_BASE_ 0
#define WIZCHIP_CREG_BLOCK 0
#define WIZCHIP_SREG_BLOCK(n) (1 + 4 * (n))
#define WIZCHIP_TXBUF_BLOCK(n) (2 + 4 * (n))
#define WIZCHIP_RXBUF_BLOCK(n) (3 + 4 * (n))
#define WIZCHIP_AT(block, address) ((uint32_t)(uint16_t)(address) << 8 | (block) << 3)

// 4.1, common registers
#define MR WIZCHIP_AT(WIZCHIP_CREG_BLOCK, 0x0000)
#define MR_RST 0x80
#define SHAR WIZCHIP_AT(WIZCHIP_CREG_BLOCK, 0x0009)
#define IMR WIZCHIP_AT(WIZCHIP_CREG_BLOCK, 0x0016)
#define SIMR WIZCHIP_AT(WIZCHIP_CREG_BLOCK, 0x0018)
#define PHYCFGR WIZCHIP_AT(WIZCHIP_CREG_BLOCK, 0x002e)
#define PHYCFGR_LNK 0x01

// 4.2, registers of a socket
#define Sn(n, address) WIZCHIP_AT(WIZCHIP_SREG_BLOCK(n), address)
#define Sn_MR(n) Sn(n, 0x0000)
#define Sn_MR_MACRAW 0x04
#define Sn_MR_MIP6B 0x10
#define Sn_MR_MFEN 0x80
#define Sn_CR(n) Sn(n, 0x0001)
#define Sn_CR_OPEN 0x01
#define Sn_CR_CLOSE 0x10
#define Sn_CR_SEND 0x20
#define Sn_CR_RECV 0x40
#define Sn_IR(n) Sn(n, 0x0002)
#define Sn_IR_RECV 0x04
#define Sn_IR_TIMEOUT 0x08
#define Sn_IR_SENDOK 0x10
#define Sn_SR(n) Sn(n, 0x0003)
#define SOCK_MACRAW 0x42
#define Sn_RXBUF_SIZE(n) Sn(n, 0x001e)
#define Sn_TXBUF_SIZE(n) Sn(n, 0x001f)
#define Sn_TX_WR(n) Sn(n, 0x0024)
#define Sn_RX_RSR(n) Sn(n, 0x0026)
#define Sn_RX_RD(n) Sn(n, 0x0028)
#define Sn_IMR(n) Sn(n, 0x002c)

// What a command of ctlwizchip, a mask of interrupts and a state of the link are called.
#define CW_INIT_WIZCHIP 0
#define IK_SOCK_0 (1 << 8)
#define PHY_LINK_OFF 0
#define PHY_LINK_ON 1
typedef uint8_t wiz_IK;

void reg_wizchip_cris_cbfunc(void (*enter)(void), void (*leave)(void));
void reg_wizchip_cs_cbfunc(void (*select)(void), void (*deselect)(void));
void reg_wizchip_spi_cbfunc(uint8_t (*read)(void), void (*write)(const uint8_t));
void reg_wizchip_spiburst_cbfunc(void (*read)(uint8_t *, uint16_t), void (*write)(const uint8_t *, uint16_t));

uint8_t WIZCHIP_READ(uint32_t place);
void WIZCHIP_WRITE(uint32_t place, uint8_t value);
void WIZCHIP_READ_BUF(uint32_t place, uint8_t *buffer, uint16_t length);
void WIZCHIP_WRITE_BUF(uint32_t place, const uint8_t *buffer, uint16_t length);

int8_t ctlwizchip(int command, void *kilobytes);
void wizchip_clrinterrupt(int interrupts);
void wizchip_setinterruptmask(int interrupts);
int8_t wizphy_getphylink(void);
void getSHAR(uint8_t *mac);
void setSHAR(const uint8_t *mac);
uint16_t getSn_RX_RSR(uint8_t n);
#define getSn_MR(n) WIZCHIP_READ(Sn_MR(n))
#define setSn_MR(n, value) WIZCHIP_WRITE(Sn_MR(n), value)
#define getSn_IR(n) WIZCHIP_READ(Sn_IR(n))
#define setSn_IR(n, value) WIZCHIP_WRITE(Sn_IR(n), value)
#define getSn_SR(n) WIZCHIP_READ(Sn_SR(n))
#define setSn_IMR(n, value) WIZCHIP_WRITE(Sn_IMR(n), value)
#endif
