"""The network of MicroPython 1.25, mended: network.py MICROPYTHON mends a tree that has lwIP.

`recvfrom` makes room for the longest datagram on the heap. In a heap in pieces there is none: each call
collects garbage in vain, and what has come stays. `recvfrom_into(buffer)` puts it where there is room, as
CPython's does, and gives (bytes, (host, port)); what is longer than the buffer is cut.

A frame whose interrupt came while the chip was spoken to waited for the next one, or for lwIP's timer of
64 ms: the interrupt is remembered until the chip is free.

Bytes that come on a connection before `accept` would wait for lwIP's timer of 250 ms, a board cannot say how
many UDP sockets it wants and whether IPv6, and DHCP is not told the host name.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mends import mend

_LWIP = "extmod/modlwip.c"
_INCLUDE = '#include "lwip/tcp.h"\n'
_ACCEPTED = "    tcp_accepted(listener);\n"
_EARLY = """\
    if (socket2->pcb.tcp->refused_data != NULL) {
        tcp_process_refused_data(socket2->pcb.tcp);
    }
"""
_UDP = "#define MEMP_NUM_UDP_PCB                (4 + LWIP_MDNS_RESPONDER)\n"
_IPV6 = "#define LWIP_IPV6                       1\n"
_AFTER = "static MP_DEFINE_CONST_FUN_OBJ_2(lwip_socket_recvfrom_obj, lwip_socket_recvfrom);\n"
_INTO = """
static mp_obj_t lwip_socket_recvfrom_into(mp_obj_t self_in, mp_obj_t buf_in) {
    lwip_socket_obj_t *socket = MP_OBJ_TO_PTR(self_in);
    lwip_socket_check_connected(socket);
    if (socket->type != MOD_NETWORK_SOCK_DGRAM) {
        mp_raise_OSError(MP_EINVAL);
    }
    mp_buffer_info_t bufinfo;
    mp_get_buffer_raise(buf_in, &bufinfo, MP_BUFFER_WRITE);
    ip_addr_t ip;
    mp_uint_t port;
    int _errno;
    mp_uint_t ret = lwip_raw_udp_receive(socket, bufinfo.buf, bufinfo.len, &ip, &port, &_errno);
    if (ret == (mp_uint_t)-1) {
        mp_raise_OSError(_errno);
    }
    mp_obj_t tuple[2] = { MP_OBJ_NEW_SMALL_INT(ret), lwip_format_inet_addr(&ip, port) };
    return mp_obj_new_tuple(2, tuple);
}
static MP_DEFINE_CONST_FUN_OBJ_2(lwip_socket_recvfrom_into_obj, lwip_socket_recvfrom_into);
"""
_ROW = "    { MP_ROM_QSTR(MP_QSTR_recvfrom), MP_ROM_PTR(&lwip_socket_recvfrom_obj) },\n"
_INTO_ROW = "    { MP_ROM_QSTR(MP_QSTR_recvfrom_into), MP_ROM_PTR(&lwip_socket_recvfrom_into_obj) },\n"

_NIC = "extmod/network_wiznet5k.c"
_DESELECT = "static void wiz_cs_deselect(void) {\n    mp_hal_pin_high(wiznet5k_obj.cs);\n"
_MISSED = """\
#if WIZNET5K_WITH_LWIP_STACK
void wiznet5k_try_poll(void);
static volatile bool wiznet5k_missed; // an interrupt, while the chip was spoken to
#endif

"""
_LATE = """\
    #if WIZNET5K_WITH_LWIP_STACK
    if (wiznet5k_missed) {
        wiznet5k_missed = false;
        wiznet5k_try_poll();
    }
    #endif
"""
_NAMED = "    self->netif.name[1] = '0';\n"
_HOST = "    netif_set_hostname(&self->netif, mod_network_hostname_data);\n"
_LOOK = "    if (mp_hal_pin_read(wiznet5k_obj.cs)) {\n        wiznet5k_try_poll();\n    }"
_ELSE = " else {\n        wiznet5k_missed = true;\n    }"

# (file, what it has once, what stands in its place)
EDITS = (
    (_LWIP, _INCLUDE, _INCLUDE + '#include "lwip/priv/tcp_priv.h"\n'),
    (_LWIP, _ACCEPTED, _ACCEPTED + _EARLY),
    (_LWIP, _AFTER, _AFTER + _INTO),
    (_LWIP, _ROW, _ROW + _INTO_ROW),
    ("extmod/lwip-include/lwipopts_common.h", _UDP, f"#ifndef MEMP_NUM_UDP_PCB\n{_UDP}#endif\n"),
    ("ports/rp2/lwip_inc/lwipopts.h", _IPV6, f"#ifndef LWIP_IPV6\n{_IPV6}#endif\n"),
    (_NIC, _NAMED, _NAMED + _HOST),
    (_NIC, _DESELECT, _MISSED + _DESELECT + _LATE),
    (_NIC, _LOOK, _LOOK + _ELSE),
)

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
