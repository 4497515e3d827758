#!/usr/bin/env bash
# An image for an STM32 board: firmware-stm32.sh BOARD [MODEL...] -> build/BOARD/firmware.{bin,elf,hex}
# USER_C_MODULES names a folder of C modules, as for firmware.sh.
#
# MicroPython needs ST's headers and drivers for it (its submodule lib/stm32lib: CMSIS/STM32H7xx and
# STM32H7xx_HAL_Driver). Debian's source package of MicroPython leaves them out, and no other package has them: name a
# copy in STM32LIB.
. "$(dirname "$0")/common.sh"
board=${1:?usage: firmware-stm32.sh BOARD [MODEL...]}
shift
folder=$ROOT/boards/$board
library=${STM32LIB:-$SOURCES/stm32lib}
for part in CMSIS/STM32H7xx/Include/stm32h743xx.h STM32H7xx_HAL_Driver/Src/stm32h7xx_hal.c; do
    [ -e "$library/$part" ] || cannot "ST's $part is missing, which no package has" \
        "a copy of MicroPython's stm32lib, its folder named in STM32LIB; or put the meter on MicroPython as it is for
  this board: make deploy ARGS=\"--port /dev/ttyACM0 --board $board\""
done
"$TOOLS/mpy-cross.sh"
"$TOOLS/toolchain.sh"
. "$TOOLS/toolchain-path.sh"

out=$BUILD/$board
lock "firmware-$board"
wanted=$(hash_of "$ROOT/boards/common" "$folder" "$TOOLS/firmware-stm32.sh" "$STAMPS/sources" "$ROOT/lib/fourquad" \
    "$ROOT/firmware" "$TOOLS"/{inline_points,inline_firmware,literals,rooms}.py)-$*
fresh "firmware-$board" "$wanted" && [ -e "$out/firmware.bin" ] && exit

port=$MICROPYTHON/ports/stm32
mkdir -p "$out/board"
cp "$port/boards/$board/pins.csv" "$folder"/*.h "$folder"/*.c "$folder"/*.mk "$out/board/"
# the source package keeps the place of the submodule empty
rm -rf "$MICROPYTHON/lib/stm32lib"
ln -sfn "$(realpath "$library")" "$MICROPYTHON/lib/stm32lib"
touch "$SOURCES/micropython-lib/README.md"
python "$TOOLS/inline_points.py" ${USER_C_MODULES:+--vector} --board "$folder" "$ROOT/lib" "$BUILD/inlined" "$@"
if grep -q '^def network' "$folder/board.py"; then
    "$TOOLS/web.sh"
    python "$TOOLS/web_module.py" "$BUILD/inlined/fourquad_web.py" "$@"
fi
python "$TOOLS/inline_firmware.py" "$BUILD/firmware" "$board"
took "$board-compile" make -C "$port" -j"$JOBS" BOARD="$board" BOARD_DIR="$out/board" BUILD="$out/make" \
    FROZEN_MANIFEST="$folder/manifest.py" MICROPY_MPYCROSS="$BUILD/mpy-cross" MPY_LIB_DIR="$SOURCES/micropython-lib" \
    ${USER_C_MODULES:+USER_C_MODULES="$(realpath "$USER_C_MODULES")"}
for kind in bin elf hex; do cp "$out/make/firmware.$kind" "$out/firmware.$kind"; done
say "  $board: $(stat -c %s "$out/firmware.bin") bytes of 1572864"
done_with "firmware-$board" "$wanted"
