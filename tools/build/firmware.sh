#!/usr/bin/env bash
# An image for a board: firmware.sh BOARD [bare] -> build/BOARD/firmware.{bin,elf,uf2}, or build/BOARD-bare/...
# "bare" has no fourquad frozen into it, and a ROMFS to deploy it to.
. "$(dirname "$0")/common.sh"
board=${1:?usage: firmware.sh BOARD [bare]}
variant=${2:-}
folder=$ROOT/boards/$board
[ -e "$folder/mpconfigboard.h" ] || { say "no such board: $board" >&2; exit 2; }
if [ -e "$folder/mpconfigboard.mk" ]; then exec "$TOOLS/firmware-stm32.sh" "$board"; fi
case $variant in '' | bare) ;; *) say "no such variant: $variant" >&2; exit 2 ;; esac
"$TOOLS/mpy-cross.sh"
"$TOOLS/toolchain.sh"
. "$TOOLS/toolchain-path.sh"

name=$board${variant:+-$variant}
out=$BUILD/$name
lock "firmware-$name"
inputs=("$ROOT/boards/common" "$folder" "$TOOLS/firmware.sh" "$TOOLS/uf2.py" "$STAMPS/sources")
[ -n "$variant" ] || inputs+=("$ROOT/lib/fourquad" "$ROOT/firmware" "$TOOLS/inline_points.py")
wanted=$(hash_of "${inputs[@]}")
fresh "firmware-$name" "$wanted" && [ -e "$out/firmware.bin" ] && exit

if ! command -v cmake >/dev/null || ! command -v make >/dev/null; then packages cmake make; fi
mkdir -p "$out"
options=(-DMICROPY_BOARD="$board" -DMICROPY_BOARD_DIR="$folder" -DMICROPY_LIB_DIR="$SOURCES/micropython-lib"
    -DPICO_NO_PICOTOOL=1 -DPICO_BUILD_DOCS=0)
if [ -n "$variant" ]; then
    options+=(-DMICROPY_BOARD_VARIANT=BARE -DMICROPY_FROZEN_MANIFEST="$ROOT/boards/common/manifest_bare.py")
else
    options+=(-DMICROPY_FROZEN_MANIFEST="$folder/manifest.py")
fi
[ -n "$variant" ] || python "$TOOLS/inline_points.py" "$ROOT/lib" "$BUILD/inlined"
# cmake does not see that other settings of MicroPython need other strings (qstr)
settings=$(hash_of "$ROOT"/boards/common/*.h "$folder"/*.h "$folder"/*.cmake)
[ "$(cat "$out/settings" 2>/dev/null)" = "$settings" ] || rm -rf "$out/cmake"
printf '%s\n' "$settings" >"$out/settings"
[ -e "$out/cmake/Makefile" ] ||
    took "$name-configure" cmake -S "$MICROPYTHON/ports/rp2" -B "$out/cmake" -G "Unix Makefiles" "${options[@]}"
took "$name-compile" cmake --build "$out/cmake" -j"$JOBS"
arm-none-eabi-objcopy -O binary "$out/cmake/firmware.elf" "$out/firmware.new"
platform=$(sed -n 's/^set(PICO_PLATFORM "\(.*\)")$/\1/p' "$folder/mpconfigboard.cmake")
limit=$(python "$TOOLS/flash_limit.py" "$folder/mpconfigboard.h" "$variant")
size=$(stat -c %s "$out/firmware.new")
[ "$size" -le "$limit" ] || { say "the image has $size bytes, $limit are there before the storage" >&2; exit 1; }
python "$TOOLS/uf2.py" "$out/firmware.new" "$out/firmware.uf2" "$platform"
cp "$out/cmake/firmware.elf" "$out/firmware.elf"
mv "$out/firmware.new" "$out/firmware.bin"
say "  $name: $size bytes of $limit"
done_with "firmware-$name" "$wanted"
