#!/usr/bin/env bash
# What the emulated board needs: rp2040js from npm, made fast -> build/emulator/core, and the boot ROM
. "$(dirname "$0")/common.sh"
"$TOOLS/bootrom.sh"
lock emulator
use_node
emulator=$ROOT/tools/emulator
wanted=$(hash_of "$emulator/package-lock.json" "$emulator/make-core.mjs")
fresh emulator "$wanted" && [ -d "$BUILD/emulator/core" ] && exit
install() {
    mkdir -p "$BUILD/emulator"
    cp "$emulator/package.json" "$emulator/package-lock.json" "$BUILD/emulator/"
    cd "$BUILD/emulator"
    npm ci --no-audit --no-fund --ignore-scripts
    node "$emulator/make-core.mjs" "$BUILD/emulator/node_modules/rp2040js" "$BUILD/emulator/core"
}
took emulator install || cannot "rp2040js could not be installed" "nothing; the npm registry must be reachable"
done_with emulator "$wanted"
