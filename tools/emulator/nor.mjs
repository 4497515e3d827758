// A serial NOR flash on an SPI port: W25Q64JV, W25Q128JV or W25Q256JV (Winbond), as far as its datasheet says what a
// meter needs. Modelled: identity, status 1 and 2, write enable, read, page program, sector erase, all three with three
// and four bytes of address, erase suspend and resume, times, what is ignored while busy or suspended. Not modelled:
// block erase, dual and quad reads, protection, the status registers' writes.

const PAGE = 256;
const SECTOR = 4096;
const SIZES = { W25Q64: 23, W25Q128: 24, W25Q256: 25 };
const SUSPEND_US = 20;
const WHILE_BUSY = new Set([0x05, 0x35, 0x15, 0x75]);
const READ = { 0x03: 3, 0x13: 4 };
const PROGRAM = { 0x02: 3, 0x12: 4 };
const ERASE = { 0x20: 3, 0x21: 4 };

export const WIRING = { spi: 0, select: 17 };

export class Nor {
  /** @param {import('./board.mjs').Board} board @param {{kind?: string, eraseUs?: number, programUs?: number}} options */
  constructor(board, { kind = 'W25Q64', eraseUs = 45000, programUs = 700, ...wiring } = {}) {
    if (!SIZES[kind]) throw new Error(`no such flash: ${kind} (${Object.keys(SIZES).join(', ')})`);
    const { spi, select } = { ...WIRING, ...wiring };
    Object.assign(this, { name: 'nor', board, eraseUs, programUs, power: SIZES[kind], selectPin: select });
    this.bytes = new Uint8Array(1 << this.power).fill(0xff);
    this.forget();
    this.clearStats();
    board.spi[spi].onWord = (word) => this.word(word & 0xff);
    board.onPin(select, (level) => this.select(level));
    board.devices.push(this);
  }

  clearStats() {
    this.counts = { erases: 0, programs: 0, reads: 0, suspensions: 0, ignored: 0 };
  }

  /** Its own life goes on over a reset of the processor. */
  attach() {}

  /** Power was off: what was in progress is half done. */
  powerUp() {
    this.settle();
    const { kind, at, data } = this.work?.kind === 'suspend' ? {} : (this.work ?? {});
    const erasing = kind === 'erase' ? at : this.suspended?.at;
    if (erasing !== undefined) for (let i = 0; i < SECTOR; i += 2) this.bytes[erasing + i] = 0xff;
    else if (kind) data.forEach((byte, i) => (this.bytes[at + i] &= i % 2 ? 0xff : byte));
    this.forget();
  }

  forget() {
    this.asleep = this.enabled = false;
    this.work = this.suspended = null;
    this.frame = [];
  }

  get us() {
    return this.board.nanos / 1e3;
  }

  /** What is over is done. */
  settle() {
    if (!this.work || this.us < this.work.end) return;
    const { kind, at, data } = this.work;
    this.work = null;
    if (kind === 'suspend') return;
    this.enabled = false;
    if (kind === 'erase') this.bytes.fill(0xff, at, at + SECTOR);
    else data.forEach((byte, i) => (this.bytes[at - (at % PAGE) + ((at + i) % PAGE)] &= byte));
  }

  get busy() {
    this.settle();
    return this.work !== null;
  }

  address(size) {
    return this.frame.slice(1, 1 + size).reduce((sum, byte) => sum * 256 + byte, 0) % this.bytes.length;
  }

  select(level) {
    if (!level) this.frame = [];
    else if (this.frame.length) this.act();
  }

  word(byte) {
    if (this.board.pin(this.selectPin)) return 0;
    this.frame.push(byte);
    const [code] = this.frame;
    const n = this.frame.length;
    if (this.asleep || (this.busy && !WHILE_BUSY.has(code))) return 0xff;
    if (code === 0x05 && n > 1) return (this.busy ? 1 : 0) | (this.enabled ? 2 : 0);
    if (code === 0x35 && n > 1) return this.suspended && !this.busy ? 0x80 : 0;
    if (code === 0x9f && n > 1) return [0xef, 0x40, this.power][n - 2] ?? 0;
    const size = READ[code];
    if (!size || n <= 1 + size || (size === 4 && this.power < 25)) return 0xff;
    const at = (this.address(size) + n - 2 - size) % this.bytes.length;
    const spoilt = this.suspended && at >= this.suspended.at && at < this.suspended.at + SECTOR;
    return spoilt ? 0x5a : this.bytes[at];
  }

  act() {
    const [code] = this.frame;
    if (code === 0xab) this.asleep = false;
    else if (this.asleep) this.counts.ignored += code === 0x05 ? 0 : 1;
    else if (code === 0x75) this.suspend();
    else if (this.busy) this.counts.ignored += WHILE_BUSY.has(code) ? 0 : 1;
    else if (code === 0xb9) this.asleep = true;
    else if (code === 0x06) this.enabled = true;
    else if (code === 0x7a) this.resume();
    else if (READ[code]) this.counts.reads++;
    else if (PROGRAM[code]) this.begin('program', PROGRAM[code], this.programUs);
    else if (ERASE[code]) this.begin('erase', ERASE[code], this.eraseUs);
  }

  begin(kind, size, us) {
    const data = this.frame.slice(1 + size);
    let at = this.address(size);
    if (!this.enabled || this.suspended || this.frame.length <= size || (size === 4 && this.power < 25)) {
      this.counts.ignored++;
      return;
    }
    if (kind === 'erase') at -= at % SECTOR;
    this.counts[`${kind}s`]++;
    this.work = { kind, at, data, end: this.us + us };
  }

  suspend() {
    if (!this.busy || this.work.kind !== 'erase' || this.us - this.resumed < SUSPEND_US) {
      this.counts.ignored++;
      return;
    }
    this.counts.suspensions++;
    this.suspended = { at: this.work.at, left: this.work.end - this.us };
    this.work = { kind: 'suspend', end: this.us + SUSPEND_US };
  }

  resume() {
    if (!this.suspended) {
      this.counts.ignored++;
      return;
    }
    this.work = { kind: 'erase', at: this.suspended.at, data: [], end: this.us + this.suspended.left };
    this.suspended = null;
    this.resumed = this.us;
  }
}
