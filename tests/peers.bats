#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# UDP with -k: a table of peers, each with a session of its own.

load helper

@test "200 peers at once get their own answers from commands of their own" {
	serve server -u -k -e /bin/cat --max-conns 300 127.0.0.1
	run -0 peers datagram-clients udp "$port" 200
	prints 200
}

@test "peers of unix datagrams get their own answers" {
	serve_path server -u -k -e /bin/cat --max-conns 300 front
	run -0 peers datagram-clients unix front 20
	prints 20
}

@test "peers over IPv6 get their own answers" {
	serve server -u -k -e /bin/cat ::1
	run -0 peers datagram-clients udp6 "$port" 20 3 ::1
	prints 20
}

@test "the peer that is silent for longest makes room for a new one" {
	serve server -u -k --max-conns 2 127.0.0.1 -c 'n=0; while read -r _; do n=$((n + 1)); echo $n; done'
	run -0 peers oldest-leaves "$port"
	prints "1 1 2 1 3 1 1 2"
	[ "$(grep -c 'silent for longest, makes room$' server.err)" -eq 3 ]
}

@test "peers expire, and their processes, descriptors and memory return" {
	[ -z "${SANITIZED-}" ] || skip "sanitizers keep memory"
	serve server -u -k -e /bin/cat --idle-timeout 300ms --max-conns 300 127.0.0.1
	run -0 peers peers-come-and-go "$server_pid" "$port" 100
	prints "as before"
}

@test "answers come from the address that was asked" {
	serve server -u -4 -k -e /bin/cat
	run -0 peers answers-from "$port" 127.0.0.2 127.0.0.3 127.0.0.1 127.0.0.2
	prints $'127.0.0.2 True question\n127.0.0.3 True question\n127.0.0.1 True question\n127.0.0.2 True question'
}

@test "answers over IPv6 come from the address that was asked" {
	run -0 timeout "$LIMIT" unshare -rn env TEST_SOURCES="$TEST_SOURCES" bash -c '
		ip link set lo up && ip addr add fd00::2/128 dev lo && ip addr add fd00::3/128 dev lo
		"$@" -v -u -6 -l -k -e /bin/cat -p 5000 2>err &
		until_true says err "^Listening"
		python3 "$TEST_SOURCES/peers" answers-from 5000 fd00::2 fd00::3 ::1
		kill $!' bash "${sockcat[@]}" 3>&-
	prints $'fd00::2 True question\nfd00::3 True question\n::1 True question'
}

@test "a peer that refuses its answers loses its session" {
	serve server -vv -u -k --max-conns 10 127.0.0.1 -c 'read -r _; while echo tick; do sleep 0.05; done'
	start gone "${peers[@]}" gone-peer "$port"
	ends_with gone 0
	until_true says server.err ': cannot be reached: Connection refused$'
	until_true eval '[ -z "$(cat "/proc/$server_pid/task/$server_pid/children")" ]'
}

@test "with standard streams the datagrams of every peer arrive, and all get the input" {
	mkfifo input
	exec 9<>input
	serve server -u -k 127.0.0.1 <input
	for i in 1 2 3; do
		mkfifo "words$i"
		start "client$i" bash -c 'exec 8<>"$1"; shift; exec "$@" <&8' bash "words$i" \
			"${sockcat[@]}" -u 127.0.0.1 "$port"
		echo "from $i" >"words$i"
		until_true says server.out "^from $i\$"
	done
	echo to-all >&9
	for i in 1 2 3; do
		until_true says "client$i.out" '^to-all$'
	done
	exec 9>&-
}

@test "a datagram of each size comes back as it was" {
	serve server -u -k 127.0.0.1 -e /bin/cat
	file_of 1400 data
	sockcat -u -W 1 -q 5 127.0.0.1 "$port" <data >out
	same data out
	peer target echoes udp
	serve server -u -k --forward "127.0.0.1:$port" 127.0.0.1
	file_of 60000 data
	sockcat -u -W 1 -q 5 --datagram-size 60000 127.0.0.1 "$port" <data >out
	same data out
}

@test "after SIGTERM no peer is new" {
	serve server -u -k -c 'echo here; trap "" TERM; sleep 1' 127.0.0.1
	run -0 sockcat -u -W 1 -q 5 127.0.0.1 "$port" <<<hello
	prints here
	kill "$server_pid"
	until_true says server.err '^Stopping: '
	sockcat -u -q 0 127.0.0.1 "$port" <<<again
	ends_with server 143
	[ "$(grep -c '^Connection received' server.err)" -eq 1 ]
}

@test "datagrams that nobody read are told" {
	serve server -u -k -c 'exec sleep 0.5' 127.0.0.1
	yes | head -c 2000000 | sockcat -u -q 0 --datagram-size 1000 127.0.0.1 "$port"
	until_true says server.err '^sockcat: .*: dropped [0-9]+ datagrams that nobody read$'
}

@test "a unix-domain peer that is gone loses its place" {
	serve_path server -k -u --broker path
	sockcat -U -u -q 0 -s gone path <<<hello
	mkfifo words
	exec 9<>words
	start stays "${sockcat[@]}" -U -u path <words
	echo hello >&9
	until_true eval '[ "$(grep -c "^Connection received" server.err)" -eq 2 ]'
	echo again >&9
	until_true says server.err '^sockcat: gone: '
	kill "$server_pid"
	until_true says server.err '^Stopping: '
	exec 9>&-
	ends_with server 143
}
