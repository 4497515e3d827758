// The computer at the other end of an emulated board's cable: ARP, ping, DHCP, DNS, and TCP and UDP that sockets of this
// computer carry on, on the loopback address only. The board is 10.0.2.15 by DHCP, this computer 10.0.2.2 and every other address.
import dgram from 'node:dgram';
import net from 'node:net';
import { Reader } from './peers.mjs';
import { ACK, Connection, RST, SYN } from './tcp.mjs';

const HOST = [10, 0, 2, 2];
const BOARD = [10, 0, 2, 15];
const MASK = [255, 255, 255, 0];
const LEASE_S = [0, 1, 0x51, 0x80]; // a day
const EVERYBODY = [255, 255, 255, 255];
const HOST_MAC = Buffer.from([0x52, 0x55, 10, 0, 2, 2]);
const BROADCAST = Buffer.alloc(6, 0xff);
const [ARP, IPV4] = [0x806, 0x800];
const [ICMP, TCP, UDP] = [1, 6, 17];
const CHECKSUM_AT = { [ICMP]: 2, [TCP]: 16, [UDP]: 6 };
const MULTICAST = 224; // an address that begins so, or with more, is several computers' or everybody's
const [DNS_PORT, DHCP_SERVER, DHCP_CLIENT] = [53, 67, 68];
const FIRST_PORT = 40000; // of those that connections to the board come from; below are a flood's
const PORTS = 20000;
const LOOPBACK = '127.0.0.1';

function sum(bytes, start = 0) {
  let total = start;
  for (let i = 0; i + 1 < bytes.length; i += 2) total += (bytes[i] << 8) | bytes[i + 1];
  if (bytes.length & 1) total += bytes[bytes.length - 1] << 8;
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

export class Host {
  /** @param {import('./cable.mjs').Cable} cable */
  constructor(cable) {
    this.cable = cable;
    cable.host = this;
    this.random = cable.timers.board.random;
    this.mac = null; // of the board
    this.address = null;
    this.served = true; // by DHCP
    /** What the board said of itself when it asked for an address. */
    this.hostname = null;
    this.connections = new Map();
    this.senders = new Map(); // sockets that datagrams of the board go out by
    /** Ports that the board can reach: what gives one end of a connection, in place of this computer's. */
    this.within = new Map();
    this.ephemeral = this.identity = 0;
    this.counts = { resent: 0, leases: 0 };
    this.latencies = [];
    this.readers = [];
  }

  /** Emulated ns from the last byte of a request, at the board, to the end of the first frame of its answer. */
  answered(ns) {
    this.latencies.push(ns);
  }

  /** Connects `peer` to a port of the board. */
  call(boardPort, peer) {
    let from;
    do from = FIRST_PORT + (this.ephemeral++ % PORTS);
    while (this.connections.has(`${boardPort}:${from}`));
    new Connection(this, `${boardPort}:${from}`, boardPort, from).open(peer);
  }

  /** Clients that say `text` to a port of the board and read slowly, see Reader; `leave`: those until now go away. */
  read({ port, count = 1, text, leave, ...how }) {
    for (const reader of leave ? this.readers.splice(0) : []) reader.emit('close');
    if (port === undefined) return;
    for (let i = 0; i < count; i++) {
      const reader = new Reader(this.cable.timers, how);
      this.readers.push(reader);
      this.call(port, reader);
      reader.emit('data', Buffer.from(text, 'latin1'));
    }
  }

  /** Serves a port of the board on a port of this computer, 0 for any; gives its number. */
  listen(boardPort, port) {
    const server = net.createServer({ allowHalfOpen: true }, (peer) => {
      if (!this.mac) {
        peer.destroy();
        return;
      }
      this.call(boardPort, peer);
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, () => resolve(server.address().port));
    });
  }

  /** The same for datagrams. */
  bind(boardPort, port) {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (data, from) => {
      this.senders.set(`${boardPort}:${from.port}`, socket);
      if (this.mac) this.udpOut(from.port, boardPort, data);
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, LOOPBACK, () => resolve(socket.address().port));
    });
  }

  /** Requests for connections that nobody answers for, to one port of the board. */
  halfOpen(boardPort, count, perSecond) {
    let from = 1024;
    this.cable.flood(count, perSecond, () => {
      const head = Buffer.alloc(20);
      head.writeUInt16BE(from++, 0);
      head.writeUInt16BE(boardPort, 2);
      head[12] = 5 << 4;
      head[13] = SYN;
      head.writeUInt16BE(8192, 14);
      return this.packetOf(TCP, head);
    });
  }

  // ---- frames -------------------------------------------------------------------------------------------------

  take(frame) {
    this.mac = Buffer.from(frame.subarray(6, 12));
    const type = frame.readUInt16BE(12);
    if (type === ARP) this.arp(frame.subarray(14));
    else if (type === IPV4) this.packet(frame.subarray(14));
  }

  frameOf(mac, type, body) {
    const head = Buffer.alloc(14);
    mac.copy(head, 0);
    HOST_MAC.copy(head, 6);
    head.writeUInt16BE(type, 12);
    return Buffer.concat([head, body]);
  }

  /** The board is where it says: it may have an address of its own, in any network. */
  found(address) {
    if (address[0]) this.address = [...address];
  }

  /** Every address but the board's is this computer. */
  arp(request) {
    const [sender, target] = [request.subarray(14, 18), request.subarray(24, 28)];
    this.found(sender);
    if (request.readUInt16BE(6) !== 1 || sender.equals(target) || target.equals(Buffer.from(BOARD))) return;
    const reply = Buffer.from(request.subarray(0, 28));
    reply[7] = 2;
    HOST_MAC.copy(reply, 8);
    target.copy(reply, 14);
    request.copy(reply, 18, 8, 18);
    this.cable.toBoard(this.frameOf(this.mac, ARP, reply));
  }

  packetOf(protocol, body, { from = HOST, to = this.address ?? BOARD, mac = this.mac } = {}) {
    const head = Buffer.alloc(20);
    head[0] = 0x45;
    head.writeUInt16BE(20 + body.length, 2);
    head.writeUInt16BE(this.identity++ & 0xffff, 4);
    head[8] = 64;
    head[9] = protocol;
    head.set(from, 12);
    head.set(to, 16);
    head.writeUInt16BE(~sum(head) & 0xffff, 10);
    const at = CHECKSUM_AT[protocol];
    body.writeUInt16BE(0, at);
    const pseudo = protocol === ICMP ? 0 : sum(head.subarray(12, 20)) + protocol + body.length;
    body.writeUInt16BE(~sum(body, pseudo) & 0xffff || 0xffff, at);
    return this.frameOf(mac, IPV4, Buffer.concat([head, body]));
  }

  packet(packet) {
    const protocol = packet[9];
    const body = packet.subarray((packet[0] & 15) * 4, packet.readUInt16BE(2));
    this.found(packet.subarray(12, 16));
    if (protocol === TCP) this.tcpIn(body);
    else if (protocol === UDP && (packet[16] < MULTICAST || body.readUInt16BE(2) === DHCP_SERVER)) {
      // an answer comes from the address that was asked, which a broadcast has not
      this.udpIn(body, packet[19] === 255 ? Buffer.from(HOST) : Buffer.from(packet.subarray(16, 20)));
    } else if (protocol === ICMP && body[0] === 8) {
      const reply = Buffer.from(body);
      reply[0] = 0;
      this.cable.toBoard(this.packetOf(ICMP, reply, { from: packet.subarray(16, 20) }));
    }
  }

  // ---- TCP ----------------------------------------------------------------------------------------------------

  tcpOut(segment, arrived) {
    this.cable.toBoard(this.packetOf(TCP, segment), arrived);
  }

  tcpIn(segment) {
    const [boardPort, hostPort] = [segment.readUInt16BE(0), segment.readUInt16BE(2)];
    const key = `${boardPort}:${hostPort}`;
    const head = (segment[12] >> 4) * 4;
    const parts = {
      sequence: segment.readUInt32BE(4),
      acknowledged: segment.readUInt32BE(8),
      flags: segment[13],
      window: segment.readUInt16BE(14),
      payload: segment.subarray(head),
      options: Buffer.from(segment.subarray(20, head)),
    };
    const connection = this.connections.get(key);
    if (connection) connection.input(parts);
    else if ((parts.flags & (SYN | ACK)) === SYN) this.connect(key, boardPort, hostPort, parts);
    else if (hostPort >= FIRST_PORT && !(parts.flags & RST)) this.refuse(key, boardPort, hostPort, parts);
  }

  refuse(key, boardPort, hostPort, { acknowledged }) {
    const nobody = new Connection(this, key, boardPort, hostPort);
    nobody.segment(RST, undefined, acknowledged);
    nobody.close();
  }

  /** The board asks for a port of this computer. */
  connect(key, boardPort, hostPort, { sequence, window, options }) {
    const connection = new Connection(this, key, boardPort, hostPort);
    const within = this.within.get(hostPort);
    const peer = within ? within() : net.connect({ port: hostPort, host: LOOPBACK, allowHalfOpen: true });
    peer.once('connect', () => connection.accept(peer, sequence, window, options));
    peer.once('error', () => {
      connection.expected = (sequence + 1) >>> 0;
      connection.segment(RST | ACK);
      connection.close();
    });
    if (within) peer.emit('connect');
  }

  // ---- UDP ----------------------------------------------------------------------------------------------------

  udpOut(from, to, data, addresses) {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(from, 0);
    head.writeUInt16BE(to, 2);
    head.writeUInt16BE(8 + data.length, 4);
    this.cable.toBoard(this.packetOf(UDP, Buffer.concat([head, data]), addresses));
  }

  udpIn(body, asked) {
    const [from, to, data] = [body.readUInt16BE(0), body.readUInt16BE(2), body.subarray(8)];
    if (to === DHCP_SERVER) this.dhcp(data);
    else if (to === DNS_PORT) this.dns(from, data, asked);
    else this.datagram(from, to, data, asked);
  }

  datagram(from, to, data, asked) {
    const key = `${from}:${to}${asked.equals(Buffer.from(HOST)) ? '' : `@${asked.join('.')}`}`;
    let socket = this.senders.get(key);
    if (!socket) {
      socket = dgram.createSocket('udp4');
      socket.on('message', (answer) => this.udpOut(to, from, answer, { from: asked }));
      socket.on('error', () => {});
      this.senders.set(key, socket);
    }
    socket.send(data, to, LOOPBACK);
  }

  /** RFC 2131: one address, for who asks. */
  dhcp(request) {
    const asked = {};
    for (let i = 240; i < request.length && request[i] !== 255; i += request[i] ? 2 + request[i + 1] : 1) {
      if (request[i]) asked[request[i]] = request.subarray(i + 2, i + 2 + request[i + 1]);
    }
    const kind = { 1: 2, 3: 5 }[asked[53]?.[0]]; // DISCOVER: OFFER, REQUEST: ACK
    if (!kind || !this.served) return;
    if (kind === 5) this.counts.leases++;
    this.hostname = asked[12]?.toString() ?? null;
    const options = [53, 1, kind, 54, 4, ...HOST, 51, 4, ...LEASE_S, 1, 4, ...MASK, 3, 4, ...HOST, 6, 4, ...HOST, 255];
    const reply = Buffer.alloc(300);
    request.copy(reply, 0, 0, 236);
    reply[0] = 2;
    reply.set(BOARD, 16);
    reply.set(HOST, 20);
    reply.set([0x63, 0x82, 0x53, 0x63, ...options], 236);
    this.udpOut(DHCP_SERVER, DHCP_CLIENT, reply, { to: EVERYBODY, mac: BROADCAST });
  }

  /** Every name is this computer. */
  dns(from, query, asked) {
    if (query.length < 17) return;
    let end = 12;
    while (query[end]) end += 1 + query[end];
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...HOST]);
    const reply = Buffer.concat([query.subarray(0, end + 5), answer]);
    reply.set([0x81, 0x80], 2);
    reply.writeUInt16BE(1, 6);
    reply.writeUInt32BE(0, 8);
    this.udpOut(DNS_PORT, from, reply, { from: asked });
  }
}
