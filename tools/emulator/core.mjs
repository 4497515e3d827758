// The emulated chip: npm's rp2040js as make-core.mjs prepared it.
export { RP2040, BasePeripheral, FIFO } from '../../build/emulator/core/index.js';
