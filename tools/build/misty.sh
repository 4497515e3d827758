#!/usr/bin/env bash
# bacnet-stack's MS/TP node with bacpypes (PyPI misty), a foreign master for the tests -> build/misty
# It wants an old setuptools and a Python up to 3.11, so it has an environment of its own.
. "$(dirname "$0")/common.sh"
target="$ROOT/build/misty"
[ -f "$target/ready" ] && exit
for name in python3.11 python3.10; do
    base=$(command -v "$name") && break
done
[ -n "$base" ] || cannot "misty runs on Python 3.10 and 3.11 only" "python3.11"
rm -rf "$target"
"$base" -m venv "$target"
pip() { "$target/bin/python" -m pip install -q --disable-pip-version-check "$@"; }
pip wheel setuptools==65.5.0
pip --no-build-isolation misty==0.0.13 bacpypes==0.18.7
touch "$target/ready"
