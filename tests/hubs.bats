#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --broker and --chat: what one says goes to all the others.

load helper

@test "a broker passes bytes of TCP clients to all others and not back" {
	serve server --broker 127.0.0.1
	run -0 peers brokered tcp "$port"
	prints "passed on"
}

@test "a broker passes on what comes over a unix path" {
	serve_path server --broker front
	run -0 peers brokered unix front
	prints "passed on"
}

@test "a broker passes on what UDP peers send, datagram by datagram" {
	serve server -u --broker 127.0.0.1
	run -0 peers brokered udp "$port"
	prints "passed on"
	run -0 peers brokered-messages udp "$port"
	prints $'1 700 3 60000 20\n1 700 3 60000 20'
}

@test "a broker keeps the boundaries of unix datagrams and seqpackets" {
	serve_path server -u --broker front
	run -0 peers brokered-messages unix-datagram front
	prints $'1 700 3 70000 20\n1 700 3 70000 20'
	kill "$server_pid"
	ends server
	serve_path server --seqpacket --broker front
	run -0 peers brokered-messages seqpacket front
	prints $'1 700 3 70000 20\n1 700 3 70000 20'
}

@test "a client of a broker that is too slow is dropped with a line, and the others go on" {
	serve server --broker --slow-timeout 0.5 127.0.0.1
	run -0 peers brokered-slow "$port"
	until_true says server.err '^sockcat: .*: too slow: dropped with [0-9]+ bytes not sent$'
	[ "$(grep -c 'too slow' server.err)" -eq 1 ]
}

@test "a chat says who speaks, who joined and who left, in whole lines" {
	serve server --chat 127.0.0.1
	run -0 peers chat-story "$port"
	[[ ${lines[0]} =~ ^'<announce> user2 joined from 127.0.0.1 port '[0-9]+$ ]]
	output=$(printf '%s\n' "${lines[@]:1}")
	prints "<user2> one
<user2> two
<user2> four
<user2> five
<announce> user2 left"
}

@test "nobody in a chat can speak for another or command a terminal" {
	serve server --chat 127.0.0.1
	run -0 peers chat-says "$port" 'a\n<user1> b\n' 'a\r<user1> b\r\n' '\x1b[2J\x07\x00\x7f\n' \
		'\xff\xfe \xc0\x8a \xed\xa0\x80\n' '\xc2\x9b2J\n' '\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\n'
	prints '<user2> a
<user2> <user1> b
<user2> a\\x0d<user1> b
<user2> \\x1b[2J\\x07\\x00\\x7f
<user2> \\xff\\xfe \\xc0\\x8a \\xed\\xa0\\x80
<user2> \\xc2\\x9b2J
<user2> \\xe2\\x80\\xae\\xe2\\x81\\xa6\\xd8\\x9c'
}

@test "words in any language pass as they are" {
	serve server --chat 127.0.0.1
	run -0 peers chat-says "$port" '\xc3\xa9t\xc3\xa9\t\xe6\x97\xa5 \xf0\x9f\x90\x88\n'
	prints '<user2> \xc3\xa9t\xc3\xa9\t\xe6\x97\xa5 \xf0\x9f\x90\x88'
}

@test "a line that is too long is cut, and every piece says whose it is" {
	serve server --chat 127.0.0.1
	run -0 peers chat-long "$port"
	prints "4104 4104 1816"
}

@test "clients of other kinds chat, too" {
	serve_path server --chat front
	start first socat -u "UNIX-CONNECT:$PWD/front" -
	until_true says server.err 'Connection received'
	sockcat -U front <<<hello -q 0
	until_true says first.out '^<user2> hello$'
}

@test "UDP peers chat, too" {
	serve server -u --chat 127.0.0.1
	mkfifo words
	exec 9<>words
	start first "${sockcat[@]}" -u 127.0.0.1 "$port" <words
	echo hello >&9
	until_true says server.err 'Connection received'
	sockcat -u -q 0 127.0.0.1 "$port" <<<answer
	until_true says first.out '^<user2> answer$'
	exec 9>&-
}

@test "on SIGTERM a broker passes on what it has, and says of whom it takes no more" {
	serve server --broker 127.0.0.1
	mkfifo words
	exec 9<>words
	start listens "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true says server.err 'Connection received'
	start speaks "${sockcat[@]}" -N 127.0.0.1 "$port" <words
	echo before >&9
	until_true says listens.out before
	kill -TERM "$server_pid"
	ends_with listens 0
	echo after >&9
	until_true says server.err '^sockcat: 127.0.0.1 port [0-9]+: stopped before all was passed on$'
	exec 9>&-
	ends_with server 143
	[ "$(cat listens.out)" = before ]
}
