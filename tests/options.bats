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

@test "an unknown option is named" {
	refused "-x: no such option (see --help)" -x
	refused "-x: no such option (see --help)" -lx
	refused "--nope: no such option (see --help)" --nope
	refused "--nope: no such option (see --help)" --nope=1
	refused "--send: short for more than one option (see --help)" --send
}

@test "an option that is nearly right is asked for" {
	refused "--forwrad: no such option, did you mean --forward?" --forwrad=host:1
	refused "--lisen: no such option, did you mean --listen?" --lisen 1
	refused "--chta: no such option, did you mean --chat?" --chta
	refused "--Verbose: no such option, did you mean --verbose?" --Verbose
	refused "--no_shutdown: no such option, did you mean --no-shutdown?" --no_shutdown
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
	refused "-q -2: must be a time such as 5 or 0.5s, or -1 for never" -q -2 host 1
	refused "-q -x: must be a time such as 5 or 0.5s, or -1 for never" -q -x host 1
	refused "-I 1z: must be a size such as 512, 64k, 1M, 2G" -I 1z host 1
	refused "-I 99G: must be from 1 to 1073741823" -I 99G host 1
	refused "-W 0: must be from 1 to 9223372036854775807" -W 0 host 1
	refused "--max-conns 0: must be from 1 to 1000000" -l -k --max-conns 0 1
	refused "--max-conns 1000001: must be from 1 to 1000000" -l -k --max-conns 1000001 1
	refused "--backlog -1: must be from 0 to 2147483647" -l --backlog -1 1
	refused "--ready-fd 0: must be from 1 to 2147483647" -l --ready-fd 0 1
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
	refused "--shutdown: cannot be used with --shutdown-after" -N --shutdown-after 1 host 1
	refused "--shutdown-after: cannot be used with --send-only" --shutdown-after 1 --send-only host 1
	refused "--udp: cannot be used with --telnet" -u -t host 1
	refused "--unixsock: cannot be used with --protocol" -U --sctp path
	refused "--vsock: cannot be used with --protocol" --vsock --mptcp 1 1
	refused "--pass-fd: cannot be used with --crlf" -F -C host 1
	refused "--source: the path is the local address of -U -l" -lU -s here path
	refused "--source-port: cannot be used with --vsock" --vsock -p 5 2 5
	refused "--udp: cannot be used with --protocol tcp" -u --protocol tcp host 1
}

@test "a client is joined to one thing only" {
	refused "--exec: cannot be used with --sh-exec" -l -e a -c b 1
	refused "--exec: cannot be used with --forward" -l -e a --forward host:1 1
	refused "--exec: cannot be used with --broker" -l -e a --broker 1
	refused "--exec: cannot be used with --chat" -l -e a --chat 1
	refused "--sh-exec: cannot be used with --forward" -l -c a --forward host:1 1
	refused "--sh-exec: cannot be used with --broker" -l -c a --broker 1
	refused "--sh-exec: cannot be used with --chat" -l -c a --chat 1
	refused "--forward: cannot be used with --broker" -l --forward host:1 --broker 1
	refused "--forward: cannot be used with --chat" -l --forward host:1 --chat 1
}

@test "where standard input and output have no part, nothing can be said of them" {
	refused "--exec: cannot be used with --no-stdin" -d -e a host 1
	refused "--exec: cannot be used with --send-only" --send-only -e a host 1
	refused "--exec: cannot be used with --pass-fd" -F -e a host 1
	refused "--sh-exec: cannot be used with --no-stdin" --recv-only -c a host 1
	refused "--sh-exec: cannot be used with --send-only" --send-only -c a host 1
	refused "--sh-exec: cannot be used with --pass-fd" -F -c a host 1
	refused "--forward: cannot be used with --no-stdin" -l -d --forward host:1 1
	refused "--forward: cannot be used with --send-only" -l --send-only --forward host:1 1
	refused "--broker: cannot be used with --send-only" -l --send-only --broker 1
	refused "--chat: cannot be used with --send-only" -l --send-only --chat 1
}

@test "access lists are for those who have addresses" {
	local list

	for list in allow deny; do
		refused "--unixsock: cannot be used with --$list" -l -U "--$list" 10.0.0.1 path
		refused "--vsock: cannot be used with --$list" -l --vsock "--$list" 10.0.0.1 1
		refused "--unixsock: cannot be used with --${list}file" -l -U "--${list}file" f path
		refused "--vsock: cannot be used with --${list}file" -l --vsock "--${list}file" f 1
		refused "--$list: needs --listen" "--$list" 10.0.0.1 host 1
		refused "--${list}file: needs --listen" "--${list}file" f host 1
	done
}

@test "a socket that is given has its address" {
	refused "--inetd: the socket is given, so no port is" --inetd -e a 1
	refused "--inetd: cannot be used with --source-port" --inetd -e a -p 1
	refused "--inetd: cannot be used with --source" --inetd -e a -s host
	refused "--inetd: cannot be used with --randomize" --inetd -e a -r
	refused "--inetd: cannot be used with --unixsock" --inetd -e a -U
	refused "--inetd: cannot be used with --vsock" --inetd -e a --vsock
}

@test "a command that is none is named" {
	refused "--exec: a quote is not closed" -e "'a b" host 1
	refused "--exec: a quote is not closed" -e 'a "b' host 1
	refused "--exec: no command" -e "" host 1
	refused "--exec: no command" -e " " host 1
}

@test "a command must be there before anything is opened" {
	mkdir folder
	: >file
	refused "--exec no-such-command: no such command in PATH" -l -e no-such-command 0
	refused "--exec no-such-command: no such command in PATH" -e "no-such-command x" host 1
	refused "--exec ./gone: No such file or directory" -l -k -e ./gone 0
	refused "--exec ./folder: Is a directory" -l -e ./folder 0
	refused "--exec ./file: Permission denied" -l -e ./file 0
	chmod +x file
	accepted -e ./file
	PATH=$PWD:$PATH accepted -e file
}

@test "a shell that cannot be executed is told of as the option is called" {
	run -2 --separate-stderr timeout "$LIMIT" unshare -rm bash -c \
		'mount --bind /dev/null /bin/sh && exec "$@"' bash "${sockcat[@]}" -l -c true 0
	[ "$stderr" = "sockcat: --sh-exec /bin/sh: Permission denied" ]
}

# What is right gets as far as its deadline.
accepted() {
	run -1 sockcat -l "$@" --deadline 100ms 127.0.0.1 0 </dev/null
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} == "sockcat: --deadline: "* ]]
}

@test "options for servers go together" {
	accepted -k --max-conns 1000000 --backlog 1 --busy-message ""
	accepted -k -u --max-conns 3
	accepted -k --backlog 0
	accepted --max-conns 1
	accepted -e "cat 'b c' \"d e\" f\\ g"
	accepted -k -c 'a "b'
	accepted -k -e cat --pty
	accepted -k -u -e /bin/cat
	accepted --forward host:1 --connect-timeout 1
	accepted --forward '[::1]:1'
	accepted --forward unix:path
	accepted --forward unix:@name
	accepted -u --forward tcp:host:1
	accepted -k --forward udp:host:1
	accepted --broker --max-conns 3 --busy-message later
	accepted --chat -u
	accepted --broker --chat
	accepted --wait 1
	accepted --allow '10.0.0.*,10.1.*.*'
	accepted --broker -d --slow-timeout 0
	accepted -k --until-eof --slow-timeout 2
	refused "--until-eof: cannot be used with --exec" -l -k --until-eof -e a 1
	refused "--until-eof: cannot be used with --no-stdin" -l -k -d --until-eof 1
	refused "--until-eof: needs --keep-open" -l --until-eof 1
	refused "--slow-timeout: cannot be used with --forward" -l -k --slow-timeout 1 --forward host:1 1
	refused "--slow-timeout: needs --keep-open" -l --slow-timeout 1 1
	accepted --allow 10.0.0.0/8,::1,10.0.0.1-20 --allow 192.0.2.1 --deny ::/0 --denyfile /dev/null
}

@test "what a client has no use for changes nothing" {
	serve server -k </dev/null
	run -0 sockcat -k --max-conns 1 -N 127.0.0.1 "$port" <<<hello
	until_true says server.out hello
}

@test "--pass-fd needs a standard output that can take a socket" {
	refused "--pass-fd: standard output is no unix-domain socket (ssh makes it one with ProxyUseFdpass=yes)" -F host 1
}

@test "--unix-mode needs a file" {
	refused "--unix-mode: @name is no file, and has no mode" -l -U --unix-mode 600 @name
	refused "--unix-mode: @name is no file, and has no mode" -l --unix-mode 600 unix:@name
}

@test "options that need another are named" {
	refused "--backlog: needs --listen" --backlog 1 host 1
	refused "--accept-timeout: needs --listen" --accept-timeout 1 host 1
	refused "--busy-message: needs --listen" -k --busy-message later host 1
	refused "--busy-message: needs --keep-open" -l --busy-message later 1
	refused "--forward: needs --listen" --forward host:1 host 1
	refused "--pty: needs --exec or --sh-exec" -l --pty 1
	refused "--inetd: needs --exec, --sh-exec, --forward, --broker or --chat" --inetd
	refused "--connect-timeout: cannot be used with --listen (see --accept-timeout)" -l --connect-timeout 1 1
	refused "--ready-fd: needs --listen" --ready-fd 3 host 1
	refused "--unix-mode: needs --listen" --unix-mode 600 -U path
	refused "--unix-mode: needs --unixsock" --unix-mode 600 -l 1
	refused "--seqpacket: needs -U or --vsock" --seqpacket host 1
	refused "--null-eof: needs --udp" --null-eof host 1
	refused "--datagram-size: needs --udp or --seqpacket" --datagram-size 5 host 1
	refused "--lines: needs --udp or --seqpacket" --lines host 1
}

@test "letters may be joined, and long names may be cut" {
	serve server </dev/null
	run -0 sockcat -nvN 127.0.0.1 "$port" --send-o
}
