// Builds a faster copy of npm's rp2040js: node make-core.mjs NODE_MODULES/rp2040js OUT_FOLDER
//
// A transformation of text that changes no instruction: the core's chain of `if (opcode matches ...)` becomes a switch over
// a table that is computed from the very same conditions, and RAM and flash are reached before the peripherals are asked.
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Replaces exactly one occurrence, or fails: an rp2040js of another version must be heard. */
function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`not found exactly once: ${from.slice(0, 60)}`);
  return text.replace(from, () => to);
}

/** Splits the body of executeInstruction into its branches: [{ condition, body }], the last without a condition. */
function branches(chain) {
  const heads = [...chain.matchAll(/^ {8}(?:if|else if|else)(?: \((.*)\))? \{$/gm)];
  return heads.map((head, i) => {
    const end = i + 1 < heads.length ? heads[i + 1].index : chain.length;
    const body = chain.slice(head.index + head[0].length, end);
    return { condition: head[1], body: body.slice(0, body.lastIndexOf('\n        }')) };
  });
}

/** Only the 32-bit instructions look at the second halfword. */
const SECOND = `        const wideInstruction = opcode >> 12 === 0b1111 || opcode >> 11 === 0b11101;
        const opcode2 = wideInstruction ? this.readUint16(opcodePC + 2) : 0;
`;

/** The core with a decode table. Conditions that need the second halfword stay a chain, in the default case. */
export function transformCore(source) {
  const startMark = 'let deltaCycles = 1;';
  const start = source.indexOf(startMark) + startMark.length;
  const end = source.indexOf('this.cycles += deltaCycles;', start);
  const parts = branches(source.slice(start, end));
  const isNarrow = (part) => part.condition && !/opcode2/.test(part.condition);
  if (parts.filter(isNarrow).length < 70) throw new Error('the opcode chain was not understood');

  const cases = parts
    .map((part, i) => (isNarrow(part) ? `        case ${i + 1}: {${part.body}\n            break;\n        }\n` : ''))
    .join('');
  const wide = parts
    .filter((part) => part.condition && !isNarrow(part))
    .map((part) => `if (${part.condition}) {${part.body}\n}`)
    .join(' else ');
  const last = parts[parts.length - 1];
  const otherwise = ` else {${last.condition ? '' : last.body}\n}`;
  const body = `\n        switch (DECODE[opcode]) {\n${cases}        default: {\n${SECOND}${wide}${otherwise}\n        }\n        }\n        `;

  let result = replaceOnce(source.slice(0, start), SECOND, '') + body + source.slice(end);
  result = replaceOnce(
    result,
    'const opcode = this.readUint16(opcodePC);',
    'const flashOffset = (opcodePC - 0x10000000) >>> 0; ' +
      'const opcode = flashOffset < 0x1000000 ? this.rp2040.flash16[(flashOffset & 0x1fffff) >> 1] : this.readUint16(opcodePC);',
  );
  const tests = parts.map((part) => (isNarrow(part) ? `(opcode) => ${part.condition}` : 'null')).join(',\n');
  return `${result}
const DECODE = new Uint8Array(65536);
{
  const TESTS = [${tests}];
  for (let opcode = 0; opcode < 65536; opcode++) {
    if (opcode >> 12 === 0b1111 || opcode >> 11 === 0b11101) continue; // 32-bit instructions: the chain decides
    DECODE[opcode] = TESTS.findIndex((test) => test && test(opcode)) + 1;
  }
}
`;
}

/** The bus with RAM first on aligned words; the original looks every address up among the peripherals before. */
export function transformBus(source) {
  const writeHead = '    writeUint32(address, value) {\n        address = address >>> 0;';
  const readHead = '    readUint32(address) {\n        address = address >>> 0; // round to 32-bits, unsigned';
  let result = replaceOnce(
    source,
    writeHead,
    `${writeHead}
        const ramWrite = (address - RAM_START_ADDRESS) >>> 0;
        if (ramWrite < 0x42000 - 3) { this.sramView.setUint32(ramWrite, value, true); return; }`,
  );
  result = replaceOnce(
    result,
    readHead,
    `${readHead}
        const ramRead = (address - RAM_START_ADDRESS) >>> 0;
        if (ramRead < 0x42000 - 3 && !(address & 3)) return this.sramView.getUint32(ramRead, true);
        if (address >>> 24 === 0x10 && !(address & 3)) return this.flashView.getUint32(address & 0x1fffff, true);`,
  );
  // a sum of base and offset that has wrapped around, as for words
  for (const head of ['readUint16(address) {', 'readUint8(address) {', 'writeUint16(address, value) {', 'writeUint8(address, value) {']) {
    result = replaceOnce(result, `    ${head}\n`, `    ${head}\n        address = address >>> 0;\n`);
  }
  // 2 MB of flash, which repeat in the 16 MB of their window as on the board
  result = replaceOnce(result, 'this.flash = new Uint8Array(16 * MB);', 'this.flash = new Uint8Array(2 * MB);');
  return replaceOnce(result, 'const offset = address & 16777215;', 'const offset = address & 0x1fffff;');
}

const TRANSFORMS = [
  ['cortex-m0-core.js', transformCore],
  ['rp2040.js', transformBus],
];

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: make-core.mjs NODE_MODULES/rp2040js OUT_FOLDER');
  process.exit(2);
}
const work = `${to}.new`;
rmSync(work, { recursive: true, force: true });
cpSync(join(from, 'dist/esm'), work, { recursive: true });
writeFileSync(join(work, 'package.json'), '{"type":"module"}\n');
for (const [file, transform] of TRANSFORMS) {
  const path = join(work, file);
  writeFileSync(path, transform(readFileSync(path, 'utf8')));
}
rmSync(to, { recursive: true, force: true });
renameSync(work, to);
