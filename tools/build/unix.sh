#!/usr/bin/env bash
# MicroPython for this computer as the RP2040 has it: 32-bit objects, single-precision floats -> build/micropython-unix
. "$(dirname "$0")/common.sh"
case $(uname -m) in
x86_64 | i?86) ;;
*) cannot "a 32-bit MicroPython with native code needs an x86 computer" "nothing; run this tier on another machine" ;;
esac
"$TOOLS/mpy-cross.sh"
lock unix
wanted=$(hash_of "$TOOLS/unix.sh" "$TOOLS/unix-manifest.py" "$STAMPS/sources")
fresh unix "$wanted" && [ -x "$BUILD/micropython-unix" ] && exit
packages gcc libc6-dev make
[ "$(uname -m)" = x86_64 ] && packages gcc-multilib
compile() {
    make -C "$MICROPYTHON/ports/unix" -j"$JOBS" BUILD="$BUILD/unix" \
        MICROPY_FORCE_32BIT=1 CFLAGS_EXTRA=-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_FLOAT \
        MICROPY_PY_SSL=0 MICROPY_SSL_MBEDTLS=0 MICROPY_PY_BTREE=0 MICROPY_PY_FFI=0 \
        FROZEN_MANIFEST="$TOOLS/unix-manifest.py" MPY_LIB_DIR="$SOURCES/micropython-lib"
}
took micropython-unix compile
cp "$BUILD/unix/micropython" "$BUILD/micropython-unix"
done_with unix "$wanted"
