#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The contract of a transfer, and the options that bend it.

load helper

@test "a gigabyte arrives with the same digest in under 8 MiB of memory at both ends" {
	truncate -s 1G data
	file_of 1M edge
	dd if=edge of=data bs=1M seek=1023 conv=notrunc status=none
	start server sh -c 'exec "$@" | sha256sum' sh \
		/usr/bin/time -f %M -o server.rss "${sockcat[@]}" -v -l -p 0
	listens server
	start client /usr/bin/time -f %M -o client.rss "${sockcat[@]}" 127.0.0.1 "$port" <data
	ends_with client 0
	ends_with server 0
	[ "$(cut -c1-64 server.out)" = "$(sha256sum <data | cut -c1-64)" ]
	if [ -z "${SANITIZED-}" ]; then
		[ "$(tail -n 1 server.rss)" -lt 8192 ]
		[ "$(tail -n 1 client.rss)" -lt 8192 ]
	fi
}

@test "the end of input shuts the sending side, and the answer still arrives" {
	peer echo echo-once
	run -0 --separate-stderr sockcat 127.0.0.1 "$port" <<<"hello"
	prints hello
}

@test "-N shuts the sending side at the end of input, and the answer still arrives" {
	peer echo echo-once
	run -0 sockcat -N 127.0.0.1 "$port" <<<"hello"
	prints hello
}

@test "--no-shutdown leaves the sending side open at the end of input" {
	peer patient still-open
	run -0 sockcat --no-shutdown 127.0.0.1 "$port" <<<"x"
	ends_with patient 0
	[ "$(tail -n 1 patient.out)" = open ]
}

@test "a fifo whose writer has gone before sockcat starts has an end" {
	serve server -k </dev/null
	mkfifo input
	for i in {1..20}; do
		(echo "line $i" >input) &
		exec 8<input
		wait $!
		sockcat -N 127.0.0.1 "$port" <&8
		exec 8<&-
	done
	until_true has_lines server.out 20
}

@test "-q quits that long after the end of input, though the peer stays" {
	peer stays unread 20
	run -0 sockcat -q 100ms 127.0.0.1 "$port" <<<"x"
}

@test "-q 0 delivers what was sent before it quits" {
	file_of 1M data
	serve server -d
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 0
	ends_with server 0
	same data server.out
}

@test "-q counts from the end of standard input, not from the peer's" {
	serve server </dev/null
	file_of 20M data
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 0
	ends_with server 0
	same data server.out
}

@test "-q 0 does not destroy what was sent though the peer is still sending" {
	file_of 300K data
	serve server -v < <(yes)
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 0
	ends server
	same data server.out
}

@test "-q 0 reports what a peer that reads nothing did not take" {
	peer server floods-unread
	file_of 200K data
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 1
	is_one_error client.err
}

@test "-q quits though nobody reads what the peer sent before its end" {
	serve server < <(head -c 120000 /dev/zero)
	mkfifo input output
	exec 9<>input 7<>output
	# A pipe would grow until it holds it all.
	SOCKCAT_STRATEGY=copy run -1 --separate-stderr timeout "$LIMIT" bash -c '"$@" <input >output 7>&- 9>&-' bash \
		"${sockcat[@]}" -q 100ms 127.0.0.1 "$port"
	exec 9>&- 7>&-
	[ "$stderr" = "sockcat: standard output: quit before all was written" ]
}

@test "-q is an error if much of what the peer sent was left over" {
	serve server < <(head -c 20000000 /dev/zero)
	mkfifo output
	exec 7<>output
	run -1 --separate-stderr timeout "$LIMIT" bash -c '"$@" </dev/null >output 7>&-' bash \
		"${sockcat[@]}" -q 300ms 127.0.0.1 "$port"
	exec 7>&-
	[ "$stderr" = "sockcat: standard output: quit before all was written" ]
}

@test "-W ends though the peer reads nothing" {
	peer talker one-line-then-silence
	start client "${sockcat[@]}" -W 1 127.0.0.1 "$port" </dev/zero
	ends client
	[ "$(cat client.out)" = line ]
}

@test "-q -1 never quits before both directions have ended" {
	peer echo echo-once
	run -0 sockcat -q -1 127.0.0.1 "$port" <<<"hello"
	prints hello
}

@test "-d reads no input and ends with the peer" {
	mkfifo input
	exec 9<>input
	echo "not for you" >&9
	serve server <<<"answer"
	start client "${sockcat[@]}" -d 127.0.0.1 "$port" <input
	ends_with client 0
	ends_with server 0
	[ "$(cat client.out)" = answer ]
	[ ! -s server.out ]
	exec 9>&-
}

@test "--recv-only receives and ends with the peer" {
	serve server --recv-only < <(yes)
	run -0 sockcat -N 127.0.0.1 "$port" <<<"hello"
	[ -z "$output" ]
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "--send-only drops what arrives and does not reset the peer" {
	file_of 3M data
	serve server <data
	run -0 sockcat --send-only 127.0.0.1 "$port" <<<"hello"
	[ -z "$output" ]
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "-W ends after that many reads" {
	# Each line is written when the one before it has been read.
	serve server < <({ echo 1 && until_true says client.out 1 && echo 2 && until_true says client.out 2 && echo 3; } 3>&-)
	start client "${sockcat[@]}" -d -W 2 127.0.0.1 "$port"
	ends_with client 0
	[ "$(cat client.out)" = $'1\n2' ]
}

@test "-C sends CRLF for LF, once" {
	peer collector collect
	printf 'a\nb\r\n\nc' | sockcat -N -C 127.0.0.1 "$port"
	ends_with collector 0
	tail -n +2 collector.out | cmp - <(printf 'a\r\nb\r\n\r\nc')
}

@test "-t refuses what a telnet server asks for and prints only the text" {
	serve server < <(printf '\377\375\030\377\373\001login: ')
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" -t 127.0.0.1 "$port" <input
	until_true has_bytes server.out 6
	printf 'me\377' >&9
	exec 9>&-
	ends_with client 0
	ends_with server 0
	[ "$(cat client.out)" = "login: " ]
	# WONT 24 and DONT 1; then the byte 255 doubled.
	[ "$(od -An -tx1 server.out | tr -d ' \n')" = fffc18fffe016d65ffff ]
}

@test "-t takes telnet's Synch, whose last byte is urgent, out of the text" {
	for shape in at-once byte-by-byte; do
		peer server telnet-synch "$shape"
		run -0 sockcat -N -t 127.0.0.1 "$port" </dev/null
		prints "before it after"
		peer server telnet-synch "$shape"
		sockcat -N 127.0.0.1 "$port" </dev/null >plain
		printf 'before it\377\362 after\n' | same - plain
	done
}

@test "-i waits between lines" {
	peer clock gaps 0
	printf 'a\nb\nc\n' | sockcat -N -i 200ms 127.0.0.1 "$port"
	ends_with clock 0
	tail -n 1 clock.out | awk '{ exit !(NF == 2 && $1 > 0.14 && $2 > 0.14) }'
}

@test "-w ends an idle stream with an error" {
	peer stays unread 20
	run -1 sockcat -w 200ms 127.0.0.1 "$port" <<<"x"
	[[ $output == "sockcat: 127.0.0.1 port $port: idle for 0.2 s" ]]
}

@test "--idle-timeout counts from the last byte in either direction" {
	serve server < <(for i in 1 2 3 4; do echo $i; pass_time 0.4; done)
	run -0 sockcat --idle-timeout 1.2s 127.0.0.1 "$port" </dev/null
	prints $'1\n2\n3\n4'
}

@test "a pause that -i makes is not idle" {
	serve server </dev/null
	printf 'a\nb\nc\n' | sockcat -w 200ms -i 400ms 127.0.0.1 "$port"
	ends_with server 0
	[ "$(cat server.out)" = $'a\nb\nc' ]
}

@test "--deadline ends the whole run with an error" {
	peer stays unread 20
	run -1 sockcat --deadline 200ms 127.0.0.1 "$port" <<<"x"
	[[ $output == "sockcat: --deadline: 0.2 s elapsed" ]]
	run -1 sockcat --deadline 200ms -l -p 0 </dev/null
}

@test "-F passes the connected socket to standard output" {
	peer echo echo-once
	run -0 peers pass-socket "${sockcat[@]}" -F 127.0.0.1 "$port"
	prints passed
}

@test "-F without a unix socket on standard output is an error" {
	peer echo echo-once
	run -2 sockcat -F 127.0.0.1 "$port"
	[[ $output == "sockcat: --pass-fd: standard output "* ]]
}

@test "a terminal on standard input does not keep a session alive once the peer has ended" {
	serve server <<<"bye"
	start client script -qec "${sockcat[*]} 127.0.0.1 $port" /dev/null
	ends_with client 0
	says client.out bye
}

@test "what is typed is sent, and the peer's end ends the session" {
	mkfifo input
	exec 9<>input
	serve server <input
	start client script -qec "${sockcat[*]} 127.0.0.1 $port" /dev/null < <(echo typed)
	until_true says server.out typed
	exec 9>&-
	ends client
	ends_with server 0
}

@test "pipes and terminals keep their flags" {
	peer echo echo-once
	run -0 peers keeps-flags "${sockcat[@]}" 127.0.0.1 "$port"
	prints same
}

@test "pipes that cannot be opened anew, such as another user's, lose nothing" {
	file_of 5M data
	# The search for leaks, with sanitizers, needs what is hidden here.
	export ASAN_OPTIONS=detect_leaks=0
	run -0 --separate-stderr timeout "$LIMIT" unshare -rm bash -c '
		mount -t tmpfs none /proc
		{ cat data; pass_time 0.5; } |
			"$@" -v -l 127.0.0.1 0 2>err | cat >received &
		until_true says err Listening
		port=$(sed -n "s/^Listening.* //p" err | head -n 1)
		cat data | "$@" 127.0.0.1 "$port" | cat >answered
		wait
		cmp data received && cmp data answered' bash "${sockcat[@]}"
}

@test "a stalled reader of such a pipe does not stop what is sent" {
	run -0 timeout "$LIMIT" unshare -rm bash -c '
		mount -t tmpfs none /proc
		exec python3 "$@"' bash "$TEST_SOURCES/peers" \
		stall client nobody-reads-stdout "${sockcat[@]}" -N
}

@test "what one socket wrote before it was closed is sent" {
	serve server </dev/null
	python3 - "${sockcat[@]}" 127.0.0.1 "$port" <<-'E' || true
		import socket, subprocess, sys
		ours, theirs = socket.socketpair()
		ours.sendall(b"x" * 100000)
		ours.close()
		subprocess.run(sys.argv[1:], stdin=theirs, stdout=theirs)
	E
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 100000 ]
}

@test "a terminal of another user that is stopped does not stop what is sent" {
	if [ "$(id -u)" -eq 0 ]; then
		run -0 peers stopped-terminal "${sockcat[@]}"
	fi
}

@test "one socket for input and output sees the end of output while input is open" {
	serve server <<<"answer"
	run -0 peers one-socket "${sockcat[@]}" 127.0.0.1 "$port"
	prints answer
	ends_with server 0
}

@test "a pipeline reads standard output to its end though input stays open" {
	serve server <<<"answer"
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" 127.0.0.1 "$port" <input
	until_true says client.out answer
	exec 9>&-
	ends_with client 0
}

@test "100 clients of -k are served one after another" {
	serve server -k </dev/null
	for i in {1..100}; do
		sockcat -N 127.0.0.1 "$port" <<<"client $i" || return 1
	done
	kill -TERM "$server_pid"
	ends_with server 143
	diff server.out <(for i in {1..100}; do echo "client $i"; done)
}

@test "-k ends when the reader of standard output goes away between two clients" {
	run -141 timeout "$LIMIT" bash -c '{ "$@" -v -k -l 127.0.0.1 0 </dev/null 2>err; echo $? >status; } |
		until_true says err Listening
		until_true test -s status
		exit "$(cat status)"' bash "${sockcat[@]}"
}

@test "with -k clients are served side by side and lose nothing" {
	serve server -k </dev/null
	for i in {1..20}; do
		start "client_$i" "${sockcat[@]}" 127.0.0.1 "$port" <<<"client $i"
	done
	for i in {1..20}; do
		ends_with "client_$i" 0
	done
	kill -TERM "$server_pid"
	ends_with server 143
	diff <(sort server.out) <(for i in {1..20}; do echo "client $i"; done | sort)
}
