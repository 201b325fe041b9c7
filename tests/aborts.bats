#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Who dies is not taken for who has finished: a transfer that was cut ends by
# a reset, and one that was not by an end of file.

load helper

# sends OPTIONS...: a sender to $port that has sent a line, and whose input is
# open on descriptor 9.
sends() {
	rm -f words
	mkfifo words
	exec 9<>words
	start sender env --default-signal=INT bash -c 'ulimit -c 0; exec "$@"' bash \
		"${sockcat[@]}" "$@" 127.0.0.1 "$port" <words
	echo line >&9
}

@test "the receiver of a sender that is killed ends with status 1 and a line" {
	for signal in KILL TERM INT ABRT; do
		serve server </dev/null
		sends
		until_true says server.out line
		kill "-$signal" "$sender_pid"
		ends_with server 1
		says server.err '^sockcat: .*127\.0\.0\.1.*: Connection reset by peer$'
		[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
	done
}

@test "nc and ncat see the reset of a sender that is killed, and ncat's status says so" {
	# nc leaves at poll(2), which tells an error only of a reset.
	for tool in nc.openbsd ncat; do
		for signal in KILL TERM INT ABRT; do
			free_port
			rm -f calls
			start server strace -D -qq -e trace=read,recvfrom,poll -o calls \
				"$tool" -l 127.0.0.1 "$port" </dev/null
			until_true tcp_listening "$port"
			sends
			until_true says server.out line
			kill "-$signal" "$sender_pid"
			ends server
			echo "$tool $signal: $status"
			until_true says calls 'ECONNRESET|POLLERR'
			[ "$tool" != ncat ] || [ "$status" -eq 1 ]
		done
	done
}

@test "a sender that is killed with its input open leaves a reset behind" {
	for signal in KILL TERM INT HUP ABRT; do
		run -0 peers killed "$signal" open "${sockcat[@]}"
		echo "$signal: $output"
		[[ $output == *" reset" ]]
	done
}

@test "a sender that is killed when all is written leaves the whole behind" {
	for signal in KILL TERM INT ABRT; do
		run -0 peers killed "$signal" ended "${sockcat[@]}" --shutdown-after 10
		prints "all end"
	done
	for _ in {1..10}; do
		run -0 peers killed KILL ended "${sockcat[@]}"
		prints "all end"
	done
	run -0 peers killed KILL ended "${sockcat[@]}" --no-shutdown
	prints "all end"
}

@test "a sender whose terminal has gone leaves a reset behind" {
	run -0 --separate-stderr peers terminal-gone "${sockcat[@]}"
	prints reset
}

@test "who types ^C says goodbye" {
	run -0 peers goodbye "${sockcat[@]}"
	prints "end -2"
}

# cut_by WORDS OPTIONS...: the receiver of such a sender, whose own status is 1
# and who says these words, sees a reset.
cut_by() {
	local words=$1

	shift
	serve server </dev/null
	sends "$@"
	until_true says server.out line
	ends_with sender 1
	says sender.err "$words"
	ends_with server 1
	says server.err ': Connection reset by peer$'
}

@test "a timeout of the sender is a reset for the receiver" {
	cut_by 'idle for 0\.3 s' -w 300ms
	cut_by 'idle for 0\.3 s' --idle-timeout 300ms
	cut_by '--deadline: 0\.3 s' --deadline 300ms
}

@test "a sender whose input cannot be read leaves a reset behind" {
	serve server </dev/null
	run -1 sockcat 127.0.0.1 "$port" </
	ends_with server 1
	says server.err ': Connection reset by peer$'
}

@test "a listener that is killed leaves a reset behind, too" {
	for how in KILL TERM "KILL -k"; do
		rm -f words
		mkfifo words
		exec 9<>words
		# shellcheck disable=SC2086
		serve server ${how#????} <words
		start client "${sockcat[@]}" -d 127.0.0.1 "$port"
		until_true says server.err '^Connection received'
		echo line >&9
		until_true says client.out line
		kill "-${how% -k}" "$server_pid"
		ends_with client 1
		says client.err ': Connection reset by peer$'
	done
}

@test "proper ends of many sizes are never taken for resets" {
	LIMIT=60 run -0 peers proper-ends 10 "${sockcat[@]}"
	prints "all whole"
}

@test "a forwarder that is killed resets both sides" {
	run -0 peers forwarder-killed "${sockcat[@]}"
	prints "reset reset"
	run -0 peers forwarder-killed "${sockcat[@]}" -k
	prints "reset reset"
}

@test "a reset is passed on by --forward behind all that came before it" {
	for side in client target; do
		run -0 peers reset-behind "$side" "${sockcat[@]}"
		prints "300000 reset"
		run -0 peers reset-behind "$side" "${sockcat[@]}" -k
		prints "300000 reset"
	done
}

@test "a connection whose input is open lingers, and not with -d or --recv-only" {
	serve server -k -d
	sends
	run -0 peers becomes-lingering "$sender_pid"
	for option in -d --recv-only; do
		start client "${sockcat[@]}" -v "$option" 127.0.0.1 "$port"
		until_true says client.err succeeded
		run -0 peers socket-options "$client_pid" SO_LINGER
		prints "SO_LINGER 0"
	done
}

@test "a socket that -F passes on never lingers" {
	serve server -k -d
	run -0 peers passed-on "${sockcat[@]}" -F 127.0.0.1 "$port"
	prints 0
}

@test "a socket that a command has never lingers" {
	local look='import socket; print(socket.socket(fileno=0).getsockopt(socket.SOL_SOCKET, socket.SO_LINGER), flush=True)'

	unset SOCKCAT_STRATEGY # all are for commands behind pipes
	for options in "" -k; do
		# shellcheck disable=SC2086
		serve server $options -e "python3 -c '$look'"
		run -0 sockcat 127.0.0.1 "$port" </dev/null
		prints 0
	done
	serve server -d
	run -0 sockcat -e "python3 -c '$look'" 127.0.0.1 "$port"
	ends_with server 0
	[ "$(cat server.out)" = 0 ]
}

@test "a socket from inetd or systemd never lingers" {
	run -0 peers given-a-client "${sockcat[@]}" --inetd -e cat
	prints 0
	run -0 peers given-a-client "${sockcat[@]}" -w 10 --inetd -e cat
	prints 0
	for what in client listener; do
		run -0 peers activated-with "$what" "${sockcat[@]}" -l
		prints 0
	done
}

@test "a client that is told to stop sends what stands ready, and its end" {
	for signal in TERM:-15 HUP:-1 INT:-2; do
		run -0 peers stopped-with "${signal%:*}" end "${sockcat[@]}"
		prints "11 end ${signal#*:}"
	done
}

@test "a client that is told to stop resets where its input has not ended" {
	for signal in TERM:-15 HUP:-1 INT:-2; do
		run -0 peers stopped-with "${signal%:*}" open "${sockcat[@]}"
		[[ $output == *" reset ${signal#*:}" ]]
	done
}

@test "a client whose output's reader has gone with its input sends the last words" {
	for _ in {1..10}; do
		run -0 peers reader-goes "${sockcat[@]}"
		prints "11 end"
	done
}

@test "clients that are denied, and those for whom there is no room, see an end" {
	serve server -k -d --deny 127.0.0.1
	run -0 peers says-and-waits "$port"
	prints end
	serve server -k --max-conns 1 --backlog 1 -e cat
	sends
	until_true says sender.out line
	start queued "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true eval '[ "$(ss -Htn state established "( sport = :$port )" | wc -l)" -ge 2 ]'
	start busy "${peers[@]}" says-and-waits "$port"
	ends_with busy 0
	[ "$(cat busy.out)" = end ]
}

@test "a connection lingers only when it has been made" {
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	serve server -d
	# Its other address refuses.
	run -0 strace -qq -e trace=setsockopt,connect -o calls "${sockcat[@]}" -N localhost "$port" <<<word
	[ "$(grep -c 'SO_LINGER, {l_onoff=1' calls)" -eq 1 ]
	free_port
	run -1 strace -qq -e trace=setsockopt -o calls "${sockcat[@]}" localhost "$port" <<<word
	run ! grep SO_LINGER calls
}

@test "bytes before a reset arrive that is there before the connection was noticed" {
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	peer server answer-and-reset 1000
	run -1 --separate-stderr strace -qq -o calls -e trace=poll -e inject=poll:delay_enter=100000:when=1..2 \
		"${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	[ "${#output}" -eq 1000 ]
	[[ $stderr == "sockcat: 127.0.0.1 port $port: Connection reset by peer" ]]
}

@test "--tolerate-abort takes a reset for an end" {
	peer server answer-and-reset 100000
	run -0 --separate-stderr sockcat --tolerate-abort 127.0.0.1 "$port" </dev/null
	[ "${#output}" -eq 100000 ]
	[ -z "$stderr" ]
	peer server answer-and-reset 100000
	run -0 --separate-stderr sockcat -v --tolerate-abort 127.0.0.1 "$port" </dev/null
	[[ $stderr == *"Connection reset by peer"* ]]
	serve server --tolerate-abort </dev/null
	sends
	until_true says server.out line
	kill -KILL "$sender_pid"
	ends_with server 0
}

@test "--tolerate-abort does not hide that input was lost" {
	peer server resets-after 1000
	file_of 20M data
	run -1 --separate-stderr sockcat --tolerate-abort 127.0.0.1 "$port" <data
	[[ $stderr == "sockcat: 127.0.0.1 port $port: "* ]]
}

@test "-v says how each direction ended, and how much there was" {
	serve server -k -d
	sockcat -N -v 127.0.0.1 "$port" <<<"a line" 2>client.err
	says client.err 'sent 7 bytes \(end\), received 0 bytes \(end\)$'
	until_true says server.err '^127\.0\.0\.1.* received 7 bytes \(end\)$'
	sends
	until_true says server.out '^line$'
	kill -KILL "$sender_pid"
	until_true says server.err ' received 5 bytes \(reset\)$'
	sends -v -w 200ms
	ends_with sender 1
	says sender.err 'sent 5 bytes \(idle\), received 0 bytes \(idle\)$'
}
