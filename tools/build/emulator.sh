#!/usr/bin/env bash
# What the emulated board needs: rp2040js from npm -> build/emulator/core, the fast core over it -> build/emulator/fastcore,
# and the boot ROM
. "$(dirname "$0")/common.sh"
"$TOOLS/bootrom.sh"
lock emulator
use_node
emulator=$ROOT/tools/emulator
wanted=$(hash_of "$emulator/package-lock.json" "$emulator/make-core.mjs" "$emulator/fastcore")
fresh emulator "$wanted" && [ -d "$BUILD/emulator/core" ] && [ -s "$BUILD/emulator/fastcore/core.wasm" ] && exit
install() {
    mkdir -p "$BUILD/emulator" &&
        cp "$emulator/package.json" "$emulator/package-lock.json" "$BUILD/emulator/" &&
        cd "$BUILD/emulator" &&
        npm ci --no-audit --no-fund --ignore-scripts &&
        node "$emulator/make-core.mjs" node_modules/rp2040js core &&
        node "$emulator/fastcore/make.mjs" fastcore &&
        node_modules/.bin/asc fastcore/core.ts -o fastcore/core.wasm -O3 --noAssert --runtime stub --importMemory \
            --initialMemory "$(cat fastcore/pages)" --memoryBase 4096
}
took emulator install || cannot "rp2040js and assemblyscript could not be installed" "nothing; the npm registry must be reachable"
done_with emulator "$wanted"
