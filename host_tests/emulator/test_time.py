"""The board's own time: how far a run goes."""

from __future__ import annotations

import json
import subprocess

import pytest
from emulated import BUILD, ROOT, image

pytestmark = pytest.mark.chosen

LIVES = 40
RUNS = 200
MOST_TURNS = 10
# The processor's life began at a time with a bit more than sums with its clock can hold: some round down.
ENDS = """
const { Board } = await import(process.argv[1]);
const bootrom = process.argv[2];
const firmware = Uint8Array.of(0x30, 0xbf, 0xfd, 0xe7); // WFI, and again
const board = new Board({ bootrom, firmware });
board.run(2.3e9 + 0.1234567);
let turns = 0;
const runPowered = board.runPowered.bind(board);
board.runPowered = (end) => {
  if (++turns > MOST_TURNS) throw new Error(`no end at ${board.nanos}`);
  runPowered(end);
};
let early = 0;
for (let life = 0; life < LIVES; life++) {
  board.baseNanos = 1.2e9 + life / 7;
  for (let i = 0; i < RUNS; i++) {
    turns = 0;
    const before = board.nanos;
    board.run(1e3 + i * 0.37);
    if (board.nanos - before < 1e3) early++;
  }
}
console.log(JSON.stringify({ early }));
"""


def test_every_run_ends_whatever_its_sums_round_to() -> None:
    """`load.mjs ads131=1 flip=3 skip=2` never did: it starts the processor twice."""
    image()
    script = (
        ENDS.replace("MOST_TURNS", str(MOST_TURNS)).replace("RUNS", str(RUNS)).replace("LIVES", str(LIVES))
    )
    board = (ROOT / "tools" / "emulator" / "board.mjs").as_uri()
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run([*command, board, str(BUILD / "bootrom.bin")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {"early": 0}
