// A board through boot, resets and power cuts: digests of its state at many instants. The two cores must give the same.
// node digests.mjs FIRMWARE [key=value ...]: miss (clocks of an XIP cache miss), step and ms (of the first boot), slow (1).
import { createHash } from 'node:crypto';
import { Board } from '../board.mjs';

const [firmware, ...words] = process.argv.slice(2);
const options = { miss: 0, step: 5, ms: 400, slow: 0 };
for (const word of words) {
  const [key, value] = word.split('=');
  if (!(key in options)) throw new Error(`no such option: ${key}`);
  options[key] = Number(value);
}

const bootrom = new URL('../../../build/bootrom.bin', import.meta.url);
const board = new Board({ bootrom, firmware, missClocks: options.miss, slowCore: Boolean(options.slow) });
let said = '';
board.uart[0].onByte = (byte) => {
  said += String.fromCharCode(byte);
};
const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
const lines = [];
function note(what) {
  const { mcu } = board;
  const registers = mcu ? [...mcu.core.registers, mcu.core.APSR >>> 28, mcu.core.cycles] : [];
  const memory = [mcu ? md5(mcu.sram) : '', md5(board.flash)];
  lines.push([what, board.nanos, board.instructions, board.processor.misses, ...registers, ...memory, md5(said)].join(' '));
}

/** Runs and notes the state every `step` milliseconds. */
function watch(what, ms, step = options.step) {
  for (let at = 0; at < ms; at += step) {
    board.run(step * 1e6);
    note(what);
  }
}

/** To the prompt of MicroPython, whatever the image starts by itself. */
function prompt() {
  if (!board.runUntil(() => said.includes('Ctrl-C ends it') || said.includes('>>> '), 5e9)) throw new Error(said);
  if (!said.includes('>>> ')) {
    board.run(200e6);
    board.uart[0].send('\x03');
    if (!board.runUntil(() => said.includes('>>> '), 5e9)) throw new Error(said);
  }
  note('prompt');
}

function type(code) {
  said = '';
  board.uart[0].send(`${code}\r`);
}

watch('boot', options.ms);
prompt();
// interrupts, the divider, floats and machine code in RAM that is made anew at the same place
type('import gc,machine;t=machine.Timer(period=3,callback=lambda t:None)');
watch('timer', 60);
const viper = '@micropython.viper\\ndef f(n:int)->int:\\n s=0\\n for i in range(n):\\n  s=(s*7+i)^(s>>3)\\n return s';
type(`exec('${viper}');print(f(3000),1e5/7);gc.collect()`);
watch('viper', 120);
type("f=open('/a','w');f.write('x'*3000);f.close();print('written')");
watch('file', 500, 4 * options.step);
board.reset();
said = '';
watch('reset', 40);
prompt();
type('import machine;machine.reset()');
watch('machine.reset', 100);
prompt();
for (const [operations, fraction] of [[1, 0.5], [3, 0.3]]) {
  board.cutPower(operations, fraction);
  type("f=open('/b','w');f.write('y'*9000);f.close()");
  if (!board.runUntil(() => !board.powered, 3e9)) throw new Error('no flash operation');
  note('cut');
  board.run(1e8);
  board.powerOn();
  said = '';
  watch('power', 40);
  prompt();
}
const { instructions, processor } = board;
process.stdout.write(`${JSON.stringify({ points: lines.length, instructions, misses: processor.misses, lines })}\n`);
