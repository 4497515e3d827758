#!/usr/bin/env bash
# One folder with all that a release has -> build/release   release.sh [sample | BOARD...]
# Images by board and model, the package for mip, the wheel, checksums, and what each image was tested on (README.md's
# words). A sample, for the continuous integration, has the largest model of each kind of board and one board whole.
. "$(dirname "$0")/common.sh"
cd "$ROOT"
"$TOOLS/venv.sh" dev
sample=
[ "${1:-}" != sample ] || { sample=1; shift; }
boards=("$@")
# the boards that a user has and that build from public packages alone
[ ${#boards[@]} -gt 0 ] || boards=(PICO PICO_ADS131 RP2040_ZERO PICO2 W5500_EVB_PICO PICO2_W5500)
# the others differ from these by pins and converters, which the tests look at
[ -z "$sample" ] || read -ra boards <<<"PICO_ADS131 W5500_EVB_PICO PICO2_W5500"
out=$BUILD/release
rm -rf "$out"
mkdir -p "$out"
version=$(.venv/bin/python -c 'from importlib.metadata import version; print(version("fourquad"))')
commit=$(git rev-parse --short HEAD 2>/dev/null || echo "no git")
mapfile -t models < <(PYTHONPATH=lib .venv/bin/python -c 'from fourquad.models import NAMES; print(*NAMES, sep="\n")')

notes=$out/NOTES.md
printf '# Fourquad %s (%s)\n\nAn image is one meter; bare ones are for any.\n\n' "$version" "$commit" >"$notes"
printf '| image | tested on |\n|---|---|\n' >>"$notes"
for board in "${boards[@]}"; do
    state=$(sed -n "s/^| \`$board\`[^|]*|[^|]*|[^|]*| *\(.*[^ ]\) *|\$/\1/p" README.md | head -1)
    [ -n "$state" ] || { say "README.md does not say what $board was tested on" >&2; exit 1; }
    kinds=("${models[@]}" bare)
    [ -z "$sample" ] || [ "$board" = PICO_ADS131 ] || kinds=(kw320)
    for kind in "${kinds[@]}"; do
        "$TOOLS/firmware.sh" "$board" "$kind"
        name=fourquad-$version-$board-$kind.uf2
        cp "$BUILD/$board-$kind/firmware.uf2" "$out/$name"
        what=$state
        [ "$kind" != bare ] || what="MicroPython alone, for \`fourquad deploy\`; $state"
        printf '| %s | %s |\n' "$name" "$what" >>"$notes"
    done
done

"$TOOLS/mpy.sh"
tar -C "$BUILD/mpy" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 -czf "$out/fourquad-$version-mip-armv6m.tar.gz" .
took wheel .venv/bin/python -m pip wheel -q --no-deps --disable-pip-version-check -w "$out" "$ROOT"
(cd "$out" && sha256sum -- *.uf2 *.tar.gz *.whl >SHA256SUMS && sha256sum --check --quiet SHA256SUMS)
ls -l "$out"
