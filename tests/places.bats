#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Clients that send and never read, and then go away, free their places, their
# commands and their descriptors, in every mode.

load helper
load places

@test "places are free again when clients that were full have left, in every mode" {
	free_places 0 1 reset close
}

@test "a server for one client ends when that was full and has left, in every mode" {
	local i=0 mode how count before

	all_modes
	for mode in "${modes[@]}"; do
		for how in reset close; do
			# shellcheck disable=SC2086
			serve "server_$i" $mode 127.0.0.1
			start "client_$i" "${peers[@]}" fills "$port" "$how"
			i=$((i + 1))
		done
	done
	count=$i
	for ((i = 0; i < count; i++)); do
		ends_with "client_$i" 0
	done
	before=$SECONDS
	for ((i = 0; i < count; i++)); do
		ends "server_$i"
		echo "${modes[i / 2]}: $status after $((SECONDS - before)) s"
		[ "$status" -ne 0 ]
	done
	((SECONDS - before <= 6))
}
