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

# contained NAME OPTIONS...: sockcat as the first process of a container.
contained() {
	local name=$1

	shift
	start "$name" unshare -rpf --kill-child "${sockcat[@]}" "$@"
	until_true eval "inner=\$(pgrep -P $pid)"
}

@test "the first process of a container, whom no signal kills, ends with 128 and the signal" {
	for signal in TERM:143 HUP:129 ALRM:142; do
		contained server -v -l 127.0.0.1 0
		listens server
		kill "-${signal%:*}" "$inner"
		ends_with server "${signal#*:}"
	done
	peer target flood
	contained client 127.0.0.1 "$port"
	until_true has_bytes client.out 100000
	kill -TERM "$inner"
	ends_with client 143
}

@test "a server takes no harm from SIGUSR1" {
	serve server -k -c 'grep -E "^Sig(Ign|Cgt)" /proc/self/status; cat'
	kill -USR1 "$server_pid"
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	[ "${lines[2]}" = hello ]
	# Its commands have the signal as it was: the tenth, and none is handled.
	[[ ${lines[0]} =~ SigIgn:.*([0-9a-f]{3})$ ]]
	((!(0x${BASH_REMATCH[1]} & 0x200)))
	kill -TERM "$server_pid"
	ends_with server 143
}

@test "by whichever signal a server ends, its path goes, and commands with all they started" {
	local command='sleep 1000 & echo $! >pid; mv pid child; wait'

	ulimit -c 0
	for signal in QUIT:131 ALRM:142 ABRT:134 USR2:140 XCPU:152 HUP:129 INT:130; do
		start server python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "${sockcat[@]}" -v -l -k -U -c "$command" path
		listens server
		start client "${sockcat[@]}" -d -U path
		until_true test -s child
		kill "-${signal%:*}" "$server_pid"
		ends_with server "${signal#*:}"
		until_true eval "! kill -0 $(cat child) 2>/dev/null"
		[ ! -e path ]
		rm child
		ends client
	done
}

@test "a command ends with a server that is killed or crashes" {
	ulimit -c 0
	for signal in KILL SEGV; do
		for kind in "" -C --pty; do
			# shellcheck disable=SC2086
			serve server $kind -k -c 'echo $$ >pid; mv pid child; exec sleep 1000'
			start client "${sockcat[@]}" -d 127.0.0.1 "$port"
			until_true test -s child
			kill "-$signal" "$server_pid"
			until_true eval "! kill -0 $(cat child) 2>/dev/null"
			rm child
		done
	done
}

@test "a file that may grow no more is an error line, not a signal" {
	for options in "" "-k"; do
		start server bash -c 'ulimit -f 1; exec "$@"' bash "${sockcat[@]}" -v -l $options 127.0.0.1 0
		listens server
		head -c 1000000 /dev/zero | sockcat -N 127.0.0.1 "$port" || true
		ends_with server 1
		says server.err '^sockcat: standard output: File too large$'
	done
}

@test "a command has the signal of files that are too large as it was" {
	serve server -k -c 'ulimit -f 1; head -c 1000000 /dev/zero >file; echo $?'
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	prints 153
}

@test "SIGINT ends a session, which dies by it" {
	run -0 python3 - "${sockcat[@]}" <<-'E'
		import signal, socket, subprocess, sys
		signal.signal(signal.SIGINT, signal.default_int_handler)
		s = socket.create_server(("127.0.0.1", 0))
		child = subprocess.Popen(sys.argv[1:] + ["127.0.0.1", str(s.getsockname()[1])], stdin=subprocess.PIPE)
		peer = s.accept()[0]
		child.send_signal(signal.SIGINT)
		try:
		    assert not peer.recv(1), "bytes"
		except ConnectionResetError:
		    print("reset")
		print(child.wait())
	E
	prints $'reset\n-2'
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
	run timeout "$LIMIT" unshare -rmn bash -c '
		ip link set lo up
		eval "$own_etc"
		printf "nameserver 127.0.0.1\noptions timeout:30\n" >etc/resolv.conf
		python3 "$0" silent-name-server >dns &
		server=$!
		until_true says dns ready
		'"$1"'
		kill $server' "$TEST_SOURCES/peers" "${sockcat[@]}"
}

@test "a name that takes long to resolve can be interrupted" {
	resolving '
		"$@" some.where 80 </dev/null &
		client=$!
		until_true says dns asked
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
			until_true says dns asked
			kill -TERM $client
			wait $client
			echo $?
		done
		"$@" --deadline 300ms -l some.where 80 </dev/null
		echo $?'
	prints $'143\n143\nsockcat: --deadline: 0.3 s elapsed\n1'
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
