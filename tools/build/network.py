"""The network of MicroPython 1.25, mended: network.py MICROPYTHON mends a tree that has lwIP.

`recvfrom` makes room for the longest datagram on the heap. In a heap in pieces there is none: each call
collects garbage in vain, and what has come stays. `recvfrom_into(buffer)` puts it where there is room, as
CPython's does, and gives (bytes, (host, port)); what is longer than the buffer is cut.

A frame whose interrupt came while the chip was spoken to waited for the next one, or for lwIP's timer of
64 ms: the interrupt is remembered until the chip is free.

`send` of a socket that does not block slept for up to 10 s while lwIP's heap was full, and with it the meter:
it takes nothing then. `unacknowledged()` is what the other side of a connection has not acknowledged, or its
complement while that has no room for a piece (fourquad.net), nor for half of what it ever took (RFC 9293,
3.8.6.2.1). `abort()` ends a connection at once; `close` keeps what was not acknowledged for 10 s.

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
_FULL = """\
        if (err != ERR_MEM) {
            break;
        }
        err = tcp_output(socket->pcb.tcp);
"""
_NO_SLEEP = """\
        if (err != ERR_MEM) {
            break;
        }
        if (socket->timeout == 0) {
            MICROPY_PY_LWIP_EXIT
            *_errno = MP_EAGAIN;
            return MP_STREAM_ERROR;
        }
        err = tcp_output(socket->pcb.tcp);
"""
_PIECE = 1024
_FLIGHT = f"""
// The connection of a socket, or NULL.
static struct tcp_pcb *lwip_socket_connection(mp_obj_t self_in) {{
    lwip_socket_obj_t *socket = MP_OBJ_TO_PTR(self_in);
    struct tcp_pcb *pcb = socket->type == MOD_NETWORK_SOCK_STREAM ? socket->pcb.tcp : NULL;
    return pcb && pcb->state != LISTEN ? pcb : NULL;
}}

static mp_obj_t lwip_socket_unacknowledged(mp_obj_t self_in) {{
    mp_int_t count = 0;
    MICROPY_PY_LWIP_ENTER
    struct tcp_pcb *pcb = lwip_socket_connection(self_in);
    if (pcb) {{
        count = TCP_SND_BUF - tcp_sndbuf(pcb);
        if (pcb->snd_wnd - count < LWIP_MIN({_PIECE}, pcb->snd_wnd_max / 2)) {{
            count = ~count;
        }}
    }}
    MICROPY_PY_LWIP_EXIT
    return MP_OBJ_NEW_SMALL_INT(count);
}}
static MP_DEFINE_CONST_FUN_OBJ_1(lwip_socket_unacknowledged_obj, lwip_socket_unacknowledged);

static mp_obj_t lwip_socket_abort(mp_obj_t self_in) {{
    MICROPY_PY_LWIP_ENTER
    struct tcp_pcb *pcb = lwip_socket_connection(self_in);
    if (pcb) {{
        tcp_abort(pcb);
    }}
    MICROPY_PY_LWIP_EXIT
    return mp_const_none;
}}
static MP_DEFINE_CONST_FUN_OBJ_1(lwip_socket_abort_obj, lwip_socket_abort);
"""
_ROW = "    { MP_ROM_QSTR(MP_QSTR_recvfrom), MP_ROM_PTR(&lwip_socket_recvfrom_obj) },\n"
_INTO_ROW = "    { MP_ROM_QSTR(MP_QSTR_recvfrom_into), MP_ROM_PTR(&lwip_socket_recvfrom_into_obj) },\n"
_FLIGHT_ROWS = """\
    { MP_ROM_QSTR(MP_QSTR_unacknowledged), MP_ROM_PTR(&lwip_socket_unacknowledged_obj) },
    { MP_ROM_QSTR(MP_QSTR_abort), MP_ROM_PTR(&lwip_socket_abort_obj) },
"""

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
    (_LWIP, _AFTER, _AFTER + _INTO + _FLIGHT),
    (_LWIP, _ROW, _ROW + _INTO_ROW + _FLIGHT_ROWS),
    (_LWIP, _FULL, _NO_SLEEP),
    ("extmod/lwip-include/lwipopts_common.h", _UDP, f"#ifndef MEMP_NUM_UDP_PCB\n{_UDP}#endif\n"),
    ("ports/rp2/lwip_inc/lwipopts.h", _IPV6, f"#ifndef LWIP_IPV6\n{_IPV6}#endif\n"),
    (_NIC, _NAMED, _NAMED + _HOST),
    (_NIC, _DESELECT, _MISSED + _DESELECT + _LATE),
    (_NIC, _LOOK, _LOOK + _ELSE),
)

if __name__ == "__main__":
    mend(Path(sys.argv[1]), EDITS)
