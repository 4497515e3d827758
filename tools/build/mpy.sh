#!/usr/bin/env bash
# lib/fourquad as .mpy files for any MicroPython 1.23 to 1.25, and a package.json for mip -> build/mpy
# Native kernels are machine code: they are compiled for ARCH (default armv6m, the RP2040).
. "$(dirname "$0")/common.sh"
out=$BUILD/mpy
lock mpy
rm -rf "$out"
mkdir -p "$out"
python "$TOOLS/make_mpy.py" "$ROOT/lib" "$out" "${ARCH:-armv6m}"
