#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# With peers that others wrote, both ways round.

load helper

setup_file() {
	head -c 3M /dev/urandom >"$BATS_FILE_TMPDIR/data"
}

data() {
	echo "$BATS_FILE_TMPDIR/data"
}

# A peer that does not say when it listens: look at the system's table.
peer_listens() {
	free_port
	start "$1" "${@:2}"
	until_true tcp_listening "$port"
}

@test "a file goes to nc.openbsd" {
	free_port
	start server nc.openbsd -N -l 127.0.0.1 "$port" </dev/null
	until_true tcp_listening "$port"
	sockcat -N 127.0.0.1 "$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
}

@test "a file comes from nc.openbsd" {
	free_port
	start server nc.openbsd -N -l 127.0.0.1 "$port" <"$(data)"
	until_true tcp_listening "$port"
	# An end from us would make that nc leave in the middle of its file.
	start client "${sockcat[@]}" -d 127.0.0.1 "$port"
	ends_with client 0
	ends_with server 0
	same "$(data)" client.out
}

@test "nc.openbsd sends a file" {
	serve server </dev/null
	nc.openbsd -N 127.0.0.1 "$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
}

@test "nc.openbsd fetches a file" {
	serve server <"$(data)"
	start client nc.openbsd -N 127.0.0.1 "$port" </dev/null
	ends_with client 0
	ends_with server 0
	same "$(data)" client.out
}

@test "a file goes to ncat" {
	free_port
	start server ncat --recv-only -l 127.0.0.1 "$port"
	until_true tcp_listening "$port"
	sockcat -N 127.0.0.1 "$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
}

@test "ncat sends and fetches a file" {
	serve server </dev/null
	ncat --send-only 127.0.0.1 "$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
	serve server <"$(data)"
	start client ncat --recv-only 127.0.0.1 "$port"
	ends_with client 0
	same "$(data)" client.out
}

@test "a file goes to socat and comes from it" {
	free_port
	start server socat -u "TCP4-LISTEN:$port,bind=127.0.0.1" -
	until_true tcp_listening "$port"
	sockcat -N 127.0.0.1 "$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
	free_port
	start server socat -U "TCP4-LISTEN:$port,bind=127.0.0.1" - <"$(data)"
	until_true tcp_listening "$port"
	start client "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
	ends_with client 0
	same "$(data)" client.out
}

@test "socat sends and fetches a file" {
	serve server </dev/null
	socat -u - "TCP4:127.0.0.1:$port" <"$(data)"
	ends_with server 0
	same "$(data)" server.out
	serve server <"$(data)"
	start client socat -u "TCP4:127.0.0.1:$port" -
	ends_with client 0
	same "$(data)" client.out
}

@test "socat echoes both directions at once" {
	free_port
	# More than the pipe holds would stop that socat for good.
	head -c 60000 "$(data)" >part
	start server socat "TCP4-LISTEN:$port,bind=127.0.0.1" PIPE
	until_true tcp_listening "$port"
	start client "${sockcat[@]}" -N 127.0.0.1 "$port" <part
	ends_with client 0
	same part client.out
}

@test "unix streams work with nc.openbsd and socat" {
	serve_path server path </dev/null
	nc.openbsd -N -U path <"$(data)"
	ends_with server 0
	same "$(data)" server.out
	start server socat -u UNIX-LISTEN:path -
	until_true test -S path
	sockcat -N -U path <"$(data)"
	ends_with server 0
	same "$(data)" server.out
}

@test "unix datagrams work with nc.openbsd and socat" {
	start server "${sockcat[@]}" -v -u -d -W 1 -lU path
	listens server
	socat -u - UNIX-SENDTO:path <<<"hello"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
	start server nc.openbsd -W 1 -uU -l path </dev/null
	until_true test -S path
	# That nc connects back, so the client has to be there for a while.
	start client "${sockcat[@]}" -u -q 20 -U path <<<"hello"
	until_true says server.out hello
}

@test "UDP works with nc.openbsd, ncat and socat" {
	free_port
	start server nc.openbsd -u -l 127.0.0.1 "$port" </dev/null
	until_true udp_bound "$port"
	sockcat -u -q 0 127.0.0.1 "$port" <<<"hello"
	until_true says server.out hello
	free_port
	start server ncat -u --recv-only -l 127.0.0.1 "$port"
	until_true udp_bound "$port"
	sockcat -u -q 0 127.0.0.1 "$port" <<<"hello"
	until_true says server.out hello
	start server "${sockcat[@]}" -v -k -u -d -l 127.0.0.1 0
	listens server
	nc.openbsd -u -q 0 127.0.0.1 "$port" <<<"from nc"
	ncat -u --send-only 127.0.0.1 "$port" <<<"from ncat"
	socat -u - "UDP4:127.0.0.1:$port" <<<"from socat"
	until_true says server.out "from socat"
	[ "$(sort server.out)" = $'from nc\nfrom ncat\nfrom socat' ]
}

@test "socat echoes datagrams of every size" {
	free_port
	start server socat -b 65536 "UDP4-LISTEN:$port,bind=127.0.0.1" PIPE
	until_true udp_bound "$port"
	run -0 peers with-sockets SEQPACKET 60000 \
		"${sockcat[@]}" -u 127.0.0.1 "$port"
	[ "${#output}" -eq 60000 ]
}

@test "curl fetches a page from a one-line server" {
	start server "${sockcat[@]}" -v -C -l 127.0.0.1 0 \
		< <(printf 'HTTP/1.0 200 OK\nContent-Length: 5\n\nhello')
	listens server
	run -0 curl -sS --max-time 10 "http://127.0.0.1:$port/page"
	prints hello
	ends_with server 0
	says server.out 'GET /page HTTP/1.1'
}

@test "a page is fetched by hand from a web server" {
	echo hello >page
	start server python3 -u -m http.server --bind 127.0.0.1 0
	until_true says server.out 'port [0-9]+'
	port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' server.out)
	run -0 bash -c 'printf "GET /page HTTP/1.0\n\n" | "$@"' bash "${sockcat[@]}" -C 127.0.0.1 "$port"
	[ "${lines[-1]}" = hello ]
}

@test "openssl's client finds an end in what sockcat forwards from a fifo" {
	serve server <<<"not tls"
	run timeout 10 openssl s_client -connect "127.0.0.1:$port" </dev/null
	[ "$status" -eq 1 ]
	ends server
}

@test "ssh runs through sockcat as its ProxyCommand, and with the socket passed to it" {
	ssh-keygen -q -t ed25519 -N '' -f key
	start sshd python3 "$TEST_SOURCES/sshd.py"
	until_true test -s sshd.out
	port=$(cat sshd.out)
	for pass in no yes; do
		option=()
		[ $pass = no ] || option=(-F)
		start client ssh -F none -i key -o IdentitiesOnly=yes -o BatchMode=yes \
			-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
			-o "ProxyCommand=${sockcat[*]} ${option[*]} 127.0.0.1 $port" \
			-o ProxyUseFdpass=$pass user@host 'head -c 1000000 /dev/zero; cat' <<<"hello"
		ends_with client 0
		[ "$(wc -c <client.out)" -eq 1000006 ]
		[ "$(tail -c 6 client.out)" = hello ]
	done
}
