#!/usr/bin/env bash
# MicroPython 1.25 and what it needs for the RP2040, from Debian 13's source packages -> build/src/micropython
# sources.sh lwip: also what an image with a network needs: lwIP, and the driver of the W5500 (boards/common/wiznet5k)
#
# Debian 13 (trixie) is read by a private apt, in build/apt: the machine's own suites are not touched, and no root is
# needed. The mirror is the one that this machine's own apt uses; on Ubuntu name a Debian mirror in DEBIAN_MIRROR.
. "$(dirname "$0")/common.sh"
lock sources
release=micropython-1.25.0-trixie
lwip=lwip-2.2.1-trixie-ipv4
apt=$BUILD/apt

# Each mends a tree, in this order. When one has changed, or what it asks, the sources are unpacked and mended anew.
mending=(mpy_tool.py flash_functions.py collector.py erasing.py network.py hot_code.py file_caches.py emitter.py)
asked=(sources.sh mends.py flash_class_edits.py flash_code.py flash_classes.py flash_text.py)
wanted=$release-$(cd "$TOOLS" && hash_of "${mending[@]}" "${asked[@]}")

use_mirror() {
    local mirror=${DEBIAN_MIRROR:-} keys=/usr/share/keyrings/debian-archive-keyring.gpg
    command -v apt-get >/dev/null || cannot "there is no apt-get" "Debian or Ubuntu, or sources in build/src/micropython"
    if [ -z "$mirror" ] && grep -q '^ID=debian' /etc/os-release; then
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1)
    fi
    [ -n "$mirror" ] || cannot "no Debian mirror is known to this machine's apt" \
        "nothing; set DEBIAN_MIRROR to the address of one that carries trixie, and run this again"
    [ -e $keys ] || packages debian-archive-keyring
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$BUILD/downloads" "$SOURCES"
    printf '%s [signed-by=%s] %s trixie main\n' deb $keys "$mirror" deb-src $keys "$mirror" >"$apt/sources.list"
}
private_apt() {
    apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
# fetch SOURCE...: source packages -> build/downloads
fetch() {
    private_apt update
    cd "$BUILD/downloads"
    private_apt source --download-only "$@"
}
fetch_all() {
    fetch micropython mbedtls && private_apt download pico-sdk-source tinyusb-source
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
    rm -rf "$MICROPYTHON" "$STAMPS"/{sources,lwip}
    mv "$work/micropython" "$MICROPYTHON"
    # a stand-in for the micropython-lib submodule: nothing is require()d from it
    mkdir -p "$SOURCES/micropython-lib"
    touch "$SOURCES/micropython-lib/README.md"
    rm -rf "$work"
}

# lwIP with Debian's fixes of its security.
unpack_lwip() {
    local to=$MICROPYTHON/lib/lwip patch
    rm -rf "$to"
    mkdir -p "$to"
    tar xf "$BUILD"/downloads/lwip_2.2.1+*.orig.tar.xz -C "$to" --strip-components=1
    tar xf "$BUILD"/downloads/lwip_2.2.1+*.debian.tar.xz -C "$to"
    grep -v '^ *\(#\|$\)' "$to/debian/patches/series" | while read -r patch _; do
        patch -d "$to" -p1 --no-backup-if-mismatch <"$to/debian/patches/$patch"
    done
}
# MicroPython names all files of the vendor's library; those of other chips are empty.
wiznet() {
    local to=$MICROPYTHON/lib/wiznet5k name
    mkdir -p "$to/Ethernet"/{W5100,W5100S,W5200,W5300,W5500} "$to/Internet"/{DHCP,DNS}
    for name in Ethernet/{W5100/w5100,W5100S/w5100s,W5200/w5200,W5300/w5300,W5500/w5500} Internet/{DHCP/dhcp,DNS/dns}; do
        [ -e "$to/$name.c" ] || echo '// nothing of this is needed' >"$to/$name.c"
    done
    for name in "$ROOT"/boards/common/wiznet5k/*; do
        case $name in *.md) cp -u "$name" "$to/" ;; *) cp -u "$name" "$to/Ethernet/" ;; esac
    done
}

if ! fresh sources "$wanted"; then
    if ! fresh sources-fetched $release; then
        use_mirror
        took sources-fetch fetch_all || cannot "the source packages could not be fetched" "network access to a Debian mirror"
        done_with sources-fetched $release
    fi
    command -v xz >/dev/null || packages xz-utils
    command -v bzip2 >/dev/null || packages bzip2
    took sources-unpack unpack
    for name in "${mending[@]}"; do python "$TOOLS/$name" "$MICROPYTHON"; done
    done_with sources "$wanted"
fi
[ "${1:-}" = lwip ] || exit 0
if ! fresh lwip $lwip; then
    command -v patch >/dev/null || packages patch
    if ! fresh lwip-fetched $lwip; then
        use_mirror
        took lwip-fetch fetch lwip || cannot "the source package of lwIP could not be fetched" "network access to a Debian mirror"
        done_with lwip-fetched $lwip
    fi
    took lwip-unpack unpack_lwip
    done_with lwip $lwip
fi
wiznet
