#!/usr/bin/env bash
# The loop while coding: lint, types, and the pure tests on CPython. check.sh
. "$(dirname "$0")/common.sh"
cd "$ROOT"
"$TOOLS/lint.sh"
.venv/bin/python -m pytest host_tests/pure -n "$JOBS" --durations=5 --durations-min=1
say "$SECONDS s in all"
