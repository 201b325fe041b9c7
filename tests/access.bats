#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --allow and --deny: who is let in.

load helper

# asks FROM: what a client from that address gets of the echo at $port.
asks() {
	local to=127.0.0.1

	[[ $1 != *:* ]] || to=::1
	sockcat -N -w 10 -s "$1" "$to" "$port" <<<hello 2>/dev/null || true
}

lets_in() {
	[ "$(asks "$1")" = hello ]
}

turns_away() {
	[ -z "$(asks "$1")" ]
	until_true says server.err "^Connection from ${1//./\\.} [0-9]+ denied\$"
}

# echo_for HOST OPTIONS...
echo_for() {
	local host=$1

	shift
	serve server -k -e /bin/cat "$@" "$host"
}

# allows SPEC INSIDE OUTSIDE, and the other way around with --deny.
divides() {
	echo_for 127.0.0.1 --allow "$1"
	lets_in "$2"
	turns_away "$3"
	echo_for 127.0.0.1 --deny "$1"
	turns_away "$2"
	lets_in "$3"
}

@test "an address divides" {
	divides 127.0.0.1 127.0.0.1 127.0.0.2
}

@test "a network divides" {
	divides 127.0.0.8/29 127.0.0.15 127.0.0.16
}

@test "a range divides" {
	divides 127.0.0.3-127.0.0.5 127.0.0.4 127.0.0.6
	divides 127.0.0.3-5 127.0.0.5 127.0.0.2
}

@test "a name divides" {
	divides localhost 127.0.0.1 127.0.0.2
}

@test "deny wins over allow, whatever their order" {
	echo_for 127.0.0.1 --deny 127.0.0.2 --allow 127.0.0.0/8
	lets_in 127.0.0.1
	turns_away 127.0.0.2
	echo_for 127.0.0.1 --allow 127.0.0.2 --deny 127.0.0.0/8
	turns_away 127.0.0.2
}

@test "several options and commas add up" {
	echo_for 127.0.0.1 --allow 127.0.0.2,127.0.0.3 --allow 127.0.0.4
	for last in 2 3 4; do
		lets_in "127.0.0.$last"
	done
	turns_away 127.0.0.5
}

@test "IPv6 clients are let in and denied" {
	echo_for ::1 --allow ::1
	lets_in ::1
	echo_for ::1 --allow 127.0.0.0/8
	turns_away ::1
	echo_for ::1 --deny ::/64
	turns_away ::1
}

@test "IPv4 clients of an IPv6 socket are known by their IPv4 addresses" {
	start server python3 -c '
import os, socket, sys
s = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
print(s.getsockname()[1], flush=True)
s = os.dup(s.detach())
os.dup2(s, 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execvp(sys.argv[1], sys.argv[1:])' "${sockcat[@]}" -v -l -k -e /bin/cat --allow 127.0.0.1
	listens server
	port=$(cat server.out)
	lets_in 127.0.0.1
	[ -z "$(asks 127.0.0.2)" ]
	until_true says server.err '^Connection from .*127\.0\.0\.2 [0-9]+ denied$'
}

@test "files have specs, blanks and comments" {
	printf '# friends\n127.0.0.2 127.0.0.3 # two\n\n\t127.0.0.8/29\r\n' >friends
	echo 127.0.0.3 >foes
	echo_for 127.0.0.1 --allowfile friends --denyfile foes
	lets_in 127.0.0.2
	lets_in 127.0.0.9
	turns_away 127.0.0.3
	turns_away 127.0.0.1
}

@test "an empty file allows nobody" {
	: >friends
	echo_for 127.0.0.1 --allowfile friends
	turns_away 127.0.0.1
}

@test "SIGHUP reads the files again, and a broken one changes nothing" {
	echo 127.0.0.1 >friends
	echo_for 127.0.0.1 --allowfile friends
	lets_in 127.0.0.1
	turns_away 127.0.0.2
	echo 127.0.0.2 >friends
	kill -HUP "$server_pid"
	until_true says server.err '^Reloaded access lists$'
	turns_away 127.0.0.1
	lets_in 127.0.0.2
	echo 127.0.0.1/99 >friends
	kill -HUP "$server_pid"
	until_true says server.err '^sockcat: access lists not reloaded: friends:1: 127.0.0.1/99: must'
	lets_in 127.0.0.2
	rm friends
	kill -HUP "$server_pid"
	until_true says server.err '^sockcat: access lists not reloaded: friends: No such file or directory$'
	lets_in 127.0.0.2
}

@test "those who are served stay when the lists change" {
	mkfifo input
	exec 9<>input
	echo 127.0.0.1 >friends
	echo_for 127.0.0.1 --allowfile friends
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <input
	echo before >&9
	until_true says client.out before
	echo 127.0.0.2 >friends
	kill -HUP "$server_pid"
	until_true says server.err '^Reloaded access lists$'
	echo after >&9
	until_true says client.out after
	exec 9>&-
	ends_with client 0
}

@test "a denied client does not use up a listener for one" {
	serve server -d --allow 127.0.0.2 127.0.0.1
	turns_away 127.0.0.1
	turns_away 127.0.0.1
	sockcat -N -s 127.0.0.2 127.0.0.1 "$port" <<<hello
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "UDP peers are denied, and do not use up a listener for one" {
	serve server -u -k -e /bin/cat --deny 127.0.0.2 127.0.0.1
	run -0 sockcat -u -q 300ms -s 127.0.0.2 127.0.0.1 "$port" <<<hello
	prints ""
	run -0 sockcat -u -W 1 -q 5 127.0.0.1 "$port" <<<hello
	prints hello
	says server.err '^Connection from 127.0.0.2 [0-9]+ denied$'
	serve server -u -d -W 1 --deny 127.0.0.2 127.0.0.1
	sockcat -u -q 0 -s 127.0.0.2 127.0.0.1 "$port" <<<denied
	sockcat -u -q 0 127.0.0.1 "$port" <<<hello
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "bad specs are one error line, and nothing listens" {
	for spec in 1.2.3 1.2.3.4/33 ::1/129 1.2.3.4-1.2.3.3 1.2.3.4- a_b 0x7f.1; do
		run --separate-stderr -2 sockcat -v -l -k --deny "$spec" 127.0.0.1 0
		[ -z "$output" ]
		printf '%s\n' "$stderr" >err
		is_one_error err
	done
	for file in absent .; do
		run --separate-stderr -1 sockcat -v -l -k --allowfile "$file" 127.0.0.1 0
		printf '%s\n' "$stderr" >err
		is_one_error err
	done
}

@test "a name where -n allows none is one error line" {
	echo name.invalid >names
	run --separate-stderr -1 sockcat -n -l --allowfile names 127.0.0.1 0
	[ "$stderr" = "sockcat: names:1: name.invalid: must be an address, for -n looks up no names" ]
}
