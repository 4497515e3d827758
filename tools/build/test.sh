#!/usr/bin/env bash
# The three tiers of the tests, and a summary of what ran. test.sh [pc|micropython|emulator]...
# A tier that cannot be built here is skipped loudly; with CI set it fails.
. "$(dirname "$0")/common.sh"
cd "$ROOT"
tiers=("$@")
[ ${#tiers[@]} -gt 0 ] || tiers=(pc micropython emulator)

tier_pc() {
    # decodes what the DNP3 outstation says; without it those tests are skipped, and with CI set they fail
    command -v tshark >/dev/null || (packages tshark) || say "  no tshark here: DNP3 is not decoded by it"
    .venv/bin/python -m pytest host_tests/pure host_tests/pc -n "$JOBS"
}
tier_micropython() {
    tools/build/test_micropython.sh
    .venv/bin/python -m pytest host_tests/agree -n "$JOBS"
}
tier_emulator() {
    tools/build/emulator.sh && tools/build/firmware.sh PICO_EMU bare && tools/build/firmware.sh PICO_EMU || return
    use_node
    FOURQUAD_BUILT=1 .venv/bin/python -m pytest host_tests/emulator -n "$JOBS" --dist loadfile
}
declare -A place=(
    [pc]="CPython"
    [micropython]="MicroPython on this computer, 32-bit, single precision"
    [emulator]="the firmware image on an emulated RP2040"
)

summary=()
skipped=()
result=0
for tier in "${tiers[@]}"; do
    printf '\n=== %s: %s\n' "$tier" "${place[$tier]}"
    start=$SECONDS
    log=$LOGS/test-$tier.log
    # errexit must hold inside the tier, so it is no part of a condition
    set +e
    (
        set -e
        tools/build/venv.sh dev
        "tier_$tier"
    ) 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    took_s=$((SECONDS - start))
    count=$(grep -E '^[0-9]+ (passed|failed|skipped|error)' "$log" | sed 's/$/;/' | paste -sd' ' | sed 's/;$//' || true)
    case $status in
    0) verdict=passed ;;
    "$CANNOT")
        verdict="SKIPPED, it cannot be built here"
        skipped+=("$tier")
        count=$(grep -A1 'cannot be built here' "$log" | paste -sd' ' | sed 's/cannot be built here: //')
        if [ -n "${CI:-}" ]; then
            verdict="FAILED, it cannot be built here and CI is set"
            result=1
        fi
        ;;
    *)
        verdict=FAILED
        result=1
        ;;
    esac
    summary+=("$(printf '%-12s %-8s %4d s  %s' "$tier" "$verdict" "$took_s" "$count")")
done

printf '\n================ summary ================\n'
printf '%s\n' "${summary[@]}"
if [ ${#skipped[@]} -gt 0 ]; then printf 'NOT RUN: %s\n' "${skipped[*]}"; fi
if [ $result = 0 ]; then printf 'nothing failed\n'; else printf 'NOT all passed\n'; fi
exit $result
