// What rp2040js 1.4.1 gets wrong or leaves out, besides the peripherals that are replaced whole.
import { BasePeripheral } from './core.mjs';

const WATCHDOG = 0x40058;
const ROSC = 0x40060;
const VREG_AND_CHIP_RESET = 0x40064;
const TREQ_TIMER0 = 59;
const TREQ_PERMANENT = 63;
const DMA_BUSY = 1 << 24;
const DMA_ABORT = 0x444;
const SNIFF_CTRL = 0x434;
const SNIFF_DATA = 0x438;
const SNIFF_SUM = 0xf;
const CHANNEL_SNIFFED = 1 << 23;

/** DMA: the pacing timers run at clk_sys * X / Y, all four of them, a transfer takes a clock, aborts are seen to end. */
export function fixDma(mcu) {
  const { dma } = mcu;
  dma.getTimer = function microseconds(request) {
    const value = [this.timer0, this.timer1, this.timer2, this.timer3][request - TREQ_TIMER0];
    const x = value >>> 16;
    const y = value & 0xffff;
    return x && y ? ((y / x) * 1e6) / mcu.clkSys : 0;
  };
  const read = dma.readUint32.bind(dma);
  const write = dma.writeUint32.bind(dma);
  let sniffer = 0;
  let sum = 0;
  dma.readUint32 = (offset) => {
    if (offset === DMA_ABORT) return 0; // an abort is done at once
    if (offset === SNIFF_CTRL) return sniffer;
    if (offset === SNIFF_DATA) return sum;
    return read(offset);
  };
  dma.writeUint32 = (offset, value) => {
    if (offset === SNIFF_CTRL) sniffer = value;
    else if (offset === SNIFF_DATA) sum = value >>> 0;
    else write(offset, value);
  };
  // the sniffer as an adder of whole words; its other sums are not modelled
  const sniff = (channel, value) => {
    const wanted = sniffer & 1 && ((sniffer >> 1) & 0xf) === channel.index && ((sniffer >> 5) & 0xf) === SNIFF_SUM;
    if (wanted && channel.ctrl & CHANNEL_SNIFFED) sum = (sum + value) >>> 0;
  };
  for (const channel of dma.channels) {
    channel.transfer32 = () => {
      const value = mcu.readUint32(channel.readAddr);
      mcu.writeUint32(channel.writeAddr, value);
      sniff(channel, value);
    };
    channel.scheduleTransfer = function schedule() {
      const request = this.treqValue;
      if (request === TREQ_PERMANENT || dma.dreq[request]) {
        this.transferAlarm.schedule(1e9 / mcu.clkSys);
      } else if (request >= TREQ_TIMER0) {
        const us = dma.getTimer(request);
        if (us) this.transferAlarm.schedule(us * 1000);
      }
    };
    const start = channel.start;
    channel.start = function startOrFinish() {
      start.call(this);
      // a count of nothing is over at once
      if (this.active && this.transCount === 0) this.ctrl &= ~DMA_BUSY;
    };
  }
}

/** Watchdog: bites once, tells the board, keeps reason and scratch registers over the reset that it makes. */
export function fixWatchdog(mcu, kept, onBite) {
  const watchdog = mcu.peripherals[WATCHDOG];
  watchdog.reason = kept.reason;
  watchdog.scratchData.set(kept.scratch);
  watchdog.onWatchdogTrigger = () => {
    watchdog.alarm.enable = false;
    onBite({ reason: watchdog.reason, scratch: watchdog.scratchData.slice() });
  };
}

/** Ring oscillator: the random bit that MicroPython seeds from, out of the board's own generator. */
export class Rosc extends BasePeripheral {
  constructor(mcu, random) {
    super(mcu, 'ROSC');
    this.random = random;
    this.registers = new Uint32Array(1024);
  }

  readUint32(offset) {
    if (offset === 0x18) return 0x80001000 | 0; // STATUS: stable, enabled
    if (offset === 0x1c) return this.random() < 0.5 ? 0 : 1; // RANDOMBIT
    return this.registers[offset / 4];
  }

  writeUint32(offset, value) {
    this.registers[offset / 4] = value;
  }
}

/** Registers that are only stored; VREG_AND_CHIP_RESET says what reset the chip last. */
class Storage extends BasePeripheral {
  constructor(mcu, name, values) {
    super(mcu, name);
    this.registers = new Uint32Array(1024);
    for (const [offset, value] of Object.entries(values)) this.registers[offset / 4] = value;
  }

  readUint32(offset) {
    return this.registers[offset / 4];
  }

  writeUint32(offset, value) {
    this.registers[offset / 4] = value;
  }
}

export function addMissing(mcu, random, chipReset) {
  mcu.peripherals[ROSC] = new Rosc(mcu, random);
  mcu.peripherals[VREG_AND_CHIP_RESET] = new Storage(mcu, 'VREG_AND_CHIP_RESET', { 0x08: chipReset });
}

/** SPI: a word takes its bits at the port's clock, and a listener sees it when it has gone. */
export function paceSpi(mcu, index, onWord) {
  const spi = mcu.spi[index];
  let word = 0;
  const alarm = mcu.clock.createAlarm(() => spi.completeTransmit(onWord(word) ?? 0));
  spi.onTransmit = (value) => {
    word = value;
    alarm.schedule(spi.clockFrequency ? (spi.dataBits * 1e9) / spi.clockFrequency : 0);
  };
}
