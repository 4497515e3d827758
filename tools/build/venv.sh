#!/usr/bin/env bash
# The project's Python environment, with the versions that pyproject.toml pins -> .venv   venv.sh pinned|dev
. "$(dirname "$0")/common.sh"
extra=${1:?usage: venv.sh pinned|dev}
lock venv
wanted=$(hash_of "$ROOT/pyproject.toml")
has() { [ -x "$ROOT/.venv/bin/python" ] && { [ "$(cat "$ROOT/.venv/$1" 2>/dev/null)" = "$wanted" ]; }; }
has "$extra" && exit
has dev && exit

find_python() {
    local name
    for name in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.10; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && { command -v "$name"; return; }
    done
    cannot "there is no Python 3.10 or newer" "python3, 3.10 or newer, or its name in PYTHON"
}
if ! "$ROOT/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
    base=$(find_python)
    if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then
        packages python3-venv
        "$base" -c 'import venv, ensurepip' 2>/dev/null || cannot "Python cannot make virtual environments" "python3-venv"
    fi
    took venv "$base" -m venv --clear "$ROOT/.venv"
fi
install() { "$ROOT/.venv/bin/python" -m pip install -q --disable-pip-version-check -e "$ROOT[$extra]"; }
took "venv-$extra" install || cannot "the Python packages could not be installed" "nothing; PyPI must be reachable"
printf '%s\n' "$wanted" >"$ROOT/.venv/$extra"
