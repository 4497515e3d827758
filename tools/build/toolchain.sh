#!/usr/bin/env bash
# The compiler for the board: the machine's own, else Debian's packages unpacked below build/toolchain, without root.
# Prints nothing when there is one. Other steps call `. tools/build/toolchain-path.sh` for its PATH.
. "$(dirname "$0")/common.sh"
lock toolchain
. "$TOOLS/toolchain-path.sh"
works() { printf '#include <string>\nint main(){return 0;}' | arm-none-eabi-g++ --specs=nosys.specs -x c++ - -o /dev/null; }
works 2>/dev/null && exit
command -v apt-get >/dev/null || cannot "no arm-none-eabi-g++ and no apt-get" "an Arm toolchain for bare metal, with newlib"

unpack() {
    unpack_packages "$BUILD/toolchain" \
        gcc-arm-none-eabi binutils-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib
    # Debian's gcc finds newlib in absolute /usr folders; unpacked elsewhere it needs these two links
    ln -sfn newlib "$BUILD/toolchain/usr/lib/arm-none-eabi/lib"
    ln -sfn ../../include/newlib "$BUILD/toolchain/usr/lib/arm-none-eabi/include"
}
took toolchain unpack || cannot "the toolchain could not be fetched" "gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib"
. "$TOOLS/toolchain-path.sh"
works || cannot "the unpacked toolchain does not work" "gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib"
