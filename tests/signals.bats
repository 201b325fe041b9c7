#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Signals end a run cleanly, and the parent sees by which one it died.

load helper

@test "SIGTERM and SIGHUP end a listener, which dies by them" {
	for signal in TERM:143 HUP:129; do
		serve server </dev/null
		kill "-${signal%:*}" "$server_pid"
		ends_with server "${signal#*:}"
		run tcp_listening "$port"
		[ "$status" -eq 1 ]
	done
}

@test "SIGINT ends a session, which dies by it" {
	run -0 python3 - "${sockcat[@]}" <<-'E'
		import signal, socket, subprocess, sys
		signal.signal(signal.SIGINT, signal.default_int_handler)
		s = socket.create_server(("127.0.0.1", 0))
		child = subprocess.Popen(sys.argv[1:] + ["127.0.0.1", str(s.getsockname()[1])], stdin=subprocess.PIPE)
		peer = s.accept()[0]
		child.send_signal(signal.SIGINT)
		assert peer.recv(1) == b""
		print(child.wait())
	E
	prints -2
}

@test "a signal that the caller ignores stays ignored" {
	start server bash -c 'trap "" HUP; exec "$@"' bash "${sockcat[@]}" -v -l 127.0.0.1 0 <<<"answer"
	listens server
	kill -HUP "$server_pid"
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	prints answer
}

# resolving SCRIPT: runs it where the only name server never answers, with
# sockcat as its arguments.  The server's words are in the file dns.
resolving() {
	run timeout 20 unshare -rmn bash -c '
		ip link set lo up
		eval "$own_etc"
		printf "nameserver 127.0.0.1\noptions timeout:30\n" >etc/resolv.conf
		python3 "$0" silent-name-server >dns &
		server=$!
		until grep -qs ready dns; do read -rt 0.01 _ <><(:); done
		'"$1"'
		kill $server' "$TEST_SOURCES/peers.py" "${sockcat[@]}"
}

@test "a name that takes long to resolve can be interrupted" {
	resolving '
		"$@" some.where 80 </dev/null &
		client=$!
		until grep -q asked dns; do read -rt 0.01 _ <><(:); done
		kill -TERM $client
		wait $client
		echo $?'
	prints 143
}

@test "a listener and a local address that take long to resolve can be interrupted too" {
	resolving '
		for use in "-l some.where 80" "-s some.where 127.0.0.1 80"; do
			"$@" $use </dev/null &
			client=$!
			until grep -q asked dns; do read -rt 0.01 _ <><(:); done
			kill -TERM $client
			wait $client
			echo $?
		done
		"$@" --deadline 300ms -l some.where 80 </dev/null
		echo $?'
	prints $'143\n143\nsockcat: --deadline: 0.3 s are over\n1'
}

@test "-w bounds a name that takes long to resolve" {
	resolving '"$@" -w 300ms some.where 80 </dev/null; echo $?'
	prints $'sockcat: some.where port 80: Connection timed out\n1'
}

@test "signals that the caller has blocked do their work all the same" {
	start server env --block-signal=CHLD --block-signal=TERM \
		"${sockcat[@]}" -v -l -k --max-conns 1 -c 'echo hello' 127.0.0.1 0
	listens server
	for _ in 1 2 3; do
		run -0 sockcat 127.0.0.1 "$port" </dev/null
		prints hello
	done
	kill -TERM "$server_pid"
	ends_with server 143
}
