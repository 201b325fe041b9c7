#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# No session outlives its peer's machine by much, and none ends because its
# peer only rests.

load helper
load links

# options NAME: what keepalive is set to, in the order on, idle, interval,
# count.
options() {
	local pid="${1}_pid"

	peers socket-options "${!pid}" SO_KEEPALIVE TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT |
		cut -d ' ' -f 2 | tr '\n' ' '
}

@test "every connection is probed after a minute of silence, at both ends" {
	mkfifo input
	serve server -k -d
	start client "${sockcat[@]}" -v -d 127.0.0.1 "$port"
	until_true says client.err succeeded
	[ "$(options client)" = "1 60 20 3 " ]
	until_true eval '[ "$(ss -Htno state established "( sport = :$port or dport = :$port )" | grep -c keepalive)" -eq 2 ]'
}

@test "--keepalive says after how long, and 0 turns it off" {
	serve server -k -d --keepalive 0
	for wanted in 10s:10.4.3 1s:1.1.3 1500ms:2.1.3 9h:32400.10800.3; do
		start client "${sockcat[@]}" -v -d --keepalive "${wanted%:*}" 127.0.0.1 "$port"
		until_true says client.err succeeded
		[ "$(options client | tr ' ' .)" = "1.${wanted#*:}." ]
		kill -KILL "$client_pid"
	done
	start client "${sockcat[@]}" -v -d --keepalive 0 127.0.0.1 "$port"
	until_true says client.err succeeded
	[[ $(options client) == "0 "* ]]
	run ! eval 'ss -Htno state established "( sport = :$port or dport = :$port )" | grep keepalive'
}

@test "--keepalive is a time of at most nine hours" {
	for time in 10h -1 x; do
		run -2 sockcat --keepalive "$time" 127.0.0.1 1 </dev/null
		[[ $output == "sockcat: --keepalive $time: "* ]]
	done
}

@test "a receiver and both ends of a transfer end when their line is cut" {
	on_link "$((4 * LIMIT))" cut-transfers "$LIMIT" "${sockcat[@]}" --keepalive 1s
	for who in waiting receiver sender; do
		has_line "$who: 1 sockcat: .*10\.9\.0\.[12].*"
	done
}

@test "a client whose line is cut gives back its place, in every kind of server" {
	on_link "$((4 * LIMIT))" cut-sessions "$LIMIT" "${sockcat[@]}" --keepalive 1s
	for kind in star "deaf command" "piped command" forward; do
		has_line "$kind: served sockcat: .*10\.9\.0\.2.*: Connection timed out"
	done
	has_line 'deaf command in JSON: served .*"event":"peer_failed".*"error":"Connection timed out".*'
	# Whichever of both looks first has the error.
	has_line "command: served .*: Connection timed out"
}

@test "a receiver that is stopped for a while has everything in the end" {
	run -0 peers stopped-receiver 6 "${sockcat[@]}" --keepalive 1s
	prints "whole 0 0"
}
