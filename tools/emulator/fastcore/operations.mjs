// The instructions of ARMv6-M as rp2040js does them, flags and clocks included: pattern of the opcode, piece of code.
import * as x from './access.mjs';

const { reg0, reg3, reg6, reg8, sp, setReg0, setReg8, high3, high0Number } = x;

/** Bits of a pattern: 0 and 1 must be so, any letter may be either. */
function matcher(pattern) {
  const bits = pattern.replaceAll(' ', '');
  if (bits.length !== 16) throw new Error(`not 16 bits: ${pattern}`);
  const mask = Number.parseInt(bits.replace(/[01]/g, '1').replace(/[a-z]/g, '0'), 2);
  const value = Number.parseInt(bits.replace(/[a-z]/g, '0'), 2);
  return (opcode) => (opcode & mask) === value;
}

const IMM8 = '(op & 0xff)';
const IMM5 = '((op >> 6) & 31)';
const IMM3 = '((op >> 6) & 7)';
const CONDITIONS = {
  '0000': 'z == 0',
  '0001': 'z != 0',
  '0010': 'c',
  '0011': '!c',
  '0100': 'n < 0',
  '0101': 'n >= 0',
  '0110': 'v < 0',
  '0111': 'v >= 0',
  1000: 'c && z != 0',
  1001: '!c || z == 0',
  1010: '(n ^ v) >= 0',
  1011: '(n ^ v) < 0',
  1100: '(n ^ v) >= 0 && z != 0',
  1101: '(n ^ v) < 0 || z == 0',
};

/** ADD and MOV between all sixteen registers: writing PC jumps, SP keeps its lowest bits clear. */
const setHigh = (value) => `
  store<u32>(PC, pc + 2); a = ${high0Number}; r = ${value};
  if (a < 13 || a == 14) store<u32>(a << 2, r);
  else if (a == 15) { pc = r & ~1; cycles += 1; ${x.JUMPED} }
  else store<u32>(SP, r & ~3);`;

// ---- arithmetic and logic

const ARITHMETIC = [
  ['000 110 0 mmm nnn ddd', x.add(reg3, reg6, setReg0)],
  ['000 111 0 iii nnn ddd', x.add(reg3, IMM3, setReg0)],
  ['001 10 ddd iiiiiiii', x.add(reg8, IMM8, setReg8)],
  ['000 110 1 mmm nnn ddd', x.subtract(reg3, reg6, setReg0)],
  ['000 111 1 iii nnn ddd', x.subtract(reg3, IMM3, setReg0)],
  ['001 11 ddd iiiiiiii', x.subtract(reg8, IMM8, setReg8)],
  ['001 00 ddd iiiiiiii', `r = ${IMM8}; ${setReg8('r')} ${x.setNZ('r')}`],
  ['001 01 nnn iiiiiiii', x.compare(reg8, IMM8)],
  ['010000 0101 mmm ddd', x.addWithCarry],
  ['010000 0110 mmm ddd', x.subtractWithCarry],
  ['010000 1001 nnn ddd', x.subtract('0', reg3, setReg0)],
  ['010000 1010 mmm nnn', x.compare(reg0, reg3)],
  ['010000 1011 mmm nnn', x.add(reg0, reg3, () => '')],
  ['010000 1101 nnn ddd', x.logic(`${reg3} * ${reg0}`)],
  ['010000 0000 mmm ddd', x.logic(`${reg0} & ${reg3}`)],
  ['010000 0001 mmm ddd', x.logic(`${reg0} ^ ${reg3}`)],
  ['010000 1100 mmm ddd', x.logic(`${reg0} | ${reg3}`)],
  ['010000 1110 mmm ddd', x.logic(`${reg0} & ~${reg3}`)],
  ['010000 1111 mmm ddd', x.logic(`~${reg3}`)],
  ['010000 1000 mmm nnn', `r = ${reg0} & ${reg3}; ${x.setNZ('r')}`],
  ['010001 00 d mmmm ddd', setHigh(`load<u32>(a << 2) + ${high3}`)],
  ['010001 01 n mmmm nnn', `store<u32>(PC, pc); ${x.compare(`load<u32>(${high0Number} << 2)`, high3)}`],
  ['010001 10 d mmmm ddd', setHigh(high3)],
  ['1010 0 ddd iiiiiiii', setReg8(`((pc - 2) & ~3) + 4 + (${IMM8} << 2)`)],
  ['1010 1 ddd iiiiiiii', setReg8(`${sp} + (${IMM8} << 2)`)],
  ['1011 0000 0 iiiiiii', `store<u32>(SP, ${sp} + ((op & 0x7f) << 2));`],
  ['1011 0000 1 iiiiiii', `store<u32>(SP, ${sp} - ((op & 0x7f) << 2));`],
];

// ---- shifts: C where nothing is shifted is as rp2040js has it

const carryOut = (by) => `c = (a >>> ((${by}) & 31)) & 1;`;
const arithmeticRight = `r = b < 32 ? <u32>(<i32>a >> b) : <u32>(<i32>a >> 31); ${carryOut('b - 1')}`;
const SHIFTS = [
  ['000 00 iiiii mmm ddd', `a = ${reg3}; b = ${IMM5}; if (b) { ${carryOut('32 - b')} } ${x.logic('a << b')}`],
  ['000 01 iiiii mmm ddd', `a = ${reg3}; b = ${IMM5}; ${carryOut('b - 1')} ${x.logic('b ? a >>> b : 0')}`],
  ['000 10 iiiii mmm ddd', `a = ${reg3}; b = ${IMM5}; if (!b) b = 32; ${arithmeticRight} ${x.logic('r')}`],
  [
    '010000 0010 mmm ddd',
    `a = ${reg0}; b = ${reg3} & 0xff; if (b) { ${carryOut('32 - b')} } ${x.logic('b >= 32 ? 0 : a << b')}`,
  ],
  [
    '010000 0011 mmm ddd',
    `a = ${reg0}; b = ${reg3} & 0xff; if (b <= 32) { ${carryOut('b - 1')} } else c = 0; ${x.logic('b < 32 ? a >>> b : 0')}`,
  ],
  ['010000 0100 mmm ddd', `a = ${reg0}; b = ${reg3} & 0xff; if (b > 32) b = 32; ${arithmeticRight} ${x.logic('r')}`],
  ['010000 0111 mmm ddd', `${x.logic(`rotr<u32>(${reg0}, ${reg3} & 31)`)} c = r >>> 31;`],
];

// ---- extension and order of bytes

const signed = (bits) => (value) => `<u32>(<i32>(${value} << ${32 - bits}) >> ${32 - bits})`;
const EXTENSION = [
  ['1011 0010 00 mmm ddd', `a = ${reg3}; ${setReg0(signed(16)('a'))}`],
  ['1011 0010 01 mmm ddd', `a = ${reg3}; ${setReg0(signed(8)('a'))}`],
  ['1011 0010 10 mmm ddd', setReg0(`${reg3} & 0xffff`)],
  ['1011 0010 11 mmm ddd', setReg0(`${reg3} & 0xff`)],
  ['1011 1010 00 mmm ddd', `a = ${reg3}; ${setReg0('bswap<u32>(a)')}`],
  ['1011 1010 01 mmm ddd', `a = ${reg3}; ${setReg0('((a >>> 8) & 0x00ff00ff) | ((a & 0x00ff00ff) << 8)')}`],
  ['1011 1010 11 mmm ddd', `a = ${reg3}; ${setReg0(signed(16)('(((a & 0xff) << 8) | ((a >>> 8) & 0xff))'))}`],
];

// ---- jumps

const JUMPS = [
  ...Object.entries(CONDITIONS).map(([code, test]) => [`1101 ${code} iiiiiiii`, x.branchIf(test)]),
  ['11100 iiiiiiiiiii', `pc += (<i32>(op << 21) >> 20) + 2; cycles += 1; ${x.JUMPED}`],
  ['010001 11 0 mmmm 000', `store<u32>(PC, pc); ${x.bx(high3)} cycles += 1;`],
  ['010001 11 1 mmmm 000', `store<u32>(PC, pc); store<u32>(LR, pc | 1); pc = ${high3} & ~1; cycles += 1; ${x.JUMPED}`],
];

// ---- the processor itself

const NO_INSTRUCTION = ';';
const asksForInterrupts = 'store<i32>(INTERRUPTS_UPDATED, 1); stop = 0;';
const waits = 'store<i32>(WAITING, 1); stop = 0;';
const SYSTEM = [
  ['1011 0110 0111 0010', 'store<i32>(PRIMASK, 1);'], // CPSID
  ['1011 0110 0110 0010', `store<i32>(PRIMASK, 0); ${asksForInterrupts}`], // CPSIE
  ['1011 1111 0000 0000', NO_INSTRUCTION], // NOP
  ['1011 1111 0001 0000', NO_INSTRUCTION], // YIELD
  ['1011 1111 0010 0000', `cycles += 1; if (load<i32>(EVENT)) store<i32>(EVENT, 0); else { ${waits} }`], // WFE
  ['1011 1111 0011 0000', `cycles += 1; ${waits}`], // WFI
  ['1011 1111 0100 0000', NO_INSTRUCTION], // SEV
];

/** BL; barriers; MRS and MSR of PRIMASK, which every critical section has. All other of 32 bits are rp2040js's. */
const wide = ({ secondHalfword }) => `
  ${secondHalfword('b')}
  if ((b & 0xd000) == 0xd000) {
    t = (op >> 10) & 1;
    a = ((t ? 0xff : 0) << 24) | ((1 - (t ^ ((b >> 13) & 1))) << 23) | ((1 - (t ^ ((b >> 11) & 1))) << 22) | ((op & 0x3ff) << 12) | ((b & 0x7ff) << 1);
    store<u32>(LR, (pc + 2) | 1); pc += 2 + a; cycles += 2; ${x.JUMPED}
  } else if (op == 0xf3bf && ((b & 0xfff0) == 0x8f40 || (b & 0xfff0) == 0x8f50 || (b & 0xfff0) == 0x8f60)) {
    pc += 2; cycles += 2;
  } else if (op == 0xf3ef && (b & 0xf0ff) == 0x8010 && (b & 0xf00) != 0xf00) {
    store<u32>((b >> 6) & 60, load<u32>(PRIMASK)); pc += 2; cycles += 2;
  } else if (op >> 4 == 0xf38 && b == 0x8810 && (op & 15) != 15) {
    store<u32>(PRIMASK, load<u32>((op & 15) << 2) & 1); ${asksForInterrupts} pc += 2; cycles += 2;
  } else { ${x.SLOW} ${x.JUMPED} }`;

// ---- memory

/** For each register in the list of bits b: its address is t, and a goes up by a word. */
const forRegisters = (code) => `for (t = 0; b != 0; t += 4, b >>= 1) if (b & 1) { ${code} a += 4; }`;
const WRITE_BACK = `if (!(op & (1 << ((op >> 8) & 7)))) { ${setReg8('a')} }`;

function stack() {
  const pop = `
    a = ${sp}; b = ${IMM8};
    if (${x.stackInSram}) {
      cycles += popcnt<u32>(b); a += ${x.SRAM_OFFSET};
      ${forRegisters('store<u32>(t, load<u32>(a));')}
      if (op & 0x100) { r = load<u32>(a); store<u32>(SP, a + 4 - ${x.SRAM_OFFSET}); cycles += 2; ${x.bx('r')} }
      else store<u32>(SP, a - ${x.SRAM_OFFSET});
    } else { ${x.SLOW} ${x.JUMPED} }`;
  const push = `
    a = ${sp} - (popcnt<u32>(op & 0x1ff) << 2); b = ${IMM8};
    if (${x.stackInSram}) {
      store<u32>(SP, a); cycles += popcnt<u32>(b); a += ${x.SRAM_OFFSET};
      ${forRegisters('store<u32>(a, load<u32>(t));')}
      if (op & 0x100) store<u32>(a, load<u32>(LR));
    } else { ${x.SLOW} }`;
  return [
    ['1011 010 rrrrrrrrr', push],
    ['1011 110 rrrrrrrrr', pop],
  ];
}

function memory({ read32, read16, read8, write32, write16, write8, loadTo, storeFrom }) {
  const registers = `${reg6} + ${reg3}`;
  const offset = (shift) => `${reg3} + (${IMM5} << ${shift})`;
  const stacked = `${sp} + (${IMM8} << 2)`;
  return [
    ['01001 ddd iiiiiiii', loadTo(setReg8, `((pc + 2) & ~3) + (${IMM8} << 2)`, read32)],
    ['0101 000 mmm nnn ttt', storeFrom(reg0, registers, write32)],
    ['0101 001 mmm nnn ttt', storeFrom(reg0, registers, write16)],
    ['0101 010 mmm nnn ttt', storeFrom(reg0, registers, write8)],
    ['0101 011 mmm nnn ttt', loadTo(setReg0, registers, read8, signed(8))],
    ['0101 100 mmm nnn ttt', loadTo(setReg0, registers, read32)],
    ['0101 101 mmm nnn ttt', loadTo(setReg0, registers, read16)],
    ['0101 110 mmm nnn ttt', loadTo(setReg0, registers, read8)],
    ['0101 111 mmm nnn ttt', loadTo(setReg0, registers, read16, signed(16))],
    ['0110 0 iiiii nnn ttt', storeFrom(reg0, offset(2), write32)],
    ['0110 1 iiiii nnn ttt', loadTo(setReg0, offset(2), read32)],
    ['0111 0 iiiii nnn ttt', storeFrom(reg0, offset(0), write8)],
    ['0111 1 iiiii nnn ttt', loadTo(setReg0, offset(0), read8)],
    ['1000 0 iiiii nnn ttt', storeFrom(reg0, offset(1), write16)],
    ['1000 1 iiiii nnn ttt', loadTo(setReg0, offset(1), read16)],
    ['1001 0 ttt iiiiiiii', storeFrom(reg8, stacked, write32)],
    ['1001 1 ttt iiiiiiii', loadTo(setReg8, stacked, read32)],
    [
      '1100 0 nnn rrrrrrrr',
      `a = ${reg8}; b = ${IMM8}; ${forRegisters(write32('a', 'load<u32>(t)'))} cycles += popcnt<u32>(${IMM8}); ${WRITE_BACK}`,
    ],
    [
      '1100 1 nnn rrrrrrrr',
      `a = ${reg8}; b = ${IMM8}; ${forRegisters(`${read32('r', 'a')} store<u32>(t, r);`)} cycles += popcnt<u32>(${IMM8}); ${WRITE_BACK}`,
    ],
  ];
}

/** All that the fast core does by itself: [{ matches(opcode), code }]. The order does not matter: no two match. */
export function operations(access) {
  const all = [...ARITHMETIC, ...SHIFTS, ...EXTENSION, ...JUMPS, ...SYSTEM, ...stack(), ...memory(access)];
  all.push(['11110 iiiiiiiiiii', wide(access)]);
  return all.map(([pattern, code]) => ({ matches: matcher(pattern), code: code.trim() }));
}
