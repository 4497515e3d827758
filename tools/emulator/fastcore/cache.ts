// The XIP cache as xip.mjs models it: 16 KB, two ways, lines of 8 bytes.
import { CACHE_SETS, CACHE_TAGS, CACHE_VICTIMS, MISSES, MISS_CLOCKS, PENALTY } from './layout';

/** A read or fetch at this address of the flash. */
export function touch(address: u32): void {
  const line = (address & 0xffffff) >>> 3;
  const set = line & (CACHE_SETS - 1);
  const tags = CACHE_TAGS + (set << 3);
  if (load<u32>(tags) == line) {
    store<u8>(CACHE_VICTIMS + set, 1);
  } else if (load<u32>(tags, 4) == line) {
    store<u8>(CACHE_VICTIMS + set, 0);
  } else {
    const out: u32 = load<u8>(CACHE_VICTIMS + set);
    store<u32>(tags + (out << 2), line);
    store<u8>(CACHE_VICTIMS + set, <u8>(out ^ 1));
    store<i32>(PENALTY, load<i32>(PENALTY) + load<i32>(MISS_CLOCKS));
    store<f64>(MISSES, load<f64>(MISSES) + 1);
  }
}

/** Clocks to wait for since the last time that this was asked. */
export function takePenalty(): i32 {
  const penalty = load<i32>(PENALTY);
  store<i32>(PENALTY, 0);
  return penalty;
}
