#!/usr/bin/env bash
# The tiers of the tests, and a summary of what ran.  test.sh chosen|rest|all [pc|micropython|emulator]...
#   chosen: what `make test` runs.   rest: what it leaves out.   all: both.
# A tier that cannot be built here is skipped loudly; with CI set it fails.
. "$(dirname "$0")/common.sh"
cd "$ROOT"
part=${1:-chosen}
shift || true
tiers=("$@")
if [ ${#tiers[@]} = 0 ]; then
    tiers=(pc micropython emulator)
fi

# A test on this computer is in `make test` unless it is marked thorough; one of the emulator only where it is marked chosen.
declare -A on_pc=([chosen]="not thorough" [rest]="thorough" [all]="")
declare -A on_emulator=([chosen]="chosen" [rest]="not chosen" [all]="")
[ -n "${on_emulator[$part]+known}" ] || { say "usage: test.sh chosen|rest|all [pc|micropython|emulator]..." >&2; exit 2; }
slowest=(--durations=10 --durations-min=2)

tier_pc() {
    # decodes what the DNP3 outstation says; without it those tests are skipped, and with CI set they fail
    command -v tshark >/dev/null || (packages tshark) || say "  no tshark here: DNP3 is not decoded by it"
    # foreign managers of SNMP; the same holds for them
    { command -v snmpwalk && command -v snmptrapd; } >/dev/null || (packages snmp snmptrapd) \
        || say "  no net-snmp here: SNMP is not tried with foreign managers"
    # a foreign master for BACnet MS/TP; the same holds for it
    (tools/build/misty.sh) || say "  no misty here: BACnet MS/TP is not tried with a foreign master"
    # a broker of MQTT; the same holds for it
    command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || (packages mosquitto) ||
        say "  no mosquitto here: MQTT is not tried with a foreign broker"
    # no test of `make test` opens the web pages in a browser
    if [ "$part" != chosen ]; then
        (packages chromium chromium-driver) || say "  no chromium here: the web pages are not opened"
        tools/build/web.sh
        (tools/build/chrony.sh) || say "  no chrony here: the clock does not follow a foreign server"
    fi
    # two workers a core: masters at 300 baud wait more than they work; tests of a file share what they start
    .venv/bin/python -m pytest host_tests/pure host_tests/pc -n "$((2 * JOBS))" --dist worksteal -m "${on_pc[$part]}" \
        "${slowest[@]}"
}
tier_micropython() {
    # of the pure tests the chosen ones are all there are
    if [ "$part" = rest ]; then tools/build/unix.sh; else tools/build/test_micropython.sh; fi
    .venv/bin/python -m pytest host_tests/agree -n "$JOBS" -m "${on_pc[$part]}" "${slowest[@]}"
}
tier_emulator() {
    tools/build/emulator.sh && tools/build/firmware.sh PICO_EMU bare && tools/build/firmware.sh PICO_EMU || return
    # none of the chosen tests needs a network, nor an image of a board that a user has (test_released.py, test_mstp.py)
    if [ "$part" != chosen ]; then
        for model in bare kw320 acurev2020; do tools/build/firmware.sh W5500_EMU "$model" || return; done
        tools/build/firmware.sh TLS_EMU acurev2020 || return
        for model in acurev1312 s4100; do
            { tools/build/firmware.sh PICO_ADS131 "$model" && tools/build/firmware.sh PICO "$model"; } || return
        done
    fi
    use_node
    FOURQUAD_BUILT=1 .venv/bin/python -m pytest host_tests/emulator -n "$JOBS" --dist loadfile -m "${on_emulator[$part]}" \
        "${slowest[@]}"
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
    log=$LOGS/test-$part-$tier.log
    # errexit must hold inside the tier, so it is no part of a condition
    set +e
    (
        set -e
        tools/build/venv.sh dev
        # foreign clients of the web pages and of TLS, in every tier
        for program in curl openssl; do
            command -v "$program" >/dev/null || (packages "$program") || say "  no $program here: nothing is tried with it"
        done
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

printf '\n================ summary: %s ================\n' "$part"
printf '%s\n' "${summary[@]}"
printf '%d s in all\n' "$SECONDS"
if [ ${#skipped[@]} -gt 0 ]; then printf 'NOT RUN: %s\n' "${skipped[*]}"; fi
if [ $result = 0 ]; then printf 'nothing failed\n'; else printf 'NOT all passed\n'; fi
exit $result
