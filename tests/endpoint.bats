#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Every way to name an end: addresses, ports, families, socket options.

load helper

@test "a port alone listens on it" {
	free_port
	start server "${sockcat[@]}" -v -l "$port" </dev/null
	listens server
	greets 127.0.0.1 "$port"
}

@test "host and port listen on that address" {
	free_port
	start server "${sockcat[@]}" -v -l 127.0.0.1 "$port" </dev/null
	listens server
	greets 127.0.0.1 "$port"
	[ "$(head -n 1 server.err)" = "Listening on 127.0.0.1 $port" ]
}

@test "-p names the listening port" {
	free_port
	start server "${sockcat[@]}" -v -l -p "$port" </dev/null
	listens server
	greets 127.0.0.1 "$port"
}

@test "-s and -p name the listening address and port" {
	free_port
	start server "${sockcat[@]}" -v -l -s 127.0.0.1 -p "$port" </dev/null
	listens server
	greets 127.0.0.1 "$port"
	says server.err "^Listening on 127.0.0.1 $port$"
}

@test "host:port and [v6]:port listen and connect" {
	start server "${sockcat[@]}" -v -l 127.0.0.1:0 </dev/null
	listens server
	greets "127.0.0.1:$port"
	start server "${sockcat[@]}" -v -l "[::1]:0" </dev/null
	listens server
	greets "[::1]:$port"
}

@test "brackets around a host of its own are taken off" {
	start server "${sockcat[@]}" -v -l "[::1]" 0 </dev/null
	listens server
	greets "[::1]" "$port"
}

@test "a port alone connects to this machine" {
	serve server </dev/null
	greets "$port"
}

@test "a service name is a port" {
	run -0 timeout "$LIMIT" unshare -rmn bash -c '
		ip link set lo up
		eval "$own_etc"
		printf "http 80/tcp\n" >etc/services
		"$@" -v -l 127.0.0.1 http </dev/null >out 2>err &
		until_true says err Listening
		"$@" -v 127.0.0.1 http <<<hello
		wait
		cat out err' bash "${sockcat[@]}"
	[[ $output == *"Connection to 127.0.0.1 80 port [tcp/http] succeeded!"* ]]
	[[ $output == *"Listening on 127.0.0.1 80"* ]]
	[[ $output == *hello* ]]
}

@test "listening binds both families to the same port" {
	serve server -k </dev/null
	[ "$(grep -c "^Listening on .* $port$" server.err)" -eq 2 ]
	says server.err "^Listening on 0.0.0.0 $port$"
	says server.err "^Listening on :: $port$"
	sockcat -N 127.0.0.1 "$port" <<<"four"
	sockcat -N ::1 "$port" <<<"six"
	until_true says server.out six
}

@test "an IPv4-mapped address is the IPv4 address that it is" {
	for family in -4 -6 ""; do
		# shellcheck disable=SC2086
		start server "${sockcat[@]}" -v $family -l ::ffff:127.0.0.1 0 </dev/null
		listens server
		[ "$(cat server.err)" = "Listening on 127.0.0.1 $port" ]
		# shellcheck disable=SC2086
		greets -N $family -s ::ffff:127.0.0.1 ::ffff:127.0.0.1 "$port"
	done
}

@test "an IPv4-mapped address is reached by UDP and by --forward" {
	serve target -u -k 127.0.0.1 </dev/null
	sockcat -u -q 0 ::ffff:127.0.0.1 "$port" <<<"by udp"
	until_true says target.out "by udp"
	serve target -k 127.0.0.1 </dev/null
	serve server --forward "[::ffff:127.0.0.1]:$port" 127.0.0.1
	sockcat -N "[::ffff:127.0.0.1]:$port" <<<"by tcp"
	until_true says target.out "by tcp"
}

@test "listening on :: hears both families, and only IPv6 with -6" {
	start server "${sockcat[@]}" -v -k -l :: 0 </dev/null
	listens server
	says server.err "^Listening on 0.0.0.0 $port$"
	says server.err "^Listening on :: $port$"
	sockcat -N 127.0.0.1 "$port" <<<"four"
	sockcat -N ::1 "$port" <<<"six"
	until_true says server.out four
	until_true says server.out six
	start server "${sockcat[@]}" -v -6 -l :: 0 </dev/null
	listens server
	[ "$(cat server.err)" = "Listening on :: $port" ]
}

# refused_by_itself PORT OPTIONS...
refused_by_itself() {
	local own=$1

	shift
	run -1 sockcat "$@" -p "$own" 127.0.0.1 "$own" <<<"hello"
	[[ $output == "sockcat: connect to 127.0.0.1 port $own ("*") failed: Connection refused" ]]
}

@test "a connection to itself is refused, and its port is free at once" {
	free_port
	own=$port
	refused_by_itself "$own"
	refused_by_itself "$own"
	refused_by_itself "$own" -u
	start server "${sockcat[@]}" -v -l 127.0.0.1 "$own" </dev/null
	listens server
	greets -N 127.0.0.1 "$own"
}

@test "no dial reaches itself where every local port is the target's" {
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo up
		echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range
		for i in {1..8}; do
			! echo hello | "$@" 127.0.0.1 40000 2>/dev/null || echo "by chance"
		done
		! echo hello | "$@" ::1 40000 2>/dev/null || echo "by chance"
		"$@" -v -k --forward 127.0.0.1:40000 -l 127.0.0.1 1234 2>err &
		server=$!
		until_true says err Listening
		for i in {1..8}; do
			echo hello | "$@" -N 127.0.0.1 1234 2>/dev/null
		done
		kill $server' bash "${sockcat[@]}"
	prints ""
}

@test "as many connections leave from an address as there are peers" {
	run -0 timeout "$LIMIT" unshare -rn bash -c '
		ip link set lo up
		echo 40000 40007 >/proc/sys/net/ipv4/ip_local_port_range
		for port in 1 2 3; do
			"$@" -v -k -l 127.0.0.1 $port >out$port 2>err$port </dev/null &
			servers+=($!)
			until_true says err$port Listening
		done
		mkfifo input
		exec 9<>input
		for i in {1..12}; do
			"$@" -s 127.0.0.1 127.0.0.1 $((1 + i % 3)) <input 2>err &
			clients+=($!)
			until [ "$(cat err? | grep -c received)" -eq $i ] || [ -s err ]; do
				breathe
			done
		done
		cat err
		kill "${servers[@]}" "${clients[@]}"' bash "${sockcat[@]}"
	prints ""
}

@test "a name of a link-local address without an interface is an error that says so" {
	missing="The interface is missing (%eth0 behind the address, or --interface)"
	run -1 timeout "$LIMIT" unshare -rm bash -c '
		eval "$own_etc"
		printf "fe80::1 near\n" >etc/hosts
		"$@" -u near 9 <<<hello && exit 9
		"$@" -u -l near 9000 </dev/null' bash "${sockcat[@]}"
	[ "${lines[0]}" = "sockcat: connect to near (fe80::1) port 9 (udp) failed: $missing" ]
	[ "${lines[1]}" = "sockcat: listen on fe80::1 port 9000 (udp) failed: $missing" ]
}

@test "-4 and -6 bind one family" {
	serve four -4 </dev/null
	[ "$(cat four.err)" = "Listening on 0.0.0.0 $port" ]
	serve six -6 </dev/null
	[ "$(cat six.err)" = "Listening on :: $port" ]
}

@test "-4 and -6 connect by one family" {
	serve server -4 -k </dev/null
	run -1 sockcat -6 ::1 "$port" </dev/null
	run -2 sockcat -6 127.0.0.1 "$port" </dev/null
	run -0 sockcat -4 "$port" </dev/null
}

@test "a name of two addresses is tried at both" {
	run -0 --separate-stderr timeout "$LIMIT" unshare -rm bash -c '
		eval "$own_etc"
		printf "::1 both\n127.0.0.1 both\n" >etc/hosts
		"$@" -v -4 -l 0 </dev/null >out 2>err &
		until_true says err Listening
		port=$(sed -n "s/^Listening.* //p" err | head -n 1)
		"$@" -v both "$port" <<<hello
		wait
		cat out' bash "${sockcat[@]}"
	prints hello
	[[ $stderr == *"sockcat: connect to both (::1) port "*" (tcp) failed: Connection refused"* ]]
	[[ $stderr == *"Connection to both (127.0.0.1) "* ]]
}

@test "an address that does not answer does not hold up the next one" {
	# A route to nowhere: packets to it vanish, as behind many firewalls.
	run -0 --separate-stderr timeout "$LIMIT" unshare -rmn bash -c '
		ip link set lo up
		ip link add name sink type veth peer name end
		ip link set end up
		ip addr add 10.9.8.1/24 dev sink
		ip link set sink up
		ip neigh add 10.9.8.7 lladdr 02:00:00:00:00:01 dev sink
		eval "$own_etc"
		printf "10.9.8.7 both\n127.0.0.1 both\n" >etc/hosts
		"$@" -v -l 127.0.0.1 7777 </dev/null >out 2>err &
		until_true says err Listening
		"$@" both 7777 <<<hello
		wait
		cat out' bash "${sockcat[@]}"
	prints hello
}

@test "-n takes numeric addresses and ports only" {
	run -2 sockcat -n localhost 80 </dev/null
	run -2 sockcat -n -l http </dev/null
	serve server -n </dev/null
	greets -n 127.0.0.1 "$port"
}

@test "-p and -s choose the local end of a connection" {
	serve server -k </dev/null
	server_port=$port
	free_port
	run -0 sockcat -s 127.0.0.2 -p "$port" 127.0.0.1 "$server_port" </dev/null
	until_true says server.err "^Connection received on 127.0.0.2 $port$"
}

received() {
	[ "$(grep -c 'Connection received' server.err)" -eq "$1" ]
}

@test "-r draws a random local port" {
	serve server -k </dev/null
	for _ in 1 2 3; do
		sockcat -r 127.0.0.1 "$port" </dev/null
	done
	until_true received 3
	serve random -r </dev/null
	((port >= 1024))
}

@test "-v says who listens and who connected" {
	start server "${sockcat[@]}" -v -l 127.0.0.1 0 </dev/null
	listens server
	run -0 sockcat -v -n 127.0.0.1 "$port" </dev/null
	[ "${lines[0]}" = "Connection to 127.0.0.1 $port port [tcp/*] succeeded!" ]
	until_true says server.err '^Connection received on 127\.0\.0\.1 [0-9]+$'
	[[ $(head -n 1 server.err) == "Listening on "* ]]
}

@test "-vv names the states as they change" {
	serve server </dev/null
	run -0 sockcat -vv 127.0.0.1 "$port" </dev/null
	[[ $output == *"outbound: open -> drain"* ]]
	[[ $output == *"outbound: drain -> shut"* ]]
	[[ $output == *"inbound: open -> drain"* ]]
}

@test "without -v nothing is said" {
	serve server </dev/null
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	[ -z "$output" ]
}

# options_of NAME OPTION...: what the kernel has for its socket.
options_of() {
	local pid="${1}_pid"

	shift
	peers socket-options "${!pid}" "$@"
}

@test "socket options reach the kernel" {
	start server "${sockcat[@]}" -v -I 64k -O 32k -M 7 -m 3 -T lowdelay -l 127.0.0.1 0 </dev/null
	listens server
	run -0 options_of server SO_RCVBUF SO_SNDBUF IP_TTL IP_MINTTL IP_TOS
	# Linux doubles buffers for its own bookkeeping, socket(7).
	prints $'SO_RCVBUF 131072\nSO_SNDBUF 65536\nIP_TTL 7\nIP_MINTTL 3\nIP_TOS 16'
}

@test "IPv6 has its own hop limit and traffic class" {
	start server "${sockcat[@]}" -v -M 9 -m 2 -T ef -l ::1 0 </dev/null
	listens server
	run -0 options_of server IPV6_UNICAST_HOPS IPV6_MINHOPCOUNT IPV6_TCLASS
	prints $'IPV6_UNICAST_HOPS 9\nIPV6_MINHOPCOUNT 2\nIPV6_TCLASS 184'
}

@test "a listener reuses its address, never its port" {
	serve server </dev/null
	run -0 options_of server SO_REUSEADDR SO_REUSEPORT
	prints $'SO_REUSEADDR 1\nSO_REUSEPORT 0'
	serve udp -u </dev/null
	run -0 options_of udp SO_REUSEADDR SO_REUSEPORT
	prints $'SO_REUSEADDR 0\nSO_REUSEPORT 0'
}

@test "-D and -b set SO_DEBUG and SO_BROADCAST" {
	serve server -u -b </dev/null
	run -0 options_of server SO_BROADCAST
	prints "SO_BROADCAST 1"
	if [ "$(id -u)" -eq 0 ]; then
		serve debug -D </dev/null
		run -0 options_of debug SO_DEBUG
		prints "SO_DEBUG 1"
	else
		run -1 sockcat -D -l 0 </dev/null
		[[ $output == *"--debug-socket: "* ]]
	fi
}

# The queue of a listening socket stands in the column of unsent bytes.
queue_of() {
	ss -Hltn "sport = :$1" | awk 'NR == 1 { print $3 }'
}

@test "--backlog is what listen(2) is given, else all that the system allows" {
	start server "${sockcat[@]}" -v --backlog 5 -l 127.0.0.1 0 </dev/null
	listens server
	[ "$(queue_of "$port")" -eq 5 ]
	start server "${sockcat[@]}" -v -l 127.0.0.1 0 </dev/null
	listens server
	[ "$(queue_of "$port")" -eq "$(sysctl -n net.core.somaxconn)" ]
}

@test "--interface binds to it, and an unknown one is an error" {
	start server "${sockcat[@]}" -v --interface lo -l 127.0.0.1 0 </dev/null
	listens server
	greets --interface lo 127.0.0.1 "$port"
	run -1 sockcat --interface nope0 127.0.0.1 "$port" </dev/null
	[[ $output == *"--interface: No such device" ]]
}

@test "mptcp carries a transfer" {
	if [ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ]; then
		serve server --mptcp </dev/null
		greets --protocol mptcp 127.0.0.1 "$port"
	else
		run -1 sockcat --mptcp 127.0.0.1 9 </dev/null
		[[ $output == *"(mptcp) failed: socket: "* ]]
	fi
}

@test "--protocol udplite and --protocol udp are datagrams" {
	for protocol in udp udplite; do
		start server "${sockcat[@]}" -v --protocol $protocol -l -W 1 127.0.0.1 0 </dev/null
		listens server
		greets --protocol $protocol -q 0 127.0.0.1 "$port"
	done
}

@test "a vsock that this kernel does not route is one error line" {
	run -1 sockcat -w 1 --vsock 77 5 </dev/null
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "sockcat: connect to 77 port 5 (vsock) failed: "* ]]
}
