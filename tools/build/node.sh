#!/usr/bin/env bash
# Runs Node.js, the machine's own or the one that the build took: node.sh SCRIPT [ARGUMENT]...
. "$(dirname "$0")/common.sh"
use_node
exec node "$@"
