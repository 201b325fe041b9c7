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

@test "-N is accepted and changes nothing" {
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

@test "-q quits that long after the first end, though the peer stays" {
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

@test "-q 0 after the peer's end is an error if input was left over" {
	serve server </dev/null
	file_of 20M data
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 1
	says client.err '^sockcat: standard input: quit before all was sent'
}

@test "-q 0 does not destroy what was sent though the peer is still sending" {
	file_of 300K data
	serve server -v < <(yes)
	start client "${sockcat[@]}" -q 0 127.0.0.1 "$port" <data
	ends_with client 0
	ends server
	same data server.out
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
	run -0 sockcat 127.0.0.1 "$port" <<<"hello"
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
	peer echo flood
	start client "${sockcat[@]}" -W 3 127.0.0.1 "$port" < <(until_true test -e never)
	ends_with client 0
	[ -s client.out ]
}

@test "-C sends CRLF for LF, once" {
	peer collector collect
	printf 'a\nb\r\n\nc' | run -0 sockcat -C 127.0.0.1 "$port"
	printf 'a\nb\r\n\nc' | sockcat -C 127.0.0.1 "$port" || true
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

@test "-i waits between lines" {
	peer clock gaps 0
	printf 'a\nb\nc\n' | sockcat -i 200ms 127.0.0.1 "$port"
	ends_with clock 0
	tail -n 1 clock.out | awk '{ exit !(NF == 2 && $1 > 0.14 && $2 > 0.14) }'
}

@test "-w ends an idle stream with an error" {
	peer stays unread 20
	run -1 sockcat -w 200ms 127.0.0.1 "$port" <<<"x"
	[[ $output == "sockcat: 127.0.0.1 port $port: idle for 0.2 s" ]]
}

@test "--idle-timeout counts from the last byte in either direction" {
	serve server < <(for i in 1 2 3; do echo $i; read -rt 0.2 _ <><(:) || :; done)
	run -0 sockcat --idle-timeout 2s 127.0.0.1 "$port" </dev/null
	prints $'1\n2\n3'
}

@test "--deadline ends the whole run with an error" {
	peer stays unread 20
	run -1 sockcat --deadline 200ms 127.0.0.1 "$port" <<<"x"
	[[ $output == "sockcat: --deadline: 0.2 s are over" ]]
	run -1 sockcat --deadline 200ms -l -p 0 </dev/null
}

@test "-F passes the connected socket to standard output" {
	peer echo echo-once
	run -0 python3 "$TEST_SOURCES/peers.py" pass-socket "${sockcat[@]}" -F 127.0.0.1 "$port"
	prints passed
}

@test "-F without a unix socket on standard output is an error" {
	peer echo echo-once
	run -1 sockcat -F 127.0.0.1 "$port"
	[[ $output == "sockcat: --pass-fd: standard output: "* ]]
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
	run -0 python3 "$TEST_SOURCES/peers.py" keeps-flags "${sockcat[@]}" 127.0.0.1 "$port"
	prints same
}

@test "one socket for input and output sees the end of output while input is open" {
	serve server <<<"answer"
	run -0 python3 "$TEST_SOURCES/peers.py" one-socket "${sockcat[@]}" 127.0.0.1 "$port"
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
		sockcat 127.0.0.1 "$port" <<<"client $i" || return 1
	done
	kill -TERM "$server_pid"
	ends_with server 143
	diff server.out <(for i in {1..100}; do echo "client $i"; done)
}

@test "with -k clients wait for their turn and lose nothing" {
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
