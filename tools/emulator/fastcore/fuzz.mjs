// Every opcode on both cores, from the same registers, flags and memory: node fuzz.mjs [SEED [ROUNDS [MISS_CLOCKS]]]
//
// Each round runs each of 65536 opcodes (of those with 32 bits, the second halfword is drawn too) and what happens to follow
// it, and compares registers, flags, clocks, whether the core waits, and memory. Ends with status 1 at the first difference.
// Not compared: an instruction of 32 bits across the end of the flash.
import { Clock } from '../clock.mjs';
import { processorOf } from '../processor.mjs';
import { seeded } from '../random.mjs';

const [seed = 1, rounds = 1, missClocks = 0] = process.argv.slice(2).map(Number);
const random = seeded(seed);
const RAM = 0x20000000;
/** Where code is put, the ends of the parts as well. */
const CODE = [0x10000000, 0x10000100, 0x10002000, 0x101fff70, 0x20000000, 0x20001000, 0x20041f70, 0, 0x200, 0x3f70];
const DATA = 0x20010000;
const WINDOW = 0x4000;
const FLASH_SIZE = 2 * 1024 * 1024;
/** Numbers of note: amounts of shifts, and where signs change. */
const SMALL = [0, 1, 2, 31, 32, 33, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000];
const VALUES = [...SMALL, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff];
/** Addresses: RAM, flash and boot ROM with their ends, divider and spinlocks, peripherals. */
const MEMORY = [DATA, DATA, DATA, RAM, 0x20041ff0, 0x10001000, 0x101ffff0, 0x10200000, 0x11000400, 0x3ff0];
const BASES = [...MEMORY, 0xd0000060, 0xd0000100, 0x40064000, 0x50000000];
const FLAGS = ['N', 'Z', 'C', 'V', 'PM', 'eventRegistered', 'waiting', 'interruptsUpdated', 'pendingSVCall'];
const NOP = 0xbf00;
const DIVIDER = [0xd0000060, 0xd0000064, 0xd0000070, 0xd0000074, 0xd0000078, 0xd000005c];

const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const word = () => below(2 ** 32);

function newChip(slow) {
  const processor = processorOf(missClocks, slow);
  const mcu = processor.start(new Clock());
  mcu.misses = () => processor.misses;
  mcu.clock.attach(mcu.core, mcu.clkSys);
  mcu.logger = { debug() {}, info() {}, warn() {}, error() {} };
  return mcu;
}

const chips = [newChip(true), newChip(false)];
const filling = Uint8Array.from({ length: WINDOW }, () => below(256));
const rom = Uint32Array.from({ length: 0x1000 }, word);
for (const mcu of chips) {
  mcu.loadBootrom(rom);
  mcu.flash.set(filling, 0);
  mcu.flash.set(filling, FLASH_SIZE - WINDOW);
  mcu.sram.set(filling, mcu.sram.length - WINDOW);
}

/** A register: a number of note, an address that something is at, or anything. */
function value() {
  const kind = random();
  if (kind < 0.3) return pick(VALUES);
  if (kind < 0.75) return pick(BASES) + (random() < 0.6 ? 4 * below(16) : below(64));
  return word();
}

/** Writes a halfword where code is; the boot ROM is words. */
function putCode(mcu, address, halfword) {
  if (address >= RAM) mcu.sramView.setUint16(address - RAM, halfword, true);
  else if (address >= 0x10000000) mcu.flashView.setUint16(address - 0x10000000, halfword, true);
  else new Uint16Array(mcu.bootrom.buffer, mcu.bootrom.byteOffset)[address / 2] = halfword;
}

function start(mcu, state, opcode, second) {
  const { core } = mcu;
  mcu.sram.set(filling, DATA - RAM);
  putCode(mcu, 0x10000000 + FLASH_SIZE - 2, NOP);
  putCode(mcu, state.pc, opcode);
  putCode(mcu, state.pc + 2, second);
  core.registers.set(state.registers);
  core.PC = state.pc;
  core.SPSEL = state.processStack;
  core.bankedSP = DATA + 0x2000;
  core.currentMode = state.handler;
  core.IPSR = 0;
  core.VTOR = DATA;
  core.SHPR2 = core.SHPR3 = 0;
  FLAGS.forEach((name, i) => {
    core[name] = Boolean(state.flags & (1 << i)) && !['waiting', 'interruptsUpdated', 'pendingSVCall'].includes(name);
  });
  core.interruptsUpdated = state.asked;
  core.pendingInterrupts = state.pending;
  core.enabledInterrupts = state.enabled;
  core.limit = state.limit;
  for (let i = 0; i < 2; i++) mcu.writeUint32(DIVIDER[i], state.divider[i]);
  mcu.writeUint32(0xd0000100 + 4 * (state.pc & 31), 0);
  core.cycles = 0;
}

function digest(mcu, count) {
  const { core } = mcu;
  const said = {
    count,
    misses: mcu.misses(),
    registers: [...core.registers],
    flags: FLAGS.map((name) => core[name]),
    mode: [core.currentMode, core.IPSR, core.SPSEL, core.bankedSP, core.nPRIV, core.pendingInterrupts | 0],
    cycles: core.cycles,
    divider: DIVIDER.map((address) => mcu.readUint32(address) >>> 0),
  };
  return JSON.stringify(said);
}

function draw(opcode) {
  const registers = Uint32Array.from({ length: 16 }, value);
  registers[13] = random() < 0.9 ? DATA + 4 * below(0x800) : registers[13] & ~3;
  // only a handler returns from an exception, to a frame that is there
  if (random() < 0.02) registers[below(8)] = 0xfffffff0 | pick([1, 9, 13]);
  const wide = opcode >>> 12 === 15 || opcode >>> 11 === 0b11101;
  // of BL, barriers, MRS and MSR
  const known = [0xd000 | word(), 0xf800 | word(), 0x8f40 | (word() & 0x3f), 0x8010, 0x8810, 0x8000 | word(), 0x8800 | word()];
  return {
    second: wide ? pick([word(), ...known]) & 0xffff : word() & 0xffff,
    state: {
      registers,
      pc: pick(CODE) + 2 * below(64),
      flags: word(),
      limit: random() < 0.5 ? 0 : below(12),
      processStack: below(2),
      handler: below(2),
      asked: random() < 0.2,
      pending: random() < 0.5 ? 0 : word() | 0,
      enabled: random() < 0.5 ? 0 : word() | 0,
      divider: [value() >>> 0, value() >>> 0],
    },
  };
}

for (let round = 0; round < rounds; round++) {
  for (let opcode = 0; opcode < 0x10000; opcode++) {
    const { state, second } = draw(opcode);
    for (const mcu of chips) {
      start(mcu, state, opcode, second);
    }
    const [expected, found] = chips.map((mcu) => digest(mcu, mcu.core.run()));
    const sameMemory = Buffer.compare(chips[0].sram, chips[1].sram) === 0;
    if (expected === found && sameMemory) continue;
    const code = [opcode, second].map((x) => x.toString(16));
    console.log(JSON.stringify({ round, code, sameMemory, from: { ...state, registers: [...state.registers] } }));
    console.log(`rp2040js ${expected}\nfast     ${found}`);
    process.exit(1);
  }
}
const sameFlash = Buffer.compare(chips[0].flash, chips[1].flash) === 0;
console.log(JSON.stringify({ opcodes: 65536 * rounds, sameFlash }));
if (!sameFlash) process.exit(1);
