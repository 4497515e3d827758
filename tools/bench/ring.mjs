// An image as a board of a user has it, without a console, in a ring of MS/TP: node ring.mjs IMAGE [SECONDS]. Prints
// one JSON object.
import { Ads131 } from '../emulator/ads131.mjs';
import { Board } from '../emulator/board.mjs';
import { Ring } from './mstp.mjs';

const ROOT = new URL('../../', import.meta.url);
const [name, seconds = '10'] = process.argv.slice(2);
const board = new Board({
  bootrom: new URL('build/bootrom.bin', ROOT),
  firmware: new URL(`build/${name}/firmware.bin`, ROOT),
  on: false,
});
const converter = name.includes('ADS131') ? new Ads131(board) : null;
board.powerOn();
const sine = (middle, peak, phase) => (ns) => middle + peak * Math.sin(2 * Math.PI * ((50 * ns) / 1e9 - phase / 3));
for (let k = 0; k < 3; k++) {
  if (converter) {
    converter.inputs[k] = sine(0, 0.57, k);
    converter.inputs[3 + k] = sine(0, 0.53, k);
  } else {
    board.adc[k] = (ns) => Math.round(sine(2048, 1000, k)(ns));
  }
}
if (converter) converter.inputs[6] = () => 0;

board.run(2.5e9); // it starts
const ring = new Ring(board, { meter: 1, peers: [100], usage: 20, every: 500 });
board.clearStats();
board.run(Number(seconds) * 1e9);
process.stdout.write(`${JSON.stringify({ master: ring.result(), emulator: board.stats() })}\n`);
