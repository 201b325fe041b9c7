#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Datagrams and messages: none is dropped that could have waited, none is cut,
# and what comes along with them is not kept.

load helper

peers() {
	timeout --foreground "$LIMIT" python3 "$TEST_SOURCES/peers.py" "$@"
}

# at_path NAME OPTIONS...: sockcat listening on the path front.
at_path() {
	start "$1" "${sockcat[@]}" -v -l -U "${@:2}" front
	until_true says "$1.err" '^Listening on '
}

# injected NAME FAULT OPTIONS...: sockcat under strace, which makes calls fail.
injected() {
	local name=$1 fault=$2

	shift 2
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	start "$name" strace -qq -o "$name.calls" -e "trace=recvfrom,recvmsg,recvmmsg" \
		-e "inject=recvfrom,recvmsg,recvmmsg:$fault" "${sockcat[@]}" -v "$@"
	until_true says "$name.err" '^Listening on '
	port=$(sed -n 's/^Listening on .* \([0-9]*\)$/\1/p' "$name.err" | head -n 1)
}

@test "the sender of unix datagrams waits for standard output of a server with -k" {
	mkfifo pipe idle
	exec 9<>pipe 8<>idle
	"${sockcat[@]}" -v -l -U -u -k front <idle >pipe 2>server.err 3>&- 8>&- 9>&- &
	pids+=("$!")
	until_true says server.err '^Listening on '
	start sender python3 "$TEST_SOURCES/peers.py" send-unix front 3000 1000
	until_true is_asleep "$sender_pid"
	head -c 3000000 <&9 >data
	ends_with sender 0
	[ "$(fold -w 1000 data | sort -u | wc -l)" -eq 3000 ]
	run -1 says server.err dropped
	exec 8>&- 9>&-
}

# Whether a process waits in a call that sends.
is_asleep() {
	[ "$(awk '{ print $3 }' "/proc/$1/stat")" = S ] && [ -s sender.out ]
}

# all_accounted_for COUNT: of so many datagrams, each came or was told of.
all_accounted_for() {
	local dropped

	dropped=$(sed -n 's/.*: \([0-9]*\) datagrams dropped by.*/\1/p' server.err)
	[ "$(($(wc -l <server.out) + dropped))" -eq "$1" ]
}

@test "datagrams that the system drops are counted and told, with and without -k" {
	for mode in -k -4; do
		serve server -u -I 20k "$mode" 127.0.0.1
		kill -STOP "$server_pid"
		run -0 peers send-udp "$port" 300 100
		kill -CONT "$server_pid"
		until_true says server.err '[0-9]+ datagrams dropped by the system, the receive buffer was full$'
		until_true all_accounted_for 300
		kill "$server_pid"
	done
}

@test "a peer for whom a place is being made waits in the queue" {
	peer echo udp-echo-all
	serve server -u -k --max-conns 3 127.0.0.1 --forward "127.0.0.1:$port"
	run -0 peers many-ask "$port" 40
	prints 40
	run -1 says server.err dropped
}

@test "peers that find no place in the queue are told of, and counted" {
	peer silent udp-silent
	serve server -u -k --max-conns 1 --backlog 2 127.0.0.1 --forward "127.0.0.1:$port"
	run -0 peers many-send "$port" 8
	until_true says server.err 'dropped a datagram, too many new peers wait$'
	until_true says server.err 'datagrams of new peers are taken again, 5 were dropped$'
}

@test "descriptors that come with messages are not kept" {
	for mode in "-u" "-u -k" "-u -k --broker" "--seqpacket" "--seqpacket -k" "-u -k -c cat"; do
		# shellcheck disable=SC2086
		at_path server $mode
		# shellcheck disable=SC2086
		run -0 peers send-descriptors "$server_pid" front $mode
		prints "as before"
		kill "$server_pid" 2>/dev/null || true
		wait "$server_pid" || true
	done
}

@test "descriptors that come with messages to inherited sockets are not kept" {
	run -0 peers send-descriptors-inherited datagram "${sockcat[@]}" -l -k
	prints "as before"
	run -0 peers send-descriptors-inherited seqpacket "${sockcat[@]}" -l -k
	prints "as before"
}

@test "a datagram socket that cannot be read ends with one line" {
	for mode in -4 -k; do
		injected server error=EIO:when=1+ -u -l "$mode" 127.0.0.1 0
		run -0 peers send-udp "$port" 1 10
		ends_with server 1
		[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
		says server.err '^sockcat: .*: Input/output error$'
	done
}

@test "a datagram socket for which there is no memory is read later" {
	injected server error=ENOMEM:when=1..5 -u -l -k 127.0.0.1 0
	run -0 peers send-udp "$port" 1 10
	until_true has_bytes server.out 10
	[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
	[ "$(grep -c ENOMEM server.calls)" -eq 5 ]
	kill "$(pgrep -P "$server_pid")" # strace would leave it behind
	ends server
}

@test "a message of any size is passed on whole" {
	file_of 1000000 data
	for mode in "-u" "-u -k" "--seqpacket" "--seqpacket -k"; do
		# shellcheck disable=SC2086
		at_path server $mode
		# shellcheck disable=SC2086
		run -0 peers send-large front data $mode
		until_true same data server.out
		kill "$server_pid" 2>/dev/null || true
		wait "$server_pid" || true
		rm -f front
	done
}

@test "a large message on standard input is passed on whole" {
	at_path server --seqpacket
	run -0 peers large-input 300000 "${sockcat[@]}" -N -U --seqpacket front
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 300000 ]
}

@test "what is left of a large message is dropped when a session ends by -W" {
	at_path server --seqpacket -W 1
	run -0 peers send-messages front 10 40000
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 10 ]
	run -1 says server.err '^sockcat:'
}
