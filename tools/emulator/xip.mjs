// A model of the XIP cache: 16 KB, two ways, lines of 8 bytes. It only counts what misses cost.

const SETS = 1024;

export class XipCache {
  /** @param {number} missClocks system clocks that a miss costs */
  constructor(missClocks) {
    this.missClocks = missClocks;
    this.misses = 0;
    this.penalty = 0;
    this.tags = new Int32Array(2 * SETS).fill(-1);
    this.victim = new Uint8Array(SETS);
  }

  /** Begins a new life of the processor, with nothing cached. */
  attach(mcu) {
    this.tags.fill(-1);
    for (const name of ['readUint32', 'readUint16', 'readUint8']) {
      const read = mcu[name].bind(mcu);
      mcu[name] = (address) => {
        if (address >>> 24 === 0x10) this.touch(address);
        return read(address);
      };
    }
  }

  /** By XIP_CTRL; the SDK does it with every program. */
  flush() {
    this.tags.fill(-1);
  }

  touch(address) {
    const line = (address & 0xffffff) >>> 3;
    const set = line & (SETS - 1);
    const way = set << 1;
    if (this.tags[way] === line) {
      this.victim[set] = 1;
    } else if (this.tags[way + 1] === line) {
      this.victim[set] = 0;
    } else {
      const out = this.victim[set];
      this.tags[way + out] = line;
      this.victim[set] = out ^ 1;
      this.penalty += this.missClocks;
      this.misses++;
    }
  }

  /** Clocks to wait for since the last time that this was asked. */
  takePenalty() {
    const { penalty } = this;
    this.penalty = 0;
    return penalty;
  }
}
