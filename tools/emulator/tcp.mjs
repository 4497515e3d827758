// A TCP connection between the board and a socket of this computer (RFC 9293), on the board's clock: segments in order,
// what is not acknowledged is sent again.

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
const PSH = 8;
export const ACK = 16;
const MSS_OPTION = Buffer.from([2, 4, 0x05, 0xb4]);
const RESEND_NS = 200e6;
const DELAY_NS = 40e6; // of an acknowledgement that no data carries, as Linux has it
const LONGEST_NS = 3200e6;
const BACKLOG = 64 * 1024;
const NOTHING = Buffer.alloc(0);

const after = (a, b) => (a - b) >>> 0;
const modular = (value) => value >>> 0;

export class Connection {
  /** @param {import('./host.mjs').Host} host @param {string} key @param {number} boardPort @param {number} hostPort */
  constructor(host, key, boardPort, hostPort) {
    Object.assign(this, { host, key, boardPort, hostPort });
    this.unacknowledged = this.next = modular(host.random() * 2 ** 32);
    this.expected = 0; // of the board's numbers
    this.window = 0;
    this.mss = 536;
    this.data = []; // from `unacknowledged` on
    this.waiting = 0;
    this.state = 'new';
    this.ended = this.finSent = this.boardEnded = false;
    this.resendNs = RESEND_NS;
    this.timer = this.owed = this.asked = null;
    this.called = false; // by the board, whose requests are not ours to time
    host.connections.set(key, this);
  }

  get flight() {
    return after(this.next, this.unacknowledged);
  }

  /** How many bytes are taken. */
  get room() {
    return Math.max(0, (this.peer?.window ?? BACKLOG) - (this.peer?.writableLength ?? 0));
  }

  segment(flags, payload = NOTHING, sequence = this.next) {
    this.host.cable.timers.cancel(this.owed);
    this.owed = null;
    const options = flags & SYN ? MSS_OPTION : NOTHING;
    const head = Buffer.alloc(20);
    head.writeUInt16BE(this.hostPort, 0);
    head.writeUInt16BE(this.boardPort, 2);
    head.writeUInt32BE(modular(sequence), 4);
    head.writeUInt32BE(this.expected, 8);
    head[12] = ((20 + options.length) / 4) << 4;
    head[13] = flags;
    head.writeUInt16BE(Math.min(65535, this.room), 14);
    const arrived = payload.length && !this.called ? () => (this.asked ??= this.host.cable.nanos) : undefined;
    this.host.tcpOut(Buffer.concat([head, options, payload]), arrived);
  }

  /** A socket of this computer has come: the board is asked. */
  open(peer) {
    this.take(peer);
    this.state = 'syn';
    this.greet();
  }

  /** The board has asked, and the socket is there. */
  accept(peer, sequence, window, options) {
    this.take(peer);
    this.called = true;
    this.heed(options);
    this.expected = modular(sequence + 1);
    this.window = window;
    this.state = 'synack';
    this.greet();
  }

  greet() {
    this.segment(this.state === 'syn' ? SYN : SYN | ACK, NOTHING, this.unacknowledged);
    this.next = modular(this.unacknowledged + 1);
    this.rearm();
  }

  take(peer) {
    this.peer = peer;
    peer.setNoDelay(true);
    peer.on('data', (data) => {
      this.data.push(data);
      this.waiting += data.length;
      if (this.waiting > BACKLOG) peer.pause();
      this.pump();
    });
    peer.on('end', () => {
      this.ended = true;
      this.pump();
    });
    peer.on('error', () => {});
    peer.on('close', () => {
      if (this.state === 'closed' || this.ended) return;
      this.segment(RST | ACK);
      this.close();
    });
    peer.on('drain', () => this.segment(ACK));
  }

  /** `reset`: as the board has done it. */
  close(reset = false) {
    this.state = 'closed';
    for (const entry of [this.timer, this.owed]) this.host.cable.timers.cancel(entry);
    this.host.connections.delete(this.key);
    if (reset) this.peer?.resetAndDestroy();
    else this.peer?.destroy();
  }

  /** What is in flight, or waits for a window that was closed, is sent again after a time. */
  rearm() {
    const { timers } = this.host.cable;
    timers.cancel(this.timer);
    if (this.state === 'closed' || !(this.flight || this.waiting)) return;
    this.timer = timers.after(this.resendNs, () => {
      this.host.counts.resent++;
      this.resendNs = Math.min(LONGEST_NS, this.resendNs * 2);
      this.next = this.unacknowledged;
      this.finSent = false;
      if (this.state === 'open') this.pump(1);
      else this.greet();
    });
  }

  /** Sends what the window lets through, or at least `least` bytes, which try a closed one. */
  pump(least = 0) {
    if (this.state !== 'open') return;
    const room = Math.max(this.window, least);
    let { flight } = this;
    while (flight < this.waiting && flight < room) {
      const size = Math.min(this.mss, this.waiting - flight, room - flight);
      // no small segments into a small window (RFC 9293, 3.8.6.2.1): each takes a whole buffer over there
      if (size < this.mss && size < this.waiting - flight && flight) break;
      if (this.data.length > 1) this.data = [Buffer.concat(this.data)];
      this.segment(ACK | PSH, this.data[0].subarray(flight, flight + size));
      this.next = modular(this.next + size);
      flight += size;
    }
    if (this.ended && !this.finSent && flight === this.waiting) {
      this.segment(FIN | ACK);
      this.next = modular(this.next + 1);
      this.finSent = true;
    }
    this.rearm();
  }

  heed(options) {
    for (let i = 0; i < options.length && options[i]; i += options[i] === 1 ? 1 : options[i + 1] || 1) {
      if (options[i] === 2) this.mss = Math.min(1460, options.readUInt16BE(i + 2));
    }
  }

  input({ sequence, acknowledged, flags, window, payload, options }) {
    if (this.state === 'new') return; // our socket is not there yet
    if (flags & RST) {
      this.close(true);
      return;
    }
    if (flags & SYN) {
      this.heed(options);
      this.expected = modular(sequence + 1);
    }
    this.window = window;
    if (flags & ACK) this.acknowledge(acknowledged, flags);
    if (payload.length || flags & FIN) this.receive(sequence, payload, flags);
    this.pump();
    if (this.boardEnded && this.finSent && !this.flight) this.close();
  }

  acknowledge(number, flags) {
    let count = after(number, this.unacknowledged);
    if (!count || count > this.flight) return;
    this.unacknowledged = number;
    this.resendNs = RESEND_NS;
    if (this.state !== 'open') {
      count--;
      this.state = 'open';
      if (flags & SYN) this.segment(ACK);
    }
    count = Math.min(count, this.waiting); // the FIN has a number too
    this.waiting -= count;
    while (count) {
      const [first] = this.data;
      if (first.length <= count) this.data.shift();
      else this.data[0] = first.subarray(count);
      count -= Math.min(count, first.length);
    }
    if (this.waiting < BACKLOG / 2) this.peer.resume();
  }

  receive(sequence, payload, flags) {
    const known = after(this.expected, sequence);
    const first = known === 0 && this.owed === null && !(flags & FIN);
    // one from before, or the next; what comes before its time is sent again
    if (known <= payload.length && !this.boardEnded) {
      const fresh = payload.subarray(known, known + this.room);
      const whole = known + fresh.length === payload.length;
      if (fresh.length) {
        if (this.asked !== null) this.host.answered(this.host.cable.nanos - this.asked, this.boardPort);
        this.asked = null;
        this.expected = modular(this.expected + fresh.length);
        this.peer.write(fresh);
      }
      if (flags & FIN && whole) {
        this.expected = modular(this.expected + 1);
        this.boardEnded = true;
        this.peer.end();
      }
    }
    if (first) this.owed = this.host.cable.timers.after(DELAY_NS, () => this.segment(ACK));
    else this.segment(ACK);
  }
}
