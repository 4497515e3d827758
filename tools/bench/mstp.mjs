// Master nodes of MS/TP (ASHRAE 135, clause 9) on the serial line of the emulated board, exact to the byte, and what they
// see of the board: when it uses the token, when it answers, how often the ring loses it. They share nothing with
// lib/fourquad.

const TOKEN = 0;
const POLL_FOR_MASTER = 1;
const REPLY_TO_POLL = 2;
const EXPECTING_REPLY = 5;
const NOT_EXPECTING_REPLY = 6;
const REPLY_POSTPONED = 7;
const MAX_MASTER = 127;
const ASKING = [TOKEN, POLL_FOR_MASTER, EXPECTING_REPLY];

// Clause 9.5.3, in ns and bit times.
const N_POLL = 50;
const N_RETRY_TOKEN = 1;
const T_NO_TOKEN = 500e6;
const T_SLOT = 10e6;
const T_REPLY_TIMEOUT = 255e6;
const T_USAGE_DELAY = 15e6;
const TURNAROUND_BITS = 40;

const DIRECTION_PIN = 2;
const FREQUENCY = 18; // the analog input that is read

function headerCrc(bytes) {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >> 1) ^ 0x81 : crc >> 1;
  }
  return ~crc & 0xff;
}

function dataCrc(bytes) {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return ~crc & 0xffff;
}

function frame(kind, to, from, data = []) {
  const header = [kind, to, from, data.length >> 8, data.length & 255];
  const crc = dataCrc(data);
  return [0x55, 0xff, ...header, headerCrc(header), ...data, ...(data.length ? [crc & 255, crc >> 8] : [])];
}

/** The next frame of `octets` as an object, which `length` of them are; null while it is not whole. */
function parse(octets) {
  if (octets.length < 8) return null;
  const header = octets.slice(2, 7);
  const size = (header[3] << 8) | header[4];
  const length = size ? 10 + size : 8;
  const [kind, to, from] = header;
  if (octets[0] !== 0x55 || octets[1] !== 0xff || headerCrc(header) !== octets[7]) return { bad: true };
  if (octets.length < length) return null;
  const data = octets.slice(8, 8 + size);
  const crc = dataCrc(data);
  if (size && (octets[8 + size] !== (crc & 255) || octets[9 + size] !== crc >> 8)) return { bad: true };
  return { kind, to, from, data };
}

/** One master: states and transitions of 9.5.6; how the clause names them stands before each. */
class Node {
  constructor(line, address, usageTimeout) {
    Object.assign(this, { line, address, usageTimeout, next: address, polled: address, tokens: N_POLL, sole: false });
    this.alarm = line.board.mcu.clock.createAlarm(() => this.silent());
    this.idle();
  }

  /** Waits for `ns` of silence, then does `what`. */
  wait(state, ns, what) {
    this.state = state;
    this.limit = ns;
    this.silent = what;
    // silence begins when what it says has ended
    if (this.line.saying?.who !== this) this.alarm.schedule(ns);
  }

  /** An octet was on the line, or a frame has just been said. */
  stirred(octets) {
    this.events += octets;
    if (this.state === 'PASS_TOKEN' && this.events > 4) this.idle(); // SawTokenUser
    else if (this.limit) this.alarm.schedule(this.limit);
  }

  idle() {
    this.wait('IDLE', T_NO_TOKEN + T_SLOT * this.address, () => {
      this.line.count('generated'); // NO_TOKEN, GenerateToken
      this.next = this.address;
      this.ask(this.after(this.address));
    });
  }

  after(address) {
    return (address + 1) % (MAX_MASTER + 1);
  }

  say(kind, to, data) {
    this.events = 0;
    this.limit = 0;
    this.alarm.cancel();
    this.line.say(this, frame(kind, to, this.address, data));
  }

  ask(address) {
    this.polled = address;
    this.say(POLL_FOR_MASTER, address);
    this.wait('POLL_FOR_MASTER', this.usageTimeout, () => {
      if (this.sole) this.use();
      else if (this.next !== this.address) this.pass(); // DoneWithPFM
      else if (this.after(this.polled) !== this.address) this.ask(this.after(this.polled));
      else {
        this.sole = true; // DeclareSoleMaster
        this.use();
      }
    });
  }

  pass(tries = 0) {
    this.say(TOKEN, this.next);
    this.wait('PASS_TOKEN', this.usageTimeout, () => {
      if (tries < N_RETRY_TOKEN) {
        this.line.count('retries');
        this.pass(tries + 1);
      } else {
        this.line.lost(this.next); // FindNewSuccessor
        this.tokens = 0;
        const from = this.next;
        this.next = this.address;
        this.ask(this.after(from));
      }
    });
  }

  /** USE_TOKEN, after T_turnaround. */
  use() {
    this.wait('USE_TOKEN', this.line.turnaround, () => {
      const request = this.line.request(this);
      if (!request) return this.done();
      this.say(EXPECTING_REPLY, request.to, request.data);
      this.wait('WAIT_FOR_REPLY', T_REPLY_TIMEOUT, () => {
        this.line.count('unanswered');
        this.done();
      });
    });
  }

  /** DONE_WITH_TOKEN. */
  done() {
    const full = this.tokens < N_POLL - 1;
    const alone = this.next === this.address;
    this.tokens++;
    if (alone && !this.sole) this.ask(this.after(this.address));
    else if (this.sole && full) this.use();
    else if (full || this.after(this.address) === this.next) this.pass();
    else if (this.after(this.polled) !== this.next) this.ask(this.after(this.polled));
    else if (this.sole) {
      this.tokens = 1;
      this.next = this.address;
      this.ask(this.after(this.polled));
    } else {
      this.polled = this.address; // ResetMaintenancePFM
      this.tokens = 1;
      this.pass();
    }
  }

  /** A whole frame, said by another. */
  heard({ kind, to, from }) {
    const ours = to === this.address;
    if (this.state === 'POLL_FOR_MASTER' && ours && kind === REPLY_TO_POLL) {
      Object.assign(this, { sole: false, next: from, polled: this.address, tokens: 0 });
      this.wait('PASSING', this.line.turnaround, () => this.pass());
    } else if (this.state === 'WAIT_FOR_REPLY' && ours && (kind === NOT_EXPECTING_REPLY || kind === REPLY_POSTPONED)) {
      if (kind === REPLY_POSTPONED) this.line.count('postponed');
      this.wait('DONE_WITH_TOKEN', this.line.turnaround, () => this.done());
    } else if (ours && kind === TOKEN) {
      this.sole = false;
      this.use();
    } else if (ours && kind === POLL_FOR_MASTER) {
      this.wait('ANSWER', this.line.turnaround, () => {
        this.say(REPLY_TO_POLL, from);
        this.idle();
      });
    } else {
      this.idle();
    }
  }
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? null;
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { n: sorted.length, min: quantile(sorted, 0), p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: quantile(sorted, 1) };
}

/** The line, with foreign masters and the board, which is a node of its own. */
export class Ring {
  /**
   * @param {object} board the emulated one
   * @param {{meter: number, peers: number[], usage: number, every: number, many?: number}} options its address and
   *   those of the others; T_usage_timeout in ms; ms from one request to the meter to the next, 0 for none; how many
   *   values a request is for, 0 for a plain ReadProperty
   */
  constructor(board, { meter, peers, usage, every, many = 0 }) {
    this.board = board;
    this.meter = meter;
    this.every = every * 1e6;
    this.many = many;
    this.bitNs = 1e9 / board.uart[1].baud;
    this.turnaround = TURNAROUND_BITS * this.bitNs;
    this.active = true;
    this.saying = null; // who, and what, while it is on the line
    this.octets = []; // of the meter's frame
    this.asked = null; // what wants an answer of the meter, and when it had been said
    this.invoke = 0;
    this.requestedNs = 0;
    this.flash = []; // [begin, end] of each operation that stands still for long
    Object.assign(this, { retries: 0, breaks: 0, generated: 0, unanswered: 0, collisions: 0, bad: 0, postponed: 0 });
    Object.assign(this, { tokens: [], replies: [], polls: [], turnarounds: [], gaps: [], missed: [], requests: 0, right: 0, wrong: 0, passed: 0 });
    this.nodes = peers.map((address) => new Node(this, address, usage * 1e6));
    this.undriven = this.overdriven = 0;
    board.uart[1].onByte = (byte, start, end) => this.byte(byte, start, end);
    board.uart[1].onDelivered = () => this.delivered();
    this.driving = board.pin(DIRECTION_PIN) === 1;
    this.joined = !this.driving; // a frame whose begin was not seen is none
    board.onPin(DIRECTION_PIN, (level) => this.turned(level === 1));
    board.flashChip.onOperation = (operation) => {
      const base = board.nanos - operation.startNs;
      if (operation.kind === 'erase') this.flash.push([operation.startNs + base, operation.endNs + base]);
    };
  }

  say(who, octets) {
    if (this.saying) throw new Error('two foreign nodes speak at once');
    this.unheeded();
    if (this.octets.length) this.count('collisions');
    if (this.driving) this.count('overdriven'); // T_postdrive is less than T_turnaround
    this.saying = { who, octets };
    this.board.uart[1].send(octets);
  }

  /** The meter was asked and has not spoken since, though somebody else has or is about to. */
  unheeded() {
    if (!this.asked) return;
    if (this.active) this.missed.push({ kind: this.asked.kind, ns: this.asked.ns });
    this.asked = null;
  }

  delivered() {
    const { who, octets } = this.saying;
    this.saying = null;
    const ns = this.board.nanos;
    const said = parse(octets);
    this.lastNs = ns;
    who.stirred(0);
    if (said.to === this.meter && ASKING.includes(said.kind)) this.asked = { kind: said.kind, ns };
    for (const node of this.nodes) if (node !== who) this.tell(node, said, octets.length);
  }

  tell(node, said, octets) {
    node.stirred(octets);
    if (said) node.heard(said);
  }

  /** An octet of the meter. */
  byte(byte, start, end) {
    if (!this.joined) return;
    if (this.saying) this.count('collisions');
    if (!this.octets.length) this.began(start);
    else this.gaps.push((start - this.lastNs) / this.bitNs);
    this.octets.push(byte);
    this.lastNs = end;
    for (const node of this.nodes) node.stirred(1);
    const said = parse(this.octets);
    if (!said) return;
    this.octets = [];
    if (said.bad || said.from !== this.meter) this.count('bad');
    else {
      if (said.kind === TOKEN) this.passed++;
      this.told(said);
      for (const node of this.nodes) node.heard(said);
    }
  }

  /** The meter's transceiver begins or ends to drive the line. */
  turned(driving) {
    if (this.octets.length) this.count('undriven');
    this.driving = driving;
    this.joined ||= !driving;
  }

  began(start) {
    if (this.lastNs !== undefined) this.turnarounds.push((start - this.lastNs) / this.bitNs);
    if (!this.asked) return;
    const { kind, ns } = this.asked;
    const ms = (start - ns) / 1e6;
    this.asked = null;
    const among = { [TOKEN]: this.tokens, [POLL_FOR_MASTER]: this.polls, [EXPECTING_REPLY]: this.replies }[kind];
    among.push(ms);
    if (kind !== EXPECTING_REPLY && start - ns > T_USAGE_DELAY) this.missed.push({ kind, ns, ms });
  }

  /** What happens while the meter is on its way out does not count. */
  count(what) {
    if (this.active) this[what]++;
  }

  lost(address) {
    if (address === this.meter) this.count('breaks');
  }

  /** A request of the foreign node that has the token. */
  request(node) {
    const { nanos } = this.board;
    if (!this.active || !this.every || nanos - this.requestedNs < this.every || node !== this.nodes[0]) return null;
    this.requestedNs = nanos;
    this.requests++;
    this.invoke = (this.invoke + 1) & 255;
    if (!this.many) {
      // ReadProperty of the present value, 135 20.1.2 and 15.5
      return { to: this.meter, data: [1, 4, 0, 3, this.invoke, 12, 0x0c, 0, 0, 0, FREQUENCY, 0x19, 85] };
    }
    // ReadPropertyMultiple of the present values of the inputs from there on (15.7)
    const inputs = Array.from({ length: this.many }, (_, i) => [0x0c, 0, 0, 0, FREQUENCY + i, 0x1e, 0x09, 85, 0x1f]);
    return { to: this.meter, data: [1, 4, 0, 3, this.invoke, 14, ...inputs.flat()] };
  }

  /** A ComplexACK, or what the meter says of itself. */
  told({ kind, data }) {
    if (kind !== NOT_EXPECTING_REPLY || data[2] >> 4 !== 3) return;
    const one = [12, 0x0c, 0, 0, 0, FREQUENCY, 0x19, 85, 0x3e, 0x44];
    const first = [14, 0x0c, 0, 0, 0, FREQUENCY, 0x1e, 0x29, 85, 0x4e, 0x44];
    const expected = [1, 0, 0x30, this.invoke, ...(this.many ? first : one)];
    const value = Buffer.from(data.slice(expected.length, expected.length + 4));
    // after 5 octets, of each result: 5 of the object, 4 up to its value, 5 of that, 2 that close
    const whole = !this.many || data.length === 5 + 16 * this.many;
    const right = whole && expected.every((octet, i) => octet === data[i]);
    if (!right || Math.abs(value.readFloatBE() - 50) > 0.02) this.wrong++;
    else this.right++;
  }

  /** Whether the meter could not have been in time: its flash was being erased, or had just been. */
  hidden(ns) {
    return this.flash.some(([begin, end]) => ns > begin - T_USAGE_DELAY && ns < end);
  }

  result() {
    const late = this.missed.map(({ kind, ns, ms }) => ({ kind, ms: ms ?? null, at_s: ns / 1e9, erase: this.hidden(ns) }));
    const { retries, breaks, generated, unanswered, collisions, bad, postponed, right, wrong } = this;
    const { requests, passed, undriven, overdriven } = this;
    return {
      ...{ retries, breaks, generated, unanswered, collisions, bad, postponed, right, wrong },
      ...{ requests, passed, undriven, overdriven },
      late_at_erase: late.filter(({ erase }) => erase).length,
      late: late.filter(({ erase }) => !erase),
      erases: this.flash.length,
      token_ms: spread(this.tokens),
      poll_ms: spread(this.polls),
      reply_ms: spread(this.replies),
      turnaround_bits: spread(this.turnarounds),
      gap_bits: spread(this.gaps),
    };
  }
}
