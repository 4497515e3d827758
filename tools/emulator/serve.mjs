#!/usr/bin/env node
// Serves an emulated board: its UARTs and a control channel on sockets. README.md has the options and the protocol.
import { closeSync, existsSync, openSync, unlinkSync, writeSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { converters } from './ads131.mjs';
import { Board } from './board.mjs';
import { Control } from './control.mjs';
import { connect } from './network.mjs';
import { Nor } from './nor.mjs';

const SLICE_NS = 1e6;
const SLICE_WALL_MS = 10;
const LATE_MS = 50;

const { values: options } = parseArgs({
  options: {
    firmware: { type: 'string' },
    bootrom: { type: 'string' },
    flash: { type: 'string' },
    uart0: { type: 'string' },
    uart1: { type: 'string' },
    control: { type: 'string' },
    speed: { type: 'string', default: '1' },
    paused: { type: 'boolean', default: false },
    hold: { type: 'string', default: '2' },
    'erase-us': { type: 'string', default: '45000' },
    'program-us': { type: 'string', default: '700' },
    miss: { type: 'string', default: '0' },
    lcd: { type: 'string', default: '1,13,12' },
    ads131: { type: 'boolean', default: false },
    converters: { type: 'string', default: '1' },
    nor: { type: 'string' },
    net: { type: 'string' },
    off: { type: 'boolean', default: false },
    attached: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
if (!options.firmware) {
  console.error('serve.mjs: --firmware FILE is needed; README.md beside it has the other options');
  process.exit(2);
}
const bootrom = options.bootrom ?? new URL('../../build/bootrom.bin', import.meta.url);

const board = new Board({
  bootrom,
  firmware: options.firmware,
  flash: options.flash && existsSync(options.flash) ? options.flash : undefined,
  eraseUs: +options['erase-us'],
  programUs: +options['program-us'],
  missClocks: +options.miss,
  on: false,
  log: options.verbose ? (level, name, text) => console.error(`${level} ${name}: ${text}`) : undefined,
});

if (options.ads131) converters(board, +options.converters);
if (options.nor) new Nor(board, { kind: options.nor });

// ---- flash file: written through, so that killing this process is like a power cut -------------------------------

if (options.flash) {
  const file = openSync(options.flash, existsSync(options.flash) ? 'r+' : 'w+');
  writeSync(file, board.flash, 0, board.flash.length, 0);
  board.flashChip.onChange = (offset, length) => writeSync(file, board.flash, offset, length, offset);
  process.on('exit', () => closeSync(file));
}

// ---- pace: emulated time follows real time --------------------------------------------------------------------------

const pace = {
  speed: +options.speed,
  paused: options.paused,
  /** Commands that move time themselves; the loop stands back meanwhile. */
  running: 0,
  /** Frames that wait for their last byte; time stands still meanwhile. */
  holding: 0,
  behindMs: 0,
  wallStart: 0,
  emulatedStart: 0,
  restart() {
    this.wallStart = performance.now();
    this.emulatedStart = board.nanos;
  },
};

const yieldNow = () => new Promise((resolve) => setImmediate(resolve));
const [spi, select, command, firstColumn] = options.lcd.split(',').map(Number);
const control = new Control(board, pace, yieldNow, { spi, select, command, firstColumn });

/** One slice of emulation; gives the milliseconds to wait before the next. */
function slice() {
  if (pace.paused || pace.running || pace.holding) {
    pace.restart();
    return 1;
  }
  const start = performance.now();
  if (pace.speed === 0) {
    while (performance.now() - start < SLICE_WALL_MS && !pace.holding) board.run(SLICE_NS);
    return 0;
  }
  const due = () => pace.emulatedStart + (performance.now() - pace.wallStart) * 1e6 * pace.speed;
  while (board.nanos < due() && performance.now() - start < SLICE_WALL_MS) board.run(SLICE_NS);
  const lateMs = (due() - board.nanos) / 1e6 / pace.speed;
  if (lateMs > LATE_MS) {
    pace.behindMs += lateMs;
    pace.restart();
  }
  return lateMs > 0 ? 0 : 1;
}

function loop() {
  const wait = slice();
  flushOutput();
  if (wait) setTimeout(loop, wait);
  else setImmediate(loop);
}

// ---- UARTs on TCP ------------------------------------------------------------------------------------------------------

const clients = [null, null];
const pendingOutput = [[], []];

for (const n of [0, 1]) control.listen(n, (byte) => pendingOutput[n].push(byte));

function flushOutput() {
  for (const n of [0, 1]) {
    const bytes = pendingOutput[n].splice(0);
    if (bytes.length && clients[n]) clients[n].write(Buffer.from(bytes));
  }
}

/** Collects what comes close together into one frame, with emulated time standing still. */
function frameCollector(line) {
  const holdMs = +options.hold;
  let held = [];
  let timer = null;
  const release = () => {
    timer = null;
    pace.holding--;
    const bytes = held;
    held = [];
    // a request that is on the line already is waited for by the queue itself
    const idle = board.nanos - line.lastActivityNs;
    line.send(bytes, Math.max(0, line.silenceNs - idle));
  };
  return (data) => {
    for (const byte of data) held.push(byte);
    if (timer) clearTimeout(timer);
    else pace.holding++;
    timer = setTimeout(release, holdMs);
  };
}

function listen(server, where) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (/^\d+$/.test(where)) {
      server.listen(+where, '127.0.0.1', () => resolve(server.address().port));
    } else {
      if (existsSync(where)) unlinkSync(where);
      server.listen(where, () => resolve(where));
      process.on('exit', () => existsSync(where) && unlinkSync(where));
    }
  });
}

function serveUart(n, where) {
  const line = board.uart[n];
  const server = net.createServer((socket) => {
    clients[n]?.destroy();
    clients[n] = socket;
    socket.setNoDelay(true);
    socket.on('data', n === 0 ? (data) => line.send(data) : frameCollector(line));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (clients[n] === socket) clients[n] = null;
    });
  });
  return listen(server, where);
}

// ---- control ----------------------------------------------------------------------------------------------------------

function serveControl(where) {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    let turn = Promise.resolve();
    createInterface({ input: socket }).on('line', (text) => {
      turn = turn.then(() => answer(socket, text));
    });
  });
  return listen(server, where);
}

async function answer(socket, text) {
  if (!text.trim()) return;
  let result;
  try {
    result = await control.handle(JSON.parse(text));
  } catch (error) {
    result = { ok: false, ns: Math.round(board.nanos), error: error.message };
  }
  flushOutput();
  if (!socket.destroyed) socket.write(`${JSON.stringify(result)}\n`);
}

// ---- start ------------------------------------------------------------------------------------------------------------

control.quit = () => setTimeout(() => process.exit(0), 20);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
if (options.attached) process.stdin.resume().on('end', () => process.exit(0));

const ready = { ready: true };
if (options.uart0 !== undefined) ready.uart0 = await serveUart(0, options.uart0);
if (options.uart1 !== undefined) ready.uart1 = await serveUart(1, options.uart1);
if (options.control !== undefined) ready.control = await serveControl(options.control);
if (options.net !== undefined) ready.net = await connect(board, options.net);
if (!options.off) board.powerOn();
console.log(JSON.stringify(ready));
pace.restart();
loop();
