// What lies where in the linear memory of the fast core: for the generated AssemblyScript and for JavaScript.

/** The state of the processor and of its divider, in words. Register n is word n. */
export const WORDS = {
  SP: 13,
  LR: 14,
  PC: 15,
  CYCLES: 16,
  LIMIT: 17,
  INTERRUPTS_UPDATED: 18,
  WAITING: 19,
  // a flag is kept as the value that it came from: N and V are set when it is negative, Z when it is 0
  N: 20,
  Z: 21,
  C: 22,
  V: 23,
  PRIMASK: 24,
  EVENT: 25,
  PENDING_NMI: 26,
  PENDING_PENDSV: 27,
  PENDING_SVCALL: 28,
  PENDING_SYSTICK: 29,
  PENDING: 30,
  ENABLED: 31,
  DIVIDEND: 32,
  DIVISOR: 33,
  QUOTIENT: 34,
  REMAINDER: 35,
  DIVIDER_CSR: 36,
  SPINLOCKS: 37,
  // of the XIP cache
  MISS_CLOCKS: 40,
  PENALTY: 41,
  MISSES: 42, // a double, two words
};

const KB = 1024;
export const ROM_SIZE = 16 * KB;
export const SRAM_SIZE = 264 * KB;
export const FLASH_SIZE = 2048 * KB;
/** Sets of the XIP cache, of two ways. */
export const CACHE_SETS = 1024;

/** Where each part begins, in bytes. */
export const AT = {
  DECODE: 0x10000,
  ROM: 0x20000,
  SRAM: 0x40000,
  CACHE_TAGS: 0x90000,
  CACHE_VICTIMS: 0x92000,
  FLASH: 0x100000,
};

/** After each part that may hold code: an opcode that rp2040js does, so that it goes on where that part has ended. */
export const CODE_ENDS = [AT.ROM + ROM_SIZE, AT.SRAM + SRAM_SIZE, AT.FLASH + FLASH_SIZE];
export const NO_OPCODE = 0xffff;

const PAGE = 64 * KB;
export const PAGES = (AT.FLASH + FLASH_SIZE) / PAGE + 1;

/** The same as constants of AssemblyScript: words as addresses. */
export function layoutSource() {
  const constant = ([name, value]) => `export const ${name}: u32 = 0x${value.toString(16)};`;
  const words = Object.entries(WORDS).map(([name, word]) => [name, 4 * word]);
  const sizes = { ROM_SIZE, SRAM_SIZE, FLASH_SIZE, CACHE_SETS };
  return `${[...words, ...Object.entries(AT), ...Object.entries(sizes)].map(constant).join('\n')}\n`;
}
