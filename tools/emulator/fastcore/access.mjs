// Pieces of AssemblyScript that the instructions are made of: operands, memory, flags, jumps.
//
// They stand inside run() of make.mjs and share its variables: op (the opcode), pc (of the next instruction), cycles and
// stop, the flags n, z, c, v as layout.mjs keeps them, fetchBase (what turns pc into an address of linear memory), and
// a, b, r, t, w for whatever an instruction needs.

/** Registers by the place of their number in the opcode: its lowest bit. */
export const reg0 = 'load<u32>((op & 7) << 2)';
export const reg3 = 'load<u32>((op >> 1) & 28)';
export const reg6 = 'load<u32>((op >> 4) & 28)';
export const reg8 = 'load<u32>((op >> 6) & 28)';
export const sp = 'load<u32>(SP)';
export const setReg0 = (value) => `store<u32>((op & 7) << 2, ${value});`;
export const setReg8 = (value) => `store<u32>((op >> 6) & 28, ${value});`;
/** All sixteen of them: bits 3-6, and bits 0-2 with bit 7. */
export const high3 = 'load<u32>((op >> 1) & 60)';
export const high0Number = '((op & 7) | ((op >> 4) & 8))';

/** Between here and the state in linear memory, where JavaScript sees and changes it. */
export const SPILL =
  'store<u32>(PC, pc); store<i32>(CYCLES, cycles); store<i32>(N, n); store<i32>(Z, z); store<i32>(C, c); store<i32>(V, v);';
export const RELOAD =
  'pc = load<u32>(PC); cycles = load<i32>(CYCLES); n = load<i32>(N); z = load<i32>(Z); c = load<i32>(C); v = load<i32>(V);';

/** rp2040js does this instruction; it counts its clocks itself, and run() counts one. */
export const SLOW = `pc -= 2; ${SPILL} slow(); ${RELOAD} stop = 0; cycles -= 1;`;

/** After pc was set to anything: code outside of ROM, RAM and flash is run by rp2040js. */
export const JUMPED = 'fetchBase = baseOf(pc); if (fetchBase == NOWHERE) stop = 0;';
export const branchIf = (test) => `if (${test}) { pc += (<i32>(op << 24) >> 23) + 2; cycles += 1; ${JUMPED} }`;
/** BX and POP of the PC: an address from 0xf0000000 may be the return from an exception. */
export const bx = (target) =>
  `t = ${target}; if (t >>> 28 == 15) { ${SPILL} bx(t); ${RELOAD} stop = 0; } else pc = t & ~1; ${JUMPED}`;

export const setNZ = (value) => `n = <i32>(${value}); z = n;`;
export const logic = (value) => `r = ${value}; ${setReg0('r')} ${setNZ('r')}`;
const OVERFLOW_OF_SUM = 'v = <i32>((a ^ r) & (b ^ r));';
const OVERFLOW_OF_DIFFERENCE = 'v = <i32>((a ^ b) & (a ^ r));';
export const add = (x, y, set) => `a = ${x}; b = ${y}; r = a + b; c = r < a ? 1 : 0; ${OVERFLOW_OF_SUM} ${set('r')} ${setNZ('r')}`;
export const compare = (x, y) => `a = ${x}; b = ${y}; r = a - b; c = a >= b ? 1 : 0; ${OVERFLOW_OF_DIFFERENCE} ${setNZ('r')}`;
export const subtract = (x, y, set) => `${compare(x, y)} ${set('r')}`;
// V is as rp2040js has it: the carry is a part of the second operand
export const addWithCarry = `
  a = ${reg3}; b = ${reg0}; w = <u64>a + <u64>b + <u64>c; r = <u32>w; b += c; c = <i32>(w >> 32);
  ${OVERFLOW_OF_SUM} ${setReg0('r')} ${setNZ('r')}`;
export const subtractWithCarry = `
  a = ${reg0}; b = ${reg3}; w = <u64>b + <u64>(1 - c); b = <u32>w; r = a - b; c = <u64>a >= w ? 1 : 0;
  ${OVERFLOW_OF_DIFFERENCE} ${setReg0('r')} ${setNZ('r')}`;

/** What goes through JavaScript may look at cycles and PC, move the limit and ask for an interrupt. */
const outside = (call) =>
  `store<i32>(CYCLES, cycles); store<u32>(PC, pc); ${call}; cycles = load<i32>(CYCLES);
   stop = load<i32>(LIMIT); if (load<i32>(INTERRUPTS_UPDATED) | load<i32>(WAITING)) stop = 0;`;

const inSram = (address, size) => `${address} - 0x20000000 < SRAM_SIZE - ${size - 1}`;
const inFlash = (address, size) => `${address} - 0x10000000 < FLASH_SIZE - ${size - 1}`;
const aligned = (address, size) => (size === 4 ? `&& !(${address} & 3)` : '');

/** Of a multiple of 4 registers: whether so many words from there are in RAM. */
export const stackInSram = 'a - 0x20000000 < SRAM_SIZE - 40 && !(a & 3)';
export const SRAM_OFFSET = '(SRAM - 0x20000000)';

/** The clocks of an access. They count after it: what a peripheral sees as now is the start of the instruction. */
const clocks = (address, ofApb) => `if (${inSram(address, 1)}) cycles += 1; else cycles += clocksOf(${address}, ${ofApb});`;

/**
 * Reads and writes of memory, with what they cost.
 * @param {boolean} cached with the model of the XIP cache
 */
export function memoryAccess(cached) {
  const touchFlash = (address) => (cached ? `touch(${address});` : '');

  const read = (size, out, address, call) => `
    if (${inSram(address, size)} ${aligned(address, size)}) ${out} = load<u${8 * size}>(${address} + ${SRAM_OFFSET});
    else if (${inFlash(address, size)} ${aligned(address, size)}) {
      ${touchFlash(address)} ${out} = load<u${8 * size}>(${address} - 0x10000000 + FLASH);
    } else { ${outside(`${out} = ${call}(${address})`)} }`;
  const read32 = (out, address) => read(4, out, address, 'busRead32');
  const read16 = (out, address) => read(2, out, address, 'read16');
  const read8 = (out, address) => read(1, out, address, 'read8');

  const write = (size, address, value, call) => `
    if (${inSram(address, size)}) store<u${8 * size}>(${address} + ${SRAM_OFFSET}, <u${8 * size}>(${value}));
    else { ${outside(`${call}(${address}, ${value})`)} }`;
  const write32 = (address, value) => write(4, address, value, 'busWrite32');
  const write16 = (address, value) => write(2, address, value, 'write16');
  const write8 = (address, value) => write(1, address, value, 'write8');

  return {
    read32,
    read16,
    read8,
    write32,
    write16,
    write8,
    /** The second halfword of an instruction. */
    secondHalfword: (out) =>
      `${cached ? 'if (pc >>> 24 == 0x10) touch(pc);' : ''} ${out} = load<u16>((pc & ~1) + fetchBase);`,
    loadTo: (set, address, readSized, extend = (x) => x) => `
      a = ${address}; ${readSized('r', 'a')} ${set(extend('r'))} ${clocks('a', 3)}`,
    storeFrom: (value, address, writeSized) => `a = ${address}; ${writeSized('a', value)} ${clocks('a', 4)}`,
  };
}
