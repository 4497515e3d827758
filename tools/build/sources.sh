#!/usr/bin/env bash
# MicroPython 1.25 and what it needs for the RP2040, from Debian 13's source packages -> build/src/micropython
#
# Debian 13 (trixie) is read by a private apt, in build/apt: the machine's own suites are not touched, and no root is
# needed. The mirror is the one that this machine's own apt uses; on Ubuntu name a Debian mirror in DEBIAN_MIRROR.
. "$(dirname "$0")/common.sh"
lock sources
wanted=micropython-1.25.0-trixie

# Every board here has small integers of 31 bits. mpy-tool takes those of any target, 14 bits: it would put each larger
# number of a table into flash as an object of 20 bytes, and each calculation with one would take heap.
small_integers() {
    sed -i 's/return -0x2000 <= i <= 0x1FFF$/return -0x40000000 <= i <= 0x3FFFFFFF/' "$MICROPYTHON/tools/mpy-tool.py"
    grep -q 'return -0x40000000 <= i <= 0x3FFFFFFF$' "$MICROPYTHON/tools/mpy-tool.py"
}
if fresh sources $wanted; then small_integers && exit; fi
command -v apt-get >/dev/null || cannot "there is no apt-get" "Debian or Ubuntu, or sources in build/src/micropython"

mirror=${DEBIAN_MIRROR:-}
if [ -z "$mirror" ] && grep -q '^ID=debian' /etc/os-release; then
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1)
fi
[ -n "$mirror" ] || cannot "no Debian mirror is known to this machine's apt" \
    "nothing; set DEBIAN_MIRROR to the address of one that carries trixie, and run this again"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keys ] || packages debian-archive-keyring

apt=$BUILD/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$BUILD/downloads" "$SOURCES"
printf '%s [signed-by=%s] %s trixie main\n' deb $keys "$mirror" deb-src $keys "$mirror" >"$apt/sources.list"
private_apt() {
    apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
fetch() {
    private_apt update
    cd "$BUILD/downloads"
    private_apt source --download-only micropython mbedtls
    private_apt download pico-sdk-source tinyusb-source
}
unpack() {
    local work=$SOURCES/new lib
    rm -rf "$work"
    mkdir -p "$work/micropython" "$work/mbedtls"
    tar xf "$BUILD"/downloads/micropython_1.25.0+ds.orig.tar.xz -C "$work/micropython" --strip-components=1
    tar xf "$BUILD"/downloads/mbedtls_3.6.*.orig.tar.bz2 -C "$work/mbedtls" --strip-components=1
    dpkg -x "$BUILD"/downloads/pico-sdk-source_*_all.deb "$work/deb"
    dpkg -x "$BUILD"/downloads/tinyusb-source_*_all.deb "$work/deb"
    lib=$work/micropython/lib
    rm -rf "$lib/pico-sdk" "$lib/tinyusb" "$lib/mbedtls"
    mv "$work/deb/usr/src/pico-sdk" "$lib/pico-sdk"
    mv "$work/deb/usr/src/tinyusb" "$lib/tinyusb"
    mv "$work/mbedtls" "$lib/mbedtls"
    rm -rf "$MICROPYTHON"
    mv "$work/micropython" "$MICROPYTHON"
    small_integers
    # a stand-in for the micropython-lib submodule: nothing is require()d from it
    mkdir -p "$SOURCES/micropython-lib"
    touch "$SOURCES/micropython-lib/README.md"
    rm -rf "$work"
}
command -v xz >/dev/null || packages xz-utils
command -v bzip2 >/dev/null || packages bzip2
took sources-fetch fetch || cannot "the source packages could not be fetched" "network access to a Debian mirror"
took sources-unpack unpack
done_with sources $wanted
