// A load (design, section 4) as codes at the ADC inputs or volts at an ADS131M08, and what is true of it.

const TABLE = 8192;
const FULL_SCALE = 4096;
const FULL_SCALE_VOLTS = 1.2;
const TURN = 2 * Math.PI;
const RADIAN = TURN / 360;

/** One phase of a load, with what was left out filled in. */
function phaseOf(given, index) {
  const p = given ?? {};
  return {
    volts: p.volts ?? 0,
    amps: p.amps ?? 0,
    lag: p.lag ?? 0,
    volt_angle: p.volt_angle ?? [0, -120, -240][index % 3],
    volt_harmonics: p.volt_harmonics ?? {},
    amp_harmonics: p.amp_harmonics ?? {},
  };
}

/** The spectrum of a quantity: [{ order, peak, angle in radians }]; a harmonic's angle is at its own order. */
function spectrum(rms, angleDegrees, harmonics) {
  const peak = rms * Math.SQRT2;
  const angle = angleDegrees * RADIAN;
  const lines = [{ order: 1, peak, angle }];
  for (const [order, [ratio, degrees]] of Object.entries(harmonics)) {
    lines.push({ order: +order, peak: peak * ratio, angle: +order * angle + degrees * RADIAN });
  }
  return lines;
}

const voltLines = (phase) => spectrum(phase.volts, phase.volt_angle, phase.volt_harmonics);
const ampLines = (phase) => spectrum(phase.amps, phase.volt_angle - phase.lag, phase.amp_harmonics);
const scaled = (lines, factor) => lines.map((line) => ({ ...line, peak: line.peak * factor }));

/** One cycle of a sum of lines, with its first value again at the end. */
function tabulate(lines) {
  const table = new Float64Array(TABLE + 1);
  for (const { order, peak, angle } of lines) {
    if (!peak) continue;
    for (let i = 0; i <= TABLE; i++) table[i] += peak * Math.sin((TURN * order * i) / TABLE + angle);
  }
  return table;
}

// Erratum RP2040-E11: true position less code at the ends of the pieces of one measured chip, in codes.
const PIECES = [
  [0, 511.5, -15.2, -15.6],
  [511.5, 1535.5, -4.8, -7.7],
  [1535.5, 2559.5, 1.2, -3.6],
  [2559.5, 3583.5, 5.1, 2.1],
  [3583.5, 4096, 13, 11.6],
];

/** Positions at which the code of that chip changes from k to k + 1. */
function crookedSteps() {
  const position = (code) => {
    const [low, high, first, last] = PIECES.find((piece) => code < piece[1]) ?? PIECES[4];
    return code + first + ((last - first) * (code - low)) / (high - low);
  };
  return Float64Array.from({ length: FULL_SCALE - 1 }, (_, k) => (position(k) + position(k + 1)) / 2);
}

const STEPS = crookedSteps();

/** The code that chip gives at a position. */
function crookedCode(position) {
  let low = 0;
  let high = STEPS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (STEPS[middle] <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a sinc3 filter of 128 outputs a cycle passes of an order; its delay is that of all channels alike. */
function sinc3(order) {
  const x = (Math.PI * order) / 128;
  return (Math.sin(x) / x) ** 3;
}

const rms = (lines) => Math.sqrt(lines.reduce((sum, { peak }) => sum + (peak * peak) / 2, 0));

/** Active and reactive power of one phase; reactive is the sum over the orders, positive when the current lags. */
function power(volts, amps) {
  let active = 0;
  let reactive = 0;
  for (const v of volts) {
    for (const i of amps) {
      if (v.order !== i.order) continue;
      const half = (v.peak * i.peak) / 2;
      active += half * Math.cos(v.angle - i.angle);
      reactive += half * Math.sin(v.angle - i.angle);
    }
  }
  return { active, reactive };
}

/**
 * Generates the codes of all ADC inputs that a meter's channels use.
 * The phase of the mains runs on when load or frequency change.
 */
export class Waveforms {
  /** @param {() => number} random */
  constructor(random) {
    this.random = random;
    this.channels = [];
    this.load = { frequency: 50, phases: [] };
    this.steps = [];
    this.startNs = 0;
    this.originNs = 0;
    this.originCycles = 0;
    this.energySinceNs = 0;
    this.energy = [];
    this.noise = 0;
    this.crooked = false;
    this.prepare();
  }

  /** Ties inputs to quantities: see the table of channels in README.md. */
  setChannels(channels) {
    for (const { converter, input, quantity, scale } of channels) {
      if (converter !== undefined && !/^ads131[bc]?$/.test(converter)) throw new Error(`no such converter: ${converter}`);
      if (!(input >= 0 && input <= (converter ? 7 : 3))) throw new Error(`no such ADC input: ${input}`);
      if (!['volts', 'amps', 'neutral'].includes(quantity)) throw new Error(`unknown quantity: ${quantity}`);
      if (!Number.isFinite(scale)) throw new Error('a channel needs a scale');
    }
    this.channels = channels.map((channel) => ({ offset: channel.converter ? 0 : 2048, phase: 0, ...channel }));
    this.prepare();
  }

  /** Takes a new load from now on; its energy counts from here. */
  setLoad(load, ns) {
    if (!Array.isArray(load.phases ?? [])) throw new Error('phases is no list');
    this.startNs = ns;
    this.steps = [...(load.timeline ?? [])].sort((a, b) => a.at - b.at);
    this.energy = [];
    this.energySinceNs = ns;
    this.apply({ frequency: load.frequency ?? 50, phases: load.phases ?? [], noise: load.noise ?? 0 }, ns);
  }

  /** A step of the timeline changes what it names and leaves the rest. */
  advance(ns) {
    while (this.steps.length && ns >= this.startNs + this.steps[0].at * 1e9) {
      const { at, phases, ...others } = this.steps.shift();
      const merged = this.load.phases.map((phase, i) => ({ ...phase, ...(phases?.[i] ?? {}) }));
      for (let i = merged.length; i < (phases?.length ?? 0); i++) merged.push(phases[i]);
      this.apply({ ...this.load, ...others, phases: merged }, this.startNs + at * 1e9);
    }
  }

  apply(load, ns) {
    this.count(ns);
    this.originCycles = this.cycles(ns) % 1;
    this.originNs = ns;
    this.load = load;
    this.noise = load.noise ?? 0;
    this.prepare();
  }

  cycles(ns) {
    return this.originCycles + ((ns - this.originNs) * this.load.frequency) / 1e9;
  }

  prepare() {
    this.phases = Array.from({ length: Math.max(3, this.load.phases.length) }, (_, i) => phaseOf(this.load.phases[i], i));
    for (const channel of this.channels) channel.table = tabulate(this.lines(channel));
    this.nextStepNs = this.steps.length ? this.startNs + this.steps[0].at * 1e9 : Infinity;
  }

  lines({ converter, quantity, phase, minus, scale }) {
    const linesOf = quantity === 'volts' ? voltLines : ampLines;
    let lines;
    if (quantity === 'neutral') lines = this.phases.flatMap(ampLines);
    else lines = linesOf(this.phases[phase]);
    if (minus !== undefined) lines = [...lines, ...scaled(linesOf(this.phases[minus]), -1)];
    if (converter) lines = lines.map((line) => ({ ...line, peak: line.peak * sinc3(line.order) }));
    return scaled(lines, scale);
  }

  /** The value of a channel at an instant, with noise in units of `fullScale`. */
  value(channel, ns, fullScale) {
    if (ns >= this.nextStepNs) this.advance(ns);
    const position = (((this.originCycles + ((ns - this.originNs) * this.load.frequency) / 1e9) % 1) + 1) % 1 * TABLE;
    const index = Math.floor(position);
    const { table, offset } = channel;
    const value = offset + table[index] + (table[index + 1] - table[index]) * (position - index);
    return this.noise ? value + this.noise * fullScale * this.gaussian() : value;
  }

  /** The function of time for one channel, for Board.adc. */
  input(channel) {
    return (ns) => {
      const value = this.value(channel, ns, FULL_SCALE);
      if (this.crooked) return crookedCode(value);
      return value <= 0 ? 0 : value >= FULL_SCALE - 1 ? FULL_SCALE - 1 : Math.round(value);
    };
  }

  gaussian() {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(TURN * this.random());
  }

  /** Sets the inputs of a board that the channels name. */
  connect(board) {
    for (const channel of this.channels) {
      if (!channel.converter) {
        board.adc[channel.input] = this.input(channel);
        continue;
      }
      const device = board.devices.find(({ name }) => name === channel.converter);
      if (!device) throw new Error(`the board has no ${channel.converter}`);
      device.inputs[channel.input] = (ns) => this.value(channel, ns, FULL_SCALE_VOLTS);
    }
  }

  /** Adds the energy of the present load up to `ns`. */
  count(ns) {
    const hours = (ns - this.energySinceNs) / 3.6e12;
    this.energySinceNs = ns;
    this.phases?.forEach((phase, i) => {
      const { active, reactive } = power(voltLines(phase), ampLines(phase));
      const sums = (this.energy[i] ??= { import_wh: 0, export_wh: 0, import_varh: 0, export_varh: 0 });
      sums[active >= 0 ? 'import_wh' : 'export_wh'] += Math.abs(active) * hours;
      sums[reactive >= 0 ? 'import_varh' : 'export_varh'] += Math.abs(reactive) * hours;
    });
  }

  /** What is true now, on the primary side, and the energy since the load was set. */
  truth(ns) {
    this.advance(ns);
    this.count(ns);
    const phases = this.phases.map((phase, i) => {
      const volts = voltLines(phase);
      const amps = ampLines(phase);
      const { active, reactive } = power(volts, amps);
      const [v, a] = [rms(volts), rms(amps)];
      return {
        volts: v,
        amps: a,
        active,
        reactive,
        apparent: v * a,
        power_factor: v * a ? active / (v * a) : 1,
        volt_angle: phase.volt_angle,
        lag: phase.lag,
        volt_harmonics: phase.volt_harmonics,
        amp_harmonics: phase.amp_harmonics,
        ...this.energy[i],
      };
    });
    const total = (name) => phases.reduce((sum, phase) => sum + phase[name], 0);
    return {
      frequency: this.load.frequency,
      phases,
      neutral_amps: rms(combined(this.phases.flatMap(ampLines))),
      active: total('active'),
      reactive: total('reactive'),
      import_wh: total('import_wh'),
      export_wh: total('export_wh'),
      import_varh: total('import_varh'),
      export_varh: total('export_varh'),
    };
  }
}

/** Adds up the lines of equal order. */
function combined(lines) {
  const sums = new Map();
  for (const { order, peak, angle } of lines) {
    const sum = sums.get(order) ?? { re: 0, im: 0 };
    sum.re += peak * Math.cos(angle);
    sum.im += peak * Math.sin(angle);
    sums.set(order, sum);
  }
  return [...sums].map(([order, { re, im }]) => ({ order, peak: Math.hypot(re, im), angle: Math.atan2(im, re) }));
}
