#!/usr/bin/env bash
# Pictures of the web pages, taken in Chromium -> docs/<model>/web-*.png   web_pictures.sh
. "$(dirname "$0")/common.sh"
"$TOOLS/venv.sh" dev
packages chromium chromium-driver
"$TOOLS/web.sh"
cd "$ROOT"
PYTHONPATH=lib:tools .venv/bin/python -m browser.pictures docs
