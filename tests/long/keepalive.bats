#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A line that is cut, with what keepalive is by default.

load ../helper

# on_line COMMAND...: in a network namespace of its own, whose line can be cut.
on_line() {
	[ -c /dev/net/tun ] || skip "this machine has no /dev/net/tun"
	run -0 timeout --foreground 900 unshare -rn python3 "$TEST_SOURCES/peers.py" "$@"
	echo "$output"
}

has_line() {
	grep -qE -- "^$1\$" <<<"$output"
}

@test "a receiver and both ends of a transfer end within 150 s of a cut" {
	on_line cut-transfers 150 "${sockcat[@]}"
	for who in waiting receiver sender; do
		has_line "$who: 1 sockcat: .*10\.9\.0\.[12].*"
	done
}

@test "a client whose line is cut gives back its place within 150 s, in every kind of server" {
	on_line cut-sessions 150 "${sockcat[@]}"
	for kind in star "deaf command" "piped command" forward; do
		has_line "$kind: served sockcat: .*10\.9\.0\.2.*: Connection timed out"
	done
	# Whichever of both looks first has the error.
	has_line "command: served .*: Connection timed out"
}

@test "a sender whose receiver does not read ends within five minutes of a cut" {
	on_line cut-shut-window 300 "${sockcat[@]}"
	has_line "sender: 1 sockcat: .*10\.9\.0\.2.*"
}

@test "a receiver that is stopped for four minutes has everything in the end" {
	run -0 timeout --foreground 300 python3 "$TEST_SOURCES/peers.py" stopped-receiver 240 "${sockcat[@]}"
	prints "whole 0 0"
}
