// A serial line and the PL011 behind it: bytes take their time, FIFOs have levels, receive time-out, DREQs.
import { BasePeripheral } from './core.mjs';

const DR = 0x00;
const RSR = 0x04;
const FR = 0x18;
const IBRD = 0x24;
const FBRD = 0x28;
const LCR_H = 0x2c;
const CR = 0x30;
const IFLS = 0x34;
const IMSC = 0x38;
const RIS = 0x3c;
const MIS = 0x40;
const ICR = 0x44;
const DMACR = 0x48;
const IDENTITY = { 0xfe0: 0x11, 0xfe4: 0x10, 0xfe8: 0x34, 0xfec: 0, 0xff0: 0x0d, 0xff4: 0xf0, 0xff8: 0x05, 0xffc: 0xb1 };

const RX = 1 << 4;
const TX = 1 << 5;
const RT = 1 << 6;
const FE = 1 << 7;
const PE = 1 << 8;
const BE = 1 << 9;
const OE = 1 << 10;
const LEVELS = [4, 8, 16, 24, 28, 28, 28, 28];
const CR_ENABLED_RX = 0x201;
const CR_ENABLED_TX = 0x101;
const FIFO_DEPTH = 32;

/** What the outside sees of a UART. It stays when the processor is reset; send and listen here. */
export class UartLine {
  constructor(index, now) {
    this.index = index;
    this.now = now;
    /** A byte left the board: its value, its start bit and the end of its stop bit. @type {Function} */
    this.onByte = () => {};
    /** The last byte given to send() has arrived. @type {Function} */
    this.onDelivered = () => {};
    this.port = null;
    this.waiting = [];
    this.lastActivityNs = -Infinity;
    this.clearStats();
  }

  clearStats() {
    this.received = 0;
    this.sent = 0;
    this.overruns = 0;
    this.lostUnpowered = 0;
    /** Largest pause between two bytes of a frame, a frame being ended by 3.5 characters of silence. */
    this.maxGapNs = 0;
    this.lastStopNs = this.lastStopNs ?? -Infinity;
    this.lastReceivedNs = this.lastReceivedNs ?? -Infinity;
  }

  get baud() {
    return this.port ? this.port.baudRate : 115200;
  }

  get characterNs() {
    return this.port ? this.port.bitNs * this.port.frameBits : 86806;
  }

  /** Silence that parts frames: 3.5 characters, 1.75 ms above 19200 baud. */
  get silenceNs() {
    return this.baud > 19300 ? 1.75e6 : 3.5 * this.characterNs;
  }

  /** True while bytes are on their way to the board. */
  get lineBusy() {
    return this.waiting.length > 0;
  }

  /**
   * Puts bytes on the receive line, back to back.
   * @param {Iterable<number>|string} data a byte may carry the error flags 0x100 framing, 0x200 parity, 0x400 break
   * @param {number} gapNs silence before the first
   */
  send(data, gapNs = 0) {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    let gap = gapNs;
    for (const byte of bytes) {
      this.waiting.push([byte, gap]);
      gap = 0;
    }
    if (this.port) this.port.pullLine();
    else {
      this.lostUnpowered += this.waiting.length;
      this.waiting.length = 0;
    }
  }

  arrived(byte) {
    this.received++;
    this.lastReceivedNs = this.lastActivityNs = this.now();
    if (!this.waiting.length) this.onDelivered(byte);
  }

  left(byte, startNs, endNs) {
    this.sent++;
    const gap = startNs - this.lastStopNs;
    if (gap < this.silenceNs) this.maxGapNs = Math.max(this.maxGapNs, gap);
    this.lastStopNs = this.lastActivityNs = endNs;
    this.onByte(byte, startNs, endNs);
  }

  stats() {
    const { received, sent, overruns, lostUnpowered } = this;
    const known = (ns) => (Number.isFinite(ns) ? Math.round(ns) : null);
    return {
      baud: Math.round(this.baud),
      received,
      sent,
      overruns,
      lost_unpowered: lostUnpowered,
      max_gap_us: this.maxGapNs / 1000,
      last_stop_ns: known(this.lastStopNs),
      last_received_ns: known(this.lastReceivedNs),
    };
  }
}

/** Replaces rp2040js's UART, whose transmit interrupt cannot be cleared and whose bytes take no time. */
export class Pl011 extends BasePeripheral {
  constructor(mcu, line, irq, dreq) {
    super(mcu, `UART${line.index}`);
    this.line = line;
    this.irq = irq;
    this.dreq = dreq;
    this.integerDivisor = 0;
    this.fractionalDivisor = 0;
    this.lineControl = 0;
    this.control = 0x300;
    this.levels = 0x12;
    this.mask = 0;
    this.raw = 0;
    this.dmaControl = 0;
    this.rx = [];
    this.tx = [];
    this.shifting = false;
    this.arriving = false;
    this.current = 0;
    this.startNs = 0;
    this.txAlarm = mcu.clock.createAlarm(() => this.shifted());
    this.rxAlarm = mcu.clock.createAlarm(() => this.arrive());
    this.timeoutAlarm = mcu.clock.createAlarm(() => this.timedOut());
  }

  get depth() {
    return this.lineControl & 0x10 ? FIFO_DEPTH : 1;
  }

  get baudRate() {
    const divisor = this.integerDivisor + this.fractionalDivisor / 64;
    return divisor ? this.rp2040.clkPeri / (16 * divisor) : 115200;
  }

  get bitNs() {
    return 1e9 / this.baudRate;
  }

  get frameBits() {
    const data = 5 + ((this.lineControl >> 5) & 3);
    return 1 + data + (this.lineControl & 2 ? 1 : 0) + (this.lineControl & 8 ? 2 : 1);
  }

  get receiveLevel() {
    return this.depth === 1 ? 1 : LEVELS[(this.levels >> 3) & 7];
  }

  /** Takes the next byte from the line, if one waits and none is on its way. */
  pullLine() {
    if (this.arriving || !this.line.waiting.length) return;
    this.arriving = true;
    this.rxAlarm.schedule(this.line.waiting[0][1] + this.bitNs * this.frameBits);
  }

  arrive() {
    this.arriving = false;
    const [byte] = this.line.waiting.shift();
    if ((this.control & CR_ENABLED_RX) === CR_ENABLED_RX) this.receive(byte);
    this.line.arrived(byte);
    this.pullLine();
  }

  receive(byte) {
    if (this.rx.length >= this.depth) {
      this.raw |= OE;
      this.line.overruns++;
    } else {
      this.rx.push(byte);
      this.raw |= (byte & 0x100 ? FE : 0) | (byte & 0x200 ? PE : 0) | (byte & 0x400 ? BE : 0);
      if (this.rx.length >= this.receiveLevel) this.raw |= RX;
      this.timeoutAlarm.schedule(this.bitNs * 32);
    }
    this.update();
  }

  timedOut() {
    if (!this.rx.length) return;
    this.raw |= RT;
    this.update();
  }

  startByte() {
    if (this.shifting || !this.tx.length || (this.control & CR_ENABLED_TX) !== CR_ENABLED_TX) return;
    const before = this.tx.length;
    this.current = this.tx.shift();
    this.shifting = true;
    this.startNs = this.line.now();
    this.txAlarm.schedule(this.bitNs * this.frameBits);
    const threshold = this.depth === 1 ? 0 : LEVELS[this.levels & 7];
    if (before > threshold && this.tx.length <= threshold) this.raw |= TX;
  }

  shifted() {
    this.shifting = false;
    this.line.left(this.current, this.startNs, this.line.now());
    this.startByte();
    this.update();
  }

  update() {
    const { dma } = this.rp2040;
    this.rp2040.setInterrupt(this.irq, (this.raw & this.mask) !== 0);
    if (this.dmaControl & 2 && this.control & 1 && this.tx.length < this.depth) dma.setDREQ(this.dreq.tx);
    else dma.clearDREQ(this.dreq.tx);
    if (this.dmaControl & 1 && this.rx.length) dma.setDREQ(this.dreq.rx);
    else dma.clearDREQ(this.dreq.rx);
  }

  readUint32(offset) {
    switch (offset) {
      case DR:
        return this.readData();
      case RSR:
        return 0;
      case FR:
        return this.flags;
      case IBRD:
        return this.integerDivisor;
      case FBRD:
        return this.fractionalDivisor;
      case LCR_H:
        return this.lineControl;
      case CR:
        return this.control;
      case IFLS:
        return this.levels;
      case IMSC:
        return this.mask;
      case RIS:
        return this.raw;
      case MIS:
        return this.raw & this.mask;
      case DMACR:
        return this.dmaControl;
    }
    return IDENTITY[offset] ?? 0;
  }

  readData() {
    const value = this.rx.length ? this.rx.shift() : 0;
    if (this.rx.length < this.receiveLevel) this.raw &= ~RX;
    if (!this.rx.length) {
      this.raw &= ~RT;
      this.timeoutAlarm.cancel();
    } else if (!(this.raw & RT)) {
      this.timeoutAlarm.schedule(this.bitNs * 32);
    }
    this.update();
    return value;
  }

  get flags() {
    const { tx, rx, depth } = this;
    return (
      (tx.length ? 0 : 0x80) |
      (rx.length >= depth ? 0x40 : 0) |
      (tx.length >= depth ? 0x20 : 0) |
      (rx.length ? 0 : 0x10) |
      (this.shifting || tx.length ? 0x08 : 0)
    );
  }

  writeUint32(offset, value) {
    switch (offset) {
      case DR:
        if (this.tx.length < this.depth) this.tx.push(value & 0xff);
        if (this.tx.length > LEVELS[this.levels & 7]) this.raw &= ~TX;
        this.startByte();
        break;
      case IBRD:
        this.integerDivisor = value & 0xffff;
        break;
      case FBRD:
        this.fractionalDivisor = value & 0x3f;
        break;
      case LCR_H:
        this.lineControl = value & 0xff;
        break;
      case CR:
        this.control = value & 0xffff;
        this.startByte();
        break;
      case IFLS:
        this.levels = value & 0x3f;
        break;
      case IMSC:
        this.mask = value & 0x7ff;
        break;
      case ICR:
        this.raw &= ~this.rawWriteValue;
        if (this.rx.length) this.timeoutAlarm.schedule(this.bitNs * 32);
        break;
      case DMACR:
        this.dmaControl = value & 7;
        break;
    }
    this.update();
  }
}
