"""The three-phase meter on the emulated board for ten minutes: nothing may be lost.

soak.py [SECONDS]: a master polls back to back, a sector is erased every second, energy counts. Prints what
was seen; ends with 1 if a sample was lost.
"""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().with_name("load.mjs")
WATTS = 1725.0  # of the load in load.mjs: three times 230 V, 5 A, PF 0.5


def main():
    """One run."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    command = ["node", str(BENCH), f"seconds={seconds}", "ads131=1"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = json.loads(done.stdout)
    board, master = result["board"], result["master"]
    rows = (
        ("samples a channel", result["emulator"]["ads131"]["frames"]),
        ("gaps", board["gaps"]),
        ("overruns", board["overruns"]),
        ("frames with a wrong CRC", board["corrupt"]),
        ("erases", board["erases"]),
        ("requests", master["requests"]),
        ("of them without an answer", master["timeouts"]),
        ("mean power booked, of 1725 W", round(board["watts"], 2)),
        ("heap free at the end, bytes", board["heap_after"]),
    )
    for name, value in rows:
        print(f"{name:40} {value}")
    lost = board["gaps"] + board["overruns"] + board["corrupt"] + master["bad"]
    return 1 if lost or abs(board["watts"] / WATTS - 1) > 0.001 else 0


if __name__ == "__main__":
    sys.exit(main())
