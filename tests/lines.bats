#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a line may contain, whoever chose the name in it, and that nobody
# waits for whoever reads the lines.

load helper

nasty=$'x\e[31m\x9b\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\t\n\xc3\xa9'
shown='x\\x1b\[31m\\x9b\\xc2\\x9b\\xe2\\x80\\xae\\xe2\\x80\\xa8\\x09\\x0a'

# shows FILE WORDS: once it says them, it holds nothing else than text.
shows() {
	until_true says "$1" "$2"
	peers only-text "$1"
}

@test "a path of any bytes is listened on as it is, and shown escaped" {
	serve_path server -k "$nasty" </dev/null
	shows server.err "^Listening on $shown"
	[ -S "$nasty" ]
	start client "${sockcat[@]}" -N -v -U "$nasty" <<<hello
	ends_with client 0
	shows client.err "^Connection to $shown.* succeeded"
	shows server.err "^Connection received on $shown"
	until_true says server.out '^hello$'
	kill "$server_pid"
	ends server
	[ ! -e "$nasty" ]
}

@test "a path that looks like another one when it is shown is not that one" {
	serve_path victim -k 'a\x01b' </dev/null
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("a\1b")'
	serve_path server $'a\x01b' </dev/null
	sockcat -N -U $'a\x01b' <<<"to the one"
	ends_with server 0
	[ "$(cat server.out)" = "to the one" ]
	[ ! -e $'a\x01b' ]
	sockcat -N -U 'a\x01b' <<<"to the other"
	until_true says victim.out "to the other"
}

@test "the path of a client is escaped in lines, and whole in the environment" {
	serve_path server -c 'printf %s "$SOCKCAT_REMOTE_ADDR" >remote; printf %s "$NCAT_LOCAL_ADDR" >local' front
	peers nasty-peer STREAM front
	ends_with server 0
	shows server.err "^Connection received on $shown"
	peers holds-nasty remote
	[ "$(cat local)" = front ]
}

@test "the abstract name of a client is escaped as its path is" {
	serve_path server -c 'printf %s "${SOCKCAT_REMOTE_ADDR#@}" >remote' front
	peers nasty-peer @STREAM front
	ends_with server 0
	shows server.err "^Connection received on @$shown"
	peers holds-nasty remote
}

@test "a peer without a name is shown as the path that it came to" {
	serve_path server "$nasty" </dev/null
	sockcat -N -U "$nasty" <<<hello
	ends_with server 0
	shows server.err "^Connection received on $shown"
}

@test "lines about a session show the name of its client escaped" {
	serve_path server -k --forward unix:nowhere front
	peers nasty-peer STREAM front
	shows server.err "^sockcat: $shown.*No such file"
}

@test "lines about datagrams show the name of their sender escaped" {
	serve_path server -u -k -vv front </dev/null
	peers nasty-peer DGRAM front hello
	until_true says server.out '^hello$'
	shows server.err "^Connection received on $shown"
}

@test "a chat announces the name of a member escaped" {
	mkfifo input
	exec 9<>input
	serve_path server --chat front
	start reader "${sockcat[@]}" -U front <input
	until_true says server.err '^Connection received'
	peers nasty-peer STREAM front $'\e[31mhello' >/dev/null &
	pids+=($!)
	until_true says reader.out '^<user2> \\x1b\[31mhello$'
	exec 9>&-
	shows reader.out "^<announce> user2 joined from $shown"
	peers only-text server.err
}

@test "a client that waits for a place is shown escaped" {
	mkfifo input
	exec 9<>input
	serve_path server -k --max-conns 1 -e cat front
	start first "${sockcat[@]}" -U front <input
	until_true says server.err '^Connection received'
	start second "${peers[@]}" nasty-peer STREAM front hello
	shows server.err "^$shown.*: queued"
	exec 9>&-
	ends_with second 0
	shows server.err "^$shown.*: served"
}

@test "what readiness tells has a line for each address, whatever its bytes" {
	start server "${sockcat[@]}" --ready-fd 1 -l -U "$nasty" </dev/null
	shows server.out "^$shown"
	[ "$(wc -l <server.out)" -eq 1 ]
}

# complains ARGS...: an error line, which shows the bytes escaped.
complains() {
	start plain "${sockcat[@]}" "$@" </dev/null
	ends plain
	((status > 0))
	is_one_error plain.err
	shows plain.err "$shown"
}

@test "error lines show what is on the command line escaped" {
	complains -U "$nasty"
	complains -l -U "no/$nasty"
	complains -u -s "no/$nasty" -U path
	complains "$nasty" 1
	complains 127.0.0.1 "$nasty"
	complains -s "$nasty" 127.0.0.1 1
	complains -l --allow "$nasty" 0
	complains -l --allowfile "$nasty" 0
	complains -l --forward "$nasty" 0
	complains -w "$nasty" 127.0.0.1 1
	complains --protocol "$nasty" 127.0.0.1 1
	complains "--$nasty"
}

@test "error lines show what is in the environment escaped" {
	start server env NOTIFY_SOCKET="$nasty" "${sockcat[@]}" -v -l 127.0.0.1 0 </dev/null
	shows server.err "^sockcat: NOTIFY_SOCKET $shown"
	start server env LISTEN_PID="$nasty" LISTEN_FDS=1 "${sockcat[@]}" -l 127.0.0.1 0 </dev/null
	shows server.err "$shown"
}

@test "lines that nobody reads are counted, and nobody waits: a pipe" {
	run -0 peers nobody-reads pipe "${sockcat[@]}" -k -v -l 127.0.0.1 0 </dev/null
	are_lost
}

@test "lines that nobody reads are counted, and nobody waits: a socket" {
	run -0 peers nobody-reads socket "${sockcat[@]}" -k -v -l 127.0.0.1 0 </dev/null
	are_lost
}

@test "lines that nobody reads are counted, and nobody waits: a terminal" {
	run -0 peers nobody-reads terminal "${sockcat[@]}" -k -v -l 127.0.0.1 0 </dev/null
	are_lost
}

are_lost() {
	[ "${lines[0]}" = "ended with -15" ]
	[[ ${lines[1]} =~ ^"sockcat: standard error: "[0-9]+" lines were lost" ]]
}

@test "a server whose lines nobody reads ends when it is told to" {
	run -0 peers stuck-log "${sockcat[@]}" -k -v -l 127.0.0.1 0 </dev/null
	prints "ended with -15"
}
