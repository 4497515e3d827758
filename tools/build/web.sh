#!/usr/bin/env bash
# The charting library of the web pages, from npm -> build/web/uplot   web.sh
# Without npm the pages draw plain lines; with CI set that fails.
. "$(dirname "$0")/common.sh"
version=1.6.32
lock web
target=$BUILD/web/uplot
fresh web "$version" && [ -e "$target/uPlot.iife.min.js" ] && exit
(use_node) || { [ -z "${CI:-}" ] || exit 1; say "  no npm here: the pages draw plain lines"; exit; }
use_node
install() {
    rm -rf "$BUILD/web" &&
        mkdir -p "$BUILD/web/npm" &&
        cd "$BUILD/web/npm" &&
        npm install --no-audit --no-fund --ignore-scripts --no-save "uplot@$version" &&
        mkdir "$target" &&
        cp node_modules/uplot/dist/uPlot.iife.min.js node_modules/uplot/dist/uPlot.min.css node_modules/uplot/LICENSE "$target/"
}
if took web install; then
    done_with web "$version"
else
    rm -rf "$target"
    [ -z "${CI:-}" ] || cannot "uPlot could not be installed" "nothing; the npm registry must be reachable"
    say "  uPlot could not be installed: the pages draw plain lines"
fi
