// What the board did while an answer was due: samples of where its processor is and which Python functions it is in, taken
// from outside, so that they cost the board nothing. It wants the symbols of the image: `. tools/build/toolchain-path.sh` first.
import { execFileSync } from 'node:child_process';

const SRAM = 0x20000000;
const FRAME_BYTES = 2048; // FOURQUAD_FRAME_BYTES of boards/common
const FRAMES = 0x20040000; // of an image without a network (boards/common/rp2.h); others have a variable
const FUNCTION_BYTES = 16;
const OUTER = ['App_run', 'Loop_run', 'Loop_visit']; // say nothing of what is done
const DEPTH = 5;
const COLLECTOR = /^gc_(collect|mark|globals|sweep|deal)/;

/** Symbols of an image: [{ at, size, name }] by address. */
function symbols(elf) {
  const text = execFileSync('arm-none-eabi-nm', ['-S', '-n', elf], { maxBuffer: 1 << 26 }).toString();
  const rows = [...text.matchAll(/^([0-9a-f]{8}) ([0-9a-f]{8}) \S (\S+)$/gm)];
  return rows.map(([, at, size, name]) => ({ at: parseInt(at, 16), size: parseInt(size, 16), name }));
}

const word = (bytes, at) => bytes[at] + (bytes[at + 1] << 8) + (bytes[at + 2] << 16) + bytes[at + 3] * 0x1000000;

export class Causes {
  /** @param {import('../emulator/board.mjs').Board} board  @param {string} elf its image with symbols */
  constructor(board, elf) {
    this.board = board;
    this.all = symbols(elf);
    const { at, size } = this.find('mp_frozen_functions');
    Object.assign(this, { functions: at, functionsEnd: at + size });
    const state = this.find('mp_state_ctx');
    const frames = this.all.filter(({ name, size: n }) => /^frames/.test(name) && n === FRAME_BYTES).map((found) => found.at);
    const { sramView: view } = board.mcu;
    for (let word = state.at; word < state.at + state.size; word += 4) {
      const value = view.getUint32(word - SRAM, true);
      if ((frames.length ? frames.includes(value) : value === FRAMES) && view.getUint32(word + 4 - SRAM, true) === value + FRAME_BYTES) this.stack = word;
    }
    if (!this.stack) throw new Error('no stack of frames');
    this.names = new Map();
    this.samples = []; // [ns, what]
  }

  find(name) {
    return this.all.find((symbol) => symbol.name === name);
  }

  /** The symbol at an address. */
  at(address) {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].at <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.all[low - 1];
    return found && address < found.at + found.size ? found : null;
  }

  /** The functions of Python that run, outermost first. */
  python() {
    const { sramView: ram } = this.board.mcu;
    const { flash } = this.board; // not through the XIP, which shows nothing while the chip is busy
    const start = ram.getUint32(this.stack - SRAM, true);
    const end = ram.getUint32(this.stack + 8 - SRAM, true);
    const found = [];
    for (let at = start; at < end - 4; at += 4) {
      const made = ram.getUint32(at - SRAM, true);
      if (made < this.functions || made >= this.functionsEnd || made % FUNCTION_BYTES) continue;
      const code = word(flash, (made & 0xffffff) + 12);
      const symbol = this.at(code);
      // a frame, and not a function that is somebody's argument: its place in the code follows
      const ip = ram.getUint32(at + 4 - SRAM, true);
      if (!symbol || ip < code || ip > code + symbol.size) continue;
      found.push(symbol.name.replace(/^fun_data_(fourquad_)?/, ''));
    }
    return found;
  }

  /** Take a sample. */
  look() {
    const { core } = this.board.mcu;
    let what = 'asleep';
    let native = '';
    if (!core.waiting) {
      native = this.at(core.PC)?.name ?? '?';
      const python = this.python();
      what = python.filter((name) => !OUTER.some((end) => name.endsWith(end))).slice(0, DEPTH).join(' > ') || 'loop';
      if (COLLECTOR.test(native)) what = `COLLECTION in ${what}`;
    }
    this.samples.push([this.board.nanos, what, native]);
  }

  /** Runs the board for `ns`, with a sample every `step` ns. */
  run(ns, step) {
    const end = this.board.nanos + ns;
    while (this.board.nanos < end) {
      this.board.run(Math.min(step, end - this.board.nanos));
      this.look();
    }
  }

  /** ms of each kind within [from, to] ns; the kinds by their length. `of`: 1 by Python, 2 by native function. */
  spent(from, to, of = 1) {
    const { samples } = this;
    let [low, high] = [0, samples.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (samples[middle][0] <= from) low = middle + 1;
      else high = middle;
    }
    const spent = new Map();
    let before = from;
    for (let i = low; i < samples.length && before < to; i++) {
      const until = Math.min(samples[i][0], to);
      spent.set(samples[i][of], (spent.get(samples[i][of]) ?? 0) + (until - before) / 1e6);
      before = until;
    }
    return [...spent].sort((a, b) => b[1] - a[1]);
  }

  /** ms of each kind over everything seen between two times. */
  total(from, to) {
    return { python: this.spent(from, to), native: this.spent(from, to, 2) };
  }
}
