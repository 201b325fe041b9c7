#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What stands on the command line without a dash: hosts, ports, paths, and all
# in one argument.

load helper

long=$(printf 'x%.0s' {1..108})

@test "a target says where to connect, and of what kind" {
	serve server -k -d
	greets "127.0.0.1:$port"
	greets "tcp:127.0.0.1:$port"
	greets "tcp:localhost:$port" --protocol tcp
	serve server -k -d -u
	greets -q 0 "udp:127.0.0.1:$port"
	greets -q 0 -u "udp:127.0.0.1:$port"
	greets -q 0 -u "127.0.0.1:$port"
	serve server -6 -k -d
	greets "tcp:[::1]:$port"
}

@test "a target may be the path of a unix-domain socket" {
	start server "${sockcat[@]}" -v -d -k -l unix:a:b
	until_true says server.err '^Listening on a:b$'
	greets unix:a:b
	greets -U a:b
	greets "unix:$PWD/a:b"
	start server "${sockcat[@]}" -v -d -k -l -u "unix:@sockcat-test-$$"
	listens server
	greets -q 0 -u "unix:@sockcat-test-$$"
}

@test "with -U an argument is a path, whatever it looks like" {
	start server "${sockcat[@]}" -v -d -l -U unix:path
	until_true says server.err '^Listening on unix:path$'
	[ -S unix:path ]
	greets -U unix:path
}

@test "a target says where to listen, and of what kind" {
	start server "${sockcat[@]}" -v -k -d -l tcp:127.0.0.1:0
	listens server
	greets 127.0.0.1 "$port"
	start server "${sockcat[@]}" -v -k -d -l 'udp:[::1]:0'
	listens server
	greets -q 0 -u ::1 "$port"
}

@test "a listener's port with a colon is every address" {
	free_port
	start server "${sockcat[@]}" -v -k -d -l ":$port"
	listens server
	greets 127.0.0.1 "$port"
	has_lines server.err 2
	says server.err "^Listening on 0.0.0.0 $port\$"
}

@test "hosts may be called as targets begin, in an argument of their own" {
	run -1 sockcat tcp 1 </dev/null
	[[ $output == "sockcat: tcp port 1: "* ]]
	run -1 sockcat '[unix]:1' </dev/null
	[[ $output == "sockcat: unix port 1: "* ]]
}

@test "a target and options that say another kind exclude each other" {
	refused "--udp: cannot be used with tcp:TARGET" -u tcp:host:1
	refused "--vsock: cannot be used with udp:TARGET" --vsock udp:2:1
	refused "--protocol sctp: cannot be used with tcp:TARGET" --sctp tcp:host:1
	refused "--protocol tcp: cannot be used with udp:TARGET" --protocol tcp udp:host:1
	refused "udp:TARGET: cannot be used with --telnet" -t udp:host:1
	refused "unix:TARGET: cannot be used with --ipv4" -4 unix:path
	refused "unix:TARGET: cannot be used with --vsock" --vsock unix:path
	refused "unix:TARGET: cannot be used with --source-port" -l -p 1 unix:path
	refused "unix:TARGET: cannot be used with --allow" -l --allow ::1 unix:path
	refused "host:2: the port is 1 already" -l -p 1 host:2
	refused "tls:host:1: this build has no TLS yet" tls:host:1
	refused "--forward tls:host:1: this build has no TLS yet" -l --forward tls:host:1 0
}

@test "a target that is none is named" {
	local words="must be host:port or [address]:port"

	refused "host:: $words" host:
	refused ":1: $words" :1
	refused "a]:1:2: $words" 'a]:1:2'
	refused "tcp:80: needs a host and a port, as in tcp:host:80" tcp:80
	refused "udp:::1:80: needs a host and a port, as in udp:host:80" udp:::1:80
	refused "tcp::80: needs a host and a port, as in tcp:host:80" -l tcp::80
	refused "unix:: the path is empty" unix:
	refused "::1:80: the port is missing (an IPv6 address with a port is [address]:port)" ::1:80
}

@test "a target of --forward that is none is named" {
	local words="must be host:port or [address]:port"
	local port="the port must be from 1 to 65535, or a service"
	local number="the port must be from 1 to 65535, for -n looks up no names"

	refused "--forward host: $words" -l --forward host 1
	refused "--forward host:: $words" -l --forward host: 1
	refused "--forward :1: $words" -l --forward :1 1
	refused "--forward ::1:80: $words" -l --forward ::1:80 1
	refused "--forward sctp:host:1: $words" -l --forward sctp:host:1 1
	refused "--forward unix:: the path is empty" -l --forward unix: 1
	refused "--forward host:0: $port" -l --forward host:0 1
	refused "--forward udp:host:65536: $port" -l --forward udp:host:65536 1
	refused "--forward host:no-such-service: $port" -l --forward host:no-such-service 1
	refused "--forward host:http: $number" -n -l --forward host:http 1
	refused "host: must be an address, for -n looks up no names" -n -l --forward host:1 1
	refused "::1: is an IPv6 address, but -4 is for IPv4 only" -4 -l --forward '[::1]:1' 1
}

@test "several targets are for later" {
	local words="several targets need -z, which this build does not have yet"

	refused "b:2: $words" a:1 b:2
	refused "unix:b: $words" unix:a unix:b
	refused "c:3: $words" a b c:3
}

@test "a port must be one before anything is opened" {
	refused "port 99999: must be from 1 to 65535" 127.0.0.1 99999
	refused "port 99999: must be from 1 to 65535" 99999
	refused "port 0: must be from 1 to 65535" 127.0.0.1 0
	refused "port 65536: must be from 0 to 65535" -l 65536
	refused "port 65536: must be from 0 to 65535" -l :65536
	refused "port http: must be a number, for -n looks up no names" -n 127.0.0.1 http
	refused "port http: must be a number, for -n looks up no names" -n -l http
	refused "port no-such-service: no such service" 127.0.0.1 no-such-service
	refused "port x: no such service" -p x 127.0.0.1 1
	refused "port x: must be from 0 to 4294967295" --vsock 1 x
	refused "context id x: must be from 0 to 4294967295" --vsock x 1
	refused "the port is empty" 127.0.0.1 ""
	refused "the port is empty" -l ""
	refused "the port is empty" -l -p ""
	refused "the host is empty" "" 1
}

@test "a port that is missing is named" {
	refused "no host and no port (see --help)"
	refused "localhost: the port is missing" localhost
	refused "localhost: the port is missing (-p is the local one)" -p 80 localhost
	refused "localhost: the port is missing" -l localhost
	refused "path/name: a path needs -U" path/name
	refused "@name: a path needs -U" -l @name
	refused "-l: a port is missing (0 lets the system choose)" -l
	refused "-l: a port is missing (0 lets the system choose)" -u -l -s 127.0.0.1
	refused "-l: a port is missing (0 lets the system choose)" -l -e cat
	refused "-l: a port is missing (0 lets the system choose)" --vsock -l
}

@test "a port that the system chooses is told without -v" {
	for arguments in 0 ":0" "-p 0" "127.0.0.1 0" "-r" "-u -r 127.0.0.1:0"; do
		# shellcheck disable=SC2086
		start server "${sockcat[@]}" -d -N -l $arguments
		listens server
		[ "$port" -gt 0 ]
	done
	free_port
	start server "${sockcat[@]}" -l -d 127.0.0.1 "$port"
	until_true tcp_listening "$port"
	[ ! -s server.err ]
}

@test "a host that -n, -4 or -6 rules out is named" {
	refused "localhost: must be an address, for -n looks up no names" -n localhost 80
	refused "localhost: must be an address, for -n looks up no names" -n localhost:80
	refused "localhost: must be an address, for -n looks up no names" -n -l localhost 80
	refused "localhost: must be an address, for -n looks up no names" -n -s localhost ::1 80
	refused "::1: is an IPv6 address, but -4 is for IPv4 only" -4 ::1 80
	refused "::1: is an IPv6 address, but -4 is for IPv4 only" -4 -s ::1 host 80
	refused "127.0.0.1: is an IPv4 address, but -6 is for IPv6 only" -6 -l 127.0.0.1 80
	run -1 sockcat -6 ::ffff:127.0.0.1 1 </dev/null
	run -1 sockcat -4 ::ffff:127.0.0.1 1 </dev/null
	refused "--allow name: must be an address, for -n looks up no names" -n -l --allow name 0
}

@test "an address that is another on each interface needs one" {
	local missing="The interface is missing (%eth0 behind the address, or --interface)"

	refused "ff02::1: $missing" -u ff02::1 5
	refused "fe80::1: $missing" '[fe80::1]:5'
	refused "ff02::1: $missing" -u -l ff02::1 5
	refused "fe80::1: $missing" -l --forward '[fe80::1]:5' 0
	run -1 sockcat -w 100ms -u -l fe80::1%lo 5 </dev/null
	run -1 sockcat -w 100ms --interface lo -l fe80::1 5 </dev/null
}

@test "wrong arguments are named" {
	refused "-U: needs a path" -U
	refused "-U: the path is empty" -U ""
	refused "extra: one argument too many" host 1 extra
	refused "extra: one argument too many" -U path extra
	refused "extra: one argument too many" -l host 1 extra
	refused "2: one argument too many" -l -p 1 host 2
	refused "2: one argument too many, since host:1 has a port in it" host:1 2
	refused "--source a: the host is b already" -l -s a b 1
	refused "--vsock: needs a context id and a port" --vsock 5
}

@test "a path that is too long is named, with the limit" {
	local words="$long: File name too long (107 bytes at most)"

	refused "$words" -l -U "$long"
	refused "$words" -U "$long"
	refused "$words" "unix:$long"
	refused "$words" -l --forward "unix:$long" 0
	refused "$words" -U -s "$long" path
	refused "@$words" -U "@$long"
	run -1 sockcat -U "${long#x}" </dev/null
	run -1 sockcat -U "@${long#x}" </dev/null
}

@test "a TMPDIR that is too long for a socket in it is named, with the limit" {
	export TMPDIR="/${long:0:83}"
	local words="TMPDIR $TMPDIR: File name too long (83 bytes at most, or see -s)"

	refused "$words" -u -U path
	refused "$words" -u -l --forward unix:path 0
	run -1 sockcat -u -U -s here path </dev/null
	[[ $output == "sockcat: connect to path "* ]]
}
