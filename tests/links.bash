# SPDX-License-Identifier: ISC
# A link that can be cut, in a network namespace of the test's own.
# shellcheck shell=bash

# on_link SECONDS SCRIPT ARGUMENTS...: runs a script of peers that makes the
# link, for so long at most.
on_link() {
	[ -c /dev/net/tun ] || skip "this machine has no /dev/net/tun"
	run -0 timeout --foreground "$1" unshare -rn "${peers[@]}" "${@:2}"
	echo "$output"
}

# has_line PATTERN: whether that is a line of the output.
has_line() {
	grep -qE -- "^$1\$" <<<"$output"
}
