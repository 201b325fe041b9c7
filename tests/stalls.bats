#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Twelve stalls: while one direction is stuck or over, the other one still
# carries single bytes at once, and then its end of file.

load helper

stall() {
	(($# > 2)) || set -- "$@" "${sockcat[@]}"
	run -0 peers stall "$@"
}

@test "a client with nothing to send receives" {
	stall client nothing-to-send
}

@test "a client that receives nothing sends" {
	stall client nothing-arriving
}

@test "a client whose peer does not read receives" {
	stall client peer-does-not-read
}

@test "a client whose standard output nobody reads sends" {
	# It could not hear whether the peer is quiet.
	stall client nobody-reads-stdout "${sockcat[@]}" -N
}

@test "a client whose input has ended receives" {
	stall client input-ended
}

@test "a client whose peer has ended sends" {
	stall client peer-ended
}

@test "a listener with nothing to send receives" {
	stall server nothing-to-send
}

@test "a listener that receives nothing sends" {
	stall server nothing-arriving
}

@test "a listener whose peer does not read receives" {
	stall server peer-does-not-read
}

@test "a listener whose standard output nobody reads sends" {
	stall server nobody-reads-stdout
}

@test "a listener whose input has ended receives" {
	stall server input-ended
}

@test "a listener whose peer has ended sends" {
	stall server peer-ended
}
