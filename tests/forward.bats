#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --forward: each client is joined to a connection of its own, of any kind.

load helper

# forwards TARGET OPTIONS...: a forwarder named server that serves many.
forwards() {
	local target=$1

	shift
	serve server -k --forward "$target" "$@" 127.0.0.1
}

# The same at the path "front".
forwards_unix() {
	local target=$1

	shift
	serve_path server -k --forward "$target" "$@" front
}

# A target that answers each client with what it says, at $port or "back".
echo_at() {
	peer target echoes "$@"
}

@test "TCP is forwarded to TCP" {
	echo_at tcp
	forwards "127.0.0.1:$port"
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
}

@test "TCP is forwarded to a unix path" {
	echo_at unix back
	forwards unix:back
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
}

@test "a unix path is forwarded to TCP" {
	echo_at tcp
	forwards_unix "tcp:127.0.0.1:$port"
	run -0 sockcat -N -U front <<<hello
	prints hello
}

@test "a unix path is forwarded to another" {
	echo_at unix back
	forwards_unix unix:back
	run -0 sockcat -N -U front <<<hello
	prints hello
}

@test "seqpackets are forwarded to TCP" {
	echo_at tcp
	forwards_unix "tcp:127.0.0.1:$port" --seqpacket
	run -0 sockcat -N -U --seqpacket front <<<hello
	prints hello
}

@test "seqpackets are forwarded to seqpackets" {
	echo_at seqpacket back
	forwards_unix unix:back --seqpacket
	run -0 sockcat -N -U --seqpacket front <<<hello
	prints hello
}

@test "UDP is forwarded to UDP, each peer by a socket of its own" {
	echo_at udp
	forwards "127.0.0.1:$port" -u
	run -0 peers datagram-clients udp "$port" 50
	prints 50
}

@test "UDP is forwarded to unix datagrams" {
	echo_at unix-datagram back
	forwards unix:back -u
	run -0 peers datagram-clients udp "$port" 20
	prints 20
}

@test "unix datagrams are forwarded to UDP" {
	echo_at udp
	forwards_unix "udp:127.0.0.1:$port" -u
	run -0 peers datagram-clients unix front 20
	prints 20
}

@test "TCP is forwarded to UDP" {
	echo_at udp
	forwards "udp:127.0.0.1:$port"
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
}

@test "UDP is forwarded to TCP" {
	echo_at tcp
	forwards "tcp:127.0.0.1:$port" -u
	run -0 peers datagram-clients udp "$port" 20
	prints 20
}

@test "a target may be a name" {
	echo_at tcp
	forwards "localhost:$port"
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
}

@test "IPv6 is forwarded to IPv6, and to IPv4" {
	echo_at tcp6
	serve server -k --forward "[::1]:$port" ::1
	run -0 sockcat -N ::1 "$port" <<<hello
	prints hello
	echo_at tcp
	serve server -k --forward "127.0.0.1:$port" ::1
	run -0 sockcat -N ::1 "$port" <<<hello
	prints hello
}

@test "a client that has ended still gets its late answer" {
	file_of 300k data
	peer target answers-late tcp
	forwards "127.0.0.1:$port"
	run -0 sockcat -N 127.0.0.1 "$port" <data
	prints "had 307200 bytes"
	peer target answers-late unix back
	forwards unix:back
	run -0 sockcat -N 127.0.0.1 "$port" <data
	prints "had 307200 bytes"
}

@test "a target that ends first still gets all that a client sends" {
	mkfifo input
	peer target ends-first tcp
	forwards "127.0.0.1:$port"
	exec 9<>input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	until_true says client.out '^greeting$'
	echo "after the end" >&9
	exec 9>&-
	ends_with client 0
	ends_with target 0
	says target.out '^after the end$'
}

@test "64 MB pass both ways at once, spliced" {
	unset SOCKCAT_STRATEGY
	echo_at tcp
	forwards "127.0.0.1:$port" -vv
	LIMIT=60 run -0 peers both-ways "$port" 67108864
	prints "67108864 same"
	until_true says server.err 'sent 67108864 bytes'
	says server.err 'inbound: .*\(splice\)'
	says server.err 'outbound: .*\(splice\)'
	run ! says server.err 'splice -> copy'
}

@test "16 MB pass both ways at once between TCP and a unix path" {
	echo_at unix back
	forwards unix:back
	LIMIT=60 run -0 peers both-ways "$port" 16777216
	prints "16777216 same"
}

@test "a target that refuses is a line that names the client, which is reset, and others are served" {
	local refused front from

	free_port
	refused=$port
	forwards "127.0.0.1:$refused"
	front=$port
	for _ in 1 2; do
		run -0 peers how-it-ends "$front" hello
		prints "0 reset"
	done
	until_true has_lines server.err 5
	from=$(sed -n 's/^Connection received on \(.*\) \([0-9]*\)$/\1 port \2/p' server.err)
	diff <(grep '^sockcat: ' server.err) <(while read -r client; do
		echo "sockcat: $client: connect to 127.0.0.1 port $refused (tcp) failed: Connection refused"
	done <<<"$from")
	forwards unix:absent
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	until_true says server.err '^sockcat: 127.0.0.1 port [0-9]+: connect to absent \(unix\) failed: No such file or directory$'
}

@test "-v says which client a connection is for" {
	local back from

	echo_at tcp
	back=$port
	forwards "127.0.0.1:$back" -n
	from=$(peers free-port)
	run -0 sockcat -N -p "$from" 127.0.0.1 "$port" <<<hello
	prints hello
	says server.err "^127.0.0.1 port $from: Connection to 127.0.0.1 $back port \[tcp/\*\] succeeded!\$"
}

@test "a target that is down is an error without -k, and no broken pipe" {
	free_port
	serve server --forward "127.0.0.1:$port" 127.0.0.1
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	ends_with server 1
	grep '^sockcat: ' server.err >err
	is_one_error err
}

@test "a target that is back serves the next client" {
	forwards unix:back
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	local front=$port
	echo_at unix back
	run -0 sockcat -N 127.0.0.1 "$front" <<<hello
	prints hello
}

@test "--connect-timeout bounds a target that does not answer" {
	local dead

	peer target never-accepts
	dead=$port
	forwards "127.0.0.1:$dead" --connect-timeout 200ms
	run -0 peers how-it-ends "$port" hello
	prints "0 reset"
	until_true says server.err "^sockcat: 127.0.0.1 port [0-9]+: connect to 127.0.0.1 port $dead \(tcp\) failed: "
}

@test "a client that leaves before it is connected is a line with -v, and an error without -k" {
	local dead

	peer target never-accepts
	dead=$port
	for options in "-v -k" -k -v ""; do
		# shellcheck disable=SC2086
		start server "${sockcat[@]}" $options -l --ready-fd 5 --forward "127.0.0.1:$dead" 127.0.0.1 0 5>ready
		until_true test -s ready
		read -r _ port <ready
		peers send-bytes "$port" "" reset <<<""
		case $options in
		-v*k) until_true says server.err '^127.0.0.1 port [0-9]+: left before it was connected$' ;;
		-k)
			# One that comes later is seen later.
			peers send-bytes "$port" "" reset <<<""
			kill -TERM "$server_pid"
			ends_with server 143
			[ ! -s server.err ]
			;;
		*)
			ends_with server 1
			says server.err '^sockcat: 127.0.0.1 port [0-9]+: left before it was connected$'
			;;
		esac
	done
}

@test "a client that is reset leaves at once whatever it sent, and one that has sent everything is kept" {
	local dead
	peer target never-accepts
	dead=$port
	serve server -k --max-conns 1 --forward "127.0.0.1:$dead"
	peers send-bytes "$port" "some" reset <<<""
	until_true says server.err '^127.0.0.1 port [0-9]+: left before it was connected$'
	peers send-bytes "$port" "all"
	peers send-bytes "$port" "more"
	until_true says server.err ': queued, 1 of 128$'
	[ "$(grep -c 'left before' server.err)" -eq 1 ]
}

@test "clients of a target that does not answer hold nobody up" {
	local front

	forwards unix:back --connect-timeout 100s
	front=$port
	# A listener whose queue is full: this client has to wait.
	start target python3 -c '
import os, socket, time
s = socket.socket(socket.AF_UNIX)
s.bind("back")
s.listen(0)
held = socket.socket(socket.AF_UNIX)
held.connect("back")
print("full", flush=True)
input()
held.close()
s.accept()
while True:
    c = s.accept()[0]
    c.sendall(c.recv(100))
    c.close()
' < <(until_true [ -e go ] && echo go)
	until_true says target.out full
	start first "${sockcat[@]}" -N 127.0.0.1 "$front" <<<first
	start second "${sockcat[@]}" -N 127.0.0.1 "$front" <<<second
	until_true eval '[ "$(grep -c "^Connection received" server.err)" -eq 2 ]'
	: >go
	ends_with first 0
	ends_with second 0
	[ "$(cat first.out second.out)" = $'first\nsecond' ]
}

@test "a reset by the target reaches the client" {
	peer target resets-after 1
	forwards "127.0.0.1:$port"
	run -0 peers met-by-reset "$port"
	prints reset
	until_true says server.err 'Connection reset by peer'
}

@test "a reset by the client reaches the target" {
	peer target sees-reset
	forwards "127.0.0.1:$port"
	peers reset-when-answered "$port"
	ends_with target 0
	says target.out '^reset$'
}

@test "without -k one client is forwarded" {
	echo_at tcp
	serve server --forward "127.0.0.1:$port" 127.0.0.1
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
	ends_with server 0
	free_port
	serve server --forward "127.0.0.1:$port" 127.0.0.1
	run sockcat -N 127.0.0.1 "$port" <<<hello
	ends_with server 1
}

@test "500 clients are forwarded at once" {
	echo_at tcp
	forwards "127.0.0.1:$port" --max-conns 1000
	run -0 peers echoed-clients "$port" 500
	prints "500 500"
}

@test "socat, ncat and nc are forwarded, and to socat" {
	echo_at tcp
	forwards "127.0.0.1:$port"
	local front=$port
	[ "$(socat -t "$LIMIT" - "TCP:127.0.0.1:$front" <<<socat)" = socat ]
	[ "$(ncat 127.0.0.1 "$front" <<<ncat)" = ncat ]
	[ "$(nc -N 127.0.0.1 "$front" <<<nc)" = nc ]
	start target socat -t "$LIMIT" "UNIX-LISTEN:$PWD/back,fork" EXEC:/bin/cat
	until_true [ -S back ]
	forwards unix:back
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
}

@test "curl is forwarded to a server of pages" {
	mkdir pages
	file_of 1M pages/page
	start pages python3 -u -m http.server -b 127.0.0.1 -d pages 0
	until_true says pages.out 'port [0-9]+'
	port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' pages.out)
	forwards "127.0.0.1:$port"
	curl -sS -m "$LIMIT" -o page "http://127.0.0.1:$port/page"
	same page pages/page
}

@test "a bad target is one error line" {
	for target in "" nothing host: :80x unix: "[::1:9" 127.0.0.1:70000; do
		run --separate-stderr -2 sockcat -l -k --forward "$target" 127.0.0.1 0
		[ -z "$output" ]
		printf '%s\n' "$stderr" >err
		is_one_error err
	done
}

@test "what a unix-domain client sent before it left at once reaches the target" {
	start target "${sockcat[@]}" -v -d -k -l -U back
	listens target
	forwards_unix unix:back
	for i in {1..10}; do
		peers send-bytes front "line $i\\n"
	done
	until_true has_lines target.out 10
	diff <(sort -V target.out) <(printf 'line %d\n' {1..10})
}

@test "clients for whom there are no descriptors wait until there are some" {
	local front

	echo_at tcp
	start server "${peers[@]}" limited 24 \
		"${sockcat[@]}" -v -l -k --forward "127.0.0.1:$port" 127.0.0.1 0
	listens server
	front=$port
	for i in {1..16}; do
		start "client_$i" "${sockcat[@]}" -N 127.0.0.1 "$front" <<<"client $i"
	done
	for i in {1..16}; do
		ends_with "client_$i" 0
		[ "$(cat "client_$i.out")" = "client $i" ]
	done
	run ! says server.err '^sockcat: .*connect'
}

@test "-W ends what a client sends, and not the target's answer" {
	peer target answers-late tcp
	forwards "127.0.0.1:$port" -W 1
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints "had 6 bytes"
}
