// The commands of the control socket. Each takes a request and gives what its answer holds; README.md is the contract.
import { Lcd } from './lcd.mjs';
import { Waveforms } from './load.mjs';
import { net } from './network.mjs';

const SLICE_NS = 1e6;
const RAW_PROMPT = 'raw REPL; CTRL-B to exit\r\n>';
const END = '\x04';

const required = (value, name) => {
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

const fromHex = (text) => {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new Error('not hexadecimal');
  return Buffer.from(text, 'hex');
};

export class Control {
  /**
   * @param {import('./board.mjs').Board} board
   * @param {{speed: number, paused: boolean}} pace shared with the server's loop
   * @param {() => Promise<void>} yieldNow lets sockets breathe during a long run
   * @param {object} wiring of the display, see Lcd
   */
  constructor(board, pace, yieldNow, wiring) {
    this.board = board;
    this.pace = pace;
    this.yieldNow = yieldNow;
    this.display = new Lcd(board, wiring);
    board.onPower = () => this.display.forget();
    this.waveforms = new Waveforms(board.random);
    this.watched = new Map(); // pin: what it did since it was asked for
    this.output = [[], []];
    this.listeners = [new Set(), new Set()];
    this.quit = () => {};
    board.uart.forEach((line, n) => {
      line.onByte = (byte, startNs, endNs) => {
        this.output[n].push(byte);
        if (this.output[n].length > 1 << 20) this.output[n].splice(0, 1 << 19);
        for (const listener of this.listeners[n]) listener(byte, startNs, endNs);
      };
    });
  }

  /** Calls `listener(byte, startNs, endNs)` for what UART n sends. Returns a function that ends it. */
  listen(n, listener) {
    this.listeners[n].add(listener);
    return () => this.listeners[n].delete(listener);
  }

  /** Does one request and gives its answer. */
  async handle(request) {
    const answer = request.id === undefined ? {} : { id: request.id };
    try {
      const command = COMMANDS[request.cmd];
      if (!command) throw new Error(`unknown command: ${request.cmd}`);
      const result = (await command(this, request)) ?? {};
      return { ...answer, ok: true, ns: Math.round(this.board.nanos), ...result };
    } catch (error) {
      return { ...answer, ok: false, ns: Math.round(this.board.nanos), error: error.message };
    }
  }

  /** Advances emulated time until `done()` or for `ns`; other work of the server goes on between slices. */
  async runUntil(done, ns) {
    const end = this.board.nanos + ns;
    let breathed = Date.now();
    this.pace.running++;
    try {
      while (!done()) {
        if (this.board.nanos >= end) return false;
        this.board.run(Math.min(SLICE_NS, end - this.board.nanos));
        if (Date.now() - breathed > 20) {
          await this.yieldNow();
          breathed = Date.now();
        }
      }
      return true;
    } finally {
      this.pace.running--;
    }
  }

  port(request) {
    const n = request.n ?? 1;
    if (n !== 0 && n !== 1) throw new Error('n is 0 or 1');
    return n;
  }

  pin(request) {
    const { pin } = request;
    if (!Number.isInteger(pin) || pin < 0 || pin > 29) throw new Error('pin is 0 to 29');
    return pin;
  }
}

async function run(control, { ns, until, text }) {
  required(ns, 'ns');
  if (until === undefined) {
    await control.runUntil(() => false, ns);
    return {};
  }
  const n = { uart0: 0, uart1: 1 }[until];
  if (n === undefined) throw new Error('until is uart0 or uart1');
  let seen = '';
  const stop = control.listen(n, (byte) => {
    seen = (seen + String.fromCharCode(byte)).slice(-4096);
  });
  try {
    return { found: await control.runUntil(() => seen.includes(required(text, 'text')), ns), text: seen };
  } finally {
    stop();
  }
}

function pace(control, { speed, paused }) {
  if (speed !== undefined) {
    if (!(speed >= 0)) throw new Error('speed is 0 or more');
    Object.assign(control.pace, { speed, paused: false });
  }
  if (paused !== undefined) control.pace.paused = !!paused;
  control.pace.restart();
}

function adc(control, { channels, load, set, e11 }) {
  const { board, waveforms } = control;
  for (const [input, code] of Object.entries(set ?? {})) {
    if (!(code >= 0 && code <= 4095)) throw new Error('a code is 0 to 4095');
    board.adc[+input] = code;
  }
  if (e11 !== undefined) waveforms.crooked = !!e11;
  if (channels) waveforms.setChannels(channels);
  if (load) waveforms.setLoad(load, board.nanos);
  if (channels || load) waveforms.connect(board);
}

/** Faults of the ADS131M08: `flip` frames, `skip` or `glitch` edges of DRDY, from now on; `reset`: it forgets all. */
function ads131(control, { flip, skip, glitch, reset, converter = 'ads131' }) {
  const device = control.board.devices.find(({ name }) => name === converter);
  if (!device) throw new Error(`the board has no ${converter}`);
  for (const [name, count] of Object.entries({ flip, skip, glitch })) if (count !== undefined) device.faults[name] = count;
  if (reset) device.restart();
  return { ...device.counts, faults: { ...device.faults }, registers: [...device.registers.slice(0, 7)] };
}

/** Counts of the serial flash; `erase_us` and `program_us` are its times from now on, `read` some bytes of it. */
function nor(control, { erase_us, program_us, read, count = 256 }) {
  const device = control.board.devices.find(({ name }) => name === 'nor');
  if (!device) throw new Error('the board has no serial flash');
  if (erase_us !== undefined) device.eraseUs = erase_us;
  if (program_us !== undefined) device.programUs = program_us;
  const bytes = read === undefined ? {} : { hex: Buffer.from(device.bytes.subarray(read, read + count)).toString('hex') };
  return { ...device.counts, ...bytes };
}

function gpio(control, request) {
  const pin = control.pin(request);
  if ('value' in request) control.board.setPin(pin, request.value);
  const { board, watched } = control;
  const state = { level: board.pin(pin), edges: board.edges[pin] };
  if (request.watch && !watched.has(pin)) {
    const times = [];
    watched.set(pin, times);
    board.onPin(pin, (level, ns) => times.push([level, Math.round(ns)]));
  }
  return request.watch ? { ...state, times: watched.get(pin).splice(0) } : state;
}

function uart(control, request) {
  const n = control.port(request);
  const line = control.board.uart[n];
  const gap = (request.gap_us ?? 0) * 1000;
  if (request.send !== undefined) line.send(fromHex(request.send), gap);
  if (request.text !== undefined) line.send(request.text, gap);
  if (!request.read) return {};
  const bytes = Buffer.from(control.output[n].splice(0));
  return { hex: bytes.toString('hex'), text: bytes.toString('latin1') };
}

async function transact(control, request) {
  const { board } = control;
  const line = board.uart[control.port(request)];
  const silence = request.silence_us === undefined ? line.silenceNs : request.silence_us * 1000;
  const reply = [];
  let firstNs = null;
  let lastNs = null;
  let gapNs = 0;
  let sentNs = null;
  const stop = control.listen(line.index, (byte, startNs, endNs) => {
    if (firstNs === null) firstNs = startNs;
    else gapNs = Math.max(gapNs, startNs - lastNs);
    lastNs = endNs;
    reply.push(byte);
  });
  const delivered = line.onDelivered;
  line.onDelivered = () => {
    sentNs ??= board.nanos;
  };
  try {
    const idle = board.nanos - line.lastActivityNs;
    line.send(fromHex(required(request.send, 'send')), Math.max(0, line.silenceNs - idle));
    const answered = () => lastNs !== null && board.nanos - lastNs >= silence;
    const most = (request.timeout_ms ?? 1000) * 1e6;
    await control.runUntil(answered, most);
    // an answer that has begun is heard to its end: the rest would be taken for the next one
    if (lastNs !== null) await control.runUntil(answered, most);
  } finally {
    stop();
    line.onDelivered = delivered;
  }
  const micros = (ns) => Math.round(ns / 10) / 100;
  return {
    reply: Buffer.from(reply).toString('hex'),
    bytes: reply.length,
    latency_us: firstNs === null || sentNs === null ? null : micros(firstNs - sentNs),
    max_gap_us: micros(gapNs),
  };
}

async function exec(control, { code, timeout_ms: timeout = 10000 }) {
  const line = control.board.uart[0];
  if (!control.board.powered) throw new Error('power is off');
  let text = '';
  const stop = control.listen(0, (byte) => {
    text += String.fromCharCode(byte);
  });
  const expect = async (done, what, ms) => {
    const ended = () => done() || !control.board.powered;
    if ((await control.runUntil(ended, ms * 1e6)) && control.board.powered) return;
    throw new Error(`${control.board.powered ? what : 'power failed'}: ${JSON.stringify(text.slice(-300))}`);
  };
  try {
    line.send('\r\x03\x03\x01');
    await expect(() => text.endsWith(RAW_PROMPT), 'no raw REPL', 3000);
    text = '';
    // the console's FIFO and ring are small: code goes in pieces that the board has time to take
    const bytes = Buffer.from(required(code, 'code'));
    for (let at = 0; at < bytes.length; at += 128) {
      line.send(bytes.subarray(at, at + 128), 500e3);
      await control.runUntil(() => !line.lineBusy, 100e6);
    }
    line.send(END);
    await expect(() => text.split(END).length > 2, 'code did not end', timeout);
    const [out, err] = text.replace(/^OK/, '').replaceAll('\r\n', '\n').split(END);
    return { out, err };
  } finally {
    if (control.board.powered) {
      line.send('\x02');
      await control.runUntil(() => text.endsWith('\n>>> '), 50e6);
    }
    stop();
  }
}

function power(control, { on }) {
  if (required(on, 'on')) control.board.powerOn();
  else control.board.powerOff();
  return { powered: control.board.powered };
}

function flash(control, request) {
  const { board } = control;
  if (request.cut !== undefined) board.cutPower(request.cut, request.fraction ?? 0.5);
  if (request.erase_us !== undefined) board.flashChip.eraseUs = request.erase_us;
  if (request.program_us !== undefined) board.flashChip.programUs = request.program_us;
  if (request.suspends !== undefined) board.flashChip.suspends = request.suspends;
  if (request.load !== undefined) board.loadFlash(request.load);
  if (request.save !== undefined) board.saveFlash(request.save);
  return board.stats().flash;
}

function lcd(control) {
  const { lit, writes, memory } = control.display;
  return { lit, writes, hex: Buffer.from(memory).toString('hex') };
}

function stats(control, { clear }) {
  const result = { ...control.board.stats(), speed: control.pace.speed, paused: control.pace.paused };
  if (clear) control.board.clearStats();
  return { ...result, behind_ms: Math.round(control.pace.behindMs) };
}

const COMMANDS = {
  run,
  pace,
  adc,
  ads131,
  nor,
  net,
  gpio,
  uart,
  transact,
  exec,
  power,
  flash,
  lcd,
  stats,
  reset: (control) => control.board.reset(),
  truth: (control) => ({ truth: control.waveforms.truth(control.board.nanos) }),
  quit: (control) => void control.quit(),
};
