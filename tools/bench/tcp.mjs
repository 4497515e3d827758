// Clients of Modbus TCP in emulated time, at the other end of the emulated board's cable.
import { EventEmitter } from 'node:events';
import { connect } from '../emulator/network.mjs';
import { Connection } from '../emulator/tcp.mjs';

const PORT = 502;
const HEAD = 9; // bytes of an answer before its registers
const AGAIN_MS = 1000;

/** What a connection takes for a socket of this computer. */
class Peer extends EventEmitter {
  writableLength = 0;
  setNoDelay() {}
  pause() {}
  resume() {}
  end() {}
  destroy() {}
  resetAndDestroy() {
    this.emit('reset');
  }
  write(data) {
    this.emit('answer', data);
  }
}

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

export class Clients {
  /** Gives the board a network before it has power. @param {import('../emulator/board.mjs').Board} board */
  static async plugIn(board, options) {
    await connect(board, '');
    return new Clients(board.network.cable, options);
  }

  /** @param {{count: number, every: number, address: number, registers: number, loss: number}} options `every`: ms, 0 back to back */
  constructor(cable, { count, every, address, registers, loss }) {
    Object.assign(this, { cable, host: cable.host, timers: cable.timers, address, registers, count });
    cable.loss = loss;
    this.everyNs = every * 1e6;
    this.active = false;
    this.all = [];
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
  }

  /** Emulated ms from the end of each request to that of the first frame of its answer, and what was counted. */
  result() {
    const total = (name) => this.all.reduce((sum, client) => sum + client[name], 0);
    return {
      latencies: this.host.latencies.map((ns) => ns / 1e6),
      ...Object.fromEntries(['requests', 'answers', 'bad', 'resets'].map((name) => [name, total(name)])),
      resent: this.host.counts.resent,
      lost: this.cable.counts.lost,
    };
  }
}
