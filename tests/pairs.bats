#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Sixteen pairs: whatever feeds the two ends, every byte arrives and both end.

load helper

# input KIND COMMAND...: runs the command with that kind of standard input.
input() {
	local kind=$1

	shift
	case $kind in
	null) "$@" </dev/null ;;
	file) "$@" <data ;;
	pipe) cat data | "$@" ;;
	# The silence in the middle is the test.
	pause) { head -c 2M data; pass_time 1.2; tail -c +$((2 * 1024 * 1024 + 1)) data; } | "$@" ;;
	esac
}

expected() {
	[ "$1" = null ] && echo /dev/null || echo data
}

listen_with() {
	file_of 4M data
	for kind in null file pipe pause; do
		start "server_$kind" input "$1" sockcat -v -l -p 0
	done
	for kind in null file pipe pause; do
		listens "server_$kind"
		start "client_$kind" input "$kind" sockcat 127.0.0.1 "$port"
	done
	for kind in null file pipe pause; do
		ends_with "client_$kind" 0
		ends_with "server_$kind" 0
		same "server_$kind.out" "$(expected "$kind")"
		same "client_$kind.out" "$(expected "$1")"
	done
}

@test "a listener fed from /dev/null and a client fed from anything lose nothing and end" {
	listen_with null
}

@test "a listener fed from a file and a client fed from anything lose nothing and end" {
	listen_with file
}

@test "a listener fed from a pipe and a client fed from anything lose nothing and end" {
	listen_with pipe
}

@test "a listener fed from a pausing pipe and a client fed from anything lose nothing and end" {
	listen_with pause
}

@test "a pipe whose writer pauses loses nothing over a unix socket" {
	file_of 4M data
	start server input pause sockcat -v -lU path
	listens server
	start client input pause sockcat -U path
	ends_with client 0
	ends_with server 0
	same server.out data
	same client.out data
}
