// The part of the SIO that programs use at every turn: the divider and the spinlocks. The rest is rp2040js's.
import { CYCLES, DIVIDEND, DIVIDER_CSR, DIVISOR, QUOTIENT, REMAINDER, SPINLOCKS } from './layout';

const CPUID: u32 = 0x00;
const SPINLOCK_ST: u32 = 0x5c;
const DIV_UDIVIDEND: u32 = 0x60;
const DIV_UDIVISOR: u32 = 0x64;
const DIV_SDIVIDEND: u32 = 0x68;
const DIV_SDIVISOR: u32 = 0x6c;
const DIV_QUOTIENT: u32 = 0x70;
const DIV_REMAINDER: u32 = 0x74;
const DIV_CSR: u32 = 0x78;
const SPINLOCK0: u32 = 0x100;
const SPINLOCK31: u32 = 0x17c;
const READY: i32 = 1;
const DIRTY: i32 = 2;
const DIVIDER_CLOCKS = 8;

function isSpinlock(offset: u32): bool {
  return offset >= SPINLOCK0 && offset <= SPINLOCK31;
}

function lockBit(offset: u32): u32 {
  return 1 << ((offset - SPINLOCK0) >>> 2);
}

export function sioReads(offset: u32): bool {
  return isSpinlock(offset) || (!(offset & 3) && (offset == CPUID || (offset >= SPINLOCK_ST && offset <= DIV_CSR)));
}

export function sioWrites(offset: u32): bool {
  return isSpinlock(offset) || (!(offset & 3) && offset >= DIV_UDIVIDEND && offset <= DIV_REMAINDER);
}

/** What a register says for which sioReads() is true. */
export function sioRead(offset: u32): u32 {
  switch (offset) {
    case CPUID:
      return 0;
    case SPINLOCK_ST:
      return load<u32>(SPINLOCKS);
    case DIV_UDIVIDEND:
    case DIV_SDIVIDEND:
      return load<u32>(DIVIDEND);
    case DIV_UDIVISOR:
    case DIV_SDIVISOR:
      return load<u32>(DIVISOR);
    case DIV_QUOTIENT:
      store<u32>(DIVIDER_CSR, load<u32>(DIVIDER_CSR) & ~DIRTY);
      return load<u32>(QUOTIENT);
    case DIV_REMAINDER:
      return load<u32>(REMAINDER);
    case DIV_CSR:
      return load<u32>(DIVIDER_CSR);
  }
  const bit = lockBit(offset);
  const locks = load<u32>(SPINLOCKS);
  if (locks & bit) return 0;
  store<u32>(SPINLOCKS, locks | bit);
  return bit;
}

/** Writes a register for which sioWrites() is true. */
export function sioWrite(offset: u32, value: u32): void {
  switch (offset) {
    case DIV_UDIVIDEND:
    case DIV_SDIVIDEND:
      store<u32>(DIVIDEND, value);
      divide(offset == DIV_SDIVIDEND);
      return;
    case DIV_UDIVISOR:
    case DIV_SDIVISOR:
      store<u32>(DIVISOR, value);
      divide(offset == DIV_SDIVISOR);
      return;
    case DIV_QUOTIENT:
      store<u32>(QUOTIENT, value);
      store<i32>(DIVIDER_CSR, READY | DIRTY);
      return;
    case DIV_REMAINDER:
      store<u32>(REMAINDER, value);
      store<i32>(DIVIDER_CSR, READY | DIRTY);
      return;
  }
  store<u32>(SPINLOCKS, load<u32>(SPINLOCKS) & ~lockBit(offset));
}

function divide(signed: bool): void {
  const dividend = load<u32>(DIVIDEND);
  const divisor = load<u32>(DIVISOR);
  if (divisor == 0) {
    store<i32>(QUOTIENT, dividend != 0 ? -1 : 1);
    store<u32>(REMAINDER, dividend);
  } else if (!signed) {
    store<u32>(QUOTIENT, dividend / divisor);
    store<u32>(REMAINDER, dividend % divisor);
  } else if (<i32>divisor == -1) {
    // WebAssembly traps where the quotient is 2^31
    store<u32>(QUOTIENT, 0 - dividend);
    store<u32>(REMAINDER, 0);
  } else {
    store<i32>(QUOTIENT, <i32>dividend / <i32>divisor);
    store<i32>(REMAINDER, <i32>dividend % <i32>divisor);
  }
  store<i32>(DIVIDER_CSR, READY | DIRTY);
  store<i32>(CYCLES, load<i32>(CYCLES) + DIVIDER_CLOCKS);
}
