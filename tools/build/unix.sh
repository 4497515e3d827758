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

# A 64-bit compiler needs the 32-bit C library: installed, or unpacked below build/ and linked in whole.
flags=()
makes_32_bit() { printf '#include <math.h>\nint main(){return 0;}' | gcc -m32 "${flags[@]}" -x c - -o "$BUILD/32" -lm; }
unpack() {
    unpack_packages "$BUILD/multilib" libc6-dev-i386 "lib32gcc-$(gcc -dumpversion | cut -d. -f1)-dev"
}
if ! makes_32_bit 2>/dev/null; then
    if is_root; then
        packages gcc-multilib
    else
        took multilib unpack || cannot "the 32-bit C library could not be fetched" "sudo apt-get install gcc-multilib"
        usr=$BUILD/multilib/usr
        runtime=$(echo "$usr"/lib/gcc/x86_64-linux-gnu/*/32)
        flags=(-static -B"$usr/lib32" -L"$usr/lib32" -B"$runtime" -L"$runtime"
            -isystem /usr/include/x86_64-linux-gnu -isystem "$usr/include/x86_64-linux-gnu")
        makes_32_bit || cannot "the compiler makes no 32-bit programs" "sudo apt-get install gcc-multilib"
    fi
fi
compile() {
    make -C "$MICROPYTHON/ports/unix" -j"$JOBS" BUILD="$BUILD/unix" \
        MICROPY_FORCE_32BIT=1 CFLAGS_EXTRA="-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_FLOAT -DMICROPY_GC_QUICK=1 ${flags[*]}" \
        LDFLAGS_EXTRA="${flags[*]}" \
        MICROPY_PY_BTREE=0 MICROPY_PY_FFI=0 \
        FROZEN_MANIFEST="$TOOLS/unix-manifest.py" MPY_LIB_DIR="$SOURCES/micropython-lib"
}
rm -rf "$BUILD/unix" # what was compiled knows other strings (qstr), and where it lay
took micropython-unix compile
cp "$BUILD/unix/micropython" "$BUILD/micropython-unix"
done_with unix "$wanted"
