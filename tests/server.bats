#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A listener with -k: places and the queue, standard streams, bad company,
# and stopping.

load helper

@test "two are served, two wait and are served in order, the fifth is turned away" {
	serve server -k --max-conns 2 --backlog 2 -e /bin/cat
	run -0 peers queue "$port"
	prints "sockcat: queue full, try again later"
	says server.err ': queued, 1 of 2$'
	says server.err ': queued, 2 of 2$'
	[ "$(grep -c ': turned away, the queue is full$' server.err)" -eq 1 ]
	[ "$(grep -c ': served after waiting$' server.err)" -eq 2 ]
}

@test "unix-domain clients wait in the same way" {
	serve_path server -k --max-conns 2 --backlog 2 -e /bin/cat path
	run -0 peers queue path
	prints "sockcat: queue full, try again later"
}

@test "--busy-message is what one is told who is turned away, or nothing" {
	serve server -k --max-conns 2 --backlog 2 --busy-message "come back" -e /bin/cat
	run -0 peers queue "$port"
	prints "come back"
	serve other -k --max-conns 2 --backlog 2 --busy-message "" -e /bin/cat
	run -0 peers queue "$port"
	prints ""
}

@test "who is turned away hears so, whatever was sent before" {
	local words="queue full"

	serve server -k --max-conns 1 --backlog 1 --busy-message "$words" -e /bin/cat
	open_input input
	start holder "${peers[@]}" hold "$port" 2 <input
	until_true says holder.out held
	for size in 1 100000 10000000; do
		status=75
		while [ "$status" -eq 75 ]; do
			run peers send-then-read "$port" "$size"
		done
		[ "$status" -eq 0 ]
		prints "${#words}"
	done
	exec 9>&-
}

@test "nc and ncat are told that the queue is full" {
	serve server -k --max-conns 1 --backlog 1 -e /bin/cat
	open_input input
	start holder "${peers[@]}" hold "$port" 2 <input
	until_true says holder.out held
	run -0 timeout "$LIMIT" nc.openbsd 127.0.0.1 "$port" <<<"hello"
	prints "sockcat: queue full, try again later"
	run -0 timeout "$LIMIT" ncat 127.0.0.1 "$port" <<<"hello"
	prints "sockcat: queue full, try again later"
	exec 9>&-
}

@test "who leaves the queue makes room in it" {
	for how in reset close; do
		serve_path server -k --max-conns 1 --backlog 1 -e /bin/cat "path-$how"
		mkfifo "input-$how"
		exec 9<>"input-$how"
		start leaver "${peers[@]}" leave-queue "path-$how" "$how" <"input-$how"
		until_true says leaver.out waits
		until_true says server.err ': queued, 1 of 1$'
		echo >&9
		until_true says server.err ': left the queue$'
		echo >&9
		ends_with leaver 0
		exec 9>&-
		[ "$(tail -n 1 leaver.out)" = 2 ]
	done
	serve server -k --max-conns 1 --backlog 1 -e /bin/cat
	open_input input
	start leaver "${peers[@]}" leave-queue "$port" reset <input
	until_true says server.err ': queued, 1 of 1$'
	echo >&9
	until_true says server.err ': left the queue$'
	echo >&9
	ends_with leaver 0
	exec 9>&-
}

@test "what a client sent while it waited is served, though its input has ended" {
	serve server -k --max-conns 1 -e /bin/cat
	open_input input
	start holder "${peers[@]}" hold "$port" <input
	until_true says holder.out held
	for i in 1 2 3; do
		start "client_$i" "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"client $i"
		until_true says server.err ": queued, $i of 128\$"
	done
	exec 9>&-
	for i in 1 2 3; do
		ends_with "client_$i" 0
		[ "$(cat "client_$i.out")" = "client $i" ]
	done
}

@test "what a unix-domain client sent is served, though it left while it waited" {
	start server "${sockcat[@]}" -v -d -k -l -U --max-conns 1 path
	listens server
	open_input input
	start holder "${peers[@]}" hold path <input
	until_true says holder.out held
	until_true has_clients 1
	peers send-bytes path 'second\n'
	until_true says server.err ': queued, 1 of 128$'
	exec 9>&-
	ends_with holder 0
	until_true says server.out '^second$'
}

@test "whole lines of one client are kept together" {
	serve server -k -d
	run -0 peers halves "$port" 200
	until_true has_lines server.out 400
	diff <(sort server.out) <(for i in {0..199}; do echo "a$i a$i"; echo "b$i b$i"; done | sort)
}

@test "a line without its end is written at the client's end, whichever that is" {
	serve server -k -d
	peers send-bytes "$port" 'first\nclosed'
	until_true has_bytes server.out 12
	[ "$(cat server.out)" = $'first\nclosed' ]
	open_input input
	start client "${peers[@]}" send-bytes "$port" 'reset' reset <input
	until_true says client.out sent
	pass_time 0.5
	[ "$(cat server.out)" = $'first\nclosed' ]
	echo >&9
	ends_with client 0
	until_true has_bytes server.out 17
	[ "$(cat server.out)" = $'first\nclosedreset' ]
	exec 9>&-
}

@test "a line longer than 64 KiB is written before its end" {
	serve server -k -d
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	head -c 200000 /dev/zero >&9
	until_true has_bytes server.out 131072
	exec 9>&-
	ends_with client 0
	until_true has_bytes server.out 200000
}

@test "standard input waits for the first client, reaches every one, and its end ends them all" {
	open_input input
	echo early >&9
	serve server -k <input
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true says one.out early
	start other "${sockcat[@]}" 127.0.0.1 "$port" </dev/full
	start third nc.openbsd -d 127.0.0.1 "$port"
	until_true has_clients 3
	echo late >&9
	until_true says one.out late
	until_true says other.out late
	until_true says third.out late
	exec 9>&-
	ends_with one 0
	ends_with third 0
	[ "$(cat one.out)" = $'early\nlate' ]
	[ "$(cat third.out)" = late ]
}

@test "a client that has sent everything still gets the input" {
	open_input input
	serve server -k <input
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 1
	start two "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"short"
	until_true says server.out short
	echo input >&9
	until_true says one.out input
	until_true says two.out input
	exec 9>&-
	ends_with one 0
	ends_with two 0
}

@test "a large input reaches a fast client whole, and one that reads nothing is dropped" {
	file_of 50000000 input
	sum=$(sha256sum <input | cut -d ' ' -f 1)
	open_input fifo
	serve server -k <fifo
	mkfifo held
	exec 8<>held
	start lazy "${peers[@]}" hold "$port" <held 8>&-
	until_true has_clients 1
	start fast "${peers[@]}" read-size "$port" 50000000
	until_true has_clients 2
	cat input >&9
	exec 9>&-
	ends_with fast 0
	[ "$(tail -n 1 fast.out)" = "0 $sum" ]
	until_true says server.err '^sockcat: .*: too slow: dropped with [0-9]+ bytes not sent$'
	exec 8>&-
}

@test "the last bytes of an input reach a client that is slow to begin" {
	file_of 3000000 input
	serve server -k <input
	run -0 peers send-then-read "$port" 0
	prints 3000000
}

@test "with --broker a large input reaches the one who listens whole" {
	file_of 50000000 input
	sum=$(sha256sum <input | cut -d ' ' -f 1)
	serve server -k --broker
	start listens "${peers[@]}" read-size "$port" 50000000
	until_true has_clients 1
	start sends "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true has_clients 2
	ends_with sends 0
	kill -TERM "$server_pid"
	ends_with server 143
	ends_with listens 0
	[ "$(tail -n 1 listens.out)" = "0 $sum" ]
}

@test "-k ends by SIGPIPE when the reader of standard output goes away" {
	run -141 timeout "$LIMIT" bash -c '{ "$@" -v -d -k -l 127.0.0.1 0 2>err; echo $? >status; } | head -n 1 >line &
		until_true says err Listening
		port=$(sed -n "s/^Listening on .* //p" err)
		"$@" -d 127.0.0.1 "$port" &
		printf "one\ntwo\n" | "$@" 127.0.0.1 "$port"
		until_true test -s status
		wait
		exit "$(cat status)"' bash "${sockcat[@]}"
}

@test "an echo answers one client whatever others do" {
	serve server -k -e /bin/cat
	run -0 peers round-trips "$port" 300
	prints "done"
}

@test "a forwarder serves one client whatever others do" {
	serve echo -k -e /bin/cat
	serve server -k --forward "127.0.0.1:$port"
	run -0 peers round-trips "$port" 300
	prints "done"
}

@test "a broker serves its clients whatever others do" {
	serve server -k --broker --slow-timeout 0.5
	run -0 peers conversation "$port" 300
	prints "done"
}

@test "standard input and output serve all whatever others do" {
	mkfifo input output
	exec 9<>input
	start server bash -c 'exec "$@" >output' bash "${sockcat[@]}" -v -l -k --slow-timeout 0.5 127.0.0.1 0 <input
	start reader awk '/^question/ { sub("question", "answer"); print >"input"; fflush("input") }' output
	listens server
	run -0 peers conversation-with-one "$port" 100
	prints "done"
	exec 9>&-
}

@test "out of descriptors, a server says so once, rests, serves whom it has, and goes on when there are some" {
	start server "${peers[@]}" limited 5 "${sockcat[@]}" -v -d -k -l 127.0.0.1 0
	listens server
	open_input input
	start first "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true has_clients 1
	start second "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"second"
	until_true says server.err '^sockcat: accept: Too many open files$'
	echo first >&9
	until_true says server.out first
	rests "$server_pid"
	[ "$(grep -c 'Too many' server.err)" -eq 1 ]
	echo again >&9
	until_true says server.out again
	exec 9>&-
	ends_with first 0
	ends_with second 0
	until_true says server.out second
}

@test "a client that cannot be accepted for a moment is served after it, and there is one line" {
	for error in ENOMEM ENOBUFS EMFILE ENFILE; do
		for options in -k ""; do
			# shellcheck disable=SC2086
			failing "accept4:error=$error:when=1..4" $options -e cat
			run -0 sockcat -N 127.0.0.1 "$port" <<<hello
			prints hello
			[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
			says server.err '^sockcat: accept: '
		done
	done
}

@test "clients that have left before they are accepted are no news" {
	failing accept4:error=ECONNABORTED:when=1..40 -k -e cat
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
	run ! says server.err '^sockcat: '
}

@test "a listener rests though accept(2) goes on failing, whatever it says" {
	for error in ENOMEM EMFILE EPERM ECONNABORTED EIO EINVAL; do
		failing "accept4:error=$error" -k -e cat
		start client "${sockcat[@]}" -d 127.0.0.1 "$port"
		until_true says server.err '^sockcat: accept: '
		before=$(wc -l <calls)
		pass_time 0.5
		(($(wc -l <calls) - before < 20))
		[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
		kill -TERM "$server_pid"
		ends_with server 143
	done
}

@test "a server with many clients that do nothing rests" {
	serve server -k -d
	open_input input
	start holder "${peers[@]}" hold "$port" 100 <input
	until_true says holder.out held
	until_true has_clients 100
	rests "$server_pid"
	exec 9>&-
}

# stopping OPTIONS...: a server that was told to stop while it has a client,
# whose input is descriptor 9.
stopping() {
	serve server -k -e /bin/cat "$@"
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	echo before >&9
	until_true says client.out before
	kill -TERM "$server_pid"
	until_true says server.err '^Stopping: waiting for 1 client$'
}

@test "SIGTERM turns new clients away, lets the others end, and then the server dies by it" {
	stopping
	run -1 sockcat 127.0.0.1 "$port" </dev/null
	[[ $output == *"Connection refused"* ]]
	echo after >&9
	until_true says client.out after
	exec 9>&-
	ends_with client 0
	ends_with server 143
	[ "$(cat client.out)" = $'before\nafter' ]
	run says server.err "^sockcat: "
	[ "$status" -eq 1 ]
}

@test "a second SIGTERM ends a server at once" {
	stopping
	kill -TERM "$server_pid"
	ends_with server 143
	run ! says server.err '^sockcat: '
	exec 9>&-
}

@test "a server that stops waits no longer than --deadline says" {
	stopping --deadline 2s
	ends_with server 1
	says server.err '^sockcat: --deadline: 2 s elapsed$'
	exec 9>&-
}

@test "without --deadline it waits for 10 seconds, and says whom it left" {
	stopping
	ends_with server 143
	says server.err '^sockcat: stopped with 1 client still connected$'
	exec 9>&-
}

@test "who waits in the queue of a server that stops is told the end" {
	serve server -k --max-conns 1 -e /bin/cat
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true has_clients 1
	start waiting "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true says server.err ': queued, 1 of 128$'
	kill -TERM "$server_pid"
	ends_with waiting 0
	exec 9>&-
	ends_with client 0
	ends_with server 143
}

@test "on SIGTERM what clients sent without a line's end is written" {
	serve server -k -d
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	printf partial >&9
	until_true has_clients 1
	printf '\nrest' >&9
	until_true says server.out partial
	[ "$(cat server.out)" = partial ]
	kill -TERM "$server_pid"
	exec 9>&-
	ends_with client 0
	ends_with server 143
	[ "$(cat server.out)" = $'partial\nrest' ]
}

@test "SIGHUP reads --denyfile again" {
	: >deny
	serve server -k -e /bin/cat --denyfile deny
	run -0 sockcat -N 127.0.0.1 "$port" <<<"hello"
	prints hello
	echo 127.0.0.0/8 >deny
	kill -HUP "$server_pid"
	denied() {
		! sockcat -4 localhost "$port" <<<"hello" 2>/dev/null | grep -q hello
	}
	until_true denied
	says server.err '^Connection from 127.0.0.1 [0-9]+ denied$'
	: >deny
	kill -HUP "$server_pid"
	until_true eval '! denied'
}
