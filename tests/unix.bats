#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Unix-domain sockets: streams, datagrams, seqpackets, paths and names.

load helper

@test "a transfer over a path" {
	file_of 1M data
	serve_path server path </dev/null
	[ "$(head -n 1 server.err)" = "Listening on path" ]
	sockcat -N -U path <data
	ends_with server 0
	same data server.out
}

@test "an abstract name leaves no file" {
	serve_path server "@sockcat-$$" <<<"answer"
	run -0 sockcat -N -U "@sockcat-$$" <<<"hello"
	prints answer
	ends_with server 0
	[ ! -e "@sockcat-$$" ]
}

@test "a regular file at the path is refused and left alone" {
	echo precious >path
	run -1 sockcat -lU path </dev/null
	prints "sockcat: listen on path (unix) failed: File exists"
	[ "$(cat path)" = precious ]
}

@test "a live listener at the path is refused and goes on" {
	serve_path server path </dev/null
	run -1 sockcat -lU path </dev/null
	prints "sockcat: listen on path (unix) failed: Address already in use"
	run -1 sockcat -lUu path </dev/null
	sockcat -N -U path <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "a dead socket at the path is taken over" {
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("path")'
	[ -S path ]
	serve_path server path </dev/null
	sockcat -N -U path <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "of many that find a dead socket, one takes it over and serves" {
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("path")'
	for i in {1..8}; do
		start "server_$i" "${sockcat[@]}" -v -lU path </dev/null
	done
	until_true one_listens
	sockcat -N -U path <<<"hello"
	for i in {1..8}; do
		ends "server_$i"
	done
	[ "$(cat server_?.out)" = hello ]
	[ "$(cat server_?.err | grep -c 'Address already in use')" -eq 7 ]
}

one_listens() {
	[ "$(cat server_?.err | grep -cE '^Listening|already in use')" -eq 8 ]
}

@test "a symbolic link at the path is refused" {
	ln -s nowhere path
	run -1 sockcat -lU path </dev/null
	[ -L path ]
}

@test "one's own path is removed at the end" {
	serve_path server path </dev/null
	sockcat -U path </dev/null
	ends_with server 0
	[ ! -e path ]
}

@test "one's own path is removed after SIGINT and SIGTERM" {
	for signal in TERM INT; do
		# A shell's background job ignores SIGINT unless told otherwise.
		start server python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "${sockcat[@]}" -v -lU path </dev/null
		listens server
		[ -S path ]
		kill "-$signal" "$pid"
		ends server
		((status > 128))
		[ ! -e path ]
	done
}

@test "a path that another process has replaced is not removed" {
	serve_path server path </dev/null
	rm path
	echo other >path
	kill -TERM "$server_pid"
	ends server
	[ "$(cat path)" = other ]
}

@test "--unix-mode cuts the mode of the path" {
	serve_path server --unix-mode 600 path </dev/null
	[ "$(stat -c %a path)" = 600 ]
}

@test "a path of 107 bytes is long enough" {
	mkdir "$(printf 'd%.0s' {1..50})"
	path=$(printf 'd%.0s' {1..50})/$(printf 'x%.0s' {1..56})
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$path"
	serve_path server "$path" </dev/null
	sockcat -N -U "$path" <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
	[ ! -e "$path" ]
}

@test "a dead socket behind a symbolic link to its folder is taken over" {
	mkdir real
	ln -s real link
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("real/path")'
	serve_path server ./link/../link/path </dev/null
	[ "$(head -n 1 server.err)" = "Listening on ./link/../link/path" ]
	sockcat -N -U "$PWD/real/path" <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
	[ ! -e real/path ]
}

@test "a live listener is not taken for dead by another name of its path" {
	mkdir real
	ln -s real link
	serve_path server -k real/path </dev/null
	run -1 sockcat -lU link/path </dev/null
	prints "sockcat: listen on link/path (unix) failed: Address already in use"
	ln real/path hard
	run -1 sockcat -lU hard </dev/null
	prints "sockcat: listen on hard (unix) failed: Address already in use"
	sockcat -N -U real/path <<<"hello"
	until_true says server.out hello
}

@test "whoever keeps a folder locked holds up no listener for good" {
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("path")'
	keep_locked 300
	start server "${sockcat[@]}" -lU path </dev/null
	start client "${sockcat[@]}" -u -s path -U path </dev/null
	ends_with server 1
	ends_with client 1
	[ "$(cat server.err)" = "sockcat: listen on path (unix) failed: Another process keeps the directory locked" ]
	says client.err "path: Another process keeps the directory locked"
	[ -S path ]
}

@test "a listener that waits for a folder to be unlocked can be stopped, and goes on" {
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("path")'
	keep_locked 300
	run -1 sockcat --deadline 100ms -lU path </dev/null
	start server "${sockcat[@]}" -v -lU path </dev/null
	has_locked_out server
	kill "$server_pid"
	ends_with server 143
	[ -S path ]
	start server "${sockcat[@]}" -v -lU path </dev/null
	has_locked_out server
	kill "$lock_pid"
	listens server
}

# keep_locked SECONDS: another process has the folder locked.
keep_locked() {
	start lock python3 -c 'import fcntl, os, sys, time
fd = os.open(".", os.O_RDONLY)
fcntl.flock(fd, fcntl.LOCK_EX)
print("locked", flush=True)
time.sleep(float(sys.argv[1]))' "$1"
	until_true says lock.out locked
}

# Whether it has caught its signals, and so begun.
has_locked_out() {
	local pid="${1}_pid"

	until_true catches_signals "${!pid}"
}

catches_signals() {
	local caught

	caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status")
	((0x$caught & 0x4000))
}

@test "a folder that cannot be locked keeps what is in it" {
	can_be_nobody
	mkdir folder
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("folder/path")'
	chmod 777 . folder/path
	chmod 333 folder
	run -1 sockcat_as_nobody -lU folder/path
	prints "sockcat: listen on folder/path (unix) failed: Permission denied"
	[ -S folder/path ]
}

@test "a dead socket in a folder of somebody else stays" {
	can_be_nobody
	mkdir folder
	python3 -c 'import os, socket
socket.socket(socket.AF_UNIX).bind("folder/path")
os.chmod("folder/path", 0o777)'
	run -1 sockcat_as_nobody -lU folder/path
	prints "sockcat: listen on folder/path (unix) failed: Permission denied"
	[ -S folder/path ]
}

can_be_nobody() {
	[ "$(id -u)" -eq 0 ] || skip "needs root, to be somebody else"
	[ "${#sockcat[@]}" -eq 1 ] || skip "runs the binary without a prefix"
}

# The binary may be in a folder that nobody else may enter, so it is opened
# before: by its descriptor it can be run all the same.
sockcat_as_nobody() {
	timeout --foreground "$LIMIT" python3 -c '
import os, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
os.set_inheritable(fd, True)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
os.execve(fd, ["sockcat"] + sys.argv[2:], os.environ)' "${sockcat[@]}" "$@" </dev/null
}

@test "of two that race for a path while one ends, the other keeps its own" {
	for _ in {1..5}; do
		serve_path one path </dev/null
		start two bash -c 'until "$@" -v -lU path; do :; done' bash "${sockcat[@]}" </dev/null
		kill "$one_pid"
		listens two
		ends one
		sockcat -N -U path <<<"hello"
		ends_with two 0
		says two.out hello
	done
}

@test "an empty path is refused" {
	run -2 sockcat -lU "" </dev/null
	run -2 sockcat -U "" </dev/null
}

@test "nothing at the path is an error that names it" {
	run -1 sockcat -U path </dev/null
	prints "sockcat: connect to path (unix) failed: No such file or directory"
}

@test "input that a vanished peer did not take is an error" {
	python3 - <<-'E' &
		import os, socket
		s = socket.socket(socket.AF_UNIX)
		s.bind("new")
		s.listen()
		os.rename("new", "path")
		c = s.accept()[0]
		got = 0
		while got < 1 << 20: got += len(c.recv(65536))
	E
	pids+=($!)
	until_true test -S path
	file_of 4M data
	run -1 sockcat -U path <data
	is_error_of path
}

# is_error_of WHAT: one error line about it.
is_error_of() {
	[[ ${#lines[@]} -eq 1 && $output == "sockcat: $1: "* ]]
}

@test "a peer that has gone, with nothing left to send, is a plain end" {
	serve_path server -q 0 path <<<"bye"
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" -vv -N -U path <input
	ends_with server 0
	ends_with client 0
	exec 9>&-
	[ "$(cat client.out)" = bye ]
	says client.err '^path: closed: Broken pipe$'
}

@test "a client waits for a place in a full queue" {
	serve_path server -k --backlog 1 path </dev/null
	for i in {1..12}; do
		start "client_$i" "${sockcat[@]}" -N -U path <<<"client $i"
	done
	for i in {1..12}; do
		ends_with "client_$i" 0
	done
	until_true has_lines server.out 12
}

@test "datagrams of 65507 and 0 bytes arrive as such and in order" {
	start server "${peers[@]}" output-socket DGRAM 3 \
		"${sockcat[@]}" -v -u -l -d -W 3 -U path
	listens server
	python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("path")
for size in 65507, 0, 1: s.send(b"x" * size)'
	ends_with server 0
	[ "$(cat server.out)" = $'65507\n0\n1' ]
	[ ! -e path ]
}

@test "a datagram client gets answers under a private name, which it removes" {
	mkdir tmp
	export TMPDIR=$PWD/tmp
	mkfifo input
	exec 9<>input
	start server "${sockcat[@]}" -v -u -l -U path <input
	listens server
	start client "${sockcat[@]}" -u -q 10 -W 1 -U path <<<"question"
	until_true says server.out question
	[ "$(find tmp -type s | wc -l)" -eq 1 ]
	echo answer >&9
	ends_with client 0
	exec 9>&-
	[ "$(cat client.out)" = answer ]
	[ -z "$(ls tmp)" ]
}

@test "a datagram client that is killed removes its private name too" {
	mkdir tmp
	export TMPDIR=$PWD/tmp
	serve_path server -u -d path
	start client "${sockcat[@]}" -u -d -U path
	until_true has_socket tmp
	kill -TERM "$client_pid"
	ends_with client 143
	[ -z "$(ls tmp)" ]
}

has_socket() {
	[ -n "$(find "$1" -type s)" ]
}

@test "a datagram peer that has gone is reported once, and counted at the end" {
	serve_path server -u -d path
	mkfifo input
	exec 9<>input
	start client "${sockcat[@]}" -u -q 100ms -U path <input
	echo one >&9
	until_true says server.out one
	kill -TERM "$server_pid"
	ends server
	echo two >&9
	until_true says client.err 'Connection refused'
	echo three >&9
	exec 9>&-
	ends_with client 1
	[ "$(wc -l <client.err)" -eq 2 ]
	says client.err '^sockcat: path: ended with 2 errors$'
}

@test "-s names the local path of a datagram client" {
	start server "${sockcat[@]}" -v -u -l -d -W 1 -U path
	listens server
	sockcat -u -q 0 -s mine -U path <<<"question"
	ends_with server 0
	[ ! -e mine ]
}

@test "a datagram receiver that is slow loses nothing" {
	mkfifo output
	file_of 2M data
	serve_path server -u -d path 7<>output
	start client "${sockcat[@]}" -u -q 0 -U path <data
	ends_with client 0
	kill -TERM "$server_pid"
	ends server
	same data server.out
}

@test "seqpackets keep messages, empty ones too, and have an end" {
	start server "${peers[@]}" output-socket SEQPACKET 3 \
		"${sockcat[@]}" -v -l --seqpacket -U path
	listens server
	python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("path")
for size in 5, 0, 65507: s.send(b"x" * size)'
	ends_with server 0
	[ "$(cat server.out)" = $'5\n0\n65507' ]
}

@test "a transfer over seqpackets ends both ways" {
	file_of 1M data
	serve_path server --seqpacket path <data
	start client "${sockcat[@]}" -N --seqpacket -U path <data
	ends_with client 0
	ends_with server 0
	same data server.out
	same data client.out
}

@test "a socket of another type names the option that is missing" {
	start stream "${sockcat[@]}" -v -d -k -l -U stream
	start datagrams "${sockcat[@]}" -v -d -k -u -l -U datagrams
	listens stream
	listens datagrams
	run -1 sockcat -U datagrams </dev/null
	prints "sockcat: connect to datagrams (unix) failed: The socket is of another type (see -u and --seqpacket)"
	run -1 sockcat --seqpacket unix:stream </dev/null
	prints "sockcat: connect to stream (unix seqpacket) failed: The socket is of another type (see -u and --seqpacket)"
	run -1 sockcat -u -U stream </dev/null
	prints "sockcat: connect to stream (unix datagram) failed: It is no datagram socket (-u is for those)"
}
