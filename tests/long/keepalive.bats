#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A line that is cut, with what keepalive is by default.

load ../helper
load ../links

@test "a receiver and both ends of a transfer end within 150 s of a cut" {
	on_link 900 cut-transfers 150 "${sockcat[@]}"
	for who in waiting receiver sender; do
		has_line "$who: 1 sockcat: .*10\.9\.0\.[12].*"
	done
}

@test "a client whose line is cut gives back its place within 150 s, in every kind of server" {
	on_link 900 cut-sessions 150 "${sockcat[@]}"
	for kind in star "deaf command" "piped command" forward; do
		has_line "$kind: served sockcat: .*10\.9\.0\.2.*: Connection timed out"
	done
	# Whichever of both looks first has the error.
	has_line "command: served .*: Connection timed out"
}

@test "a sender whose receiver does not read ends within five minutes of a cut" {
	on_link 900 cut-shut-window 300 "${sockcat[@]}"
	has_line "sender: 1 sockcat: .*10\.9\.0\.2.*"
}

@test "a receiver that is stopped for four minutes has everything in the end" {
	LIMIT=300 run -0 peers stopped-receiver 240 "${sockcat[@]}"
	prints "whole 0 0"
}
