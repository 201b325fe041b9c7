#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The end of a question does not cut off its answer: servers that take a
# half-close for a client that has gone are only told of the end when they
# have been quiet.

load helper
load servers

# fetches_page OPTIONS...: by each kind of request.
fetches_page() {
	for how in 1.0 "1.1 close" "1.1 keep-alive"; do
		# shellcheck disable=SC2086
		request $how | sockcat "$@" | cat >answer
		is_page answer
	done
}

@test "nginx sends a large page whole over TCP, however it is asked" {
	nginx_serves 50
	fetches_page 127.0.0.1 "$port"
}

@test "nginx sends a large page whole over a unix socket, however it is asked" {
	nginx_serves 50
	fetches_page -U web
}

@test "redis answers 20000 questions, over TCP and a unix socket" {
	redis_serves
	yes $'GET big\r' | head -n 20000 >questions
	for where in "127.0.0.1 $port" "-U store"; do
		# shellcheck disable=SC2086
		sockcat $where <questions >answers
		[ "$(grep -c x answers)" -eq 20000 ]
		[ "$(wc -c <answers)" -eq $((20000 * (7 + 5002))) ]
	done
}

@test "an answer is whole whose reader begins late" {
	nginx_serves 20
	# The silence is the test: longer than the one that ends a question.
	request 1.1 | sockcat 127.0.0.1 "$port" | {
		pass_time 1
		cat
	} >answer
	is_page answer
}

@test "an answer is whole whose reader is slow" {
	nginx_serves 20
	request 1.1 | sockcat 127.0.0.1 "$port" | pv -q -L 20m >answer
	is_page answer
}

@test "an answer is whole in the middle of which sockcat was stopped" {
	nginx_serves 20
	mkfifo slow
	pv -q -L 20m <slow >answer &
	pids+=($!)
	request 1.1 >question
	start client sh -c 'exec "$@" >slow' sh "${sockcat[@]}" 127.0.0.1 "$port" <question
	until_true has_bytes answer 3000000
	kill -STOP "$client_pid"
	pass_time 1
	kill -CONT "$client_pid"
	ends_with client 0
	wait "${pids[-2]}"
	is_page answer
}

@test "an answer in ten pieces is whole, a quarter of a second apart" {
	peer server speaks .25,.25,.25,.25,.25,.25,.25,.25,.25,.25
	run -0 sockcat 127.0.0.1 "$port" <<<question
	[ "${#output}" -eq 10000 ]
	run ! says server.out 'gave up'
}

@test "an answer over a unix socket is waited for too" {
	peer server speaks .25,.25 1000 unix path
	run -0 sockcat -U path <<<question
	[ "${#output}" -eq 2000 ]
}

@test "an answer that begins late is whole with --shutdown-after" {
	peer server speaks 1
	run -0 sockcat --shutdown-after 5 127.0.0.1 "$port" <<<question
	[ "${#output}" -eq 1000 ]
}

@test "an answer that begins too late is cut off by such a server, and -v says so" {
	peer server speaks 1
	run -0 --separate-stderr sockcat -v 127.0.0.1 "$port" <<<question
	prints ""
	[[ $stderr == *"Shutting our side: 127.0.0.1"*" has been quiet for 300 ms (--shutdown-after)"* ]]
	[[ $stderr == *"127.0.0.1"*" ended without an answer"* ]]
}

@test "where an answer has come, -v does not say that there was none" {
	peer server speaks .1,.1
	run -0 --separate-stderr sockcat -v 127.0.0.1 "$port" <<<question
	[ "${#output}" -eq 2000 ]
	[[ $stderr != *"Shutting our side"* ]]
	[[ $stderr != *"without an answer"* ]]
}

# shuts LEAST MOST WORDS PAUSES OPTIONS...: the client's end comes so many
# milliseconds after the last byte, as a peer sees it that may be late itself;
# never earlier, and not later in one of three attempts.  The server's end is
# then the end.
shuts() {
	local least=$1 most=$2 slow=$((LIMIT > 20 ? LIMIT / 20 : 1)) shut left status

	shift 2
	for _ in 1 2 3; do
		run -0 peers when-it-shuts "$1" "$2" "${sockcat[@]}" "${@:3}"
		read -r shut left status <<<"$output"
		echo "shut after $shut ms, left after $left ms with $status"
		[ "$status" -eq 0 ]
		[ "$shut" -ge "$least" ]
		((shut > most * slow || left > 100 * slow)) || return 0
	done
	return 1
}

@test "a client of a server that says nothing shuts its side after 300 ms" {
	shuts 250 350 word ""
}

@test "with -N a client shuts its side at once" {
	shuts 0 50 word "" -N
}

@test "--shutdown-after says how long the server has to be quiet" {
	shuts 500 700 word "" --shutdown-after 600ms
	shuts 50 150 word "" --shutdown-after 100ms
	shuts 0 50 word "" --shutdown-after 0
}

@test "an empty input shuts the sending side at once, unless --shutdown-after is given" {
	shuts 0 100 "" ""
	shuts 300 500 "" "" --shutdown-after 400ms
}

@test "the longest pause makes the wait grow, to three times as much" {
	shuts 600 950 word .25
	shuts 1200 1900 word .25,.5
}

@test "a server that is never quiet is never interrupted, and -N tells it the end at once" {
	run -0 peers never-quiet 1.5 "${sockcat[@]}"
	[[ $output == *" server" ]]
	run -0 peers never-quiet "$LIMIT" "${sockcat[@]}" -N
	[[ $output == *" client" ]]
	[ "${output% *}" -le 5 ]
}

# at_once OUTPUT: so many milliseconds are at once, even on a busy machine.
at_once() {
	echo "after $1 ms"
	[ "$1" -lt 250 ]
}

@test "a listener shuts its side at once, unless --shutdown-after is given" {
	run -0 peers when-a-listener-shuts word "${sockcat[@]}"
	at_once "$output"
	run -0 peers when-a-listener-shuts word "${sockcat[@]}" --shutdown-after 400ms
	[ "$output" -ge 395 ]
}

@test "the end of a command shuts the sending side at once" {
	run -0 peers when-it-shuts "" "" "${sockcat[@]}" -c 'echo hello'
	at_once "${output%% *}"
	run -0 peers when-it-shuts "" "" "${sockcat[@]}" -C -c 'echo hello'
	at_once "${output%% *}"
}

@test "--forward passes an end on at once" {
	run -0 peers when-it-is-passed-on "${sockcat[@]}"
	at_once "$output"
}

@test "a server that has ended is not waited for" {
	serve server </dev/null
	local from=${EPOCHREALTIME/./}
	sockcat 127.0.0.1 "$port" <<<word
	at_once $(((${EPOCHREALTIME/./} - from) / 1000))
}

@test "-N, --shutdown-after and --no-shutdown exclude one another" {
	for options in "-N --shutdown-after 1" "-N --no-shutdown" "--no-shutdown --shutdown-after 1"; do
		# shellcheck disable=SC2086
		run -2 sockcat $options 127.0.0.1 1 </dev/null
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "sockcat: --"*": cannot be used with --"* ]]
	done
}

@test "on a long line an answer is waited for as long as it needs" {
	[ -c /dev/net/tun ] || skip "this machine has no /dev/net/tun"
	run -0 timeout "$LIMIT" unshare -rn "${peers[@]}" long-line .2 "${sockcat[@]}" <<<question
	[ "${#output}" -eq 1000 ]
}

@test "-q does not shut the sending side before the server is quiet" {
	shuts 250 350 word "" -q 5
	peer server speaks .25,.25
	run -0 sockcat -q 2 127.0.0.1 "$port" <<<question
	[ "${#output}" -eq 2000 ]
}

@test "-q shuts the sending side at the latest when it quits" {
	shuts 50 200 word "" -q 100ms
	run -0 peers never-quiet "$LIMIT" "${sockcat[@]}" -q 500ms
	[[ $output == *" client" ]]
	[ "${output% *}" -le 10 ]
}

@test "-q counts from the end of input, and not from the peer's" {
	for quit in 0 200ms; do
		serve server </dev/null
		{
			echo first
			until_true says server.out first
			pass_time 0.5
			echo last
		} 3>&- | sockcat -q "$quit" 127.0.0.1 "$port"
		ends_with server 0
		[ "$(cat server.out)" = $'first\nlast' ]
	done
}

@test "-q 0 sends all that was read to a peer that reads slowly" {
	file_of 3M data
	mkfifo slow
	pv -q -L 3m <slow >received &
	pids+=($!)
	start server sh -c 'exec "$@" >slow' sh "${sockcat[@]}" -v -d -l 127.0.0.1 0
	listens server
	sockcat -q 0 127.0.0.1 "$port" <data
	ends_with server 0
	wait "${pids[0]}"
	same data received
}

@test "-q is an error where a peer takes nothing for two seconds" {
	peer server unread "$LIMIT"
	file_of 1M data
	sockcat -q 0 127.0.0.1 "$port" <data 2>err || status=$?
	[ "$status" -eq 1 ]
	is_one_error err
}

@test "--send-only waits for what still reports: tar unpacks 3000 files" {
	mkdir files copy
	for i in {1..3000}; do
		echo "$i" >"files/a-name-that-is-not-too-short-$i"
	done
	serve server -c 'cd copy && tar xv'
	tar c files | sockcat --send-only 127.0.0.1 "$port"
	ends_with server 0
	diff -r files copy/files
}

@test "--send-only shuts its side at once, and leaves a silent peer after two seconds" {
	shuts 0 50 word "" --send-only
	peer server reads-and-stays
	local from=${EPOCHREALTIME/./} took
	run -0 sockcat --send-only 127.0.0.1 "$port" <<<word
	took=$(((${EPOCHREALTIME/./} - from) / 1000))
	echo "after $took ms"
	[ "$took" -ge 1900 ]
	[ "$took" -lt 2500 ]
}

@test "--recv-only leaves the sending side open, as -d does" {
	for option in --recv-only -d; do
		peer patient greets .6
		run -0 sockcat "$option" 127.0.0.1 "$port" <<<"not sent"
		[ "${#output}" -eq 1000 ]
		run ! says patient.out 'gave up'
	done
}

@test "the idle clock starts anew at the end of input, and does not overtake the answer's" {
	peer server speaks .25
	run -0 sockcat -w 100ms 127.0.0.1 "$port" <<<question
	[ "${#output}" -eq 1000 ]
	peer server speaks .6
	{
		echo question
		pass_time 0.6
	} | sockcat --shutdown-after 900ms -w 800ms 127.0.0.1 "$port" >answer
	[ "$(wc -c <answer)" -eq 1000 ]
}
