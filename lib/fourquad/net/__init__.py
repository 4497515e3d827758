"""The network: one switchboard (switchboard.py) of all sockets, and what a service is to it.

A service is pure: bytes and `now` (`fourquad.ticks`, ms) come in, bytes go out; it knows no socket. It is
made by `make(row, parts)` of the module below `fourquad.protocols` that its row of a model's SERVICES names
(models/rows.py: `service`). `parts` has `points`, `registers` (the RegisterMap, or None), `serial` (the
serial number, bytes), `shared`, a dict of what services of one meter have together, and `resolve(name)`: the
address of a host as text, "" while that is being asked for, None if there is none; an address is its own;
`random(n)`: so many bytes that nobody can guess; `files`: the files of the web pages
(protocols/http/files.py), None for those of the image; `name` of the
model; `cipher(key, mode[, iv])`: AES as MicroPython's cryptolib has it, or None; `audit`: the audit log
(meter/audit.py), None where there is none.

**Of every machine.** `answer`: a bytearray of at most PIECE bytes where it puts what is to be sent; all
connections of a service may share one, because the switchboard copies what cannot go out at once, and so may
services (`piece`), unless one is put together by several calls. A call takes 3 ms on an RP2040 (what does
not: docs/architecture.md): a longer answer is made in pieces. `busy`: True while `poll` is to be called again
at once although it gave nothing. `poll(now)`: the length of the next piece in `answer`, or 0. It is called
after each piece until it gives 0 with `busy` False, and some ten times a second besides, for what has its
time or is said unasked. It is not called while a piece waits for the network (backpressure). It may have
`began(now)`: from now on it is served, with the settings of now. An exception ends its connection, because no
answer is better than no meter; after several in a row (net/desk.py: not a MemoryError) the service is left
alone for a while, and then has its `began` again. A service is `prompt` (True) where somebody waits for
milliseconds: it is served before the others, of which one has its turn now and then all the same.

**Stream server** (kind "stream"). The service has `connection()`, which makes the machine of one connection.
It is called at most as often as the row allows connections; machines are used again. It may have
`admits(host)`: whether a client of this address is let in; and `tick(now)`, called some ten times a second
for what goes on without a connection; and `patient`, True: where there is no room for one more client, it
waits until there is, and is not refused. The machine has besides:

- `opened(peer, now)`: a client has connected, `peer` is (host, port); what was before is forgotten;
- `room()`: how many bytes `run` takes now; 0 while it wants none (they wait in the network);
- `run(buffer, length, now)`: bytes came, at most `room()`; the length of the first piece of an answer, or 0;
- `closing`: True: the connection is to be closed once the pieces made so far are sent;
- `lost(now)`: the connection is gone, by the client, by us or by its idle time. Nothing else tells the end.

**Client** (kind "client"). The service is the machine, as above without `connection` and `admits`, with

- `wants(now)`: (address, port) of what it wants to be connected to now, or None. It is called some ten times
  a second while there is no connection; the pause between two attempts is its own affair;
- `opened(peer, now)`: the connection stands: `poll` gives what is to be said first;
- `failed(now)`: there was none within 10 s, or it was refused.
- It may have `secure`: the name of a host with which all is said over TLS, or None. Only a device with TLS
  heeds it, which is one with `parts.tls`. `untrusted()`: that host is not trusted, or speaks no TLS.

**Datagrams** (kind "datagram"). The service is the machine of one socket. It has `datagram(buffer, length,
peer, now)`: the length of an answer to `peer`, or 0, and `to`: where goes what `poll` gives; with the host
EVERYBODY that is all of the local network, whose broadcasts come, too. It may have `admits(host)`.

**Sockets.** The network of the switchboard, `sockets`, as firmware/drivers and fourquad_tools make it of
`socket` and `select`. A handle is what it likes; it has

- `listen(port, backlog)`, `datagram(port)` (0: any): handles; OSError if that cannot be had;
- `accept(handle)`: (handle, (host, port)) of a client, or None;
- `connect(host, port)`: a handle whose connection is being made, or None; `connected(handle)`, once that is
  writable or broken: whether it stands;
- `ready()`: gives (handle, events) of those that something has happened to, without waiting; its `news` is
  set to True when there was one, because not all are served now;
- `watch(handle, events)`: which of IN and OUT to look for; IN at first;
- `read(handle, buffer, size)`: bytes that came, 0 at their end, NOTHING or BROKEN;
- `write(handle, buffer, begin, end)`: how many it has taken, 0 for none now, or BROKEN;
- `receive(handle, buffer)`: (length, (host, port)) of a datagram, or None; `send(handle, buffer, length,
  peer)`: sends one, or loses it; the host EVERYBODY is all of the local network;
- `close(handle, at_once)`: with `at_once` what nobody has acknowledged yet is lost; `random(n)`: so many
  bytes that nobody can guess; it may have `cipher`, as parts have it;
- `window`, `budget`: bytes that may be under way at once, of one connection and of all. lwIP has one heap for
  what is not acknowledged, and MicroPython's `send` sleeps while that is full, where it is not mended;
- `unacknowledged(handle)`: bytes that were written and are not acknowledged; its complement (below 0) where
  the other side has no room for a piece. None in its place: nobody knows.
"""

PIECE = 1024  # bytes of a piece at most
EVERYBODY = ""


def piece(shared):
    """A buffer of PIECE bytes for what is sent by the same call that puts it there, one for all services of a
    meter; `shared` as parts have it.
    """
    if "piece" not in shared:
        shared["piece"] = bytearray(PIECE)
    return shared["piece"]
