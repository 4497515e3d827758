// Ethernet frames through socket 0 of a W5500, under the names that extmod/network_wiznet5k.c uses.
#ifndef WIZCHIP_SOCKET_H
#define WIZCHIP_SOCKET_H
#include "wizchip_conf.h"

// Open a socket; its number, or -1 if it does not become what was asked for.
int8_t WIZCHIP_EXPORT(socket)(uint8_t n, uint8_t protocol, uint16_t port, uint8_t flag);
// Send a frame; its length. `ip` and `port` mean nothing for frames.
int32_t WIZCHIP_EXPORT(sendto)(uint8_t n, uint8_t *frame, uint16_t length, uint8_t *ip, uint16_t port);
// Take the next frame, of which there is one; the bytes of it that fit into `room`.
int32_t WIZCHIP_EXPORT(recvfrom)(uint8_t n, uint8_t *frame, uint16_t room, uint8_t *ip, uint16_t *port);
#endif
