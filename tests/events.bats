#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# --log-format json: what is told, and that a program can read it.  helper.bash
# checks whatever any test has said in JSON against the schema.

load helper

json=(--log-format json)

events() {
	python3 "$TEST_SOURCES/events.py" "$@"
}

# has FILE NAME FIELD VALUE: of the first event of that name.
has() {
	run -0 events get "$1" "$2" "$3"
	prints "$4"
}

# lacks FILE NAME FIELD: the first event of that name does not have it.
lacks() {
	run -0 events count "$1" "$2"
	[ "$output" -gt 0 ]
	run -1 events get "$1" "$2" "$3"
}

happens() {
	until_true says "$1.err" "\"event\":\"$2\""
}

# serve_json NAME OPTIONS...: listening on a port of the system's choice.
serve_json() {
	local name=$1

	shift
	start "$name" "${sockcat[@]}" -v "${json[@]}" -l "$@" 127.0.0.1 0
	happens "$name" listening
	port=$(events get "$name.err" listening local.port)
}

@test "a transfer is told as events by both sides" {
	serve_json server <<<answer
	start client "${sockcat[@]}" -N -vv "${json[@]}" 127.0.0.1 "$port" <<<question
	ends_with client 0
	ends_with server 0
	has server.err listening local.address 127.0.0.1
	has server.err accepted peer.address 127.0.0.1
	has server.err accepted local.port "$port"
	has server.err ended received 9
	has server.err ended received_end end
	has client.err connecting peer.port "$port"
	has client.err connected host 127.0.0.1
	has client.err connected level info
	has client.err ended sent 9
	has client.err ended received 7
	has client.err ended peer.name "127.0.0.1 port $port"
}

@test "an event's message is the line of text" {
	free_port
	start text "${sockcat[@]}" 127.0.0.1 "$port"
	start json "${sockcat[@]}" "${json[@]}" 127.0.0.1 "$port"
	ends_with text 1
	ends_with json 1
	has json.err connect_failed message "$(sed 's/^sockcat: //' text.err)"
	has json.err connect_failed level error
	has json.err connect_failed error "Connection refused"
	has json.err connect_failed errno 111
	has json.err connect_failed stage connect
	has json.err connect_failed service "$port"
}

@test "a host is told as it was asked for, and its address beside it" {
	serve_json server -4
	sockcat -4 -N -vv "${json[@]}" localhost "$port" 2>client.err <<<hello
	ends_with server 0
	for event in connecting connected; do
		has client.err "$event" host localhost
		has client.err "$event" peer.address 127.0.0.1
		has client.err "$event" peer.port "$port"
	done
	has client.err connecting message "connecting to localhost (127.0.0.1) port $port"
	has client.err connected port "$port"
	[[ $(events get client.err connected message) == "Connection to localhost (127.0.0.1) $port port "* ]]
	start failed "${sockcat[@]}" -4 "${json[@]}" localhost "$port"
	ends_with failed 1
	has failed.err connect_failed host localhost
	has failed.err connect_failed peer.address 127.0.0.1
	has failed.err connect_failed reason "Connection refused"
	has failed.err connect_failed transport tcp
	has failed.err connect_failed message \
		"connect to localhost (127.0.0.1) port $port (tcp) failed: Connection refused"
}

@test "what cannot be listened on is told with its host and its address" {
	serve_json server -4 -k
	start taken "${sockcat[@]}" -4 "${json[@]}" -l localhost "$port"
	ends_with taken 1
	has taken.err listen_failed host localhost
	has taken.err listen_failed local.address 127.0.0.1
	has taken.err listen_failed local.port "$port"
	has taken.err listen_failed message \
		"listen on 127.0.0.1 port $port (tcp) failed: Address already in use"
	start any "${sockcat[@]}" -4 "${json[@]}" -l "$port"
	ends_with any 1
	lacks any.err listen_failed host
	has any.err listen_failed local.address 0.0.0.0
	start unknown "${sockcat[@]}" "${json[@]}" -l no..such.host 1
	ends_with unknown 1
	has unknown.err listen_failed host no..such.host
	has unknown.err listen_failed service 1
}

@test "a path has no port" {
	start server "${sockcat[@]}" -v "${json[@]}" -l -U path </dev/null
	happens server listening
	sockcat -N -vv "${json[@]}" -U path 2>client.err <<<hello
	ends_with server 0
	has client.err connected host path
	has client.err connected message "Connection to path [unix] succeeded!"
	lacks client.err connected port
	lacks client.err connected peer.port
	lacks server.err listening local.port
}

@test "what nobody printed on purpose is escaped in events, too" {
	nasty=$'x\e[31m"\\\x9b\xe2\x80\xae\n\xc3\xa9'
	start server "${sockcat[@]}" -v "${json[@]}" -l -U "$nasty" </dev/null
	happens server listening
	sockcat -N -U "$nasty" <<<hello
	ends_with server 0
	has server.err listening local.address 'x\x1b[31m"\\x9b\xe2\x80\xae\x0aé'
	has server.err ended received 6
}

@test "the longest path is told whole, with all its bytes escaped" {
	printf -v path '\001%.0s' {1..107}
	printf -v shown '\\x01%.0s' {1..107}
	serve_path text "$path" </dev/null
	sockcat -N -v -U "$path" 2>client.err <<<hello
	ends_with text 0
	run -0 cat text.err client.err
	[[ $output == *"Listening on $shown"$'\n'* ]]
	[[ $output == *"Connection received on $shown"$'\n'* ]]
	[[ $output == *"Connection to $shown [unix] succeeded!"* ]]
	start json "${sockcat[@]}" -v "${json[@]}" -l -U "$path" </dev/null
	happens json listening
	sockcat -N -vv "${json[@]}" -U "$path" 2>client.err <<<hello
	ends_with json 0
	has json.err listening local.address "$shown"
	has json.err accepted peer.address "$shown"
	has json.err accepted local.address "$shown"
	has json.err accepted message "Connection received on $shown"
	has client.err connecting host "$shown"
	has client.err connected peer.address "$shown"
	start failed "${sockcat[@]}" "${json[@]}" -U "$path"
	ends_with failed 1
	has failed.err connect_failed peer.address "$shown"
	has failed.err connect_failed host "$shown"
}

@test "a server tells of its clients: queued, served, denied, turned away" {
	serve_json server -k --max-conns 1 --backlog 1 -e /bin/cat
	start first "${sockcat[@]}" -d 127.0.0.1 "$port"
	happens server accepted
	start second "${sockcat[@]}" -d 127.0.0.1 "$port"
	happens server queued
	has server.err queued limit 1
	sockcat -d 127.0.0.1 "$port" >busy
	happens server turned_away
	kill "$first_pid"
	happens server command_ended
	happens server served
	has server.err command_ended reason "exit status"
	kill "$server_pid"
	happens server stopping
	has server.err stopping count 1
	serve_json denier -k --deny 127.0.0.1
	sockcat -d 127.0.0.1 "$port" >denied
	happens denier denied
}

@test "what goes wrong in the middle is told with its fields" {
	serve_json server <<<full
	status=0
	sockcat "${json[@]}" -d 127.0.0.1 "$port" >/dev/full 2>client.err || status=$?
	[ "$status" -eq 1 ]
	has client.err failed what "standard output"
	has client.err failed error "No space left on device"
	serve_json reset -d
	run -0 python3 -c "
import socket, struct
s = socket.create_connection(('127.0.0.1', $port))
s.sendall(b'x')
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))"
	ends_with reset 1
	has reset.err peer_failed error "Connection reset by peer"
	has reset.err peer_failed lost 0
	has reset.err ended received_end reset
}

@test "-vv tells states and -vvv reads and writes" {
	serve_json server -d
	start client "${sockcat[@]}" -N -vvv "${json[@]}" 127.0.0.1 "$port" <<<hello
	ends_with client 0
	has client.err read bytes 6
	has client.err wrote level trace
	has client.err flow_state level debug
	has client.err flow_state old_state open
}

@test "datagrams tell of strangers, and of peers that are not there" {
	serve_json server -u -d
	sockcat -u -q 0 127.0.0.1 "$port" <<<first
	happens server accepted
	sockcat -u -q 0 127.0.0.1 "$port" <<<second
	happens server datagram_ignored
	free_port
	start client "${sockcat[@]}" -u -q 0.5 "${json[@]}" 127.0.0.1 "$port" <<<hello
	ends_with client 1
	has client.err failed error "Connection refused"
}

@test "lines that were lost are counted in an event" {
	mkfifo log
	exec 8<>log # which nobody reads until it is full
	python3 -c 'import fcntl; fcntl.fcntl(8, fcntl.F_SETPIPE_SZ, 4096)'
	free_port
	"${sockcat[@]}" -vvv "${json[@]}" -k -l -d 127.0.0.1 "$port" </dev/null >copy 2>log 3>&- 8>&- &
	pids+=($!)
	until_true tcp_listening "$port"
	for i in {1..500}; do echo "$i"; done | sockcat -N -i 1ms 127.0.0.1 "$port"
	until_true says copy '^500$'
	# It has the reading end already: a fifo that nobody has open refuses lines.
	cat <&8 >log.err 3>&- 8>&- &
	pids+=($!)
	exec 8>&-
	until_true test -s log.err # and has made space in it
	sockcat -N 127.0.0.1 "$port" <<<more
	until_true says log.err '"event":"lines_lost"'
	[ "$(events get log.err lines_lost count)" -gt 1 ]
}

@test "what is not told is not asked for" {
	free_port
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	start server strace -D -f -qq -o calls -e trace=getsockname \
		"${sockcat[@]}" -l 127.0.0.1 "$port" </dev/null
	until_true tcp_listening "$port"
	sockcat -N 127.0.0.1 "$port" <<<hello
	ends_with server 0
	[ "$(grep -c getsockname calls)" -eq 1 ] # for the port of other families
}

# is_event NAME MEMBERS: whether the schema takes such an event.
is_event() {
	printf '{"time":"2026-01-01T00:00:00.000Z","level":"info","message":"x","event":"%s"%s}\n' \
		"$1" "${2:+,$2}" >event
	events check event
}

@test "the schema says which fields an event has, and which it may have" {
	is_event access_reloaded
	run -1 is_event access_reloaded '"count":1'
	is_event queued '"peer":{"name":"x"},"count":1,"limit":2'
	run -1 is_event queued '"peer":{"name":"x"},"count":1'
	run -1 is_event queued '"peer":{"name":"x"},"count":1,"limit":2,"port":9'
	run -1 is_event queued '"peer":"x","count":1,"limit":2'
	is_event connected '"peer":{"address":"x"},"host":"x","transport":"unix"'
	is_event connected '"peer":{"address":"x"},"host":"x","transport":"tcp","port":9,"service":"*"'
	run -1 is_event connected '"peer":{"address":"x"},"host":"x"'
	is_event failed '"what":"x","reason":"x"'
	is_event failed '"what":"x","error":"x","errno":1'
	run -1 is_event failed '"error":"x","errno":1'
	run -1 is_event unknown
}

@test "what is wrong with the command line is text" {
	refused "--log-format xml: must be text or json" --log-format xml 127.0.0.1 1
	run -2 sockcat "${json[@]}"
	[[ $output == "sockcat: "* ]]
}

@test "text is the default" {
	free_port
	run -1 sockcat --log-format text 127.0.0.1 "$port"
	[[ $output == "sockcat: connect to 127.0.0.1 "* ]]
}
