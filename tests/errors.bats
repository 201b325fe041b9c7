#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What goes wrong is told in one line, and the status says so.

load helper

@test "an input that cannot be read on is an error line, and the peer is reset, who waits for its end" {
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	head -c 1000000 /dev/zero >input
	for options in -d "" ; do
		# shellcheck disable=SC2086
		serve server $options
		run -1 strace -qq -o /dev/null -P "$PWD/input" -e trace=read,splice \
			-e inject=read,splice:error=EIO:when=2+ "${sockcat[@]}" 127.0.0.1 "$port" <input
		prints "sockcat: standard input: Input/output error"
		ends_with server 1
		says server.err ': Connection reset by peer$'
	done
}

@test "bytes before a reset all arrive, and the reset is an error" {
	peer server answer-and-reset 100000
	run -1 --separate-stderr sockcat 127.0.0.1 "$port" </dev/null
	[ "${#output}" -eq 100000 ]
	[[ $stderr == "sockcat: 127.0.0.1 port $port: Connection reset by peer" ]]
}

@test "bytes before a reset all arrive though input is still open" {
	peer server answer-and-reset 100000
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" 127.0.0.1 "$port" <input
	ends_with client 1
	exec 9>&-
	[ "$(wc -c <client.out)" -eq 100000 ]
	is_one_error client.err
}

@test "a listener prints the bytes before a reset too" {
	serve server </dev/null
	start client python3 -c "
import socket, struct, sys
s = socket.create_connection(('127.0.0.1', $port))
s.sendall(b'x' * 100000)
import fcntl, termios, time
while struct.unpack('i', fcntl.ioctl(s, termios.TIOCOUTQ, b'\0' * 4))[0]: time.sleep(0.001)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.close()"
	ends_with client 0
	ends_with server 1
	[ "$(wc -c <server.out)" -eq 100000 ]
	says server.err '^sockcat: .*: Connection reset by peer$'
}

@test "an answer from a peer that closed over unread input is delivered" {
	peer server close-over-unread
	run -1 --separate-stderr sockcat 127.0.0.1 "$port" <<<"request"
	[ "${#output}" -eq 100000 ]
}

@test "input that a vanished peer did not take is an error" {
	peer server unread 0
	file_of 8M data
	run -1 sockcat 127.0.0.1 "$port" <data
	[[ $output == "sockcat: 127.0.0.1 port $port: "* ]]
}

@test "a full disk is an error" {
	peer server flood
	run -1 --separate-stderr sh -c '"$@" >/dev/full' sh "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	[ "$stderr" = "sockcat: standard output: No space left on device" ]
}

@test "a reader that goes away ends sockcat at once, by SIGPIPE" {
	peer server flood
	run -0 bash -c '"$@" </dev/null | head -n 1; exit "${PIPESTATUS[0]}"' bash "${sockcat[@]}" 127.0.0.1 "$port" || true
	[ "$status" -eq 141 ]
	prints line
}

@test "a reader that goes away ends sockcat though the peer is silent and input is open" {
	peer server one-line-then-wait
	mkfifo input
	exec 9<>input
	run bash -c '"$@" <input | head -n 1; exit "${PIPESTATUS[0]}"' bash "${sockcat[@]}" 127.0.0.1 "$port" 9>&-
	exec 9>&-
	[ "$status" -eq 141 ]
	prints line
}

@test "where SIGPIPE is ignored a vanished reader is an error line" {
	peer server flood
	run bash -c 'trap "" PIPE; "$@" </dev/null | head -n 1; exit "${PIPESTATUS[0]}"' bash "${sockcat[@]}" 127.0.0.1 "$port"
	[ "$status" -eq 1 ]
	[[ $output == *"sockcat: standard output: Broken pipe"* ]]
}

@test "a directory as standard input is an error" {
	serve server </dev/null
	run -1 sockcat 127.0.0.1 "$port" </
	prints "sockcat: standard input: Is a directory"
}

@test "closed standard input counts as its end" {
	serve server <<<"answer"
	run -0 sh -c '"$@" <&-' sh "${sockcat[@]}" 127.0.0.1 "$port"
	prints answer
}

@test "closed standard output is an error where something arrives" {
	serve server <<<"answer"
	run -1 sh -c '"$@" >&-' sh "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	prints "sockcat: standard output: Bad file descriptor"
}

@test "closed standard output is no error where nothing arrives" {
	serve server </dev/null
	run -0 sh -c '"$@" >&-' sh "${sockcat[@]}" 127.0.0.1 "$port" <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "all three closed descriptors are survived" {
	serve server </dev/null
	run -0 sh -c '"$@" <&- >&- 2>&-' sh "${sockcat[@]}" 127.0.0.1 "$port"
	ends_with server 0
}

@test "a refused connection names host, address, port and reason" {
	free_port
	run -1 sockcat 127.0.0.1 "$port" </dev/null
	prints "sockcat: connect to 127.0.0.1 port $port (tcp) failed: Connection refused"
}

@test "each address that fails is named" {
	free_port
	run -1 sockcat "$port" </dev/null
	[ "${lines[0]}" = "sockcat: connect to localhost (::1) port $port (tcp) failed: Connection refused" ]
	[ "${lines[1]}" = "sockcat: connect to localhost (127.0.0.1) port $port (tcp) failed: Connection refused" ]
}

@test "an unknown host is named" {
	# Nobody has to be asked about a name with an empty part.
	run -1 sockcat no..such.host 80 </dev/null
	[[ $output == "sockcat: no..such.host port 80: "* ]]
	run -1 sockcat -s no..such.host 127.0.0.1 80 </dev/null
	[[ $output == "sockcat: local address no..such.host: "* ]]
	run -1 sockcat -l -r -s no..such.host </dev/null
	[[ $output == "sockcat: listen on no..such.host: "* ]]
}

@test "a full disk ends -k, for no client could be served" {
	start server sh -c 'exec "$@" >/dev/full' sh "${sockcat[@]}" -v -l -k 127.0.0.1 0 </dev/null
	listens server
	run sockcat 127.0.0.1 "$port" <<<"hello"
	ends_with server 1
	says server.err '^sockcat: standard output: No space left on device$'
}

@test "-w bounds connecting to a listener whose queue is full" {
	peer server never-accepts
	run -1 timeout 10 "${sockcat[@]}" -w 300ms 127.0.0.1 "$port" </dev/null
	[[ $output == "sockcat: connect to 127.0.0.1 port "*" (tcp) failed: Connection timed out" ]]
}

@test "running out of descriptors while connecting is an error line" {
	free_port
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	run -1 strace -qq -o /dev/null -e inject=socket:error=EMFILE "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	prints "sockcat: connect to 127.0.0.1 port $port (tcp) failed: socket: Too many open files"
}

@test "a second listener on the same port fails and names the address" {
	serve server </dev/null
	run -1 sockcat -l 127.0.0.1 "$port" </dev/null
	prints "sockcat: listen on 127.0.0.1 port $port (tcp) failed: Address already in use"
	run -1 sockcat -l "$port" </dev/null
	[[ $output == *"Address already in use" ]]
}

@test "a second UDP listener on the same port fails" {
	serve server -u </dev/null
	run -1 sockcat -u -l 127.0.0.1 "$port" </dev/null
	prints "sockcat: listen on 127.0.0.1 port $port (udp) failed: Address already in use"
}

@test "a port is free again as soon as its listener has ended" {
	serve server </dev/null
	before=$port
	sockcat 127.0.0.1 "$port" </dev/null
	ends_with server 0
	start again "${sockcat[@]}" -v -l 127.0.0.1 "$before" </dev/null
	listens again
	[ "$port" = "$before" ]
}

@test "what this kernel lacks is one clear error" {
	if [ -e /proc/sys/net/sctp ]; then
		serve server --sctp </dev/null
	else
		run -1 sockcat --sctp 127.0.0.1 9 </dev/null
		prints "sockcat: connect to 127.0.0.1 port 9 (sctp) failed: socket: Protocol not supported"
		run -1 sockcat --sctp -l 127.0.0.1 0 </dev/null
		[[ $output == "sockcat: listen on 127.0.0.1 port 0 (sctp) failed: socket: Protocol not supported" ]]
	fi
}

@test "a peer that has gone away altogether ends the session" {
	# In a network of its own, where a closed connection is forgotten soon.
	run -0 --separate-stderr timeout 60 unshare -rn bash -c '
		ip link set lo up
		sysctl -qw net.ipv4.tcp_fin_timeout=1
		mkfifo input
		exec 8<>input
		"$@" -v -l 127.0.0.1 9 <input >out 2>err 8>&- &
		server=$!
		until_true says err Listening
		"$@" -q 0 127.0.0.1 9 <<<hello 8>&-
		wait $server
		status=$?
		cat out
		exit $status' bash "${sockcat[@]}"
	prints hello
}
