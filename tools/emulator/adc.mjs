// The ADC: 96 clocks a conversion at 48 MHz, round robin, a FIFO of four, a fractional divider.
import { BasePeripheral } from './core.mjs';

const CS = 0x00;
const RESULT = 0x04;
const FCS = 0x08;
const FIFO = 0x0c;
const DIV = 0x10;
const INTR = 0x14;
const INTE = 0x18;
const INTF = 0x1c;
const INTS = 0x20;

const CS_EN = 1 << 0;
const CS_START_ONCE = 1 << 2;
const CS_START_MANY = 1 << 3;
const CS_READY = 1 << 8;
const CS_WRITABLE = 0x1f700b;
const FCS_EN = 1 << 0;
const FCS_SHIFT = 1 << 1;
const FCS_DREQ_EN = 1 << 3;
const FCS_EMPTY = 1 << 8;
const FCS_FULL = 1 << 9;
const FCS_UNDER = 1 << 10;
const FCS_OVER = 1 << 11;
const FCS_WRITABLE = 0x0f00000f;

const CHANNELS = 5;
const DEPTH = 4;
const CLOCK_NS = 1000 / 48;
const CONVERSION_NS = 96 * CLOCK_NS;
const IRQ = 22;
const DREQ = 36;

/** Replaces rp2040js's ADC, whose round robin sticks at one channel and whose restart starts twice. */
export class Adc extends BasePeripheral {
  /**
   * @param {object} mcu
   * @param {(channel: number) => number} sample the 12-bit code of an input now
   */
  constructor(mcu, sample) {
    super(mcu, 'ADC');
    this.sample = sample;
    this.cs = 0;
    this.fcs = 0;
    this.divider = 0;
    this.interruptEnable = 0;
    this.interruptForce = 0;
    this.result = 0;
    this.fifo = [];
    this.busy = false;
    this.value = 0;
    this.conversions = 0;
    this.overflows = 0;
    this.startNs = 0;
    this.done = mcu.clock.createAlarm(() => this.complete());
    this.next = mcu.clock.createAlarm(() => this.start());
  }

  get channel() {
    return (this.cs >> 12) & 7;
  }

  get threshold() {
    return (this.fcs >>> 24) & 0xf;
  }

  get periodNs() {
    return Math.max(CONVERSION_NS, (1 + this.divider / 256) * CLOCK_NS);
  }

  /** The input is held at the start of a conversion. */
  start() {
    this.busy = true;
    this.startNs = this.rp2040.clock.nanos;
    this.value = this.channel < CHANNELS ? this.sample(this.channel) : 0;
    this.done.schedule(CONVERSION_NS);
  }

  complete() {
    this.busy = false;
    this.conversions++;
    this.result = this.value & 0xfff;
    if (this.fcs & FCS_EN) {
      if (this.fifo.length >= DEPTH) {
        this.fcs |= FCS_OVER;
        this.overflows++;
      } else {
        this.fifo.push(this.fcs & FCS_SHIFT ? this.result >> 4 : this.result);
      }
    }
    const round = (this.cs >> 16) & 0x1f;
    if (round) {
      let channel = this.channel;
      do channel = (channel + 1) % CHANNELS;
      while (!(round & (1 << channel)));
      this.cs = (this.cs & ~0x7000) | (channel << 12);
    }
    const running = CS_EN | CS_START_MANY;
    if ((this.cs & running) === running) {
      const wait = this.startNs + this.periodNs - this.rp2040.clock.nanos;
      if (wait > 0) this.next.schedule(wait);
      else this.start();
    }
    this.update();
  }

  update() {
    const { dma } = this.rp2040;
    const ready = this.fifo.length > 0 && this.fifo.length >= this.threshold;
    if (ready && this.fcs & FCS_DREQ_EN) dma.setDREQ(DREQ);
    else dma.clearDREQ(DREQ);
    this.rp2040.setInterrupt(IRQ, this.interruptStatus !== 0);
  }

  get interruptRaw() {
    return this.fifo.length > 0 && this.fifo.length >= this.threshold ? 1 : 0;
  }

  get interruptStatus() {
    return (this.interruptRaw & this.interruptEnable) | this.interruptForce;
  }

  readUint32(offset) {
    switch (offset) {
      case CS:
        return this.cs | (this.busy ? 0 : CS_READY);
      case RESULT:
        return this.result;
      case FCS: {
        const level = this.fifo.length;
        return this.fcs | (level << 16) | (level >= DEPTH ? FCS_FULL : 0) | (level ? 0 : FCS_EMPTY);
      }
      case FIFO: {
        if (!this.fifo.length) {
          this.fcs |= FCS_UNDER;
          return 0;
        }
        const value = this.fifo.shift();
        this.update();
        return value;
      }
      case DIV:
        return this.divider;
      case INTR:
        return this.interruptRaw;
      case INTE:
        return this.interruptEnable;
      case INTF:
        return this.interruptForce;
      case INTS:
        return this.interruptStatus;
    }
    return super.readUint32(offset);
  }

  writeUint32(offset, value) {
    switch (offset) {
      case CS: {
        this.cs = value & CS_WRITABLE;
        const start = value & CS_EN && value & (CS_START_ONCE | CS_START_MANY);
        if (!(value & CS_START_MANY)) this.next.cancel();
        if (start && !this.busy && !this.next.scheduled) this.start();
        break;
      }
      case FCS:
        this.fcs = (this.fcs & ~FCS_WRITABLE & ~(this.rawWriteValue & (FCS_OVER | FCS_UNDER))) | (value & FCS_WRITABLE);
        break;
      case DIV:
        this.divider = value & 0xffffff;
        break;
      case INTE:
        this.interruptEnable = value & 1;
        break;
      case INTF:
        this.interruptForce = value & 1;
        break;
      default:
        super.writeUint32(offset, value);
    }
    this.update();
  }
}
