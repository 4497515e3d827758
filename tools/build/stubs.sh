#!/usr/bin/env bash
# Types of MicroPython 1.25's modules, from PyPI -> build/stubs/rp2, build/stubs/stm32
. "$(dirname "$0")/common.sh"
lock stubs
wanted=$(hash_of "$TOOLS/stubs.sh")
fresh stubs "$wanted" && exit
fetch() {
    local port
    rm -rf "$BUILD/stubs"
    for port in rp2 stm32; do
        python -m pip install -q --target "$BUILD/stubs/$port" --upgrade \
            "micropython-$port-stubs==1.25.0.post3" micropython-stdlib-stubs==1.25.0
    done
    # the stubs do not know that rp2.Flash takes a part of the storage
    sed -i '/^class Flash(AbstractBlockDev):/a\    def __init__(self, *, start: int = -1, len: int = -1) -> None: ...' \
        "$BUILD/stubs/rp2/rp2/__init__.pyi"
    # nor the module in C under rp2
    printf 'from rp2 import DMA as DMA, Flash as Flash\n' >"$BUILD/stubs/rp2/_rp2.pyi"
}
took stubs fetch || cannot "the type stubs could not be fetched" "nothing; PyPI must be reachable"
done_with stubs "$wanted"
