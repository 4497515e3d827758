// The emulated chip: npm's rp2040js as make-core.mjs prepared it.
export { RP2040, BasePeripheral, FIFO } from '../../build/emulator/core/index.js';
export { CortexM0Core } from '../../build/emulator/core/cortex-m0-core.js';
export { RPSIO } from '../../build/emulator/core/sio.js';
