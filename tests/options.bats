#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The table of options, the manual page, and what is not allowed.

load helper

page="$BATS_TEST_DIRNAME/../man/sockcat.1"

# Both lists: one option a line, as -x or --name.
in_help() {
	sockcat --help | sed -n 's/^  \(-.\|   \).*/&/p' |
		grep -oE '^  (-.)|--[a-z0-9-]+' | tr -d ' ' | sort -u
}

in_page() {
	grep -E '^\.It Fl' "$page" | grep -oE 'Fl (-[a-z0-9-]+|[A-Za-z0-9])( |$)' |
		sed -E 's/^Fl -([a-z0-9-]{2,}) ?$/--\1/; s/^Fl (.) ?$/-\1/' | sort -u
}

@test "every option stands in the manual page, and no other" {
	diff <(in_help) <(in_page)
}

@test "the manual page is clean" {
	run -0 mandoc -Tlint -W warning "$page"
	[ -z "$output" ]
}

@test "--help and -h print the usage on standard output" {
	run -0 --separate-stderr sockcat --help
	[[ ${lines[0]} == usage:* ]]
	[ -z "$stderr" ]
	run -0 sockcat -h
}

@test "the usage fits 80 columns" {
	run -0 sockcat --help
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ]
	done
}

@test "--help to a full disk fails" {
	run -1 sh -c '"$@" >/dev/full' sh "${sockcat[@]}" --help
	prints "sockcat: standard output: No space left on device"
}

@test "--version and -V print the version" {
	run -0 --separate-stderr sockcat --version
	[[ $output =~ ^sockcat\ [0-9]+\.[0-9]+ ]]
	run -0 sockcat -V
}

@test "options may stand behind the arguments, and -- ends them" {
	serve server </dev/null
	run -0 sockcat 127.0.0.1 "$port" -v -n
	[[ $output == "Connection to 127.0.0.1 $port"* ]]
	run -2 sockcat -l -p 0 -- -v extra extra
}

refused() {
	local words=$1

	shift
	run -2 sockcat "$@" </dev/null
	if [ "$output" != "sockcat: $words" ]; then
		echo "not '$words' but '$output'" >&2
		return 1
	fi
}

@test "an unknown option is named" {
	refused "-x: no such option (see --help)" -x
	refused "-x: no such option (see --help)" -lx
	refused "--nope: no such option (see --help)" --nope
	refused "--nope: no such option (see --help)" --nope=1
	refused "--send: short for more than one option (see --help)" --send
}

@test "a missing and a superfluous argument are named" {
	refused "-p: needs an argument" -p
	refused "--source-port: needs an argument" --source-port
	refused "--udp: takes no argument" --udp=1
}

@test "a wrong value is named with what is allowed" {
	refused "-M 0: must be from 1 to 255" -M 0 host 1
	refused "-M 256: must be from 1 to 255" -M 256 host 1
	refused "--ttl x: must be from 1 to 255" --ttl x host 1
	refused "-w x: must be a time such as 5, 0.5, 250ms, 2s, 1m, 1h" -w x host 1
	refused "-w 0: must be more than 0" -w 0 host 1
	refused "-q -x: must be a time such as 5 or 0.5s, or -1 for never" -q -x host 1
	refused "-I 1z: must be a size such as 512, 64k, 1M, 2G" -I 1z host 1
	refused "-I 99G: must be from 1 to 1073741823" -I 99G host 1
	refused "-W 0: must be from 1 to 9223372036854775807" -W 0 host 1
	refused "--unix-mode 9: must be an octal mode from 0 to 777" --unix-mode 9 -lU path
	refused "--datagram-size 65536: must be from 1 to 65535" --datagram-size 65536 -u host 1
	refused "--protocol x: must be tcp, udp, mptcp, sctp or udplite" --protocol x host 1
	refused "-T x: must be critical, lowdelay, ef, af11 to af43, cs0 to cs7, or a number from 0 to 255" -T x host 1
}

@test "options that exclude each other are named" {
	refused "--unixsock: cannot be used with --ipv4" -U -4 path
	refused "--unixsock: cannot be used with --protocol" -U --protocol tcp path
	refused "--no-stdin: cannot be used with --send-only" --recv-only --send-only host 1
	refused "--pass-fd: cannot be used with --listen" -F -l 1
	refused "--shutdown: cannot be used with --no-shutdown" -N --no-shutdown host 1
	refused "--udp: cannot be used with --telnet" -u -t host 1
	refused "--unixsock: cannot be used with --protocol" -U --sctp path
	refused "--vsock: cannot be used with --protocol" --vsock --mptcp 1 1
	refused "--pass-fd: cannot be used with --crlf" -F -C host 1
	refused "--source: the path is the local address of -U -l" -lU -s here path
	refused "--source-port: cannot be used with --vsock" --vsock -p 5 2 5
	refused "--udp: cannot be used with --protocol tcp" -u --protocol tcp host 1
}

@test "options that need another are named" {
	refused "--keep-open: needs --listen" -k host 1
	refused "--backlog: needs --listen" --backlog 1 host 1
	refused "--ready-fd: needs --listen" --ready-fd 3 host 1
	refused "--unix-mode: needs --listen" --unix-mode 600 -U path
	refused "--unix-mode: needs --unixsock" --unix-mode 600 -l 1
	refused "--seqpacket: needs -U or --vsock" --seqpacket host 1
	refused "--null-eof: needs --udp" --null-eof host 1
	refused "--datagram-size: needs --udp or --seqpacket" --datagram-size 5 host 1
}

@test "a port must be one before anything is opened" {
	refused "port 99999: must be from 1 to 65535" 127.0.0.1 99999
	refused "port 0: must be from 1 to 65535" 127.0.0.1 0
	refused "port 65536: must be from 0 to 65535" -l 65536
	refused "port http: must be from 1 to 65535" -n 127.0.0.1 http
	refused "port no-such-service: no such service" 127.0.0.1 no-such-service
	refused "port x: no such service" -p x 127.0.0.1 1
	refused "port x: must be from 0 to 4294967295" --vsock 1 x
	refused "context id x: must be from 0 to 4294967295" --vsock x 1
}

@test "wrong arguments are named" {
	refused "no host and no port (see --help)"
	refused "-U: needs a path" -U
	refused "-U: the path is empty" -U ""
	refused "extra: one argument too many" host 1 extra
	refused "extra: one argument too many" -U path extra
	refused "extra: one argument too many" -l host 1 extra
	refused "2: one argument too many" -l -p 1 host 2
	refused "::1:80: must be host:port or [address]:port" ::1:80
	refused "host:: must be host:port or [address]:port" host:
	refused "--source a: the host is b already" -l -s a b 1
	refused "--vsock: needs a context id and a port" --vsock 5
}

@test "letters may be joined, and long names may be cut" {
	serve server </dev/null
	run -0 sockcat -nvN 127.0.0.1 "$port" --send-o
}
