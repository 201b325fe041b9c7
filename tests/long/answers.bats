#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Answers of real servers, often, and with the pauses that people make.

load ../helper
load ../servers

# each_request COMMAND...: runs it with each kind of request as its input, for
# a server at $port and one at the path web.
each_request() {
	local how where

	for where in "127.0.0.1 $port" "-U web"; do
		for how in 1.0 "1.1 close" "1.1 keep-alive"; do
			# shellcheck disable=SC2086
			request $how >question
			# shellcheck disable=SC2086
			"$@" $where
			is_page answer
		done
	done
}

to_pipe() { sockcat "$@" <question | cat >answer; }
to_late() { sockcat "$@" <question | { pause 3 && cat; } >answer; }
to_slow() { sockcat "$@" <question | pv -q -L 20m >answer; }

to_stopped() {
	rm -f slow
	mkfifo slow
	pv -q -L 40m <slow >answer 3>&- &
	local reader=$!

	start client sh -c 'exec "$@" >slow' sh "${sockcat[@]}" "$@" <question
	until_true has_bytes answer 10000000
	kill -STOP "$client_pid"
	pass_time 2
	kill -CONT "$client_pid"
	ends_with client 0
	wait "$reader"
}

@test "nginx sends 50 MB whole, 20 times each way it can be asked" {
	nginx_serves 50
	for _ in {1..20}; do
		each_request to_pipe
	done
}

@test "redis answers 20000 questions, 20 times over TCP and over a unix socket" {
	redis_serves
	yes $'GET big\r' | head -n 20000 >questions
	for _ in {1..20}; do
		for where in "127.0.0.1 $port" "-U store"; do
			# shellcheck disable=SC2086
			[ "$(sockcat $where <questions | wc -c)" -eq $((20000 * 5009)) ]
		done
	done
}

@test "an answer is whole whose reader begins after three seconds, 20 of 20" {
	nginx_serves 50
	for _ in {1..3} last; do
		each_request to_late
	done
}

@test "an answer is whole whose reader takes 20 MB a second, 20 of 20" {
	nginx_serves 50
	for _ in {1..3} last; do
		each_request to_slow
	done
}

@test "an answer is whole in the middle of which sockcat was stopped for two seconds, 20 of 20" {
	nginx_serves 50
	for _ in {1..3} last; do
		each_request to_stopped
	done
}

@test "an answer in ten pieces is whole, 20 of 20" {
	peer server speaks .25,.25,.25,.25,.25,.25,.25,.25,.25,.25
	for _ in {1..20}; do
		run -0 sockcat 127.0.0.1 "$port" <<<question
		[ "${#output}" -eq 10000 ]
	done
}

@test "the longest pause makes the wait grow to three seconds and no more" {
	run -0 peers when-it-shuts word .25,.5,1.4,2.5 "${sockcat[@]}"
	echo "$output"
	[ "${output%% *}" -ge 2990 ]
	[ "${output%% *}" -le 3300 ]
}

@test "tar unpacks 3000 files behind a listener, 20 of 20" {
	mkdir files
	for i in {1..3000}; do
		echo "$i" >"files/a-name-that-is-not-too-short-$i"
	done
	for _ in {1..20}; do
		rm -rf copy
		mkdir copy
		serve server -c 'cd copy && tar xv'
		tar c files | sockcat --send-only 127.0.0.1 "$port"
		ends_with server 0
		diff -r files copy/files
	done
}
