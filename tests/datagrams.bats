#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Datagrams and messages: none is dropped that could have waited, none is cut,
# and what comes along with them is not kept.

load helper

@test "the sender of unix datagrams waits for standard output of a server with -k" {
	mkfifo pipe idle
	exec 9<>pipe 8<>idle
	"${sockcat[@]}" -v -l -U -u -k front <idle >pipe 2>server.err 3>&- 8>&- 9>&- &
	pids+=("$!")
	listens server
	start sender "${peers[@]}" send-unix front 3000 1000
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

@test "a session that holds others back for too long takes no time of the processor" {
	serve_path server -u -k -c 'exec sleep 60' path
	start sender "${peers[@]}" send-unix path 600 1000
	ends_with sender 0 # after five seconds in which it waited
	rests "$server_pid"
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
		serve_path server $mode front
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
		failing recvfrom,recvmsg,recvmmsg:error=EIO:when=1+ -u "$mode"
		run -0 peers send-udp "$port" 1 10
		ends_with server 1
		[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
		says server.err '^sockcat: .*: Input/output error$'
	done
}

@test "a client whose error queue cannot be read takes no time of the processor" {
	free_port
	mkfifo input
	exec 9<>input
	start client strace -qq -o calls -e trace=poll,recvmsg -e inject=recvmsg:error=EIO \
		"${sockcat[@]}" -u 127.0.0.1 "$port" <input
	echo one >&9
	until_true says client.err 'Connection refused'
	pass_time 0.5
	[ "$(wc -l <calls)" -lt 50 ]
	exec 9>&-
	ends_with client 1
}

@test "a datagram socket for which there is no memory is read later" {
	for mode in -k -4; do
		failing recvfrom,recvmsg,recvmmsg:error=ENOMEM:when=1..5 -u "$mode"
		run -0 peers send-udp "$port" 1 10
		until_true has_bytes server.out 10
		[ "$(grep -c '^sockcat: ' server.err)" -le 2 ]
		[ "$(grep -c ENOMEM calls)" -ge 5 ]
		kill "$server_pid"
		ends server
	done
}

@test "a message of any size is passed on whole" {
	file_of 1000000 data
	for mode in "-u" "-u -k" "--seqpacket" "--seqpacket -k"; do
		# shellcheck disable=SC2086
		serve_path server $mode front
		# shellcheck disable=SC2086
		run -0 peers send-large front data $mode
		until_true same data server.out
		kill "$server_pid" 2>/dev/null || true
		wait "$server_pid" || true
		rm -f front
	done
}

@test "a large message on standard input is passed on whole" {
	serve_path server --seqpacket front
	run -0 peers large-input 300000 "${sockcat[@]}" -N -U --seqpacket front
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 300000 ]
}

@test "a large message on standard input of a server with -k is passed on whole" {
	start server "${peers[@]}" large-input 300000 \
		"${sockcat[@]}" -v -l -k --until-eof -U --seqpacket front
	listens server
	run -0 sockcat -d -U --seqpacket front
	[ "${#output}" -eq 300000 ]
	ends_with server 0
}

@test "what is left of a large message is dropped when a session ends by -W" {
	serve_path server --seqpacket -W 1 front
	run -0 peers send-messages front 10 40000
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 10 ]
	run -1 says server.err '^sockcat:'
}

# in_own_net SCRIPT ARGS...: a network namespace and an /etc of their own, where
# twin is ::1 and 127.0.0.1; $1 is the script's first argument.
in_own_net() {
	timeout --kill-after=1 "$LIMIT" unshare -rmnpf --mount-proc --kill-child bash -c "$own_etc"'
		printf "::1 twin\n127.0.0.1 twin\n" >etc/hosts
		ip link set lo up
		'"$1" bash "${@:2}" 3>&-
}

@test "an address that refuses the first datagrams is given up for the next" {
	# shellcheck disable=SC2016
	run -0 in_own_net '
		"$@" -v -l -u -k 127.0.0.1 5000 >out 2>server.err &
		until_true says server.err "^Listening"
		printf "one\ntwo\nthree\n" | "$@" -u -i 10ms twin 5000 || echo "status $?"
		until_true has_lines out 3
		cat out
		kill $!' "${sockcat[@]}"
	prints $'one\ntwo\nthree'
}

@test "a forwarder of datagrams gives up an address that refuses the first" {
	# shellcheck disable=SC2016
	run -0 in_own_net '
		"$@" -v -l -u -k -e /bin/cat 127.0.0.1 5000 2>server.err & server=$!
		"$@" -v -l -u -k --forward twin:5000 127.0.0.1 5001 2>front.err & front=$!
		until_true says server.err "^Listening"; until_true says front.err "^Listening"
		echo question | "$@" -u -q 500ms 127.0.0.1 5001
		grep "^sockcat:" front.err
		kill $server $front' "${sockcat[@]}"
	prints question
}

@test "a refusal by every address is one line" {
	# shellcheck disable=SC2016
	run -1 in_own_net 'echo one | "$@" -u -q 300ms twin 5000' "${sockcat[@]}"
	prints "sockcat: 127.0.0.1 port 5000: Connection refused"
}

@test "a datagram socket whose own address has gone is connected anew" {
	# shellcheck disable=SC2016
	run -0 in_own_net '
		other() { nsenter -n -t "$(cat pid)" "$@"; }
		unshare -n sh -c "echo \$\$ >new; mv new pid; exec sleep 60" >/dev/null 2>&1 3>&- & peer=$!
		until_true test -s pid
		ip link add near type veth peer name far netns "$(cat pid)"
		ip addr add 10.9.0.1/24 dev near; ip addr add fd00::1/64 dev near nodad; ip link set near up
		other ip addr add 10.9.0.2/24 dev far; other ip addr add fd00::2/64 dev far nodad; other ip link set far up
		nsenter -n -t "$(cat pid)" "$@" -v -l -u -k -e /bin/cat -p 5000 >/dev/null 2>server.err & server=$!
		until_true says server.err "Listening on ::"
		until_true eval "ip link show near | grep -q LOWER_UP && ip route get fd00::2 >/dev/null 2>&1"
		mkfifo lines; exec 5<>lines
		for way in "10.9.0.2 10.9.0.1/24 10.9.0.7/24" "fd00::2 fd00::1/64 fd00::7/64"; do
			set -- "$way" "$@"; read -r target before after <<<"$1"; shift
			: >out # or its line would be taken for the next one
			"$@" -u "$target" 5000 <&5 >out 2>err & client=$!
			echo one >&5
			until_true says out one
			ip addr del "$before" dev near; ip addr add "$after" dev near nodad 2>/dev/null
			until says out two; do echo two >&5; pass_time 0.1; done
			kill $client; wait $client
			cat err
			[ "$target" != 10.9.0.2 ] || grep -c . out
		done
		kill $server $peer' "${sockcat[@]}"
	prints 2
}

@test "a session of datagrams ends with its target, and the next one begins anew" {
	for mode in -k -4; do
		peer target answers-once
		serve server -u -l "$mode" --forward "tcp:127.0.0.1:$port" 127.0.0.1
		run -0 peers ask-twice "$port" "$mode"
		[ "$mode" = -4 ] || prints $'1 first\n2 second'
		[ "$mode" = -k ] || prints '1 first'
		[ "$mode" = -k ] || ends_with server 0
	done
}

@test "a session of datagrams ends with its command, and the next one begins anew" {
	serve server -u -l -k -c 'read -r line; echo "$$ $line"' 127.0.0.1
	run -0 peers ask-twice "$port" -k
	[[ $output =~ ^([0-9]+)\ first$'\n'([0-9]+)\ second$ ]]
	[ "${BASH_REMATCH[1]}" != "${BASH_REMATCH[2]}" ]
}

@test "a dead target of datagrams is one line when it begins and one when it is over" {
	free_port
	target=$port
	serve server -u -k --forward "127.0.0.1:$target" 127.0.0.1
	run -0 peers until-answered "$port" "$target" 200
	until_true says server.err '^sockcat: 127.0.0.1 port [0-9]*: answers after [0-9]+ errors$'
	[ "$(grep -c '^sockcat:' server.err)" -eq 2 ]
	says server.err '^sockcat: 127.0.0.1 port [0-9]*: Connection refused$'
}

@test "with --lines each line of input is a datagram" {
	peer sizes udp-sizes 4
	printf 'one\nlonger\n\n%s\n' "$(printf '%02000d' 0)" >lines
	run -0 sockcat -u --lines -q 0 127.0.0.1 "$port" <lines
	ends_with sizes 0
	[ "$(tail -n +2 sizes.out | tr '\n' ' ')" = "4 7 1 2001 " ]
}

@test "with --lines a line is sent when it is whole, and the last one as it is" {
	peer sizes udp-sizes 3
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" -u --lines -q 0 127.0.0.1 "$port" <input
	printf 'a\nbc' >&9
	until_true has_lines sizes.out 2
	printf 'd\nend' >&9
	exec 9>&-
	ends_with sizes 0
	[ "$(tail -n +2 sizes.out | tr '\n' ' ')" = "2 4 3 " ]
}

@test "with --lines a datagram that lacks a newline gets one on standard output" {
	for mode in -k -4; do
		serve server -u --lines "$mode" 127.0.0.1
		run -0 peers send-texts "$port" one $'two\n' '' three
		until_true has_lines server.out 4
		[ "$(cat server.out)" = $'one\ntwo\n\nthree' ]
		kill "$server_pid"
	done
}
