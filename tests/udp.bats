#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Datagrams stay what they are.

load helper

# socket_out KIND COUNT COMMAND...: sockcat writes messages to a socket.
socket_out() {
	peers output-socket "$@"
}

@test "datagrams of 65507, 0 and 1 bytes arrive as such and in order" {
	start server "${peers[@]}" output-socket DGRAM 4 \
		"${sockcat[@]}" -v -u -l -d -W 4 127.0.0.1 0
	listens server
	peers udp-send "$port" 65507,0,1,1400
	ends_with server 0
	[ "$(tail -n 4 server.out)" = $'65507\n0\n1\n1400' ]
}

@test "what arrives in datagrams is written to a pipe byte for byte" {
	start server "${sockcat[@]}" -v -u -l -d -W 3 127.0.0.1 0
	listens server
	peers udp-send "$port" 65507,0,9
	ends_with server 0
	cmp server.out <(head -c 65507 /dev/zero | tr '\0' '\1'; head -c 9 /dev/zero | tr '\0' '\3')
}

@test "each message of standard input is a datagram, whatever its size" {
	peer sizes udp-sizes 4
	run -0 peers with-sockets SEQPACKET 65507,1,1400,3 \
		"${sockcat[@]}" -u -q 0 127.0.0.1 "$port"
	ends_with sizes 0
	[ "$(tail -n 4 sizes.out)" = $'65507\n1\n1400\n3' ]
}

@test "an empty message of standard input is an empty datagram" {
	peer sizes udp-sizes 3
	start client "${peers[@]}" with-sockets DGRAM 5,0,6 \
		"${sockcat[@]}" -u -w 300ms 127.0.0.1 "$port"
	ends_with client 0
	ends_with sizes 0
	[ "$(tail -n 3 sizes.out)" = $'5\n0\n6' ]
}

@test "each write into a packet-mode pipe is a datagram" {
	peer sizes udp-sizes 3
	python3 - "${sockcat[@]}" -u -q 0 127.0.0.1 "$port" <<-'E'
		import os, subprocess, sys
		r, w = os.pipe2(os.O_DIRECT)
		child = subprocess.Popen(sys.argv[1:], stdin=r)
		for size in 4000, 10, 3000:
		    os.write(w, b"x" * size)
		os.close(w)
		sys.exit(child.wait())
	E
	ends_with sizes 0
	[ "$(tail -n 3 sizes.out)" = $'4000\n10\n3000' ]
}

@test "a stream is cut at --datagram-size" {
	peer sizes udp-sizes 3
	head -c 2500 /dev/zero | sockcat -u -q 0 --datagram-size 1000 127.0.0.1 "$port"
	ends_with sizes 0
	[ "$(tail -n 3 sizes.out)" = $'1000\n1000\n500' ]
}

@test "a stream is cut at what the path carries without fragments" {
	# In a network of its own, whose loopback has the MTU of an Ethernet.
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo mtu 1500 up
		for host in 127.0.0.1 ::1; do
			python3 "$0" udp-sizes-at $host 2 >sizes-$host &
			until_true test -s sizes-$host
			head -c 2000 /dev/zero | "$@" -u -q 0 $host "$(head -n 1 sizes-$host)"
			wait
			tail -n 2 sizes-$host
		done' "$TEST_SOURCES/peers" "${sockcat[@]}"
	prints $'1472\n528\n1452\n548'
}

@test "-i sends a line a datagram" {
	peer sizes udp-sizes 3
	printf 'a\nbb\nccc\n' | sockcat -u -i 10ms -q 0 127.0.0.1 "$port"
	ends_with sizes 0
	[ "$(tail -n 3 sizes.out)" = $'2\n3\n4' ]
}

@test "-i keeps lines whole however reads cut them" {
	peer sizes udp-sizes 100
	for _ in {1..100}; do printf '%098d\n' 7; done |
		sockcat -u -i 1ms --datagram-size 1000 -q 0 127.0.0.1 "$port"
	ends_with sizes 0
	[ "$(tail -n 100 sizes.out | sort -u)" = 99 ]
}

@test "-C counts for datagrams too" {
	peer sizes udp-sizes 1
	printf 'a\nb\n' | sockcat -u -C -q 0 127.0.0.1 "$port"
	ends_with sizes 0
	[ "$(tail -n 1 sizes.out)" = 6 ]
}

@test "a datagram that does not fit is an error line, and the next one goes out" {
	peer sizes udp-sizes 1
	run -1 peers with-sockets SEQPACKET 65508,7 \
		"${sockcat[@]}" -u -q 0 127.0.0.1 "$port"
	prints "sockcat: 127.0.0.1 port $port: datagram of 65508 bytes: Message too long"
	ends_with sizes 0
	[ "$(tail -n 1 sizes.out)" = 7 ]
}

@test "a client prints the answers and ends when none has come for a while" {
	peer echo udp-echo 1
	run -0 sockcat -u 127.0.0.1 "$port" <<<"question"
	prints question
}

@test "-q tells a client how long to wait for answers" {
	peer silent udp-sizes 2
	before=$EPOCHREALTIME
	run -0 sockcat -u -q 200ms 127.0.0.1 "$port" <<<"question"
	after=$EPOCHREALTIME
	awk "BEGIN { exit !($after - $before >= 0.2) }"
}

@test "each answer prolongs the wait" {
	start server "${sockcat[@]}" -v -u -l 127.0.0.1 0 \
		< <(for i in 1 2 3 4; do echo $i; pass_time 0.4; done)
	listens server
	run -0 sockcat -u -q 800ms 127.0.0.1 "$port" <<<"question"
	[[ $output == *4 ]]
}

@test "a listener answers its first peer and ignores strangers" {
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -u -l -d 127.0.0.1 0
	listens server
	peers udp-send "$port" 3
	until_true says server.err 'Connection received'
	peers udp-send "$port" 4
	until_true says server.err '^Ignored a datagram from 127.0.0.1 port [0-9]+: serving '
	[ "$(wc -c <server.out)" -eq 3 ]
	exec 9>&-
}

@test "a listener answers from the address that was asked" {
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -u -l -p 0 <input
	listens server
	start asker "${peers[@]}" udp-ask "$port" 127.0.0.7 $'question\n'
	until_true says server.out question
	echo answer >&9
	ends_with asker 0
	exec 9>&-
	[ "$(cat asker.out)" = "127.0.0.7 answer" ]
}

@test "a listener's input waits for the first peer" {
	start server "${sockcat[@]}" -v -u -l 127.0.0.1 0 <<<"answer"
	listens server
	run -0 sockcat -u -q 500ms 127.0.0.1 "$port" <<<"question"
	prints answer
}

@test "-k hears every peer and answers the last" {
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -k -u -l 127.0.0.1 0 <input
	listens server
	peers udp-send "$port" 3
	start asker "${peers[@]}" udp-ask "$port" 127.0.0.1 $'question\n'
	until_true says server.out question
	echo answer >&9
	ends_with asker 0
	exec 9>&-
	[ "$(cat asker.out)" = "127.0.0.1 answer" ]
	[ "$(grep -c 'Connection received' server.err)" -eq 2 ]
}

@test "-k hears peers of both families" {
	start server "${sockcat[@]}" -v -k -u -l -d -p 0
	listens server
	for host in 127.0.0.1 ::1 127.0.0.1 ::1; do
		peers udp-send "$port" 3 $host
		count=$((${count-0} + 3))
		until_true has_bytes server.out $count
	done
}

@test "-k rests after a peer that went away" {
	start server "${sockcat[@]}" -v -k -u --null-eof -q 0 -l 127.0.0.1 0 <<<"answer"
	listens server
	peers udp-send "$port" 3
	until_true has_bytes server.out 3
	rests "$server_pid"
}

@test "a broadcast question is answered" {
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo up
		ip addr add 10.9.8.1/24 brd + dev lo
		mkfifo input
		exec 8<>input
		"$@" -v -u -l 0.0.0.0 7777 <input >out 2>err 8>&- &
		until_true says err Listening
		python3 "$0" udp-ask-all 7777 10.9.8.255 question >answer &
		until_true says out question
		echo here >&8
		wait $!
		until_true test -s answer
		cat answer
		kill %1' "$TEST_SOURCES/peers" "${sockcat[@]}"
	[[ $output == *" here" ]]
}

@test "a link-local group is joined where its scope says" {
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo multicast on up
		ip link add name other type veth peer name end
		ip link set end up
		ip link set other up
		"$@" -v -u -l -d "ff02::1234%other" 7777 2>err &
		until_true says err Listening
		grep 00001234 /proc/net/igmp6
		kill %1' bash "${sockcat[@]}"
	[[ $output == *" other "* ]]
}

@test "a port that nobody listens on is reported once and survived" {
	free_port
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" -u -q 200ms 127.0.0.1 "$port" <input
	echo one >&9
	until_true says client.err 'Connection refused'
	start server "${sockcat[@]}" -v -u -l -d -W 1 127.0.0.1 "$port"
	listens server
	echo two >&9
	exec 9>&-
	ends_with client 1
	ends_with server 0
	[ "$(cat server.out)" = two ]
	[ "$(cat client.err)" = "sockcat: 127.0.0.1 port $port: Connection refused" ]
}

@test "a listener survives a peer that went away" {
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -k -u -l 127.0.0.1 0 <input
	listens server
	peers udp-send "$port" 3
	until_true says server.err 'Connection received'
	echo "nobody there" >&9
	until_true says server.err 'Connection refused'
	peers udp-send "$port" 5
	until_true has_bytes server.out 8
	exec 9>&-
}

@test "-w ends a UDP session that went quiet, without an error" {
	peer silent udp-sizes 2
	run -0 sockcat -u -w 200ms 127.0.0.1 "$port" <<<"question"
}

@test "-W counts datagrams" {
	start server "${sockcat[@]}" -v -u -l -d -W 2 127.0.0.1 0
	listens server
	peers udp-send "$port" 1,2,3
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 3 ]
}

@test "--null-eof makes an empty datagram the end, both ways" {
	start server "${sockcat[@]}" -v -u --null-eof -l 127.0.0.1 0 <<<"answer"
	listens server
	run -0 sockcat -u --null-eof -q 20 127.0.0.1 "$port" <<<"question"
	prints answer
	ends_with server 0
	[ "$(cat server.out)" = question ]
}

@test "--null-eof from the peer does not end a client whose input goes on" {
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -u --null-eof -l 127.0.0.1 0 </dev/null
	listens server
	start client "${sockcat[@]}" -vv -u --null-eof 127.0.0.1 "$port" <input
	echo one >&9
	until_true says client.err 'inbound: drain -> shut'
	pass_time 1.2 # longer than a client waits for answers
	echo two >&9
	exec 9>&-
	ends_with client 0
	ends_with server 0
	[ "$(cat server.out)" = $'one\ntwo' ]
}

@test "-m drops datagrams with a lower TTL" {
	start server "${sockcat[@]}" -v -v -u -l -d -m 50 -W 1 127.0.0.1 0
	listens server
	sockcat -u -q 0 -M 49 127.0.0.1 "$port" <<<"from afar"
	sockcat -u -q 0 -M 50 127.0.0.1 "$port" <<<"from near"
	ends_with server 0
	[ "$(cat server.out)" = "from near" ]
}

@test "a multicast group is joined by itself" {
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo multicast on up
		ip route add 224.0.0.0/4 dev lo
		"$@" -v -u -l -d -W 1 239.1.2.3 7777 >out 2>err &
		until_true says err Listening
		"$@" -u -q 0 239.1.2.3 7777 <<<hello
		wait
		cat out' bash "${sockcat[@]}"
	prints hello
}

@test "broadcast needs -b" {
	run -0 --separate-stderr timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo up
		ip addr add 10.9.8.1/24 brd + dev lo
		"$@" -v -u -l -d -W 1 0.0.0.0 7777 >out 2>err &
		until_true says err Listening
		"$@" -u -q 0 10.9.8.255 7777 <<<refused && exit 1
		"$@" -u -b -q 0 10.9.8.255 7777 <<<hello
		wait
		cat out' bash "${sockcat[@]}"
	prints hello
	[[ $stderr == *"(udp) failed: Permission denied" ]]
}

@test "a thousand datagrams of all sizes keep their boundaries" {
	sizes=$(for i in {1..1000}; do echo -n $((i * 13 % 1400)),; done)
	start server "${peers[@]}" output-socket SEQPACKET 1000 \
		"${sockcat[@]}" -v -I 4M -u -l -d -W 1000 127.0.0.1 0
	listens server
	peers udp-send "$port" "${sizes%,}"
	ends server
	diff <(tail -n 1000 server.out) <(tr , '\n' <<<"${sizes%,}")
}
