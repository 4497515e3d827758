#!/usr/bin/env bash
# The cross compiler of MicroPython 1.25, from the same source as the firmware -> build/mpy-cross
. "$(dirname "$0")/common.sh"
"$TOOLS/sources.sh"
lock mpy-cross
wanted=$(cat "$STAMPS/sources")
fresh mpy-cross "$wanted" && [ -x "$BUILD/mpy-cross" ] && exit
packages gcc libc6-dev make
took mpy-cross make -C "$MICROPYTHON/mpy-cross" -j"$JOBS"
cp "$MICROPYTHON/mpy-cross/build/mpy-cross" "$BUILD/mpy-cross"
done_with mpy-cross "$wanted"
