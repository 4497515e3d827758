#!/usr/bin/env bash
# The compiler for the board: the machine's own, else Debian's packages unpacked below build/toolchain, without root.
# Prints nothing when there is one. Other steps call `. tools/build/toolchain-path.sh` for its PATH.
. "$(dirname "$0")/common.sh"
lock toolchain
. "$TOOLS/toolchain-path.sh"
works() { printf '#include <string>\nint main(){return 0;}' | arm-none-eabi-g++ --specs=nosys.specs -x c++ - -o /dev/null; }
works 2>/dev/null && exit
command -v apt-get >/dev/null || cannot "no arm-none-eabi-g++ and no apt-get" "an Arm toolchain for bare metal, with newlib"

apt=$BUILD/apt-native
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$BUILD/toolchain"
private_apt() {
    apt-get -q -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Debug::NoLocking=1 -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
fetch() {
    private_apt update
    private_apt install -y --no-install-recommends --download-only \
        gcc-arm-none-eabi binutils-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib
}
unpack() {
    local package
    for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$BUILD/toolchain"; done
    # Debian's gcc finds newlib in absolute /usr folders; unpacked elsewhere it needs these two links
    ln -sfn newlib "$BUILD/toolchain/usr/lib/arm-none-eabi/lib"
    ln -sfn ../../include/newlib "$BUILD/toolchain/usr/lib/arm-none-eabi/include"
}
took toolchain-fetch fetch || cannot "the toolchain could not be fetched" "gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib"
took toolchain-unpack unpack
. "$TOOLS/toolchain-path.sh"
works || cannot "the unpacked toolchain does not work" "gcc-arm-none-eabi libstdc++-arm-none-eabi-newlib"
