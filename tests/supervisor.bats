#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Sockets from systemd and inetd, and telling them and s6 when all is ready.

load helper

# activate NAME KINDS OPTIONS...: sockcat with sockets of these kinds; their
# ports are in ${ports[@]}.
activate() {
	local name=$1 kinds=$2

	shift 2
	start "$name" "${peers[@]}" inherited "$kinds" "${sockcat[@]}" "$@"
	until_true test -s "$name.out"
	read -ra ports <"$name.out"
}

# Becomes a command that LISTEN_FDS and LISTEN_PID (self: its own) are set for.
export offered='LISTEN_FDS=$1 LISTEN_PID=${2/self/$$}; export LISTEN_FDS LISTEN_PID
	shift 2; exec "$@"'

# refused_under WORDS STATUS FDS PID OPTIONS...
refused_under() {
	local words=$1 wanted=$2 fds=$3 pid=$4

	shift 4
	run "-$wanted" bash -c "$offered" bash "$fds" "$pid" "${sockcat[@]}" "$@" </dev/null 3>&-
	prints "sockcat: $words"
}

@test "a listener that systemd starts serves its first client" {
	free_port
	echo to-client >input
	start server systemd-socket-activate -l "127.0.0.1:$port" "${sockcat[@]}" -v -l <input
	until_true says server.err "^Listening on 127.0.0.1:$port"
	echo to-server | sockcat -N 127.0.0.1 "$port" >client.out
	ends_with server 0
	[ "$(cat client.out)" = to-client ]
	[ "$(cat server.out)" = to-server ]
	says server.err "^Listening on 127.0.0.1 $port\$"
	says server.err '^Connection received on 127.0.0.1 '
}

@test "of two sockets from systemd either brings the client" {
	free_port
	start server systemd-socket-activate -l "127.0.0.1:$port" -l "$PWD/path" "${sockcat[@]}" -d -v -l
	until_true says server.err "^Listening on .*path"
	echo by-path | sockcat -N -U path
	ends_with server 0
	[ "$(cat server.out)" = by-path ]
	says server.err "^Listening on 127.0.0.1 $port\$"
	says server.err "^Listening on $PWD/path\$"
	[ -S path ]
}

@test "a client that systemd has accepted is the only one" {
	free_port
	start server systemd-socket-activate -a -l "127.0.0.1:$port" "${sockcat[@]}" -d -k -v -l
	until_true says server.err "^Listening on 127.0.0.1:$port"
	for i in 1 2; do
		echo "client $i" | sockcat -N 127.0.0.1 "$port"
	done
	until_true has_lines server.out 2
	[ "$(sort server.out)" = $'client 1\nclient 2' ]
}

@test "a client that was accepted for us and is not let in is an error line" {
	for options in "--deny 127.0.0.0/8" "--allow 192.0.2.1"; do
		# shellcheck disable=SC2086
		run -0 python3 - "${sockcat[@]}" -l -k $options -e cat <<-'E'
			import os, socket, subprocess, sys
			s = socket.create_server(("127.0.0.1", 0))
			c = socket.create_connection(s.getsockname())
			a = s.accept()[0]
			os.dup2(a.fileno(), 3)
			run = ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh"] + sys.argv[1:]
			done = subprocess.run(run, pass_fds=[3], stderr=subprocess.PIPE, text=True, timeout=20)
			print(done.returncode, done.stderr.replace(str(c.getsockname()[1]), "PORT"), end="")
		E
		prints "1 sockcat: 127.0.0.1 PORT: not let in: --allow, --deny"
	done
}

@test "with -k an inherited socket brings one client after another" {
	activate server tcp -v -d -k -l
	for i in 1 2 3; do
		echo "client $i" | sockcat -N 127.0.0.1 "${ports[0]}"
	done
	until_true has_lines server.out 4
	[ "$(tail -n 3 server.out)" = $'client 1\nclient 2\nclient 3' ]
}

@test "each inherited socket is served as what it is" {
	activate server tcp,udp -v -d -k -l
	until_true says server.err "^Listening on 127.0.0.1 ${ports[1]}\$"
	echo stream | sockcat -N 127.0.0.1 "${ports[0]}"
	until_true says server.out '^stream$'
	echo datagram | sockcat -u -q 0 127.0.0.1 "${ports[1]}"
	until_true says server.out '^datagram$'
}

@test "an inherited datagram socket is served without -u" {
	echo answer >input
	activate server udp -v -l <input
	run -0 sockcat -u -W 1 -q 5 127.0.0.1 "${ports[0]}" <<<question
	prints answer
	until_true says server.out '^question$'
}

@test "sockets for another process are ignored" {
	start server bash -c "$offered" bash x 1 "${sockcat[@]}" -d -v -l 127.0.0.1 0
	listens server
	echo hello | sockcat -N 127.0.0.1 "$port"
	ends_with server 0
	says server.err '^LISTEN_FDS is for process 1$'
	refused_under "-l: a port is missing, and LISTEN_FDS is for process 1, not for this one" 2 1 1 -l
}

@test "a unix-domain socket from systemd has no access lists" {
	cat >pass.py <<-'E'
		import os, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind("path")
		s.listen()
		os.dup2(os.dup(s.fileno()), 3)
		os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
		os.execv(sys.argv[1], sys.argv[1:])
	E
	for option in --allow --deny; do
		run -2 python3 pass.py "${sockcat[@]}" -l "$option" 127.0.0.1 </dev/null 3>&-
		prints "sockcat: --allow, --deny: a unix socket has no addresses"
		rm path
	done
}

@test "a supervisor that does not read is told once it reads, and holds up nobody" {
	echo 127.0.0.1 >allowed
	run -0 peers stuck-supervisor "$PWD/notify" \
		"${sockcat[@]}" -v -k -l --allowfile allowed 127.0.0.1 0 </dev/null
	[[ $output =~ ^"READY=1 RELOADING=1 READY=1 -15"$ ]]
}

@test "a client leaves sockets that are offered to it alone" {
	serve server -d
	run -0 bash -c "$offered" bash 7 self "${sockcat[@]}" -N 127.0.0.1 "$port" <<<hello
	ends_with server 0
	says server.out '^hello$'
}

@test "what LISTEN_FDS says wrongly is an error" {
	refused_under "LISTEN_FDS: x: must be a number of sockets" 1 x self -l
	refused_under "LISTEN_FDS: -1: must be a number of sockets" 1 -1 self -l
	refused_under "LISTEN_FDS: LISTEN_PID is 1x: must be a process id" 1 1 1x -l 9000
	refused_under "LISTEN_FDS: descriptor 3 is not open" 1 1 self -l
	run -1 bash -c "exec 3</dev/null; $offered" bash 1 self "${sockcat[@]}" -l
	prints "sockcat: LISTEN_FDS: descriptor 3 is no socket"
}

@test "sockets that are given leave no choice of a port" {
	refused_under "LISTEN_FDS: the sockets are given, so no port is" 2 1 self -l 9000
	refused_under "LISTEN_FDS: the sockets are given, so no port is" 2 1 self -l -p 9000
	refused_under "LISTEN_FDS: the sockets are given, so no port is" 2 1 self -l -U path
	refused_under "--inetd: the socket is given, so no port is" 2 0 1 --inetd -e cat 9000
	refused_under "--inetd: cannot be used with --source-port" 2 0 1 --inetd -e cat -p 9000
	refused_under "--inetd: cannot be used with --unixsock" 2 0 1 --inetd -e cat -U
}

@test "--inetd needs a socket on standard input" {
	refused_under "--inetd: standard input is no socket" 1 0 1 --inetd -e cat
}

@test "--inetd needs to be told what the client is for" {
	refused_under "--inetd: needs --exec, --sh-exec, --forward, --broker or --chat" 2 0 1 --inetd
}

@test "no error line ever goes to a client of inetd's" {
	run peers as-inetd hello "${sockcat[@]}" -v --inetd -e ./no-such-command
	prints ""
}

@test "inetd starts a server for a client and for a bound socket" {
	local service log="$PWD/log" user

	user=$(id -un)
	free_port
	printf '#!/bin/sh\nexec "$@" 2>>%s\n' "$log" >wrapper
	chmod +x wrapper
	for service in "stream tcp nowait" "dgram udp wait"; do
		echo "127.0.0.1:$port $service $user $PWD/wrapper wrapper ${sockcat[*]} -v -w 1 --inetd -e cat"
	done >inetd.conf
	start inetd inetd -d -i "$PWD/inetd.conf"
	until_true tcp_listening "$port"
	run -0 sockcat -N 127.0.0.1 "$port" <<<hello
	prints hello
	until_true says log '^Connection received on 127.0.0.1 '
	until_true udp_bound "$port"
	run -0 sockcat -u -W 1 -q 5 127.0.0.1 "$port" <<<hello
	prints hello
	until_true says log "^Listening on 127.0.0.1 $port\$"
	until_true has_clients 2 log
}

@test "systemd is told that a listener is ready, where, and when it stops" {
	for name in "$PWD/notify" "@sockcat-test-$$-$BATS_TEST_NUMBER"; do
		start server "${peers[@]}" notified "$name" \
			"${sockcat[@]}" -d -v -l 127.0.0.1 0
		listens server
		until_true has_lines server.out 1
		[ "$(cat server.out)" = "READY=1|STATUS=Listening on 127.0.0.1 $port" ]
		echo hello | sockcat -N 127.0.0.1 "$port"
		ends_with server 0
		says server.out '^STOPPING=1$'
	done
}

@test "a supervisor that cannot be told is no failure" {
	export NOTIFY_SOCKET="$PWD/nobody"
	serve server -d
	echo hello | sockcat -N 127.0.0.1 "$port"
	ends_with server 0
	says server.err '^sockcat: NOTIFY_SOCKET: No such file or directory$'
}

@test "--ready-fd gets the address and port of each socket, and is closed" {
	mkfifo ready
	start reader cat ready
	start server "${sockcat[@]}" -d -v -l --ready-fd 5 -p 0 5>ready
	ends_with reader 0
	listens server
	[ "$(cat reader.out)" = "$(sed -n 's/^Listening on //p' server.err)" ]
	says reader.out "^0\.0\.0\.0 $port\$"
	echo hello | sockcat -N 127.0.0.1 "$port"
	ends_with server 0
}

@test "--ready-fd gets the path of a unix-domain listener" {
	start server "${sockcat[@]}" -d -l -U --ready-fd 5 path 5>ready
	until_true test -s ready
	[ "$(cat ready)" = path ]
}

@test "--ready-fd 1 leaves standard output open for what arrives" {
	start server "${sockcat[@]}" -d -l --ready-fd 1 127.0.0.1 0
	until_true test -s server.out
	read -r _ port <server.out
	echo hello | sockcat -N 127.0.0.1 "$port"
	ends_with server 0
	[ "$(cat server.out)" = "127.0.0.1 $port"$'\n'hello ]
}

@test "a --ready-fd that cannot be written to is an error before anything listens" {
	run -2 sockcat -v -l --ready-fd 9 0 9>&-
	prints "sockcat: --ready-fd 9: Bad file descriptor"
	run -2 sockcat -v -l --ready-fd 9 0 9</dev/null
	prints "sockcat: --ready-fd 9: Bad file descriptor"
	run -2 sockcat --ready-fd 1 127.0.0.1 1
	prints "sockcat: --ready-fd: needs --listen"
	run -2 peers inherited tcp "${sockcat[@]}" -l --ready-fd 3
	[ "${lines[1]}" = "sockcat: --ready-fd 3: is a socket to serve" ]
}

@test "systemd is told when access lists are read again" {
	echo 127.0.0.1 >allow
	start server "${peers[@]}" notified "$PWD/notify" \
		"${sockcat[@]}" -v -k -l --allowfile allow -e /bin/cat 127.0.0.1 0
	listens server
	until_true has_lines server.out 1
	pid=$(pgrep -P "$server_pid")
	kill -HUP "$pid"
	until_true has_lines server.out 3
	kill -TERM "$pid"
	ends server
	[[ $(sed -n 2p server.out) =~ ^RELOADING=1\|MONOTONIC_USEC=[0-9]+$ ]]
	[ "$(sed -n '3,$p' server.out)" = $'READY=1\nSTOPPING=1' ]
}
