// Clients of Modbus TCP in emulated time, at the other end of the emulated board's cable.
import { connect } from '../emulator/network.mjs';
import { Peer } from '../emulator/peers.mjs';
import { Connection } from '../emulator/tcp.mjs';
import { Master } from './peers.mjs';

const PORT = 502;
const WEB = 80;
const SNMP = 161;
const MQTT = 1883;
const GROUPS = 9; // of the meter's own objects, that have many
const HEAD = 9; // bytes of an answer before its registers
const AGAIN_MS = 1000;

class Client {
  constructor(clients, number) {
    Object.assign(this, { clients, number, requests: 0, answers: 0, bad: 0, resets: 0, received: Buffer.alloc(0) });
    this.peer = new Peer();
    this.peer.on('answer', (data) => this.answer(data));
    this.peer.on('reset', () => this.resets++);
    new Connection(clients.host, `${PORT}:${50000 + number}`, PORT, 50000 + number).open(this.peer);
  }

  ask() {
    const { address, registers } = this.clients;
    this.requests++;
    this.askedNs = this.clients.nanos;
    const [low, high] = [this.requests & 255, (this.requests >> 8) & 255];
    this.peer.emit('data', Buffer.from([high, low, 0, 0, 0, 6, 1, 3, address >> 8, address & 255, 0, registers]));
  }

  answer(data) {
    this.received = Buffer.concat([this.received, data]);
    const size = HEAD + 2 * this.clients.registers;
    if (this.received.length < size) return;
    const number = this.received.readUInt16BE(0);
    if (this.received.length > size || number !== (this.requests & 0xffff) || this.received[7] !== 3) this.bad++;
    this.received = Buffer.alloc(0);
    this.answers++;
    const left = this.askedNs + this.clients.everyNs - this.clients.nanos;
    if (this.clients.active) this.clients.timers.after(Math.max(0, left), () => this.ask());
  }
}

/** A browser: a file and a value in turn, on one connection after the other, as the server wishes. */
class Page {
  constructor(clients, everyMs) {
    Object.assign(this, { clients, everyMs, asked: 0, answers: 0, bad: 0 });
  }

  start() {
    if (!this.clients.active) return;
    const peer = new Peer();
    const from = 52000 + this.asked++;
    let received = Buffer.alloc(0);
    const over = () => {
      if (received === null) return;
      const good = /^HTTP\/1\.1 200 /.test(received.toString('latin1'));
      received = null;
      if (good) this.answers++;
      else this.bad++;
      this.clients.timers.after(this.everyMs * 1e6, () => this.start());
    };
    peer.on('answer', (data) => {
      if (received) received = Buffer.concat([received, data]);
    });
    peer.end = over;
    peer.on('reset', over);
    const { host } = this.clients;
    new Connection(host, `${WEB}:${from}`, WEB, from).open(peer);
    const path = this.asked % 2 ? '/api/session' : '/app.js';
    peer.emit('data', Buffer.from(`GET ${path} HTTP/1.1\r\nHost: meter\r\nConnection: close\r\n\r\n`));
  }
}

/** An SNMP manager (v2c) that asks for 25 objects at once, group after group. */
class Walk {
  constructor(clients, everyMs) {
    Object.assign(this, { clients, everyMs, asked: 0, answers: 0, bad: 0 });
    const { host } = clients;
    const datagram = host.datagram.bind(host);
    host.datagram = (from, to, data, asked) => {
      if (from !== SNMP) datagram(from, to, data, asked);
      else if (data[0] === 0x30 && data.length > 200) this.answers++;
      else this.bad++;
    };
  }

  start() {
    if (!this.clients.active) return;
    const group = 1 + (this.asked++ % GROUPS);
    const name = [0x06, 11, 0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x58, 1, 1, group];
    const bindings = [0x30, name.length + 4, 0x30, name.length + 2, ...name, 5, 0];
    const bulk = [2, 1, this.asked & 127, 2, 1, 0, 2, 1, 25, ...bindings];
    const message = [2, 1, 1, 4, 6, ...Buffer.from('public'), 0xa5, bulk.length, ...bulk];
    this.clients.host.udpOut(52000, SNMP, Buffer.from([0x30, message.length, ...message]));
    this.clients.timers.after(this.everyMs * 1e6, () => this.start());
  }
}

/** A broker of MQTT for one client: acknowledges whatever is published, by its quality of service. */
class Broker extends Peer {
  constructor(counts) {
    super();
    Object.assign(this, { counts, received: Buffer.alloc(0) });
  }

  write(data) {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      let [at, size, shift] = [1, 0, 0];
      let byte;
      do {
        if (at >= this.received.length) return;
        byte = this.received[at++];
        size |= (byte & 127) << shift;
        shift += 7;
      } while (byte & 128);
      if (this.received.length < at + size) return;
      const answer = this.packet(this.received[0], this.received.subarray(at, at + size));
      this.received = this.received.subarray(at + size);
      if (answer) this.emit('data', Buffer.from(answer));
    }
  }

  packet(kind, body) {
    const quality = (kind >> 1) & 3;
    switch (kind >> 4) {
      case 1: // CONNECT
        return [0x20, 2, 0, 0];
      case 3: // PUBLISH
        this.counts.asked++;
        this.counts.answers++;
        if (quality) return [quality === 1 ? 0x40 : 0x50, 2, ...body.subarray(2 + body.readUInt16BE(0)).subarray(0, 2)];
        return null;
      case 6: // PUBREL
        return [0x70, 2, ...body.subarray(0, 2)];
      case 12: // PINGREQ
        return [0xd0, 0];
      case 14: // DISCONNECT
        return null;
      default:
        this.counts.bad++;
        return null;
    }
  }
}

export class Clients {
  /** Gives the board a network before it has power. @param {import('../emulator/board.mjs').Board} board */
  static async plugIn(board, options) {
    await connect(board, '');
    return new Clients(board.network.cable, options);
  }

  /**
   * @param {{count: number, every: number, address: number, registers: number, loss: number, web: number, snmp: number, mqtt: number, dnp3: number}} options
   * `every`: ms, 0 back to back; `web`, `snmp`: the same of a browser and of a manager, 0 none; `mqtt`: there is a broker; `dnp3`: masters
   */
  constructor(cable, { count, every, address, registers, loss, web, snmp, mqtt, dnp3 }) {
    Object.assign(this, { cable, host: cable.host, timers: cable.timers, address, registers, count });
    cable.loss = loss;
    this.everyNs = every * 1e6;
    this.active = false;
    this.all = [];
    this.others = {};
    if (web) this.others.web = new Page(this, web);
    if (snmp) this.others.snmp = new Walk(this, snmp);
    for (let k = 0; k < dnp3; k++) this.others[`dnp3_${k + 1}`] = new Master(this, 3 + k);
    const { host } = this;
    if (mqtt) {
      this.others.mqtt = { asked: 0, answers: 0, bad: 0, start() {} };
      host.within.set(MQTT, () => new Broker(this.others.mqtt));
    }
    this.waits = []; // [from, to] ns
    host.answered = (ns, port) => {
      if (port !== PORT) return;
      host.latencies.push(ns);
      this.waits.push([this.nanos - ns, this.nanos]);
    };
  }

  get nanos() {
    return this.cable.nanos;
  }

  /** Once the board has said where it is: connect, and ask, not all at once. */
  start() {
    if (!this.host.mac || !this.host.address) {
      this.timers.after(AGAIN_MS * 1e6, () => this.start());
      return;
    }
    this.active = true;
    this.all = Array.from({ length: this.count }, (_, number) => new Client(this, number));
    this.all.forEach((client, i) => this.timers.after((100 + (i * this.everyNs) / 1e6 / this.count) * 1e6, () => client.ask()));
    for (const other of Object.values(this.others)) other.start();
  }

  /** Emulated ms from the end of each request to that of the first frame of its answer, and what was counted. */
  result() {
    const total = (name) => this.all.reduce((sum, client) => sum + client[name], 0);
    return {
      latencies: this.host.latencies.map((ns) => ns / 1e6),
      ...Object.fromEntries(['requests', 'answers', 'bad', 'resets'].map((name) => [name, total(name)])),
      ...Object.fromEntries(Object.entries(this.others).map(([name, { asked, answers, bad }]) => [name, { asked, answers, bad }])),
      resent: this.host.counts.resent,
      lost: this.cable.counts.lost,
    };
  }
}
