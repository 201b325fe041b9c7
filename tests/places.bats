#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Clients that send and never read, and then go away, free their places, their
# commands and their descriptors, in every mode.

load helper

descriptors() {
	find "/proc/$1/fd" -mindepth 1 | wc -l
}

has_descriptors() {
	[ "$(descriptors "$1")" -eq "$2" ]
}

has_no_children() {
	[ -z "$(ps -o pid= --ppid "$1")" ]
}

# frees_places NAME OPTIONS...: of a server with 10 places.  Descriptor 8 is
# the lock of a test that runs several of these at once.
frees_places() {
	local name=$1 before

	shift
	serve "$name" -k --max-conns 10 "$@" 127.0.0.1
	before=$(descriptors "$pid")
	for how in reset close; do
		run -0 timeout 60 python3 "$TEST_SOURCES/peers.py" fill-and-leave "$port" 10 "$how"
		echo "$* $how: $output"
		[[ $output == "in time"* ]]
	done
	until_true has_no_children "$pid"
	until_true has_descriptors "$pid" "$before"
}

@test "places are free again when clients that were full have left, and the command has their sockets" {
	frees_places server -e cat
}
