// The ADS131M08 (TI, SBAS950): eight channels of 24 bits at once, on pins of the board, clocked by the board.
// Modelled: registers and commands, all word lengths, the CRC of its output, DRDY, the FIFO of two samples, SYNC/RESET,
// the sinc3 filter's response to a load (load.mjs). Not modelled: CRC of its input, global chop, calibration registers,
// reads of more than one register, current detection.

const CHANNELS = 8;
const ID = 0x2800;
const FULL_SCALE_VOLTS = 1.2;
const RESET_CLOCKS = 2048; // a SYNC/RESET pulse from this length on is a reset
const WORD_BITS = [16, 24, 32, 32];
const OSR = [128, 256, 512, 1024, 2048, 4096, 8192, 16256];
const REGISTER = { ID: 0, STATUS: 1, MODE: 2, CLOCK: 3, GAIN1: 4, GAIN2: 5, CFG: 6 };
const DEFAULTS = { [REGISTER.MODE]: 0x0510, [REGISTER.CLOCK]: 0xff0e, [REGISTER.CFG]: 0x0600 };
const MODE_RESET = 1 << 10;
const LOCKED = 1 << 15;
const RESYNC = 1 << 14;
const RESPONSES = { 0x0022: 0x0022, 0x0033: 0x0033, 0x0555: 0x0555, 0x0655: 0x0655 };
const FUNCTION_CLOCK = 8;
const CLK_SYS = 6;
const IDLE_NS = 1e6; // how often a converter without a clock looks for one
const DRDY_HIGH_NS = 1000;

export const PINS = { dout: 16, cs: 17, sclk: 18, din: 19, drdy: 20, clkin: 21, reset: 22 };
const SELECTS = [26, 27, 28]; // CS of several on the same pins

/** So many converters; of several only the first drives DRDY. Their names are ads131, ads131b, ads131c. */
export function converters(board, count) {
  if (count === 1) return [new Ads131(board)];
  return SELECTS.slice(0, count).map((cs, i) => {
    return new Ads131(board, { ...PINS, cs, drdy: i ? undefined : PINS.drdy }, `ads131${['', 'b', 'c'][i]}`);
  });
}

/** CRC-16-CCITT, polynomial 0x1021, from 0xFFFF, over bytes. */
export function crc16(bytes) {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

export class Ads131 {
  /** @param {import('./board.mjs').Board} board @param {object} pins see PINS; clkin is one of the GPOUT pins */
  constructor(board, pins = PINS, name = 'ads131') {
    this.name = name;
    this.board = board;
    this.pins = pins;
    /** Volts between the inputs of each channel as functions of emulated nanoseconds. @type {((ns: number) => number)[]} */
    this.inputs = Array.from({ length: CHANNELS }, () => () => 0);
    /** What goes wrong: frames still to be spoilt, edges of DRDY still to be missed, or to be doubled. */
    this.faults = { flip: 0, skip: 0, glitch: 0 };
    this.clearStats();
    this.levels = {};
    this.powerUp();
    board.onPin(pins.cs, (level) => this.select(level));
    board.onPin(pins.sclk, (level) => this.clockEdge(level));
    board.onPin(pins.din, (level) => (this.levels.din = level));
    board.onPin(pins.reset, (level, ns) => this.resetPin(level, ns));
    board.devices.push(this);
    if (board.mcu) this.attach(board.mcu);
  }

  clearStats() {
    this.counts = { conversions: 0, frames: 0, missed: 0, flipped: 0, skipped: 0, glitches: 0, resets: 0 };
  }

  /** A new life of the processor; the converter's own goes on. */
  attach(mcu) {
    this.mcu = mcu;
    this.converting = mcu.clock.createAlarm(() => this.convert());
    this.falling = mcu.clock.createAlarm(() => this.drdy(0));
    this.selected = false;
    this.converting.schedule(IDLE_NS);
  }

  /** Power was off. */
  powerUp() {
    this.registers = new Uint16Array(64);
    this.restart();
  }

  restart() {
    this.registers.fill(0);
    for (const [address, value] of Object.entries(DEFAULTS)) this.registers[address] = value;
    this.locked = false;
    this.standby = false;
    this.resynced = true;
    this.response = 0xff28;
    this.fifo = [];
    this.data = new Array(CHANNELS).fill(0);
    this.selected = false;
    this.counts.resets++;
  }

  /** Hertz of CLKIN: what the board puts on the pin. */
  get clockHz() {
    const { clocks, gpio, clkSys } = this.mcu;
    if (gpio[this.pins.clkin].functionSelect !== FUNCTION_CLOCK) return 0;
    const { gpout0Ctrl: control, gpout0Div: divider } = clocks;
    if (!(control & (1 << 11)) || ((control >> 5) & 15) !== CLK_SYS) return 0;
    return clkSys / ((divider >>> 8 || 65536) + (divider & 255) / 256);
  }

  get osr() {
    const clock = this.registers[REGISTER.CLOCK];
    return clock & 0x20 ? 64 : OSR[(clock >> 2) & 7];
  }

  enabled(channel) {
    return (this.registers[REGISTER.CLOCK] >> (8 + channel)) & 1;
  }

  gain(channel) {
    return 1 << ((this.registers[channel < 4 ? REGISTER.GAIN1 : REGISTER.GAIN2] >> (4 * (channel & 3))) & 7);
  }

  /** The code of a channel at an instant, 24 bits with sign. */
  code(channel, ns) {
    if (!this.enabled(channel)) return 0;
    const code = Math.round(((this.inputs[channel](ns) * this.gain(channel)) / FULL_SCALE_VOLTS) * 0x800000);
    return Math.max(-0x800000, Math.min(0x7fffff, code));
  }

  convert() {
    const hertz = this.clockHz;
    if (!hertz || this.standby || this.levels.reset === 0) {
      this.converting.schedule(IDLE_NS);
      return;
    }
    this.converting.schedule((2e9 * this.osr) / hertz);
    this.counts.conversions++;
    const ns = this.board.nanos;
    const sample = Array.from({ length: CHANNELS }, (_, c) => this.code(c, ns));
    if (this.fifo.length === 2) {
      this.counts.missed++;
      this.fifo.pop();
    }
    this.fifo.push(sample);
    if (this.faults.skip) {
      this.faults.skip--;
      this.counts.skipped++;
      this.fifo.pop();
      return;
    }
    if (this.selected && this.bit) return; // the pulse is blocked while data are read
    if (this.levels.drdy === 0) {
      this.drdy(1);
      this.falling.schedule(DRDY_HIGH_NS);
    } else {
      this.drdy(0);
    }
  }

  drdy(level) {
    this.levels.drdy = level;
    if (this.pins.drdy !== undefined) this.board.setPin(this.pins.drdy, level);
  }

  get status() {
    const mode = this.registers[REGISTER.MODE];
    let status = (mode & MODE_RESET) | (mode & 0x0300) | (mode & 0x0800);
    if (this.locked) status |= LOCKED;
    if (this.resynced) status |= RESYNC;
    for (let c = 0; c < CHANNELS; c++) if (this.fifo.length && this.enabled(c)) status |= 1 << c;
    return status;
  }

  // ---- frames -----------------------------------------------------------------------------------------------

  select(level) {
    if (level === 0 && !this.selected) this.begin();
    else if (level !== 0 && this.selected) this.end();
  }

  begin() {
    this.selected = true;
    this.bit = 0;
    this.input = [0];
    this.width = WORD_BITS[(this.registers[REGISTER.MODE] >> 8) & 3];
    if (this.fifo.length) [this.data] = this.fifo;
    const words = [this.word16(this.response ?? this.status)];
    for (const code of this.data) words.push(this.wordOf(code));
    const bytes = words.flatMap((word) => this.bytes(word));
    words.push(this.word16(crc16(bytes)));
    this.words = words;
    if (this.faults.flip) {
      this.faults.flip--;
      this.counts.flipped++;
      const bit = Math.floor(this.board.random() * this.width * 7);
      this.words[1 + Math.floor(bit / this.width)] ^= 1 << (this.width - 1 - (bit % this.width));
    }
    if (this.response === null) this.resynced = false;
    this.level(0);
  }

  word16(value) {
    return value << (this.width - 16);
  }

  wordOf(code) {
    const kind = (this.registers[REGISTER.MODE] >> 8) & 3;
    if (kind === 0) return (code >> 8) & 0xffff;
    if (kind === 1) return code & 0xffffff;
    return kind === 2 ? code << 8 : code;
  }

  bytes(word) {
    return Array.from({ length: this.width / 8 }, (_, i) => (word >>> (this.width - 8 - 8 * i)) & 255);
  }

  level(value) {
    // without edges: nobody waits for this pin, and it changes a million times a second
    this.board.outside[this.pins.dout] = value;
  }

  clockEdge(level) {
    if (!this.selected) return;
    const word = Math.floor(this.bit / this.width);
    if (level === 1) {
      // data change on the rising edge
      const at = this.width - 1 - (this.bit % this.width);
      this.level(word < this.words.length ? (this.words[word] >>> at) & 1 : 0);
      return;
    }
    if (level !== 0) return;
    this.input[word] = ((this.input[word] ?? 0) << 1) | (this.levels.din === 1 ? 1 : 0);
    this.bit++;
    if (this.bit === (1 + CHANNELS) * this.width) {
      // all channels are read
      if (this.fifo.length) this.fifo.shift();
      if (!this.fifo.length) this.drdy(1);
    }
  }

  end() {
    this.selected = false;
    this.level(0);
    if (this.bit < this.width) return;
    this.counts.frames++;
    const words = this.input.map((word) => (word >>> (this.width - 16)) & 0xffff);
    this.response = this.command(words);
    if (this.faults.glitch && this.bit >= 10 * this.width) {
      this.faults.glitch--;
      this.counts.glitches++;
      this.drdy(1);
      this.drdy(0);
    }
  }

  /** Does what the first word says; gives the response of the next frame, null for the status as it is then. */
  command([command, ...rest]) {
    const first = (command >> 7) & 63;
    if (command === 0) return null;
    if (command === 0x0011) {
      this.restart();
      return 0xff28;
    }
    if (command in RESPONSES) {
      if (command === 0x0022 || command === 0x0033) this.standby = command === 0x0022;
      else this.locked = command === 0x0555;
      return RESPONSES[command];
    }
    if (command >>> 13 === 0b101 && !(command & 127)) return this.read(first);
    if (command >>> 13 === 0b011) {
      const count = (command & 127) + 1;
      if (this.locked) return null;
      for (let i = 0; i < count; i++) this.write((first + i) & 63, rest[i] ?? 0);
      return 0x4000 | (first << 7) | (count - 1);
    }
    return null;
  }

  read(address) {
    if (address === REGISTER.ID) return ID;
    if (address === REGISTER.STATUS) return this.status;
    return this.registers[address];
  }

  write(address, value) {
    if (address !== REGISTER.ID && address !== REGISTER.STATUS) this.registers[address] = value;
  }

  resetPin(level, ns) {
    if (level === 0) {
      this.resetNs = ns;
    } else if (this.levels.reset === 0) {
      if (((ns - this.resetNs) * (this.clockHz || 8e6)) / 1e9 >= RESET_CLOCKS) this.restart();
      this.fifo = [];
      this.drdy(1);
    }
    this.levels.reset = level;
  }
}
