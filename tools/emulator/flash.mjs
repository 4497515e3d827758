// A 2 MB serial NOR flash (W25Q16 commands) behind the SSI, with real erase and program times.
import { BasePeripheral } from './core.mjs';

export const FLASH_SIZE = 2 * 1024 * 1024;
const PAGE = 256;
const SECTOR = 4096;

/**
 * The flash chip. Its contents outlive the processor: one object serves all resets of a board.
 * An erase or program is applied at once and remembered with what was there before, so that a power cut within
 * its time can put the undone part back.
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
    this.counts = { erase: 0, program: 0, bytes: 0 };
    /** Largest number of erases that any one sector has had. */
    this.wear = new Uint32Array(FLASH_SIZE / SECTOR);
    /** Called with (offset, length) after the contents changed. @type {(offset: number, length: number) => void} */
    this.onChange = () => {};
    /** Called with (count, endNs) at the start of every operation. @type {(operation: object) => void} */
    this.onOperation = () => {};
    this.operation = null;
    this.cutIn = 0;
    this.cutFraction = 0.5;
  }

  /** Begins a new life of the processor: the clock is new, an operation is over, the write latch is off. */
  attach(memory, clock, cut) {
    memory.set(this.bytes);
    this.bytes = memory.subarray(0, FLASH_SIZE);
    this.clock = clock;
    this.cutAlarm = clock.createAlarm(cut);
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
      case 0x05: // read status 1: busy, write enable latch
        return (this.busy ? 1 : 0) | (this.writeEnabled ? 2 : 0);
      case 0x35: // read status 2: quad enable
        return 0x02;
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
    }
    command.length = 0;
  }

  erase(size, us) {
    if (!this.writeEnabled || this.busy || this.command.length < 4) return;
    const offset = this.address() & ~(size - 1);
    this.begin('erase', offset, size, us);
    this.bytes.fill(0xff, offset, offset + size);
    for (let sector = offset / SECTOR; sector < (offset + size) / SECTOR; sector++) this.wear[sector]++;
    this.counts.erase++;
    this.onChange(offset, size);
  }

  program() {
    const { command } = this;
    if (!this.writeEnabled || this.busy || command.length < 5) return;
    const start = this.address();
    const page = start & ~(PAGE - 1);
    this.begin('program', page, PAGE, this.programUs);
    for (let i = 4; i < command.length; i++) this.bytes[page | ((start + i - 4) & (PAGE - 1))] &= command[i];
    this.counts.program++;
    this.counts.bytes += command.length - 4;
    this.onChange(page, PAGE);
  }

  begin(kind, offset, size, us) {
    this.writeEnabled = false;
    const startNs = this.clock.nanos;
    const before = this.bytes.slice(offset, offset + size);
    this.operation = { kind, offset, size, before, startNs, endNs: startNs + us * 1000 };
    if (this.cutIn > 0 && --this.cutIn === 0) this.cutAlarm.schedule(us * 1000 * this.cutFraction);
    this.onOperation(this.operation);
  }

  /** Power fails: what was being erased or programmed stays a part done. */
  powerCut() {
    const { operation } = this;
    if (!operation || !this.busy) return;
    const { offset, size, before, startNs, endNs } = operation;
    const done = Math.floor((size * (this.clock.nanos - startNs)) / (endNs - startNs));
    const frontier = this.bytes[offset + done];
    this.bytes.set(before.subarray(done), offset + done);
    // the byte at the frontier: some of its bits have turned, some have not
    const mask = Math.floor(this.random() * 256);
    this.bytes[offset + done] = (before[done] & mask) | (frontier & ~mask);
    this.operation = null;
    this.onChange(offset, size);
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
