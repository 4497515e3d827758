#!/usr/bin/env bash
# Tier 2: every file of host_tests/pure in a MicroPython of its own, 32-bit with single-precision floats.
# test_micropython.sh [FILE...]
. "$(dirname "$0")/common.sh"
"$TOOLS/unix.sh"
cd "$ROOT"
export MICROPYPATH=$ROOT/lib:$ROOT/host_tests/pure
results=$BUILD/test-micropython
rm -rf "$results"
mkdir -p "$results"

if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(find host_tests/pure -name 'test_*.py' | sort); fi
[ ${#files[@]} -gt 0 ] || { say "no pure tests"; exit 1; }
one() {
    local log
    log=$2/$(tr / _ <<<"$1").log
    "$3" -X heapsize=16M host_tests/run_pure.py "$1" >"$log" 2>&1
    local code=$?
    # a crash of the interpreter says nothing itself
    [ $code -le 1 ] || echo "FAILED $1: the interpreter ended with $code" >>"$log"
    [ $code = 0 ] || { cat "$log"; return 1; }
}
export -f one
status=0
printf '%s\0' "${files[@]}" | xargs -0 -P "$JOBS" -I{} bash -c 'one "$@"' _ {} "$results" "$BUILD/micropython-unix" || status=1
passed=$(cat "$results"/*.log | sed -n 's/^\([0-9]*\) passed,.*/\1/p' | awk '{ n += $1 } END { print n + 0 }')
failed=$(cat "$results"/*.log | grep -c '^FAILED' || true)
say "$passed passed, $failed failed in ${#files[@]} files on MicroPython, 32-bit, single precision"
exit $status
