#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Where many meet one: senders wait for readers, who is too slow goes, and who
# has ended makes room.

load helper

has_left() {
	[ "$(grep -c ': left the queue$' server.err)" -eq "$1" ]
}

no_errors() {
	[ "$(grep -c '^sockcat: ' server.err)" -eq 0 ]
}

runs() {
	kill -0 "$1" 2>/dev/null
}

@test "what 20 members of a broker send at once reaches three readers whole" {
	local i

	file_of 1300000 file
	serve server --broker 127.0.0.1
	for i in 1 2 3; do
		start "reader$i" "${sockcat[@]}" -d 127.0.0.1 "$port"
	done
	until_true has_clients 3
	for i in {1..20}; do
		start "sender$i" "${sockcat[@]}" -N 127.0.0.1 "$port" <file
	done
	for i in {1..20}; do
		ends_with "sender$i" 0
	done
	for i in 1 2 3; do
		until_true has_bytes "reader$i.out" 26000000
	done
	no_errors
}

@test "what grows by the names of a chat reaches every reader" {
	serve server --chat 127.0.0.1
	run -0 peers chat-bursts "$port" 3 20
	prints "1310720 1310720 1310720"
	no_errors
}

@test "who never stops sending leaves the others their turns" {
	serve server --broker 127.0.0.1
	run -0 peers greedy-and-modest "$port" 2000000
	prints 2000000
}

@test "standard input that never ends leaves the members of a broker their turns" {
	start server "${sockcat[@]}" -v -l --broker 127.0.0.1 0 < <(exec yes server 3>&-)
	listens server
	start reader "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true says reader.out server
	start sender "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"a member"
	until_true says reader.out 'a member'
}

@test "who reads nothing is dropped after --slow-timeout, and the others get everything" {
	file_of 20000000 file
	serve server --broker --slow-timeout 1 127.0.0.1
	start lazy "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 1
	kill -STOP "$lazy_pid"
	start reader "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 2
	start sender "${sockcat[@]}" -N 127.0.0.1 "$port" <file
	ends_with sender 0
	until_true has_bytes reader.out 20000000
	same reader.out file
	kill -CONT "$lazy_pid"
	ends_with lazy 1
	[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
	says server.err '^sockcat: .*: too slow: dropped with [0-9]+ bytes not sent$'
}

@test "who goes on reading, if slowly, is waited for" {
	file_of 4000000 file
	serve server -k --slow-timeout 1 127.0.0.1 <file
	run -0 peers reads-slowly "$port" 4000000
	prints 4000000
	no_errors
}

@test "with --slow-timeout 0 everybody is waited for" {
	file_of 20000000 file
	serve server --broker --slow-timeout 0 127.0.0.1
	start lazy "${sockcat[@]}" -d 127.0.0.1 "$port"
	start reader "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 2
	kill -STOP "$lazy_pid"
	start sender "${sockcat[@]}" -N 127.0.0.1 "$port" <file
	pass_time 1
	runs "$sender_pid"
	kill -CONT "$lazy_pid"
	ends_with sender 0
	until_true has_bytes reader.out 20000000
	until_true has_bytes lazy.out 20000000
	no_errors
}

@test "who has sent something and ended is closed after a second of silence" {
	for hub in -k --broker --chat; do
		open_input "input$hub"
		serve server "$hub" 127.0.0.1 <"input$hub"
		start client "${sockcat[@]}" -N 127.0.0.1 "$port" <<<word
		until_true has_clients 1
		echo more >&9
		until_true says client.out more
		ends_with client 0
		no_errors
		exec 9>&-
	done
}

@test "who ended without a byte stays, and hears what comes" {
	for hub in -k --broker --chat; do
		open_input "input$hub"
		serve server "$hub" 127.0.0.1 <"input$hub"
		start client "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
		until_true has_clients 1
		pass_time 1.3
		echo more >&9
		until_true says client.out more
		runs "$client_pid"
		exec 9>&-
	done
}

@test "with --no-shutdown who has sent something and ended stays, too" {
	open_input input
	serve server -k --no-shutdown 127.0.0.1 <input
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <<<word
	until_true says server.out word
	pass_time 1.3
	echo more >&9
	until_true says client.out more
	runs "$client_pid"
	exec 9>&-
}

@test "who has ended makes room at once for who waits" {
	local start=$SECONDS i

	for hub in -k --broker; do
		open_input "input$hub"
		serve server "$hub" --max-conns 2 127.0.0.1 <"input$hub"
		for i in {1..30}; do
			start "client$i" "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"line $i"
		done
		for i in {1..30}; do
			ends_with "client$i" 0
		done
		[ "$hub" = --broker ] || until_true has_lines server.out 30
		no_errors
		exec 9>&-
	done
	((SECONDS - start < LIMIT))
}

@test "who only listens makes room for who has waited for a second" {
	open_input input
	serve server -k --max-conns 2 127.0.0.1 <input
	start first "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	until_true has_clients 1
	start second "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	until_true has_clients 2
	start third "${sockcat[@]}" -N 127.0.0.1 "$port" <<<word
	until_true says server.out word
	ends_with first 0
	runs "$second_pid"
	echo more >&9
	until_true says second.out more
	no_errors
	exec 9>&-
}

@test "more clients than may wait are in the system's queue for a moment, and none is turned away" {
	local i

	open_input input
	serve server -k --max-conns 1 127.0.0.1 <input
	for i in {1..150}; do
		start "client$i" "${sockcat[@]}" -N 127.0.0.1 "$port" <<<"line $i"
	done
	until_true has_lines server.out 150
	[ "$(grep -c 'turned away' server.err)" -eq 0 ]
	no_errors
	exec 9>&-
}

@test "what is typed at a broker reaches everybody, and nothing is printed" {
	open_input input
	serve server --broker 127.0.0.1 <input
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	start other "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	until_true has_clients 2
	echo hello >&9
	until_true says one.out '^hello$'
	until_true says other.out '^hello$'
	exec 9>&-
	sockcat -N 127.0.0.1 "$port" <<<member
	until_true says one.out '^member$'
	[ ! -s server.out ]
	no_errors
}

@test "what is typed at a chat has a name of its own" {
	open_input input
	serve server --chat 127.0.0.1 <input
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 1
	printf 'hello\nhalf a' >&9
	until_true says one.out '^<server> hello$'
	echo ' line' >&9
	until_true says one.out '^<server> half a line$'
	exec 9>&-
	[ ! -s server.out ]
}

@test "what is typed at a broker of datagrams is cut into some that can be sent" {
	open_input input
	serve server -u --broker --datagram-size 1000 127.0.0.1 <input
	mkfifo words
	exec 8<>words
	echo here >&8
	start one "${sockcat[@]}" -u 127.0.0.1 "$port" <words 8>&-
	until_true has_clients 1
	head -c 30000 /dev/zero | tr '\0' x >&9
	until_true has_bytes one.out 30000
	no_errors
	exec 8>&-
	exec 9>&-
}

@test "a broker with -d reads nothing of standard input" {
	open_input input
	echo early >&9
	serve server -d --broker 127.0.0.1 <input
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 1
	sockcat -N 127.0.0.1 "$port" <<<member
	until_true says one.out member
	[ "$(cat one.out)" = member ]
	exec 9>&-
}

@test "a read error on standard input is a line, and clients go on" {
	start server "${sockcat[@]}" -v -k -l 127.0.0.1 0 <.
	listens server
	open_input held
	start one "${sockcat[@]}" 127.0.0.1 "$port" <held
	until_true says server.err '^sockcat: standard input: Is a directory$'
	sockcat -N 127.0.0.1 "$port" <<<word
	until_true says server.out word
	runs "$one_pid"
	[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
	echo last >&9
	exec 9>&-
	until_true says server.out last
	ends_with one 1
	says one.err 'Connection reset by peer$'
}

@test "--until-eof ends when every client has been sent all of the input" {
	file_of 5000000 file
	open_input input
	mkfifo held
	exec 8<>held
	serve server -k --until-eof 127.0.0.1 <input 8>&-
	start one "${sockcat[@]}" -d 127.0.0.1 "$port"
	start stays "${sockcat[@]}" 127.0.0.1 "$port" <held 8>&-
	until_true has_clients 2
	cat file >&9
	exec 9>&-
	ends_with server 0
	ends_with one 0
	same one.out file
	until_true has_bytes stays.out 5000000
	same stays.out file
	no_errors
	exec 8>&-
}

@test "--until-eof waits for who reads slowly" {
	file_of 4000000 file
	serve server -k --until-eof 127.0.0.1 <file
	run -0 peers reads-slowly "$port" 4000000
	prints 4000000
	ends_with server 0
}

@test "--until-eof drops who reads nothing, and ends" {
	file_of 20000000 file
	open_input input
	serve server -k --until-eof --slow-timeout 0.5 127.0.0.1 <input
	start lazy "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 1
	kill -STOP "$lazy_pid"
	start reader "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true has_clients 2
	cat file >&9
	exec 9>&-
	ends_with server 0
	same reader.out file
	says server.err 'too slow: dropped with [0-9]+ bytes not sent$'
	kill -CONT "$lazy_pid"
	ends_with lazy 1
}

@test "--until-eof ends with 1 where standard input could not be read" {
	start server "${sockcat[@]}" -v -k -l --until-eof 127.0.0.1 0 <.
	listens server
	run -1 sockcat -d 127.0.0.1 "$port"
	says <(echo "$output") 'Connection reset by peer$'
	ends_with server 1
	says server.err '^sockcat: standard input: Is a directory$'
}

@test "messages on standard input stay whole, empty ones too" {
	run -0 peers hub-input DGRAM 5,7,0,1000 udp "${sockcat[@]}" -v -u -k -l 127.0.0.1 0
	prints "5 7 0 1000"
	run -0 peers hub-input DGRAM 5,7,0,1000 udp "${sockcat[@]}" -v -u --broker -l 127.0.0.1 0
	prints "5 7 0 1000"
	run -0 peers hub-input SEQPACKET 150000,5 tcp "${sockcat[@]}" -v -k -l 127.0.0.1 0
	prints 150005
}

@test "messages on standard output stay whole, empty ones too, and bytes are cut at lines" {
	run -0 peers hub-output SEQPACKET 5,7,1000 udp "${sockcat[@]}" -v -u -k -l 127.0.0.1 0
	prints $'5 7 1000\nTrue'
	run -0 peers hub-output DGRAM 5,7,0,1000 udp "${sockcat[@]}" -v -u -k -l 127.0.0.1 0
	prints $'5 7 0 1000\nTrue'
	run -0 peers hub-output DGRAM 500000 tcp "${sockcat[@]}" -v -k -l 127.0.0.1 0
	prints $'0 True\nTrue'
	run -0 peers hub-output SEQPACKET 500000 tcp "${sockcat[@]}" -v -k -l 127.0.0.1 0
	prints $'0 True\nTrue'
}

@test "a broker passes on empty datagrams" {
	serve server -u --broker 127.0.0.1
	run -0 peers brokered-empty udp "$port"
	prints "0 1 0 1"
}

@test "who was full and resets gives back its place, and holds nobody back any more" {
	for hub in -k --broker --chat; do
		open_input "input$hub"
		serve server "$hub" --max-conns 3 --slow-timeout 0 127.0.0.1 <"input$hub"
		run -0 peers fill-and-reset "$port" 3
		start good "${sockcat[@]}" -d 127.0.0.1 "$port"
		until_true has_clients 4
		echo word >&9
		until_true says good.out word
		exec 9>&-
	done
}

@test "who leaves after it has ended is no error" {
	for hub in -k --broker --chat; do
		open_input "input$hub"
		serve server "$hub" --no-shutdown 127.0.0.1 <"input$hub"
		start reader "${sockcat[@]}" -d 127.0.0.1 "$port"
		until_true has_clients 1
		sockcat -q 0 127.0.0.1 "$port" <<<word
		if [ "$hub" = -k ]; then
			until_true says server.out word
		else
			until_true says reader.out word
		fi
		for i in 1 2 3; do
			echo "more $i" >&9
			until_true says reader.out "more $i"
		done
		until_true says server.err '^127.0.0.1 port [0-9]+: (Broken pipe|Connection reset)'
		no_errors
		exec 9>&-
	done
}

@test "who waits and has gone gives back its place in the queue, whatever it was" {
	start server "${sockcat[@]}" -v -d -k -l -U --max-conns 1 --backlog 1 path
	listens server
	open_input input
	start holder "${peers[@]}" hold path <input
	until_true has_clients 1
	for i in 1 2 3; do
		peers send-bytes path ""
		until_true has_left "$i"
	done
	exec 9>&-
}
