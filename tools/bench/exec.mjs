// Runs a script on the emulated board with the frozen image and prints what it printed: node exec.mjs FILE
import { readFileSync } from 'node:fs';
import { Board } from '../emulator/board.mjs';

const ROOT = new URL('../../', import.meta.url);
const board = new Board({
  bootrom: new URL('build/bootrom.bin', ROOT),
  firmware: new URL('build/PICO_EMU/firmware.bin', ROOT),
});
let out = '';
board.uart[0].onByte = (byte) => {
  out += String.fromCharCode(byte);
};
function until(predicate, seconds) {
  if (!board.runUntil(predicate, seconds * 1e9)) throw new Error(`time is up: ${out.slice(-2000)}`);
}
until(() => out.includes('Ctrl-C ends it'), 5);
board.run(300e6);
board.uart[0].send('\x03');
until(() => out.includes('>>> '), 5);
board.uart[0].send('\x01');
until(() => out.endsWith('CTRL-B to exit\r\n>'), 5);
out = '';
board.uart[0].send(`${readFileSync(process.argv[2], 'utf8')}\x04`);
until(() => (out.match(/\x04/g) ?? []).length >= 2, 60);
const [printed, failed] = out.slice(2).split('\x04');
process.stdout.write(printed.replaceAll('\r', ''));
if (failed) throw new Error(failed);
