// A 2 MB serial NOR flash (W25Q16 commands) behind the SSI, with real erase and program times and erases that are
// suspended.
import { BasePeripheral } from './core.mjs';

export const FLASH_SIZE = 2 * 1024 * 1024;
const PAGE = 256;
const SECTOR = 4096;
const SUSPEND_US = 20;
/** What the window of the XIP shows while the chip is busy: as code it is undefined. */
const NOTHING = 0xde;

/**
 * The flash chip. Its contents outlive the processor: one object serves all resets of a board.
 * An erase or program is applied at once and remembered with what was there before, so that a suspension or a power cut
 * within its time can put the undone part back.
 */
export class FlashChip {
  /**
   * @param {{eraseUs: number, programUs: number, random: () => number}} options
   */
  constructor({ eraseUs, programUs, random }) {
    this.bytes = new Uint8Array(FLASH_SIZE).fill(0xff);
    this.eraseUs = eraseUs;
    this.programUs = programUs;
    this.random = random;
    /** Whether it knows how to suspend an erase. */
    this.suspends = true;
    this.counts = { erase: 0, program: 0, bytes: 0, suspensions: 0, refused: 0 };
    /** Largest number of erases that any one sector has had. */
    this.wear = new Uint32Array(FLASH_SIZE / SECTOR);
    /** Called with (offset, length) after the contents changed. @type {(offset: number, length: number) => void} */
    this.onChange = () => {};
    /** Called with an operation, or what is left of one, as it begins: kind, startNs, endNs. @type {(operation: object) => void} */
    this.onOperation = () => {};
    this.operation = null;
    this.suspended = null;
    this.cutIn = 0;
    this.cutFraction = 0.5;
  }

  /** Begins a new life of the processor: the clock is new, an operation is over, the write latch is off. */
  attach(mcu, cut) {
    this.mcu = mcu;
    this.clock = mcu.clock;
    this.window = mcu.flash.subarray(0, FLASH_SIZE);
    this.window.set(this.bytes);
    this.cutAlarm = mcu.clock.createAlarm(cut);
    this.readyAlarm = mcu.clock.createAlarm(() => this.uncover());
    this.writeEnabled = false;
    this.operation = null;
    this.command = [];
  }

  get busy() {
    return this.operation !== null && this.clock.nanos < this.operation.endNs;
  }

  address() {
    return ((this.command[1] << 16) | (this.command[2] << 8) | this.command[3]) & (FLASH_SIZE - 1);
  }

  /** Chip select falls: a new command. */
  select() {
    this.command.length = 0;
  }

  /** One byte in, one byte out. */
  exchange(value) {
    const { command } = this;
    command.push(value & 0xff);
    const at = command.length - 1;
    switch (command[0]) {
      case 0x01: // write status, which boot2 does without a chip select of its own
        if (!at && (this.busy || this.suspended)) this.counts.refused++;
        return 0;
      case 0x05: // read status 1: busy, write enable latch
        return (this.busy ? 1 : 0) | (this.writeEnabled ? 2 : 0);
      case 0x35: // read status 2: quad enable, suspended
        return 0x02 | (this.suspended && !(this.busy && this.operation.kind === 'suspend') ? 0x80 : 0);
      case 0x9f: // JEDEC id
        return [0, 0xef, 0x40, 0x15][at] ?? 0;
      case 0x4b: // unique id
        return at >= 5 ? 0xe6 + at : 0;
      case 0x03: // read
        return at >= 4 ? this.bytes[(this.address() + at - 4) & (FLASH_SIZE - 1)] : 0;
    }
    return 0;
  }

  /** Chip select rises: the command takes effect. */
  deselect() {
    const { command } = this;
    if (!command.length) return;
    switch (command[0]) {
      case 0x06:
        this.writeEnabled = true;
        break;
      case 0x04:
        this.writeEnabled = false;
        break;
      case 0x20:
        this.erase(SECTOR, this.eraseUs);
        break;
      case 0x52:
        this.erase(8 * SECTOR, this.eraseUs * 3);
        break;
      case 0xd8:
        this.erase(16 * SECTOR, this.eraseUs * 4);
        break;
      case 0x02:
        this.program();
        break;
      case 0x75:
        this.suspend();
        break;
      case 0x7a:
        this.resume();
        break;
    }
    command.length = 0;
  }

  erase(size, us) {
    const { suspended } = this;
    if (!this.writeEnabled || this.busy || suspended || this.command.length < 4) {
      this.counts.refused++;
      return;
    }
    const offset = this.address() & ~(size - 1);
    this.begin('erase', offset, size, us);
    for (let sector = offset / SECTOR; sector < (offset + size) / SECTOR; sector++) this.wear[sector]++;
    this.counts.erase++;
  }

  program() {
    const { command, suspended } = this;
    const start = this.address();
    const spoilt = suspended && start >= suspended.offset && start < suspended.offset + suspended.size;
    if (!this.writeEnabled || this.busy || spoilt || command.length < 5) {
      this.counts.refused++;
      return;
    }
    const page = start & ~(PAGE - 1);
    const data = command.slice(4);
    this.begin('program', page, PAGE, this.programUs, { start, data });
    this.counts.program++;
    this.counts.bytes += data.length;
  }

  begin(kind, offset, size, us, what = {}) {
    this.writeEnabled = false;
    const before = this.bytes.slice(offset, offset + size);
    const operation = { kind, offset, size, us, before, doneUs: 0, ...what };
    if (this.cutIn > 0 && --this.cutIn === 0) operation.cutUs = us * this.cutFraction;
    this.goOn(operation);
  }

  /** What is left of an operation begins. */
  goOn(operation) {
    const { kind, offset, size, us, doneUs, cutUs, start, data } = operation;
    if (kind === 'erase') this.bytes.fill(0xff, offset, offset + size);
    else data.forEach((byte, i) => (this.bytes[offset | ((start + i) & (PAGE - 1))] &= byte));
    this.run(operation, us - doneUs);
    if (cutUs !== undefined) this.cutAlarm.schedule((cutUs - doneUs) * 1000);
    this.onChange(offset, size);
    this.onOperation(operation);
  }

  /** The chip is busy; code that lies in it does not run. */
  run(operation, us) {
    operation.startNs = this.clock.nanos;
    operation.endNs = operation.startNs + us * 1000;
    this.operation = operation;
    this.window.fill(NOTHING);
    this.readyAlarm.schedule(us * 1000);
  }

  uncover() {
    this.window.set(this.bytes);
    if (this.mcu.core.PC >>> 24 === 0x10) throw new Error('code in the flash ran while the chip was busy');
  }

  suspend() {
    const { operation } = this;
    const { nanos } = this.clock;
    if (!this.suspends || !this.busy || operation.kind !== 'erase') return; // as when it is over already
    if (nanos - operation.startNs < SUSPEND_US * 1000) {
      this.counts.refused++;
      return;
    }
    this.cutAlarm.cancel();
    this.undo(operation);
    operation.doneUs += (nanos - operation.startNs) / 1000;
    this.counts.suspensions++;
    this.suspended = operation;
    this.run({ kind: 'suspend' }, SUSPEND_US);
  }

  resume() {
    const { suspended } = this;
    if (!suspended || this.busy) {
      this.counts.refused++;
      return;
    }
    this.suspended = null;
    this.goOn(suspended);
  }

  /** Puts back of an operation what is not done at this moment. */
  undo({ offset, size, us, doneUs, before, startNs }) {
    const done = Math.min(size - 1, Math.floor((size * (doneUs + (this.clock.nanos - startNs) / 1000)) / us));
    const frontier = this.bytes[offset + done];
    this.bytes.set(before.subarray(done), offset + done);
    // the byte at the frontier: some of its bits have turned, some have not
    const mask = Math.floor(this.random() * 256);
    this.bytes[offset + done] = (before[done] & mask) | (frontier & ~mask);
    this.onChange(offset, size);
  }

  /** Power fails: what was being erased or programmed stays a part done. */
  powerCut() {
    if (this.busy && this.operation.kind !== 'suspend') this.undo(this.operation);
    this.operation = this.suspended = null;
  }
}

const SSIENR = 0x08;
const TXFLR = 0x20;
const RXFLR = 0x24;
const SR = 0x28;
const IDR = 0x58;
const VERSION = 0x5c;
const DR0 = 0x60;

/** The chip select override of the QSPI pads, with which boot ROM and SDK frame their commands. */
const OVERRIDE_NONE = 0;
const OVERRIDE_LOW = 2;
const OVERRIDE_HIGH = 3;

/** The serial interface that the boot ROM drives by hand to erase and program; reads by XIP go past it. */
export class SSI extends BasePeripheral {
  constructor(mcu, chip) {
    super(mcu, 'SSI');
    this.chip = chip;
    this.registers = new Uint32Array(1024);
    this.received = [];
    this.override = OVERRIDE_NONE;
  }

  chipSelect(override) {
    if (this.override === OVERRIDE_LOW && override !== OVERRIDE_LOW) this.chip.deselect();
    this.override = override;
    this.chip.select();
  }

  readUint32(offset) {
    switch (offset) {
      case TXFLR:
        return 0;
      case RXFLR:
        return this.received.length;
      case SR: // transmit FIFO empty and not full; receive FIFO
        return 0x06 | (this.received.length ? 0x08 : 0);
      case IDR:
        return 0x51535049;
      case VERSION:
        return 0x3430312a;
      case DR0:
        return this.received.length ? this.received.shift() : 0;
    }
    return this.registers[offset / 4];
  }

  writeUint32(offset, value) {
    if (offset === DR0) {
      // with the automatic chip select, an empty FIFO means a new command
      if (this.override === OVERRIDE_NONE && this.received.length === 0) this.chip.select();
      const answer = this.override === OVERRIDE_HIGH ? 0xff : this.chip.exchange(value);
      if (this.received.length < 16) this.received.push(answer);
      return;
    }
    if (offset === SSIENR && !(value & 1)) {
      this.received.length = 0;
      if (this.override === OVERRIDE_NONE) this.chip.select();
    }
    this.registers[offset / 4] = value;
  }
}

const QSPI_SS_STATUS = 0x08;
const QSPI_SS_CTRL = 0x0c;

/** IO_QSPI: storage of registers, and the override of the chip select. */
export class QspiPads extends BasePeripheral {
  constructor(mcu, ssi) {
    super(mcu, 'IO_QSPI');
    this.ssi = ssi;
    this.registers = new Uint32Array(1024);
  }

  readUint32(offset) {
    if (offset !== QSPI_SS_STATUS) return this.registers[offset / 4];
    const low = ((this.registers[QSPI_SS_CTRL / 4] >> 8) & 3) === OVERRIDE_LOW;
    return low ? 0 : 1 << 9; // OUTTOPAD
  }

  writeUint32(offset, value) {
    this.registers[offset / 4] = value;
    if (offset === QSPI_SS_CTRL) this.ssi.chipSelect((value >> 8) & 3);
  }
}

const FLUSH = 0x04;

/** XIP_CTRL: what flushes the cache. */
export class XipControl extends BasePeripheral {
  constructor(mcu, flush) {
    super(mcu, 'XIP_CTRL');
    this.flush = flush;
  }

  readUint32() {
    return 0;
  }

  writeUint32(offset) {
    if (offset === FLUSH) this.flush();
  }
}
