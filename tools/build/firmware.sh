#!/usr/bin/env bash
# An image for a board: firmware.sh BOARD [bare | MODEL...] -> firmware.{bin,elf,uf2} in build/BOARD (every model),
# build/BOARD-MODEL (that model, and nothing that only others want) or build/BOARD-bare (no fourquad, but a ROMFS to
# deploy it to). USER_C_MODULES names a folder of C modules, as MicroPython's ports take it (ulab's is ulab/code).
#
# A Pico W and a Pico 2 W need the driver of their radio with its firmware (MicroPython's submodule lib/cyw43-driver), which
# no package has: name a copy in CYW43_DRIVER.
. "$(dirname "$0")/common.sh"
board=${1:?usage: firmware.sh BOARD [bare | MODEL...]}
shift
variant= models=("$@")
if [ "${1:-}" = bare ]; then variant=bare models=(); fi
folder=$ROOT/boards/$board
[ -e "$folder/mpconfigboard.h" ] || { say "no such board: $board" >&2; exit 2; }
if [ -e "$folder/mpconfigboard.mk" ]; then exec "$TOOLS/firmware-stm32.sh" "$board" "${models[@]}"; fi
modules=${USER_C_MODULES:-}
if [ -n "$modules" ]; then
    modules=$(realpath "$modules")
    [ -d "$modules" ] && modules=$modules/micropython.cmake
    [ -e "$modules" ] || { say "USER_C_MODULES: there is no $modules" >&2; exit 2; }
fi
radio=
if grep -q cyw43.cmake "$folder/mpconfigboard.cmake"; then
    for part in src/cyw43.h firmware/w43439A0_7_95_49_00_combined.h; do
        [ -e "${CYW43_DRIVER:-}/$part" ] || cannot "the radio's $part is missing, which no package has" \
            "a copy of MicroPython's lib/cyw43-driver, its folder named in CYW43_DRIVER"
    done
    radio=$(realpath "$CYW43_DRIVER")
fi
"$TOOLS/mpy-cross.sh"
"$TOOLS/toolchain.sh"
if grep -q MICROPY_PY_LWIP "$folder/mpconfigboard.cmake"; then "$TOOLS/sources.sh" lwip; fi
. "$TOOLS/toolchain-path.sh"

network=
if [ -z "$variant" ] && grep -q '^def network' "$folder/board.py"; then network=1; fi
[ -z "$network" ] || "$TOOLS/web.sh"
tree=$BUILD/$board${variant:+-$variant}${modules:+-modules}
out=$tree$(printf -- '-%s' "${models[@]}")
out=${out%-}
name=$(basename "$out")
lock firmware # build/inlined and build/firmware are for all boards
inputs=("$ROOT/boards/common" "$folder" "$TOOLS/firmware.sh" "$TOOLS/uf2.py" "$STAMPS/sources")
[ -n "$variant" ] || inputs+=("$ROOT/lib/fourquad" "$ROOT/firmware" "$TOOLS"/{inline_points,inline_firmware,literals,rooms}.py)
[ -z "$network" ] || inputs+=("$ROOT"/tools/fourquad_tools/{web,web_files.py,tables.py} "$TOOLS/web_module.py" "$BUILD/web/uplot")
[ -z "$modules" ] || inputs+=("$(dirname "$modules")")
[ -z "$radio" ] || inputs+=("$radio"/{src,firmware})
wanted=$(hash_of "${inputs[@]}")
fresh "firmware-$name" "$wanted" && [ -e "$out/firmware.bin" ] && exit

if ! command -v cmake >/dev/null || ! command -v make >/dev/null; then packages cmake make; fi
mkdir -p "$out" "$tree"
if [ -n "$radio" ]; then
    # the source package keeps the place of the submodule empty
    rm -rf "$MICROPYTHON/lib/cyw43-driver"
    ln -sfn "$radio" "$MICROPYTHON/lib/cyw43-driver"
fi
options=(-DMICROPY_BOARD="$board" -DMICROPY_BOARD_DIR="$folder" -DMICROPY_LIB_DIR="$SOURCES/micropython-lib"
    -DPICO_NO_PICOTOOL=1 -DPICO_BUILD_DOCS=0)
if [ -n "$variant" ]; then
    options+=(-DMICROPY_BOARD_VARIANT=BARE -DMICROPY_FROZEN_MANIFEST="$ROOT/boards/common/manifest_bare.py")
else
    options+=(-DMICROPY_FROZEN_MANIFEST="$folder/manifest.py")
fi
[ -z "$modules" ] || options+=(-DUSER_C_MODULES="$modules")
if [ -z "$variant" ]; then
    python "$TOOLS/inline_points.py" ${modules:+--vector} --board "$folder" "$ROOT/lib" "$BUILD/inlined" "${models[@]}"
    [ -z "$network" ] || python "$TOOLS/web_module.py" "$BUILD/inlined/fourquad_web.py" "${models[@]}"
    python "$TOOLS/inline_firmware.py" "$BUILD/firmware" "$board"
fi
# cmake does not see that other settings of MicroPython need other strings (qstr), nor that mpy-tool is another
settings=$(hash_of "$ROOT"/boards/common/*.{h,cmake} "$folder"/*.h "$folder"/*.cmake "$STAMPS/sources")
[ "$(cat "$tree/settings" 2>/dev/null)" = "$settings" ] || rm -rf "$tree/cmake"
printf '%s\n' "$settings" >"$tree/settings"
[ -e "$tree/cmake/Makefile" ] ||
    took "$name-configure" cmake -S "$MICROPYTHON/ports/rp2" -B "$tree/cmake" -G "Unix Makefiles" "${options[@]}"
took "$name-compile" cmake --build "$tree/cmake" -j"$JOBS"
arm-none-eabi-objcopy -O binary "$tree/cmake/firmware.elf" "$out/firmware.new"
platform=$(sed -n 's/^set(PICO_PLATFORM "\(.*\)")$/\1/p' "$folder/mpconfigboard.cmake")
limit=$(python "$TOOLS/flash_limit.py" "$folder/mpconfigboard.h" "$variant")
size=$(stat -c %s "$out/firmware.new")
[ "$size" -le "$limit" ] || { say "the image has $size bytes, $limit are there before the storage" >&2; exit 1; }
python "$TOOLS/uf2.py" "$out/firmware.new" "$out/firmware.uf2" "$platform"
cp "$tree/cmake/firmware.elf" "$out/firmware.elf"
mv "$out/firmware.new" "$out/firmware.bin"
say "  $name: $size bytes of $limit"
done_with "firmware-$name" "$wanted"
