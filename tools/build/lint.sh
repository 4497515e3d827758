#!/usr/bin/env bash
# ruff, and the types of firmware, boards and tools. lint.sh
. "$(dirname "$0")/common.sh"
cd "$ROOT"
"$TOOLS/venv.sh" dev
.venv/bin/ruff check .
.venv/bin/ruff format --check .
"$TOOLS/typecheck.sh"
