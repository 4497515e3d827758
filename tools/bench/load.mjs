// The whole load on the emulated board: the frozen image, sines on its inputs, a Modbus master on its RS-485 line.
// Prints one JSON object. node load.mjs [key=value ...], see DEFAULTS.
import { readFileSync } from 'node:fs';
import { converters } from '../emulator/ads131.mjs';
import { Board } from '../emulator/board.mjs';
import { Causes } from './causes.mjs';
import { Ring } from './mstp.mjs';
import { Clients } from './tcp.mjs';

const ROOT = new URL('../../', import.meta.url);
const DEFAULTS = {
  seconds: 10,
  baud: 38400,
  registers: 125, // of a read
  address: 0x4000,
  polls: 1, // 0: nobody asks
  mstp: 0, // the meter's address: masters of MS/TP are on the line in place of the one of Modbus
  peers: '100', // their addresses
  usage: 20, // ms after which they take a token for lost, 20 to 35
  every: 1000, // ms from one reading of a property to the next
  many: 0, // properties that are read at once
  other: 0, // 1: before each request, another slave of the line is asked and answers
  gap: 1.8, // ms of silence before a request, to which comes up to `jitter`
  jitter: 3,
  timeout: 300, // ms that the master waits for an answer
  erase: 1, // a sector is erased every second
  eraseUs: 45000,
  suspends: 1, // 0: the flash does not suspend an erase
  save: 0, // ms from one settings file to the next
  watch: 0, // on the board book 1: times, where a cycle must not allocate, 2: allocation, 3: times
  miss: 0, // clocks of an XIP cache miss
  seed: 1,
  image: 'PICO_EMU',
  net: '', // services of the network that heap.py switches on: names, or all
  core: 0, // 1: heap.py measures a meter without logs, alarms, records of quality and months
  script: 'probe.py', // what runs on the board, of this folder: heap.py needs less memory
  ads131: 0, // 1: three phases and neutral on an ADS131M08, seven channels; 2: three voltages and ten currents on two; 3: eighteen on three
  flip: 0, // frames of it that are spoilt, a second
  skip: 0, // edges of its DRDY that are missed, a second
  which: 0, // of several converters, the one of which all this is
  flash: '', // a file with the whole flash at the start; what it is at the end is written back
  clock: -1, // seconds past noon of 2026-02-03 that the chip's clock has when the meter is built; -1: never set
  clients: 0, // of Modbus TCP, on a board with a network (image=W5500_EMU-kw320)
  clientEvery: 100, // ms from one request of a client to the next; 0: back to back
  web: 0, // ms from an answer to a browser to its next request, with clients and net=http
  snmp: 0, // ms from one request of an SNMP manager to the next, with clients and net=snmp
  mqtt: 0, // s from one message to a broker to the next, with clients and net=mqtt
  dnp3: 0, // masters of DNP3 over TCP that read all each second, with clients
  said: 0, // 1: what the board says is shown
  loss: 0, // share of the frames on its cable that get lost
  causes: 0, // us from one look at what the board does to the next: standard error tells what answers waited for
  late: 5, // ms beyond the silence after which an answer is late, with causes
  sag: 0, // after so many seconds the first voltage is half of what it was, for 200 ms
};
const options = { ...DEFAULTS };
for (const word of process.argv.slice(2)) {
  const [key, value] = word.split('=');
  if (!(key in DEFAULTS)) throw new Error(`no such option: ${key}`);
  options[key] = typeof DEFAULTS[key] === 'number' ? Number(value) : value;
}

const CODES_PER_VOLT = 4096 / 999.3;
const CODES_PER_AMPERE = (4096 / 3.3) * (200 / 2000);
const DIRECTION_PIN = 2;
const FIRST_KEY = 6;
const SAG_NS = 200e6;

const board = new Board({
  bootrom: new URL('build/bootrom.bin', ROOT),
  firmware: new URL(`build/${options.image}/firmware.bin`, ROOT),
  eraseUs: options.eraseUs,
  missClocks: options.miss,
  seed: options.seed,
  flash: options.flash || undefined,
  on: false,
});
board.flashChip.suspends = options.suspends > 0;
const chips = options.ads131 ? converters(board, options.ads131) : [];
const [converter, second, third] = chips;
const { clients: count, clientEvery, address, registers, loss, web, snmp, mqtt, dnp3 } = options;
const others = { web, snmp, mqtt, dnp3 };
const clients = count ? await Clients.plugIn(board, { count, every: clientEvery, address, registers, loss, ...others }) : null;
board.powerOn();
const sine = (peak, turns) => (ns) => Math.round(2048 + peak * Math.sin(2 * Math.PI * ((50 * ns) / 1e9 + turns)));
const volts = 230 * Math.SQRT2 * CODES_PER_VOLT;
const amperes = 5 * Math.SQRT2 * CODES_PER_AMPERE;
const [whole, half] = [sine(volts, 0), sine(volts / 2, 0)];
let sagNs = Infinity;
board.adc[0] = (ns) => (ns < sagNs || ns >= sagNs + SAG_NS ? whole(ns) : half(ns));
board.adc[1] = sine(volts, 0.5);
board.adc[2] = sine(amperes, -1 / 6);
board.adc[3] = sine(amperes, 0.5 - 1 / 6);

// as boards/PICO_EMU/board_ads131.py has it; the filter passes a little less of the fundamental than of DC
const PASSED = (Math.sin(Math.PI / 128) / (Math.PI / 128)) ** 3;
const pinVolts = (peak, turns) => (ns) => peak * PASSED * Math.sin(2 * Math.PI * ((50 * ns) / 1e9 + turns));
if (converter) {
  const currents = [0, 1, 2].map((k) => pinVolts((5 * Math.SQRT2 * 150) / 2000, -1 / 6 - k / 3));
  for (let k = 0; k < 3; k++) {
    converter.inputs[k] = pinVolts((230 * Math.SQRT2) / 991, -k / 3);
    converter.inputs[3 + k] = currents[k];
  }
  if (second) {
    // the currents of ten circuits, whose phases come in turn
    converter.inputs[6] = currents[0];
    for (let n = 4; n < (third ? 11 : 10); n++) second.inputs[n - 4] = currents[n % 3];
    if (third) for (let n = 11; n < 18; n++) third.inputs[n - 11] = currents[n % 3];
  } else converter.inputs[6] = (ns) => currents[0](ns) + currents[1](ns) + currents[2](ns);
}

let console_ = '';
board.uart[0].onByte = (byte) => {
  console_ += String.fromCharCode(byte);
};
function until(predicate, seconds, what) {
  if (!board.runUntil(predicate, seconds * 1e9)) throw new Error(`no ${what}:\n${console_.slice(-3000)}`);
}

function crc(bytes) {
  let r = 0xffff;
  for (const byte of bytes) {
    r ^= byte;
    for (let i = 0; i < 8; i++) r = r & 1 ? (r >> 1) ^ 0xa001 : r >> 1;
  }
  return [r & 255, r >> 8];
}
const frame = (...bytes) => [...bytes, ...crc(bytes)];
let state = options.seed >>> 0;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

class Master {
  constructor() {
    const { address, registers } = options;
    this.request = frame(1, 3, address >> 8, address & 255, 0, registers);
    this.expected = 5 + 2 * registers;
    this.latencies = [];
    this.waits = []; // [from, to] ns, from the end of the silence on
    this.gaps = [];
    this.directionLead = [];
    this.directionTail = [];
    this.directionInside = 0;
    this.requests = this.replies = this.bad = this.timeouts = this.unasked = 0;
    this.silence = options.baud > 19200 ? 1.75 : (3.5 * 10e3) / options.baud;
    this.active = false;
    this.waiting = false;
    board.uart[1].onByte = (byte, start, end) => this.byte(byte, start, end);
    board.uart[1].onDelivered = () => {
      this.deliveredNs = board.nanos;
    };
    board.onPin(DIRECTION_PIN, (level, ns) => this.direction(level, ns));
  }

  ask() {
    if (options.other) {
      board.uart[1].send(frame(2, 3, 0, 0, 0, 4), 1.8e6);
      board.uart[1].send(frame(2, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8), 3e6);
    }
    board.uart[1].send(this.request, (options.gap + random() * options.jitter) * 1e6);
    this.received = [];
    this.maxGap = 0;
    this.requests++;
    this.waiting = true;
    this.askedNs = board.nanos;
  }

  byte(byte, start, end) {
    if (!this.waiting) this.unasked++;
    if (!this.received.length) {
      const ms = (start - this.deliveredNs) / 1e6;
      if (!(ms <= this.worstMs)) {
        this.worstMs = ms;
        this.worstNs = start;
      }
      this.latencies.push(ms);
      this.waits.push([this.deliveredNs + this.silence * 1e6, start]);
      this.directionLead.push((start - this.raisedNs) / 1e3);
    } else {
      this.maxGap = Math.max(this.maxGap, start - this.lastNs);
    }
    this.received.push(byte);
    this.lastNs = end;
    if (this.received.length < this.expected) return;
    this.replies++;
    this.gaps.push(this.maxGap / 1e3);
    const sum = crc(this.received.slice(0, -2));
    if (sum[0] !== this.received.at(-2) || sum[1] !== this.received.at(-1)) this.bad++;
    this.waiting = false;
    if (this.active) this.ask();
  }

  direction(level, ns) {
    if (level) {
      this.raisedNs = ns;
    } else if (this.received?.length === this.expected || !this.waiting || !this.received?.length) {
      this.directionTail.push((ns - this.lastNs) / 1e3);
    } else {
      this.directionInside++;
    }
  }

  tick() {
    if (this.active && this.waiting && board.nanos - this.askedNs > options.timeout * 1e6) {
      this.timeouts++;
      this.ask();
    }
  }

  result(startNs) {
    const { requests, replies, bad, timeouts, unasked, latencies, silence } = this;
    const within = (ms) => latencies.filter((x) => x <= silence + ms).length / Math.max(1, latencies.length);
    return {
      ...{ requests, replies, bad, timeouts, unasked },
      silence_ms: silence,
      latency_ms: spread(latencies),
      worst_s: (this.worstNs - startNs) / 1e9,
      within_1ms: within(1),
      within_5ms: within(5),
      within_10ms: within(10),
      gap_us: quantile(this.gaps, 1),
      direction_lead_us: spread(this.directionLead),
      direction_tail_us: spread(this.directionTail),
      direction_inside: this.directionInside,
      byte_us: 1e7 / options.baud,
    };
  }
}

const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] : null;
};
const spread = (values) => ({
  min: quantile(values, 0),
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
  p99: quantile(values, 0.99),
  max: quantile(values, 1),
});

/** The prompt, by the first key held down: a meter that was stopped has left its modules all over the heap. */
function rawPrompt() {
  board.setPin(FIRST_KEY, 0);
  until(() => console_.includes('>>> '), 5, 'prompt');
  board.setPin(FIRST_KEY, 1);
  board.uart[0].send('\x01');
  until(() => console_.endsWith('CTRL-B to exit\r\n>'), 2, 'raw prompt');
  console_ = '';
}

/** A script of this folder: NAME.py stands in it where a line `# put NAME here` does. */
function script(name) {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8').replace(/^"""[^]*?"""\n/, '');
  return text.replace(/^# put (\w+) here$/gm, (_, piece) => script(`${piece}.py`)).replace(/^ *#.*\n/gm, '');
}

// Files, and a start after that: what is typed at the prompt would lie in the board's heap for as long as it runs.
const first = { SECONDS: options.seconds, BAUD: options.baud, ERASE: options.erase, SAVE: options.save, WATCH: options.watch, CORE: options.core, NET: `'${options.net}'`, MQTT: options.mqtt };
const lines = Object.entries(first).map(([name, value]) => `${name}=${value}\n`);
if (options.clock >= 0) {
  const time = `12, ${Math.floor(options.clock / 60)}, ${options.clock % 60}`;
  lines.push(`import machine\nmachine.RTC().datetime((2026, 2, 3, 1, ${time}, 0))\n`);
}
const files = { 'bench.py': lines.join('') + script(options.script) };
if (converter) {
  files['board.py'] = `from ${second ? 'board_circuits' : 'board_ads131'} import *\n`;
  if (third) {
    files['board.py'] += 'import board_circuits as c\n';
    files['board.py'] += 'def channels(): return c.channels_of((4, 7, 7))\ndef sampler(): return c.sampler_of(3, 5)\n';
  }
}
rawPrompt();
for (const [name, text] of Object.entries(files)) {
  console_ = '';
  board.uart[0].send(`with open('${name}', 'w') as f: f.write(${JSON.stringify(text)})\n\x04`);
  until(() => console_.split('\x04').length > 2, 10, name);
}
board.reset();
console_ = '';
rawPrompt();
board.uart[0].send('import bench\n\x04');
until(() => console_.includes('GO') || console_.includes('\x04'), 60, 'GO');
const { mstp: meter, usage, every, many } = options;
const peers = options.peers.split(' ').filter(Boolean).map(Number);
const master = meter ? new Ring(board, { meter, peers, usage, every, many }) : new Master();
board.clearStats();
const startNs = board.nanos;
if (options.sag) sagNs = startNs + options.sag * 1e9;
board.run(500e6); // the ports are silent until there are readings
if (options.polls && !meter) {
  master.active = true;
  master.ask();
}
clients?.start();
const causes = options.causes ? new Causes(board, new URL(`build/${options.image}/firmware.elf`, ROOT).pathname) : null;
let disturbedNs = startNs;
let disturbed = 0;
let kept = null; // what the lines lost while the meter was there
const limit = startNs + (options.seconds + 10) * 1e9;
while (!console_.includes('\x04') && board.nanos < limit) {
  if (causes) causes.run(1e6, options.causes * 1e3);
  else board.run(1e6);
  master.tick?.();
  if (converter && board.nanos - disturbedNs >= 0.5e9) {
    // in turn, or the gap takes the spoilt frames with it
    Object.assign(chips[options.which].faults, disturbed++ % 2 ? { flip: options.flip } : { skip: options.skip });
    disturbedNs += 0.5e9;
  }
  // what is asked while the run ends gets no answer
  if (board.nanos - startNs > options.seconds * 1e9 - 300e6) {
    master.active = false;
    if (clients) clients.active = false;
    kept ??= board.stats().uart;
  }
}
const found = console_.match(/RESULT (.*)/);
if (!found) board.run(200e6);
if (!found) throw new Error(`no result:\n${console_}`);
/** Slope of the least squares through (ms, centijoules): the mean power by what was booked. */
function bookedWatts(flat) {
  const points = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] / 1e3, flat[2 * i + 1] / 100]);
  const mean = (k) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [t, e] = [mean(0), mean(1)];
  const sum = (f) => points.reduce((total, point) => total + f(point), 0);
  return sum(([x, y]) => (x - t) * (y - e)) / sum(([x]) => (x - t) ** 2);
}

/** Bytes that were ever used of the frames' stack and of the C stack above it (boards/common/rp2.h). */
function stacks() {
  const [start, frames, end] = [0x40000, 0x40800, 0x42000];
  const bytes = board.mcu.sram;
  const used = (byte) => byte !== 0;
  return {
    frames: bytes.subarray(start, frames).findLastIndex(used) + 1,
    c: end - frames - bytes.subarray(frames, end).findIndex(used),
  };
}

/** What late answers waited for, by what took most of their time. */
function blame(name, waits) {
  const late = waits.filter(([from, to]) => (to - from) / 1e6 > options.late);
  const blamed = new Map();
  for (const [from, to] of late) {
    const [[what, ms]] = causes.spent(from, to);
    const cause = blamed.get(what) ?? { count: 0, ms: 0, all: 0 };
    blamed.set(what, { count: cause.count + 1, ms: cause.ms + ms, all: cause.all + (to - from) / 1e6 });
  }
  console.error(`${name}: ${late.length} of ${waits.length} late`);
  for (const [what, { count, ms, all }] of [...blamed].sort((a, b) => b[1].count - a[1].count)) {
    console.error(`  ${count}  ${(ms / count).toFixed(1)} of ${(all / count).toFixed(1)} ms  ${what}`);
  }
}
if (causes) {
  blame('serial', master.waits);
  if (clients) blame('TCP', clients.waits);
  const ms = (board.nanos - startNs) / 1e6;
  for (const [kind, rows] of Object.entries(causes.total(startNs, board.nanos))) {
    console.error(`${kind}, share of the time`);
    for (const [what, spent] of rows.slice(0, 40)) console.error(`  ${((100 * spent) / ms).toFixed(2)} %  ${what}`);
  }
}
if (options.said) process.stderr.write(console_);
if (options.flash) board.saveFlash(options.flash);
const told = JSON.parse(found[1]);
if (told.booked?.length > 4) told.watts = bookedWatts(told.booked);
delete told.booked;
let tcp;
if (clients) {
  const { latencies, ...counts } = clients.result();
  const within = (ms) => latencies.filter((x) => x <= ms).length / Math.max(1, latencies.length);
  tcp = { ...counts, latency_ms: spread(latencies), within_5ms: within(5), within_10ms: within(10) };
}
process.stdout.write(
  `${JSON.stringify({ options, board: told, master: master.result(startNs), tcp, emulator: { ...board.stats(), uart: kept, stacks: stacks(), converters: chips.map((chip) => chip.counts) } })}\n`,
  () => process.exit(), // sockets that the board has left open would keep node
);
