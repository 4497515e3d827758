// The fast core: the instructions of npm's rp2040js in WebAssembly. Registers, RAM, boot ROM and flash lie in its linear
// memory, where JavaScript sees them too. Exceptions, rare instructions and peripherals are rp2040js's.
import { readFileSync } from 'node:fs';
import { CortexM0Core, RP2040, RPSIO } from '../core.mjs';
import { AT, CACHE_SETS, CODE_ENDS, FLASH_SIZE, NO_OPCODE, PAGES, ROM_SIZE, SRAM_SIZE, WORDS } from './layout.mjs';

const BUILT = new URL('../../../build/emulator/fastcore/', import.meta.url);
const XIP = 0x10;
const APB = 0x40;
let module = null;

/** Linear memory and the code over it. They outlive the processor: one machine serves all resets of a board. */
class Machine {
  /** @param {number} missClocks of the XIP cache; 0 takes it for perfect */
  constructor(missClocks) {
    module ??= new WebAssembly.Module(readFileSync(new URL('core.wasm', BUILT)));
    const memory = new WebAssembly.Memory({ initial: PAGES });
    const { buffer } = memory;
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, 64);
    this.registers = new Uint32Array(buffer, 0, 16);
    this.tags = new Int32Array(buffer, AT.CACHE_TAGS, 2 * CACHE_SETS);
    this.missCount = new Float64Array(buffer, 4 * WORDS.MISSES, 1);
    new Uint8Array(buffer, AT.DECODE, 0x10000).set(readFileSync(new URL('decode.bin', BUILT)));
    for (const end of CODE_ENDS) new Uint16Array(buffer, end, 1)[0] = NO_OPCODE;
    this.words[WORDS.MISS_CLOCKS] = missClocks;
    this.mcu = null;
    const env = {
      memory,
      read32: (address) => this.mcu.busRead32(address >>> 0),
      read16: (address) => this.mcu.readUint16(address >>> 0),
      read8: (address) => this.mcu.readUint8(address >>> 0),
      write32: (address, value) => this.mcu.busWrite32(address >>> 0, value >>> 0),
      write16: (address, value) => this.mcu.writeUint16(address >>> 0, value >>> 0),
      write8: (address, value) => this.mcu.writeUint8(address >>> 0, value >>> 0),
      check: () => {
        if (this.mcu.core.checkForInterrupts()) this.mcu.core.waiting = false;
      },
      slow: () => this.mcu.core.executeAlone(),
      bx: (address) => this.mcu.core.BXWritePC(address >>> 0),
    };
    this.exports = new WebAssembly.Instance(module, { env }).exports;
    this.run = missClocks ? this.exports.runCached : this.exports.run;
  }
}

/** What the constructor of rp2040js's core sets before the linear memory is known. */
const FIRST_VALUES = new Int32Array(64);

/** rp2040js's core with the state that both sides change in linear memory. */
class FastCore extends CortexM0Core {
  constructor(mcu, machine) {
    super(mcu);
    machine.registers.set(this.registers);
    machine.words.set(FIRST_VALUES.subarray(WORDS.CYCLES, WORDS.ENABLED + 1), WORDS.CYCLES);
    this.registers = machine.registers;
    this.words = machine.words;
    /** Instructions up to `limit` cycles, or to where it waits; how many. @type {() => number} */
    this.run = machine.run;
  }

  /** One instruction by rp2040js. Whether an interrupt comes before it was settled in WebAssembly. */
  executeAlone() {
    const asked = this.interruptsUpdated;
    this.interruptsUpdated = false;
    this.executeInstruction();
    if (asked) this.interruptsUpdated = true;
  }
}

/** Accessors of FastCore: property, word, and how a value is told from its word and made one. */
function define(property, word, fromWord, toWord) {
  Object.defineProperty(FastCore.prototype, property, {
    get() {
      return fromWord(this.words[word]);
    },
    set(value) {
      this.words[word] = toWord(value);
    },
  });
}
FastCore.prototype.words = FIRST_VALUES;
const same = (x) => x;
define('cycles', WORDS.CYCLES, same, same);
define('limit', WORDS.LIMIT, same, same);
define('pendingInterrupts', WORDS.PENDING, same, same);
define('enabledInterrupts', WORDS.ENABLED, same, same);
const isSet = (x) => x !== 0;
const bit = (x) => (x ? 1 : 0);
define('interruptsUpdated', WORDS.INTERRUPTS_UPDATED, isSet, bit);
define('waiting', WORDS.WAITING, isSet, bit);
define('C', WORDS.C, isSet, bit);
define('PM', WORDS.PRIMASK, isSet, bit);
define('eventRegistered', WORDS.EVENT, isSet, bit);
define('pendingNMI', WORDS.PENDING_NMI, isSet, bit);
define('pendingPendSV', WORDS.PENDING_PENDSV, isSet, bit);
define('pendingSVCall', WORDS.PENDING_SVCALL, isSet, bit);
define('pendingSystick', WORDS.PENDING_SYSTICK, isSet, bit);
const isNegative = (x) => x < 0;
const sign = (x) => (x ? -1 : 0);
define('N', WORDS.N, isNegative, sign);
define('V', WORDS.V, isNegative, sign);
define('Z', WORDS.Z, (x) => x === 0, (x) => (x ? 0 : 1));

/** The SIO as DMA and accesses of bytes reach it, with the divider and the spinlocks of the fast core. */
class FastSio extends RPSIO {
  constructor(mcu, { exports }) {
    super(mcu);
    this.fast = exports;
  }

  readUint32(offset) {
    return this.fast.sioReads(offset) ? this.fast.sioRead(offset) >>> 0 : super.readUint32(offset);
  }

  writeUint32(offset, value) {
    if (this.fast.sioWrites(offset)) this.fast.sioWrite(offset, value);
    else super.writeUint32(offset, value);
  }
}

class FastRP2040 extends RP2040 {
  constructor(clock, machine) {
    super(clock);
    const { buffer } = machine;
    const cleared = [WORDS.DIVIDEND, WORDS.QUOTIENT, WORDS.REMAINDER, WORDS.DIVIDER_CSR, WORDS.SPINLOCKS];
    for (const word of cleared) machine.words[word] = 0;
    machine.words[WORDS.DIVISOR] = 1;
    machine.mcu = this;
    this.bootrom = new Uint32Array(buffer, AT.ROM, ROM_SIZE / 4);
    this.sram = new Uint8Array(buffer, AT.SRAM, SRAM_SIZE).fill(0);
    this.sramView = new DataView(buffer, AT.SRAM, SRAM_SIZE);
    this.flash = new Uint8Array(buffer, AT.FLASH, FLASH_SIZE);
    this.flash16 = new Uint16Array(buffer, AT.FLASH, FLASH_SIZE / 2);
    this.flashView = new DataView(buffer, AT.FLASH, FLASH_SIZE);
    this.core = new FastCore(this, machine);
    this.sio = new FastSio(this, machine);
    /** Peripherals by their page of 16 KB, as they are first used. */
    this.apb = new Array(0x400);
  }

  /** Reads a word for the core: the peripherals of the APB at once, all other as rp2040js does. */
  busRead32(address) {
    if (address >>> 24 !== APB || address & 3) return this.readUint32(address);
    const page = (address >>> 14) & 0x3ff;
    const peripheral = (this.apb[page] ??= this.findPeripheral(address));
    return peripheral === undefined ? this.readUint32(address) : peripheral.readUint32(address & 0x3fff);
  }

  busWrite32(address, value) {
    if (address >>> 24 !== APB) {
      this.writeUint32(address, value);
      return;
    }
    const page = (address >>> 14) & 0x3ff;
    const peripheral = (this.apb[page] ??= this.findPeripheral(address));
    if (peripheral === undefined) this.writeUint32(address, value);
    else peripheral.writeUint32Atomic(address & 0xfff, value, (address & 0x3000) >> 12);
  }
}

/** The same where what JavaScript reads from flash goes through the XIP cache. */
class CachedFastRP2040 extends FastRP2040 {
  constructor(clock, machine) {
    super(clock, machine);
    this.touch = machine.exports.touch;
    machine.tags.fill(-1);
  }

  readUint32(address) {
    if (address >>> 24 === XIP) this.touch?.(address);
    return super.readUint32(address);
  }

  readUint16(address) {
    if (address >>> 24 === XIP) this.touch?.(address);
    return super.readUint16(address);
  }

  readUint8(address) {
    if (address >>> 24 === XIP) this.touch?.(address);
    return super.readUint8(address);
  }
}

/** The fast core over all lives of a board. */
export class FastProcessor {
  /** @param {number} missClocks clocks that a miss of the XIP cache costs; 0 takes it for perfect */
  constructor(missClocks) {
    this.machine = new Machine(missClocks);
    this.cached = missClocks > 0;
  }

  /** A processor at the start of its life, with nothing cached. */
  start(clock) {
    return this.cached ? new CachedFastRP2040(clock, this.machine) : new FastRP2040(clock, this.machine);
  }

  flushCache() {
    this.machine.tags.fill(-1);
  }

  get misses() {
    return this.machine.missCount[0];
  }

  set misses(count) {
    this.machine.missCount[0] = count;
  }
}
