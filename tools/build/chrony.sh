#!/usr/bin/env bash
# A time server that somebody else wrote -> build/chrony: unpacked, because an installed one sets this computer's clock.
. "$(dirname "$0")/common.sh"
lock chrony
{ [ -x "$BUILD/chrony/usr/sbin/chronyd" ] || [ -x /usr/sbin/chronyd ]; } && exit
command -v apt-get >/dev/null || cannot "there is no apt-get" "chrony"
took chrony unpack_packages "$BUILD/chrony" chrony || cannot "the time server could not be fetched" "chrony"
