#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# -e and -c: what a command finds, what becomes of its output and its status,
# and how it ends.

load helper

# one OPTIONS...: what a client gets from a server for it alone.
one() {
	serve server "$@"
	sockcat 127.0.0.1 "$port" </dev/null
}

# unstartable FILE: a command that is there, and cannot be executed.
unstartable() {
	printf '#!/no/such/interpreter\n' >"$1"
	chmod +x "$1"
}

@test "-e splits words on blanks, and quotes keep them together" {
	run -0 one -e "printf '<%s>' one 'two three' \"four  \\\"five\" six\\ seven ''"
	prints '<one><two three><four  "five><six seven><>'
	run -0 one -e 'echo $HOME | cat > x;'
	prints '$HOME | cat > x;'
}

@test "-c goes through the shell" {
	run -0 one -c 'x=hello; echo $x | tr a-z A-Z; echo $0'
	prints $'HELLO\n/bin/sh' || prints $'HELLO\nsh'
}

@test "a command finds out about the connection by both kinds of names" {
	serve server -k -c 'env | grep -E "^(SOCKCAT|NCAT)_(REMOTE|LOCAL|PROTO)" | sort'
	from=$(free_port && echo "$port")
	run -0 env NCAT_PROTO=wrong "${sockcat[@]}" -p "$from" 127.0.0.1 "$port" </dev/null
	for prefix in NCAT SOCKCAT; do
		echo "${prefix}_LOCAL_ADDR=127.0.0.1"
		echo "${prefix}_LOCAL_PORT=$port"
		echo "${prefix}_PROTO=tcp"
		echo "${prefix}_REMOTE_ADDR=127.0.0.1"
		echo "${prefix}_REMOTE_PORT=$from"
	done >wanted
	diff wanted <(echo "$output")
}

@test "a unix-domain command finds its path" {
	serve_path server -c 'echo "$SOCKCAT_PROTO $SOCKCAT_LOCAL_ADDR"' path
	run -0 sockcat -U path </dev/null
	[[ $output == unix*path ]]
}

@test "the environment of the caller is no news about the connection" {
	export NCAT_REMOTE_ADDR=forged SOCKCAT_REMOTE_PORT=forged LISTEN_FDNAMES=forged
	run -0 one -c 'env | grep -c forged'
	prints 0
}

@test "the status of a command is that of a server for one client, and of a client" {
	for status in 0 1 7 255; do
		serve server -c "exit $status"
		sockcat 127.0.0.1 "$port" </dev/null
		ends_with server "$status"
		serve server -d
		run "-$status" sockcat -c "exit $status" 127.0.0.1 "$port"
		ends_with server 0
	done
}

@test "of a command that is killed the status is 128 and the signal" {
	serve server -c 'kill -KILL $$'
	sockcat 127.0.0.1 "$port" </dev/null
	ends_with server 137
	serve server -d
	run -143 sockcat -c 'kill -TERM $$' 127.0.0.1 "$port"
}

@test "a client's command talks to the server" {
	serve server <<<"answer"
	run -0 sockcat -c 'echo question; read -r line; echo "got $line" >&2' 127.0.0.1 "$port"
	ends_with server 0
	prints "got answer"
	[ "$(cat server.out)" = question ]
}

@test "a command that cannot be executed is an error line, and -k goes on" {
	unstartable job
	serve server -k -e ./job
	for _ in 1 2; do
		run -1 sockcat 127.0.0.1 "$port" </dev/null
	done
	printf '#!/bin/sh\necho "here"\n' >job
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	prints here
	[ "$(grep -c ': ./job: No such file or directory$' server.err)" -eq 2 ]
}

@test "a large output arrives whole, though the command ends at once and reads nothing" {
	for options in -k "" "-k -C" -C; do
		for size in 0 1 100000 10000000; do
			# shellcheck disable=SC2086
			serve server $options -c 'head -c 5000000 /dev/zero'
			run -0 peers send-then-read "$port" "$size"
			echo "'$options' $size"
			prints 5000000
			[[ $options != -k* ]] || kill -TERM "$server_pid"
			ends server
		done
	done
	for options in -k ""; do
		# A terminal would echo what it is sent.
		# shellcheck disable=SC2086
		serve server --pty $options -c 'stty -opost; head -c 5000000 /dev/zero'
		run -0 peers send-then-read "$port" 0
		prints 5000000
	done
}

@test "an answer to what was sent arrives whole when the client sends no more" {
	file_of 10000000 input
	serve server -k -e /bin/cat
	sockcat -N 127.0.0.1 "$port" <input >output
	same input output
	nc.openbsd -N 127.0.0.1 "$port" <input >output
	same input output
	ncat 127.0.0.1 "$port" <input >output
	same input output
	socat -t "$LIMIT" - "TCP4:127.0.0.1:$port" <input >output
	same input output
}

@test "a filter between client and command keeps all whole" {
	yes line | head -n 500000 >input
	sed 's/$/\r/' input >wanted
	serve server -k -C -e /bin/cat
	sockcat -N 127.0.0.1 "$port" <input >output
	same wanted output
}

# is_ended_by HOW WHERE: the command's process ends when a client of the
# server goes away like that, though it waits for something else.
is_ended_by() {
	local child

	open_input input
	start client "${peers[@]}" send-bytes "$2" x "$1" <input
	until_true test -s child
	child=$(cat child)
	kill -0 "$child"
	echo >&9
	exec 9>&-
	until_true eval "! kill -0 $child 2>/dev/null"
	rm child input
}

@test "a command ends when its client resets the connection" {
	serve server -k -c 'echo $$ >pid; mv pid child; exec sleep 1000'
	is_ended_by reset "$port"
}

@test "what a client that resets has not taken of a command is told with the reason, and is no success" {
	serve server -c 'trap "" TERM; head -c 500000 /dev/zero; touch written; until test -e left; do sleep 0.01; done'
	start client "${peers[@]}" send-bytes "$port" x reset < <(until_true test -e written; echo)
	ends client
	touch left
	ends_with server 1
	says server.err '^sockcat: 127.*: Connection reset by peer'
}

@test "a command that ignores SIGTERM is killed in the end" {
	serve server -k -c 'trap "" TERM; echo $$ >pid; mv pid child; while :; do sleep 1; done'
	is_ended_by reset "$port"
	until_true has_no_children "$server_pid"
}

@test "with a command ends what it has started" {
	serve server -k -c 'sleep 1000 & echo $! >pid; mv pid child; wait'
	is_ended_by reset "$port"
}

@test "a command ends when its unix-domain client closes" {
	serve_path server -k -c 'echo $$ >pid; mv pid child; exec sleep 1000' path
	open_input input
	start client "${sockcat[@]}" -N -U path <input
	until_true test -s child
	kill -KILL "$client_pid"
	until_true eval "! kill -0 $(cat child) 2>/dev/null"
	exec 9>&-
}

@test "commands end with the server" {
	serve server -k -c 'echo $$ >pid; mv pid child; exec sleep 1000'
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true test -s child
	kill -TERM "$server_pid"
	until_true says server.err '^Stopping: '
	kill -TERM "$server_pid"
	ends_with server 143
	until_true eval "! kill -0 $(cat child) 2>/dev/null"
	exec 9>&-
}

@test "100 clients leave no process and no descriptor behind" {
	serve server -k -c 'echo hello'
	until_true has_no_children "$server_pid"
	run sockcat 127.0.0.1 "$port" </dev/null
	until_true has_no_children "$server_pid"
	at_first=$(ls "/proc/$server_pid/fd")
	for _ in {1..100}; do
		[ "$(sockcat 127.0.0.1 "$port" </dev/null)" = hello ] || return 1
	done
	until_true has_no_children "$server_pid"
	[ "$(ls "/proc/$server_pid/fd")" = "$at_first" ]
}

@test "a command finds three descriptors and no other" {
	open_input held
	start server "${peers[@]}" limited 100 "${sockcat[@]}" -v -l -k -e 'ls /proc/self/fd' 0
	listens server
	start holder "${peers[@]}" hold "$port" 20 <held
	until_true says holder.out held
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	# ls itself opens the folder.
	prints $'0\n1\n2\n3'
	exec 9>&-
}

@test "a command finds signals as they were, and its limit of descriptors" {
	# The last digits: the C library takes some signals above for itself.
	# shellcheck disable=SC2016
	show='sed -nE "s/^(Sig(Blk|Ign)).*([0-7]......)\$/\1 \3/p" /proc/self/status; ulimit -n'
	start wanted sh -c "$show"
	ends_with wanted 0
	[ "$(wc -l <wanted.out)" -eq 3 ]
	serve server -k -c "$show"
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	prints "$(cat wanted.out)"
}

@test "--pty gives a command a terminal of its own" {
	run -0 one --pty -c 'test -t 0 && test -t 1 && tty && echo yes >/dev/tty'
	[[ $output == /dev/pts/*yes* ]]
	run -0 one -c 'test -t 0 || echo no'
	prints no
}

@test "on a terminal of its own, standard error is the terminal, too" {
	run -0 one --pty -c 'stty -onlcr; test -t 2 && echo problem >&2; echo answer'
	prints $'problem\nanswer'
	run ! says server.err problem
}

@test "a command on a terminal has TERM from our environment, or dumb" {
	TERM=vt100 serve server --pty -c 'stty -onlcr; echo "$TERM"'
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	prints vt100
	unset TERM
	run -0 one --pty -c 'stty -onlcr; echo "$TERM"'
	prints dumb
	run -0 one -e env
	[[ $output != *TERM=* ]]
}

@test "what a command wrote to its terminal before it ended arrives whole" {
	for size in 3000 20000 300000; do
		serve server -k --pty -c "stty -opost; head -c $size /dev/zero"
		for _ in {1..10}; do
			[ "$(sockcat 127.0.0.1 "$port" </dev/null | wc -c)" -eq "$size" ]
		done
	done
}

@test "a terminal that cannot be read is an error line, a reset, and no success" {
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	for error in EIO EINVAL; do
		for nth in 1 2 3; do
			for after in "" "; sleep 0.1"; do
				start server strace -D -qq -o /dev/null -P /dev/ptmx -e trace=read \
					-e "inject=read:error=$error:when=$nth" "${sockcat[@]}" -v -l \
					--pty -c "stty -opost; head -c 20000 /dev/zero$after" 127.0.0.1 0
				listens server
				run -0 peers how-it-ends "$port"
				[[ $output == *" reset" ]]
				ends server
				[ "$status" -ne 0 ]
				[ "$(grep -c '^sockcat: standard output of /bin/sh: ' server.err)" -eq 1 ]
			done
		done
	done
}

@test "a command's last words arrive, however it ends" {
	serve server -k -e 'printf x'
	for _ in {1..50}; do
		[ "$(sockcat 127.0.0.1 "$port" </dev/null)" = x ]
	done
	# With input that nobody reads, closing would be a reset.
	serve server -k -c 'printf x; kill -KILL $$'
	for _ in {1..20}; do
		[ "$(head -c 10000 /dev/zero | sockcat -N 127.0.0.1 "$port")" = x ]
	done
	serve server -k -c 'head -c 300000 /dev/zero & sleep 0.001; wait'
	for _ in {1..20}; do
		[ "$(sockcat 127.0.0.1 "$port" </dev/null | wc -c)" -eq 300000 ]
	done
	for options in -C --pty; do
		serve server -k $options -c 'printf x & wait; exit 3'
		for _ in {1..20}; do
			[ "$(sockcat 127.0.0.1 "$port" </dev/null)" = x ]
		done
	done
}

@test "a command's socket is never one that is cut when it is closed" {
	unset SOCKCAT_STRATEGY # with which a relay stands between
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	start server strace -D -f -qq -o calls -e trace=setsockopt,accept4 "${sockcat[@]}" -v -l -k -e 'printf x' 127.0.0.1 0
	listens server
	[ "$(sockcat 127.0.0.1 "$port" </dev/null)" = x ]
	says calls accept4
	run ! says calls SO_LINGER
}

@test "tar unpacks thousands of files behind a socket that --send-only feeds" {
	mkdir from
	for i in {1..3000}; do
		echo "$i" >"from/a-file-with-a-rather-long-name-$i"
	done
	tar cf files.tar from
	for _ in 1 2 3; do
		rm -rf to && mkdir to
		serve server -c 'tar xvf - -C to'
		sockcat --send-only 127.0.0.1 "$port" <files.tar
		ends_with server 0
		[ "$(find to -type f | wc -l)" -eq 3000 ]
	done
	diff -r from to/from
}

@test "-v says when a command ended, how, and whose it was" {
	for options in "" -C --pty; do
		# shellcheck disable=SC2086
		serve server -k $options -c 'read -r x; exit $x'
		for status in 0 7; do
			free_port_of=$(peers free-port)
			sockcat -N -p "$free_port_of" 127.0.0.1 "$port" <<<"$status"
			until_true says server.err "^127.0.0.1 port $free_port_of: command ended after 0\.[0-9]+ s: exit status $status\$"
		done
		kill -TERM "$server_pid"
	done
	serve server -k -c 'kill -9 $$'
	sockcat 127.0.0.1 "$port" </dev/null
	until_true says server.err '^127.0.0.1 port [0-9]+: command ended after 0\.[0-9]+ s: killed by signal 9$'
}

@test "a command that did not hear all, or was not heard, makes a failure of its success" {
	for options in -C -t "-w 20" "-i 1ms"; do
		# shellcheck disable=SC2086
		serve server $options -c 'trap "exit 0" TERM; : >trapped; cat >/dev/null; exit 0'
		start client "${peers[@]}" send-bytes "$port" x reset < <(until_true test -e trapped; echo)
		ends_with server 1
		rm trapped
		says server.err '^sockcat: 127.0.0.1 port [0-9]+: Connection reset by peer'
		# What a command does not want to hear is no loss.
		# shellcheck disable=SC2086
		serve server $options -c 'exit 0'
		head -c 1000000 /dev/zero | sockcat -N 127.0.0.1 "$port" || true
		ends_with server 0
	done
	serve server -C -c 'trap "exit 3" TERM; : >trapped; cat >/dev/null'
	start client "${peers[@]}" send-bytes "$port" x reset < <(until_true test -e trapped; echo)
	ends_with server 3
}

@test "what is typed to a command on a terminal ends with the input" {
	serve server -k --pty -c 'stty -echo -onlcr; echo ready; cat; echo over'
	open_input input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true says client.out ready
	echo typed >&9
	until_true says client.out typed
	exec 9>&-
	ends_with client 0
	[ "$(cat client.out)" = $'ready\ntyped\nover' ]
}

@test "curl takes what a command says for a web page" {
	serve server -k -c 'while IFS= read -r line && [ ${#line} -gt 1 ]; do :; done
		printf "HTTP/1.0 200 OK\r\n\r\nhello"'
	for _ in 1 2; do
		run -0 curl -sS --max-time "$LIMIT" "http://127.0.0.1:$port/"
		prints hello
	done
	serve server -c 'printf "HTTP/1.0 200 OK\r\n\r\nhello"'
	run -0 curl -sS --max-time "$LIMIT" "http://127.0.0.1:$port/"
	prints hello
	ends_with server 0
}

@test "what a command says of errors is not for the client" {
	run -0 one -c 'echo problem >&2; echo answer'
	prints answer
	says server.err '^problem$'
}

@test "a client that goes on sending after its command has ended harms nobody" {
	start server "${sockcat[@]}" -v -k -l -c 'sleep 0.2' 127.0.0.1 0 </dev/null
	listens server
	peers goes-on-sending "$port" 2.5
	kill -0 "$server_pid"
	run -0 sockcat 127.0.0.1 "$port" </dev/null
}

@test "a client of a command that cannot be started is reset, and the line names it" {
	unstartable job
	serve server -k --max-conns 1 -e ./job
	for size in 0 1 100000; do
		run -0 peers how-it-ends "$port" "$(printf "%${size}s" x)"
		prints "0 reset"
	done
	[ "$(grep -cE '^sockcat: 127.0.0.1 port [0-9]+: ./job: No such file or directory$' server.err)" -eq 3 ]
	serve single -e ./job
	run -0 peers how-it-ends "$port"
	prints "0 reset"
	ends_with single 1
	grep '^sockcat: ' single.err >err
	is_one_error err
}

@test "a command that cannot be started for a moment is started after it" {
	for options in -k ""; do
		# shellcheck disable=SC2086
		failing vfork:error=EAGAIN:when=1..4 $options -e cat
		run -0 sockcat -N 127.0.0.1 "$port" <<<hello
		prints hello
		# shellcheck disable=SC2086
		failing pipe2:error=ENFILE:when=1..3 $options -C -e cat
		run -0 sockcat -N 127.0.0.1 "$port" <<<hello
		prints $'hello\r'
		run ! says server.err '^sockcat: '
	done
}

@test "a command that cannot be started for want of something is given up after two seconds" {
	failing vfork:error=EAGAIN -k -e cat
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	[ "$(grep -c '^sockcat: 127.0.0.1 port [0-9]*: cat: Resource temporarily unavailable$' server.err)" -eq 1 ]
	start few "${peers[@]}" limited 7 "${sockcat[@]}" -v -l -k -C -e cat 127.0.0.1 0
	listens few
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	says few.err '^sockcat: 127.0.0.1 port [0-9]+: cat: Too many open files$'
}

@test "who waits for a place is reset, too, if the command cannot be started by then" {
	printf '#!/bin/sh\nmv other job\nread -r line\n' >job
	chmod +x job
	unstartable other
	serve server -k --max-conns 1 -e ./job
	open_input input
	start first "${sockcat[@]}" 127.0.0.1 "$port" <input
	until_true test ! -e other
	for i in 1 2 3; do
		start "client_$i" "${peers[@]}" how-it-ends "$port"
		until_true says server.err ": queued, $i of 128\$"
	done
	exec 9>&-
	for i in 1 2 3; do
		ends_with "client_$i" 0
		[ "$(cat "client_$i.out")" = "0 reset" ]
	done
}

@test "a job is done also if the client that left it is gone" {
	serve_path server -k -c 'sleep 0.5; cat >got; sleep 0.5; echo done >>got' path
	peers send-bytes path 'job\n'
	until_true says got '^done$'
	[ "$(cat got)" = $'job\ndone' ]
}

@test "a command that does nothing any more ends when its unix-domain client is gone" {
	serve_path server -k -c 'exec sleep 60' path
	peers send-bytes path 'unread'
	until_true says server.err 'Connection received'
	until_true has_no_children "$server_pid"
}

@test "a client that reads slowly and sends meanwhile gets all that a command wrote" {
	file_of 3000000 big
	for options in "" "-w 60"; do
		# shellcheck disable=SC2086
		serve server -k $options -c 'exec cat big'
		run -0 peers reads-slowly "$port" 3000000
		prints 3000000
		run ! says server.err '^sockcat: '
	done
}

@test "-W ends what a command reads, and not its answer" {
	serve server -k -W 1 -e /bin/cat
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
	serve server -u -c 'read -r x; echo "got $x"; exit 5' -W 1
	run -0 sockcat -u -W 1 -q 5 127.0.0.1 "$port" <<<hello
	prints "got hello"
	ends_with server 5
}

@test "clients wait for the descriptors that a command behind pipes needs" {
	start server "${peers[@]}" limited 24 \
		"${sockcat[@]}" -v -l -k -C -e /bin/cat 127.0.0.1 0
	listens server
	for i in {1..16}; do
		start "client_$i" "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"client $i"
	done
	for i in {1..16}; do
		ends_with "client_$i" 0
		says "client_$i.out" "^client $i"
	done
	run ! says server.err '^sockcat: /bin/cat'
}
