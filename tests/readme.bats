#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What the README says of how transfers end, line by line, against real
# servers.

load helper
load servers

@test "asking redis ends with the server, after our end was told" {
	redis_serves
	run -0 sockcat 127.0.0.1 "$port" < <(printf 'PING\r\n')
	prints $'+PONG\r'
}

@test "asking a web server brings a page of any size that begins at once" {
	nginx_serves 20
	printf 'GET /page HTTP/1.0\r\n\r\n' | sockcat 127.0.0.1 "$port" >answer
	is_page answer
}

@test "--shutdown-after 5 gives an answer time to begin" {
	peer late answers-late-or-never 1
	run -0 sockcat --shutdown-after 5 127.0.0.1 "$port" <<<question
	prints answer
	peer late answers-late-or-never 1
	run -0 sockcat 127.0.0.1 "$port" <<<question
	prints ""
}

@test "--no-shutdown with -q 2 hears a subscription for 2 s" {
	redis_serves
	start client "${sockcat[@]}" --no-shutdown -q 2 127.0.0.1 "$port" < <(printf 'SUBSCRIBE news\r\n')
	until_true says client.out subscribe
	until_true eval 'redis-cli -p "$port" PUBLISH news hello | grep -q 1'
	ends_with client 0
	says client.out hello
}

@test "-N sends to a sink that need not answer, and ends with it" {
	serve sink
	run -0 sockcat -N 127.0.0.1 "$port" <<<"load 0.42 1700000000"
	ends_with sink 0
	[ "$(cat sink.out)" = "load 0.42 1700000000" ]
}

@test "--send-only leaves though the peer stays" {
	peer sink unread 20
	run -0 sockcat --send-only 127.0.0.1 "$port" <<<line
}

@test "-d hears what a server says though cron gives no input" {
	serve server < <(pass_time 0.5; echo late)
	run -0 sockcat -d 127.0.0.1 "$port" </dev/null
	prints late
	ends_with server 0
}

@test "an empty input is told at once" {
	peer server end-comes-within 250
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	ends_with server 0
}

@test "--no-shutdown with -w keeps the sending side open until a silent while is over" {
	redis_serves
	run -1 --separate-stderr sockcat --no-shutdown -w 1 127.0.0.1 "$port" < <(printf 'PING\r\n')
	prints $'+PONG\r'
	[[ $stderr == *"idle for 1 s" ]]
}

@test "a line for statsd, graphite and syslog arrives" {
	start statsd "${sockcat[@]}" -v -u -l -W 1 127.0.0.1 0 </dev/null
	listens statsd
	echo 'queue.length:7|g' | sockcat -u -q 0 127.0.0.1 "$port"
	ends_with statsd 0
	[ "$(cat statsd.out)" = "queue.length:7|g" ]
	start syslog "${sockcat[@]}" -v -U -l log.sock </dev/null
	listens syslog
	echo '<13>host app: up' | sockcat -N -U log.sock
	ends_with syslog 0
	[ "$(cat syslog.out)" = "<13>host app: up" ]
}

@test "a file for statsd and for syslog arrives line by line" {
	printf 'one:1|c\ntwo:2|c\n' >metrics
	start statsd "${sockcat[@]}" -v -u -l -W 2 127.0.0.1 0 </dev/null
	listens statsd
	sockcat -u -q 0 --lines 127.0.0.1 "$port" <metrics
	ends_with statsd 0
	same statsd.out metrics
	start syslog "${sockcat[@]}" -v -u -U -l -W 2 log </dev/null
	listens syslog
	sockcat -u -U -q 0 --lines log <metrics
	ends_with syslog 0
	same syslog.out metrics
}
