// The emulated board: an RP2040 with 2 MB of flash, ADC inputs, pins and two serial lines, in a time of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { Adc } from './adc.mjs';
import { Clock } from './clock.mjs';
import { addMissing, fixDma, fixWatchdog, paceSpi } from './fixes.mjs';
import { FLASH_SIZE, FlashChip, QspiPads, SSI, XipControl } from './flash.mjs';
import { drivenLevel, wirePads } from './gpio.mjs';
import { pacePio, pinMoved } from './pio.mjs';
import { processorOf } from './processor.mjs';
import { seeded } from './random.mjs';
import { Pl011, UartLine } from './uart.mjs';

const XIP_BASE = 0x10000000;
const PINS = 30;
/** Instructions that a state machine may run at one instant where only a device beside it can tell. */
const AHEAD = 128;
const XIP_CTRL_BASE = 0x14000;
const SSI_BASE = 0x18000;
const IO_QSPI_BASE = 0x40018;
const UARTS = [
  { base: 0x40034, irq: 20, dreq: { tx: 20, rx: 21 } },
  { base: 0x40038, irq: 21, dreq: { tx: 22, rx: 23 } },
];
const ADC_BASE = 0x4004c;
const RESET_BY_POWER = 1 << 8;
const RESET_BY_RUN_PIN = 1 << 16;
const NOTHING_KEPT = { reason: 0, scratch: new Uint32Array(8) };
/** Code of the temperature sensor at 27 degrees. */
const TEMPERATURE_CODE = 876;

const load = (source) => (typeof source === 'string' || source instanceof URL ? readFileSync(source) : source);

export class Board {
  /**
   * @param {object} options
   * @param {string|Uint8Array} options.bootrom
   * @param {string|Uint8Array} options.firmware image for the start of the flash
   * @param {string|Uint8Array} [options.flash] whole flash image, under the firmware
   * @param {number} [options.eraseUs] time to erase a sector of 4 KB
   * @param {number} [options.programUs] time to program a page of 256 bytes
   * @param {number} [options.missClocks] clocks that a miss of the XIP cache costs; 0 takes it for perfect
   * @param {boolean} [options.slowCore] rp2040js's own core (the environment's SLOW_CORE)
   * @param {number} [options.seed]
   * @param {boolean} [options.on] power at the start (true)
   * @param {(level: string, name: string, text: string) => void} [options.log]
   */
  constructor(options) {
    const { bootrom, firmware, flash, eraseUs = 45000, programUs = 700, missClocks = 0, slowCore } = options;
    const { seed = 1, on = true, log } = options;
    const rom = Uint8Array.from(load(bootrom));
    this.bootrom = new Uint32Array(rom.buffer);
    this.firmware = load(firmware);
    this.log = log ?? (() => {});
    this.random = seeded(seed);
    this.processor = processorOf(missClocks, slowCore);
    this.flashChip = new FlashChip({ eraseUs, programUs, random: this.random });

    /** ADC inputs: a 12-bit code, or a function of emulated nanoseconds. @type {(number|((ns: number) => number))[]} */
    this.adc = [0, 0, 0, 0, TEMPERATURE_CODE];
    this.outside = new Array(PINS).fill(null);
    this.pinListeners = Array.from({ length: PINS }, () => new Set());
    this.edges = new Uint32Array(PINS);
    this.uart = UARTS.map((_, i) => new UartLine(i, () => this.nanos));
    /** Words that leave by SPI: `spi[n].onWord(word)` may answer with the word that comes back. */
    this.spi = [{ onWord: () => 0 }, { onWord: () => 0 }];
    /** Chips other than the processor: `attach(mcu)` is called when it starts. */
    this.devices = [];
    /** Power went on or off, also by cutPower(). @type {(on: boolean) => void} */
    this.onPower = () => {};

    this.mcu = null;
    this.powered = false;
    this.baseNanos = 0;
    this.idleNs = 0;
    this.instructions = 0;
    this.resets = 0;
    this.pending = null;
    if (flash) this.loadFlash(flash);
    this.flashChip.bytes.set(this.firmware);
    if (on) this.powerOn();
  }

  // ---- time -------------------------------------------------------------------------------------------------

  /** Emulated nanoseconds since this object was made. */
  get nanos() {
    return this.mcu ? this.baseNanos + this.mcu.clock.nanos : this.baseNanos;
  }

  /** Advances emulated time by `ns`. Power that fails on the way leaves the board off for the rest. */
  run(ns) {
    let left = ns;
    while (this.powered) {
      // by the clock of this life alone: with `baseNanos` added and rounded, the end need not come at the same time
      const { clock } = this.mcu;
      const end = clock.nanos + left;
      this.runPowered(end);
      left = end - clock.nanos;
      if (this.pending) this.settle();
      if (left <= 0) return;
    }
    this.baseNanos += left;
  }

  /**
   * Runs until `predicate()` is true, asked every `stepNs`; at most `ns`.
   * @returns {boolean} whether it became true
   */
  runUntil(predicate, ns, stepNs = 200e3) {
    const end = this.nanos + ns;
    while (!predicate()) {
      if (this.nanos >= end) return false;
      this.run(Math.min(stepNs, end - this.nanos));
    }
    return true;
  }

  /** The inner loop, up to clock time `end` or to a pending reset or loss of power. */
  runPowered(end) {
    const { core, clock } = this.mcu;
    while (clock.nanos < end && this.pending === null) {
      if (core.waiting) {
        const next = clock.first;
        const step = (next !== null && next.nanos < end ? next.nanos : end) - clock.nanos;
        this.idleNs += step;
        clock.advance(clock.nanos + step);
        continue;
      }
      clock.setLimit(end);
      this.instructions += core.run();
      clock.advance(clock.nanos);
    }
  }

  /** Does what was asked for inside the inner loop: a watchdog reset or a loss of power. */
  settle() {
    const { kind, kept } = this.pending;
    this.pending = null;
    if (kind === 'power') {
      this.powerOff();
    } else {
      this.resets++;
      this.start(kept, RESET_BY_RUN_PIN);
    }
  }

  // ---- power ------------------------------------------------------------------------------------------------

  powerOn() {
    if (this.powered) return;
    this.powered = true;
    this.start(NOTHING_KEPT, RESET_BY_POWER);
    this.onPower(true);
  }

  /** Cuts the power now; an erase or program under way stays a part done. */
  powerOff() {
    if (!this.powered) return;
    this.flashChip.powerCut();
    this.baseNanos = this.nanos;
    this.powered = false;
    this.mcu = null;
    for (const device of this.devices) device.powerUp();
    for (const line of this.uart) {
      line.port = null;
      line.waiting.length = 0;
    }
    this.onPower(false);
  }

  /** Pulls the RUN pin. */
  reset() {
    if (!this.powered) return;
    this.resets++;
    this.start(NOTHING_KEPT, RESET_BY_RUN_PIN);
  }

  /** Power fails inside the n-th flash operation from now, after `fraction` of its time; 0 calls it off. */
  cutPower(n, fraction = 0.5) {
    this.flashChip.cutIn = n;
    this.flashChip.cutFraction = fraction;
  }

  /** A new life of the processor, with the flash as it is. */
  start(kept, chipReset) {
    this.baseNanos = this.nanos;
    const mcu = this.processor.start(new Clock());
    mcu.clock.attach(mcu.core, mcu.clkSys);
    mcu.addClockListener((frequency) => mcu.clock.setFrequency(frequency));
    const tell = (level) => (name, text) => this.log(level, name, text);
    mcu.logger = { debug() {}, info() {}, warn: tell('warn'), error: tell('error') };
    mcu.loadBootrom(this.bootrom);
    this.flashChip.attach(mcu, () => {
      this.pending = { kind: 'power' };
      mcu.clock.interrupt();
    });
    const ssi = new SSI(mcu, this.flashChip);
    mcu.peripherals[SSI_BASE] = ssi;
    mcu.peripherals[XIP_CTRL_BASE] = new XipControl(mcu, () => this.processor.flushCache());
    mcu.peripherals[IO_QSPI_BASE] = new QspiPads(mcu, ssi);

    mcu.adc = new Adc(mcu, (channel) => {
      const input = this.adc[channel];
      return typeof input === 'function' ? input(this.baseNanos + mcu.clock.nanos) : input;
    });
    mcu.peripherals[ADC_BASE] = mcu.adc;
    fixDma(mcu);
    fixWatchdog(mcu, kept, (keep) => {
      this.pending ??= { kind: 'reset', kept: keep };
      mcu.clock.interrupt();
    });
    addMissing(mcu, this.random, chipReset);
    pacePio(mcu, this.devices.length ? AHEAD : 1);
    wirePads(mcu, this.outside);
    mcu.gpio.forEach((pin, index) => pin.addListener((state) => this.pinChanged(index, state)));
    mcu.spi.forEach((_, index) => paceSpi(mcu, index, (word) => this.spi[index].onWord(word)));
    mcu.uart = UARTS.map(({ base, irq, dreq }, i) => {
      const line = this.uart[i];
      const port = new Pl011(mcu, line, irq, dreq);
      port.clkPeriChanged = () => {};
      mcu.peripherals[base] = port;
      line.port = port;
      return port;
    });
    // as the boot ROM leaves it: the second stage at the start of the flash, and its stack
    mcu.core.PC = XIP_BASE;
    mcu.core.LR = 0;
    mcu.core.SP = 0x20041f00;
    this.mcu = mcu;
    for (const line of this.uart) line.port.pullLine();
    for (const device of this.devices) device.attach(mcu);
  }

  // ---- flash ------------------------------------------------------------------------------------------------

  /** The bytes of the flash as they are now. */
  get flash() {
    return this.flashChip.bytes;
  }

  saveFlash(file) {
    writeFileSync(file, this.flash);
  }

  /** Takes a whole flash image, with the firmware laid over its start. Only while power is off. */
  loadFlash(source) {
    if (this.powered) throw new Error('power is on');
    const image = load(source);
    if (image.length !== FLASH_SIZE) throw new Error(`a flash image has ${FLASH_SIZE} bytes, this one ${image.length}`);
    this.flashChip.bytes.set(image);
    this.flashChip.bytes.set(this.firmware);
  }

  // ---- pins -------------------------------------------------------------------------------------------------

  /** Drives a pin from outside; null lets it go, so that the board or its pull decides. */
  setPin(index, level) {
    const wanted = level === null ? null : level ? 1 : 0;
    if (this.outside[index] === wanted) return;
    const pin = this.mcu?.gpio[index];
    const before = pin?.rawInputValue;
    this.outside[index] = wanted;
    if (pin && pin.rawInputValue !== before) pin.setInputValue(pin.rawInputValue);
  }

  /** What the board drives a pin to: 0, 1, or null when it does not drive it. */
  pin(index) {
    return this.mcu ? drivenLevel(this.mcu.gpio[index]) : null;
  }

  /** Calls `listener(level, ns)` when what the board drives a pin to changes. Returns a function that ends it. */
  onPin(index, listener) {
    this.pinListeners[index].add(listener);
    return () => this.pinListeners[index].delete(listener);
  }

  /** `state` is GPIOPinState of rp2040js: 0 and 1 are driven. */
  pinChanged(index, state) {
    this.edges[index]++;
    pinMoved(this.mcu, index);
    const listeners = this.pinListeners[index];
    if (!listeners.size) return;
    const level = state === 0 || state === 1 ? state : null;
    for (const listener of listeners) listener(level, this.nanos);
  }

  // ---- statistics -------------------------------------------------------------------------------------------

  stats() {
    const { adc } = this.mcu ?? {};
    return {
      powered: this.powered,
      ns: Math.round(this.nanos),
      idle_ns: Math.round(this.idleNs),
      instructions: this.instructions,
      resets: this.resets,
      clk_sys: this.mcu?.clkSys ?? 0,
      flash: { ...this.flashChip.counts, most_worn: this.flashChip.wear.reduce((a, b) => Math.max(a, b), 0) },
      adc: { conversions: adc?.conversions ?? 0, overflows: adc?.overflows ?? 0 },
      ...Object.assign({}, ...this.devices.map((device) => ({ [device.name]: { ...device.counts } }))),
      uart: this.uart.map((line) => line.stats()),
      xip_misses: this.processor.misses,
    };
  }

  /** Starts counting anew; time and wear go on. */
  clearStats() {
    this.idleNs = 0;
    this.instructions = 0;
    this.resets = 0;
    Object.assign(this.flashChip.counts, { erase: 0, program: 0, bytes: 0, suspensions: 0, refused: 0 });
    if (this.mcu) this.mcu.adc.conversions = this.mcu.adc.overflows = 0;
    for (const line of this.uart) line.clearStats();
    for (const device of this.devices) device.clearStats();
    this.processor.misses = 0;
  }
}
