#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# How bytes move depends on the ends; what arrives does not.

load helper

from_file() { exec "$@" <data; }
from_pipe() { cat data | "$@"; }
to_file() { exec "$@" >out; }
to_append() { exec "$@" >>out; }
to_pipe() { "$@" | cat >out; }
to_slow_pipe() { "$@" | dd bs=777 of=out status=none; }

# bulk SOURCE SINK [-U]: 4 MB from such an input to such an output.
bulk() {
	local from=$1 to=$2 path=(-p 0)

	shift 2
	[ -e data ] || file_of 4M data
	rm -f out
	[ $# = 0 ] || path=(-U "$PWD/path")
	start server "$to" "${sockcat[@]}" -vv --recv-only -l "${path[@]}"
	listens server
	[ $# != 0 ] || path=(127.0.0.1 "$port")
	start client "$from" "${sockcat[@]}" -vv --send-only "${path[@]}"
	ends_with client 0
	ends_with server 0
	same out data
	says server.err "received 4194304 bytes"
	says client.err "sent 4194304 bytes"
}

# tuned NAME OPTION VALUE: what its socket has.
tuned() {
	local pid="${1}_pid"

	[ "$(peers socket-options "${!pid}" "$2")" = "$2 $3" ]
}

all_pairs() {
	local from to

	for from in from_file from_pipe; do
		for to in to_file to_append to_pipe to_slow_pipe; do
			bulk "$from" "$to" "$@"
		done
	done
}

@test "files and pipes arrive whole in files and pipes over TCP, whatever moves them" {
	all_pairs
	SOCKCAT_STRATEGY=copy all_pairs
	SOCKCAT_STRATEGY=splice all_pairs
}

@test "files and pipes arrive whole in files and pipes over a unix socket, whatever moves them" {
	all_pairs -U
	SOCKCAT_STRATEGY=copy all_pairs -U
	SOCKCAT_STRATEGY=splice all_pairs -U
}

@test "what nobody has to look at is spliced" {
	unset SOCKCAT_STRATEGY
	bulk from_pipe to_pipe
	says server.err 'inbound: .*\(splice\)'
	says client.err 'outbound: .*\(splice\)'
}

@test "what a filter has to look at is copied" {
	unset SOCKCAT_STRATEGY
	peer server echo-once
	run -0 --separate-stderr sockcat -vv -C 127.0.0.1 "$port" <<<hello
	[[ $stderr == *"outbound: "*"(copy)"* ]]
}

@test "where the kernel refuses in mid-stream the rest is copied, and nothing is lost" {
	unset SOCKCAT_STRATEGY
	bulk from_pipe to_append
	says server.err 'inbound: splice -> copy'
}

@test "without a descriptor for a pipe the bytes are copied" {
	unset SOCKCAT_STRATEGY
	file_of 4M data
	serve server --send-only <data
	start client to_file "${peers[@]}" limited 5 "${sockcat[@]}" \
		-vv 127.0.0.1 "$port" </dev/null
	ends_with client 0
	same out data
	says client.err 'inbound: splice -> copy'
}

@test "inherited pipes grow while bulk moves, and are put back" {
	unset SOCKCAT_STRATEGY
	run -0 --separate-stderr peers pipe-sizes "${sockcat[@]}"
	size=${lines[0]% *}
	largest=$(cat /proc/sys/fs/pipe-max-size)
	[ "$size" -lt "$largest" ]
	prints "$size $size
$largest $largest
$size $size"
}

@test "a small dialogue leaves an inherited pipe as it is" {
	unset SOCKCAT_STRATEGY
	peer server echo-once
	mkfifo input
	exec 9<>input
	size=$(python3 -c 'import fcntl; print(fcntl.fcntl(9, 1032))')
	start client "${sockcat[@]}" 127.0.0.1 "$port" <input
	echo hello >&9
	until_true has_lines client.out 1
	[ "$(python3 -c 'import fcntl; print(fcntl.fcntl(9, 1032))')" = "$size" ]
}

@test "urgent bytes within bulk do not stop it" {
	peer server urgent 800000
	start client to_pipe "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	ends_with client 0
	[ "$(tr -cd x <out | wc -c)" -eq 800000 ]
}

@test "the last byte of a burst is not held back for company" {
	peer server bulk-then-one 20000000
	mkfifo input
	exec 9<>input
	start client to_pipe "${sockcat[@]}" 127.0.0.1 "$port" <input
	until_true has_bytes out 20000000
	printf x >&9
	until_true has_bytes out 20000001
}

@test "after a burst both ends are as before: nothing waits for company" {
	unset SOCKCAT_STRATEGY
	start server "${sockcat[@]}" -v -d -l 127.0.0.1 0
	listens server
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" 127.0.0.1 "$port" <input
	head -c 50000000 /dev/zero >&9
	until_true has_bytes server.out 50000000
	until_true tuned client TCP_NODELAY 1
	until_true tuned server SO_RCVLOWAT 1
	printf x >&9
	until_true has_bytes server.out 50000001
}

@test "a full disk ends a spliced transfer with its reason" {
	file_of 4M data
	run -0 timeout "$LIMIT" unshare -rm bash -c 'mkdir small && mount -t tmpfs -o size=1M small small &&
		"$@" -v --recv-only -l -p 0 >small/out 2>err & server=$!
		until_true says err "^Listening"
		port=$(sed -n "s/^Listening on .* \([0-9]*\)$/\1/p" err | head -n 1)
		"$@" 127.0.0.1 "$port" <data
		wait "$server"; echo "status $?"; grep "^sockcat: " err' bash "${sockcat[@]}"
	[[ $output == *"status 1
sockcat: standard output: No space left on device" ]]
}

@test "a reader that vanishes ends a spliced transfer as a broken pipe would" {
	peer server flood
	run -0 bash -c '"$@" | head -c 3000000 >/dev/null; echo "${PIPESTATUS[0]}"' bash \
		timeout "$LIMIT" "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	prints 141
}

# Runs of one size, a shorter end, larger and smaller ones between.
sizes() {
	printf 1400
	for _ in {1..99}; do printf ,1400; done
	printf ',7,1400,1400,1401,3,2,1'
	for _ in {1..20}; do printf ,1; done
}

@test "runs of datagrams keep their boundaries and their order, whatever moves them" {
	for strategy in "" single; do
		peer sink udp-sizes 127
		SOCKCAT_STRATEGY=$strategy start client "${peers[@]}" \
			packet-pipe "$(sizes)" "${sockcat[@]}" -u -q 0 127.0.0.1 "$port"
		ends_with sink 0
		ends_with client 0
		[ "$(tail -n +2 sink.out | paste -sd,)" = "$(sizes)" ]
	done
}

@test "datagrams that arrive joined are taken apart again, over IPv4 and IPv6" {
	for strategy in "" single; do
		for host in 127.0.0.1 ::1; do
			SOCKCAT_STRATEGY=$strategy start server "${peers[@]}" \
				packet-output 127 "${sockcat[@]}" -v -u -l "$host" 0
			listens server
			peers packet-pipe "$(sizes)" "${sockcat[@]}" \
				-u -q 0 "$host" "$port"
			until_true has_lines server.out 127
			[ "$(awk '{ print $1 }' server.out | paste -sd,)" = "$(sizes)" ]
			[ "$(awk '{ print $2 }' server.out | paste -sd,)" = "$(seq -s, 1 127)" ]
		done
	done
}

@test "many datagrams take few system calls" {
	unset SOCKCAT_STRATEGY
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	start server strace -f -e trace=recvmmsg -o server.calls "${sockcat[@]}" -v -u -l -W 127 127.0.0.1 0
	listens server
	peers packet-pipe "$(sizes)" strace -f -e trace=sendmmsg \
		-o client.calls "${sockcat[@]}" -u -q 0 127.0.0.1 "$port"
	ends_with server 0 # strace would leave it behind
	has_bytes server.out $(($(sizes | tr , +)))
	[ "$(grep -c sendmmsg client.calls)" -lt 20 ]
	[ "$(grep -c recvmmsg server.calls)" -lt 40 ]
}

@test "a batch of one peer has no datagrams of a stranger in it" {
	start server "${sockcat[@]}" -v -u -l 127.0.0.1 0
	listens server
	start client "${sockcat[@]}" -u -p 0 127.0.0.1 "$port" < <(printf a; exec sleep "$LIMIT")
	until_true has_bytes server.out 1
	kill -STOP "$server_pid"
	peers packet-pipe 100,100,100 "${sockcat[@]}" -u -q 0 \
		127.0.0.1 "$port"
	kill -CONT "$server_pid"
	until_true says server.err 'Ignored a datagram'
	[ "$(cat server.out)" = a ]
}

@test "with -k, what a session does not take is left to the next" {
	serve_udp() {
		start server "${sockcat[@]}" -v -k -u -l "$@" 127.0.0.1 0
		listens server
	}
	serve_udp -W 3
	peers packet-pipe 100,100,100,100,100,100 "${sockcat[@]}" \
		-u -q 0 127.0.0.1 "$port"
	until_true has_bytes server.out 600
}

@test "a refusal in the middle of a batch is reported" {
	free_port
	run -1 peers packet-pipe 100,200,300,400,500,600,700,800 \
		"${sockcat[@]}" -u -q 0 127.0.0.1 "$port"
	[ "$(head -n 1 <<<"$output")" = "sockcat: 127.0.0.1 port $port: Connection refused" ]
	[ "$(wc -l <<<"$output")" -le 2 ] # how many there were, if it was not all
}

@test "a source that is no pipe is never read twice without a look" {
	peer sink udp-sizes 2
	run -0 timeout "$LIMIT" python3 - "${sockcat[@]}" -u 127.0.0.1 "$port" <<-'E'
		import ctypes, os, subprocess, sys, time
		fd = ctypes.CDLL(None).eventfd(1, 0)
		child = subprocess.Popen(sys.argv[1:], stdin=fd)
		for _ in range(200):
		    if open(os.path.join(os.getcwd(), "sink.out")).read().count("\n") > 1: break
		    time.sleep(0.05)
		else:
		    child.kill()
		    sys.exit("the first value does not arrive")
		child.kill()
	E
}

@test "joined datagrams count one by one for -W" {
	start server "${sockcat[@]}" -v -u -l -W 3 127.0.0.1 0
	listens server
	peers packet-pipe 100,100,100,100,100,100 "${sockcat[@]}" \
		-u -q 0 127.0.0.1 "$port" 2>/dev/null || true
	ends_with server 0
	[ "$(wc -c <server.out)" -eq 300 ]
}

@test "datagrams too large for the path to have joined go one by one" {
	head -c 40000 /dev/zero >data
	run -0 timeout "$LIMIT" unshare -rn bash -c 'ip link set lo mtu 1500 up
		python3 "$0" udp-sizes 10 >sizes & peer=$!
		until_true test -s sizes
		"$@" -u -q 0 --datagram-size 4000 127.0.0.1 "$(head -n 1 sizes)" <data
		wait $peer; tail -n +2 sizes | sort | uniq -c' \
		"$TEST_SOURCES/peers" "${sockcat[@]}"
	[ "$(tr -s ' ' <<<"$output")" = " 10 4000" ]
}

@test "a UDP receiver has a buffer for a burst unless it is told otherwise" {
	start server "${sockcat[@]}" -v -u -l 127.0.0.1 0 </dev/null
	listens server
	size=$(peers socket-options "$server_pid" SO_RCVBUF)
	largest=$(cat /proc/sys/net/core/rmem_max)
	if [ "$(id -u)" = 0 ] || ((largest > 16777216)); then
		largest=16777216
	fi
	[ "$size" = "SO_RCVBUF $((2 * largest))" ]
	start told "${sockcat[@]}" -v -I 64k -u -l 127.0.0.1 0 </dev/null
	listens told
	[ "$(peers socket-options "$told_pid" SO_RCVBUF)" = "SO_RCVBUF 131072" ]
}

@test "a deadline in a burst ends it with its reason" {
	unset SOCKCAT_STRATEGY
	peer server flood
	start client to_pipe "${sockcat[@]}" -d --deadline 500ms 127.0.0.1 "$port"
	ends client
	has_bytes out 5000000
	is_one_error client.err
	says client.err '^sockcat: .*deadline'
}

@test "sockcat dies of its signal after a burst, and its pipe is put back" {
	unset SOCKCAT_STRATEGY
	run -0 --separate-stderr peers pipe-after-signal "${sockcat[@]}"
	read -r before after status <<<"$output"
	[ "$before" = "$after" ]
	[ "$status" = -15 ]
}

@test "SOCKCAT_STRATEGY must be one that there is" {
	SOCKCAT_STRATEGY=fast run -2 sockcat 127.0.0.1 9
	[ "$output" = "sockcat: SOCKCAT_STRATEGY fast: must be copy, splice or single" ]
}
