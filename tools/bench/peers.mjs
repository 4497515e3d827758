// Masters of DNP3 in emulated time, as tcp.mjs has clients of Modbus.
import { Peer } from '../emulator/peers.mjs';
import { Connection } from '../emulator/tcp.mjs';

const DNP3 = 20000;
const EVERY_NS = 1e9;
const EVENTS_AND_ALL = [0x3c, 2, 6, 0x3c, 3, 6, 0x3c, 4, 6, 0x3c, 1, 6];
const [READ, CONFIRM] = [1, 0];

/** CRC-16/DNP (IEEE 1815, 9.2.4.1), low byte first. */
function crc(bytes) {
  let r = 0;
  for (const byte of bytes) {
    r ^= byte;
    for (let i = 0; i < 8; i++) r = r & 1 ? (r >> 1) ^ 0xa6bc : r >> 1;
  }
  r ^= 0xffff;
  return [r & 255, r >> 8];
}

/** A frame of a fragment that takes less than a block. */
function frame(source, fragment) {
  const head = [5, 0x64, 6 + fragment.length, 0xc4, 1, 0, source & 255, source >> 8];
  const block = [0xc0, ...fragment];
  return Buffer.from([...head, ...crc(head), ...block, ...crc(block)]);
}

/** A master that reads its events and all points each second, and confirms what wants that. */
export class Master {
  constructor(clients, source) {
    Object.assign(this, { clients, source, asked: 0, answers: 0, bad: 0, sequence: 0, received: Buffer.alloc(0) });
    this.peer = new Peer();
    this.peer.on('answer', (data) => this.take(data));
    this.peer.on('reset', () => this.bad++);
  }

  start() {
    new Connection(this.clients.host, `${DNP3}:${54000 + this.source}`, DNP3, 54000 + this.source).open(this.peer);
    // data that come before the board has accepted may cost the connection there
    this.clients.timers.after(this.source * 100e6, () => this.ask());
  }

  say(func, objects) {
    this.peer.emit('data', frame(this.source, [0xc0 | this.sequence, func, ...objects]));
  }

  ask() {
    if (!this.clients.active) return;
    this.asked++;
    this.sequence = (this.sequence + 1) & 15;
    this.say(READ, EVENTS_AND_ALL);
    this.clients.timers.after(EVERY_NS, () => this.ask());
  }

  take(data) {
    this.received = Buffer.concat([this.received, data]);
    while (this.received.length >= 10) {
      const user = this.received[2] - 5;
      const size = 10 + user + 2 * Math.ceil(user / 16);
      if (this.received.length < size) return;
      this.frame(this.received.subarray(0, size));
      this.received = this.received.subarray(size);
    }
  }

  frame(octets) {
    const [low, high] = crc(octets.subarray(0, 8));
    if (octets[0] !== 5 || octets[1] !== 0x64 || octets[8] !== low || octets[9] !== high) this.bad++;
    const transport = octets[10];
    if (transport & 0x40) this.control = octets[11];
    if (!(transport & 0x80)) return;
    this.answers++;
    if (!(this.control & 0x20)) return;
    this.sequence = this.control & 15;
    this.say(CONFIRM, []);
  }
}
