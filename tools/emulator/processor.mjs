// The processor of a board over all its lives, with one of two cores that do the same: the fast one in WebAssembly, or
// rp2040js's own, which it is compared with.
import { CortexM0Core, RP2040 } from './core.mjs';
import { FastProcessor } from './fastcore/fast.mjs';
import { XipCache } from './xip.mjs';

class SlowCore extends CortexM0Core {
  constructor(mcu) {
    super(mcu);
    /** Cycles at which run() ends. */
    this.limit = 0;
  }

  /** Instructions up to the limit, or to where it waits; how many. */
  run() {
    let count = 0;
    do {
      this.executeInstruction();
      count++;
    } while (this.cycles < this.limit && !this.waiting);
    return count;
  }
}

/** The same with what misses of the XIP cache cost. */
class CachedSlowCore extends SlowCore {
  constructor(mcu, cache) {
    super(mcu);
    this.cache = cache;
  }

  run() {
    const { cache } = this;
    let count = 0;
    do {
      if (this.PC >>> 24 === 0x10) cache.touch(this.PC);
      this.executeInstruction();
      this.cycles += cache.takePenalty();
      count++;
    } while (this.cycles < this.limit && !this.waiting);
    return count;
  }
}

class SlowProcessor {
  constructor(missClocks) {
    this.cache = missClocks ? new XipCache(missClocks) : null;
  }

  start(clock) {
    const mcu = new RP2040(clock);
    mcu.core = this.cache === null ? new SlowCore(mcu) : new CachedSlowCore(mcu, this.cache);
    this.cache?.attach(mcu);
    return mcu;
  }

  flushCache() {
    this.cache?.flush();
  }

  get misses() {
    return this.cache?.misses ?? 0;
  }

  set misses(count) {
    if (this.cache !== null) this.cache.misses = count;
  }
}

/**
 * `start(clock)` is an RP2040 whose core has run(); `misses` and `flushCache()` are of the XIP cache.
 * @param {number} missClocks clocks that a miss of the XIP cache costs; 0 takes it for perfect
 * @param {boolean} [slow] rp2040js's core
 */
export function processorOf(missClocks, slow = Boolean(process.env.SLOW_CORE)) {
  return slow ? new SlowProcessor(missClocks) : new FastProcessor(missClocks);
}
