# SPDX-License-Identifier: ISC
# What every bats file loads.  $SOCKCAT may carry a prefix such as valgrind.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

: "${TEST_SOURCES:=$(realpath "$(dirname "${BASH_SOURCE[0]}")")}"
: "${SOCKCAT:=$TEST_SOURCES/../build/src/sockcat}"
read -ra sockcat <<<"$SOCKCAT"

# Each test has a folder of its own, where a relative path leads nowhere.
for i in "${!sockcat[@]}"; do
	case ${sockcat[i]} in
	*/*) [ ! -e "${sockcat[i]}" ] || sockcat[i]=$(realpath "${sockcat[i]}") ;;
	esac
done

# For scripts in a mount namespace: an /etc of their own, in the folder etc.
export own_etc='mkdir etc && cp /etc/ld.so.cache /etc/passwd etc &&
	printf "hosts: files dns\n" >etc/nsswitch.conf &&
	printf "multi on\n" >etc/host.conf && : >etc/hosts &&
	mount --bind etc /etc'

# The system's own programs, whatever else stands in front of them.
PATH=/usr/bin:/bin:/usr/sbin:/sbin:$PATH

# How long anything may take, in seconds; sanitizers and valgrind are slow.
: "${LIMIT:=20}"
export LIMIT

# Peers in Python.
peers=(python3 "$TEST_SOURCES/peers")

# Nothing is ever written to it, so reading it waits.
export silence=$BATS_RUN_TMPDIR/silence
[ -p "$silence" ] || mkfifo "$silence"

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export TMPDIR=$PWD # what is killed cannot tidy up
	pids=()
}

# Stops what the test left running, by its recorded pid.  What was said in
# JSON must be events of the schema.
teardown() {
	local pid events

	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	mapfile -t events < <(grep -ls '^{' -- *.err)
	[ "${#events[@]}" -eq 0 ] || python3 "$TEST_SOURCES/events.py" check "${events[@]}"
}

# sockcat ARGUMENTS..., peers SCRIPT ARGUMENTS...: in the foreground; what
# hangs fails.
sockcat() {
	timeout --foreground "$LIMIT" "${sockcat[@]}" "$@"
}

peers() {
	timeout --foreground "$LIMIT" "${peers[@]}" "$@"
}

# pass_time SECONDS: in which nothing is to happen.
pass_time() {
	read -rt "$1" _ <>"$silence" || true
}

# A pause that is no guess: until_true() repeats it up to a bound.
breathe() {
	pass_time 0.01
}

# Where the clock jumps, as on a virtual machine that was suspended, time is up
# before anything could happen: so often is looked in any case.
TRIES=100

# until_true COMMAND...: waits for it to succeed.
until_true() {
	local end=$((SECONDS + LIMIT)) tries=0

	until "$@"; do
		if ((++tries > TRIES && SECONDS > end)); then
			echo "still not: $*" >&2
			return 1
		fi
		breathe
	done
}

# open_input NAME: makes a fifo and holds its writing end on descriptor 9,
# which what is started does not inherit.
open_input() {
	mkfifo "$1"
	exec 9<>"$1"
}

# start NAME COMMAND...: in the background, output to NAME.out and NAME.err,
# the pid in $pid and in $NAME_pid.  A shell would give it /dev/null to read.
start() {
	local name=$1

	shift
	: >"$name.out"
	: >"$name.err" # what an earlier one said is no answer
	"$@" <&0 >"$name.out" 2>"$name.err" 3>&- 9>&- &
	pid=$!
	pids+=("$pid")
	printf -v "${name}_pid" %s "$pid"
}

# is_running PID: of what this shell has started.  bash(1) may miss that several
# have ended, and leave one a zombie until the next ends.
is_running() {
	local state

	{ read -r _ _ state _ <"/proc/$1/stat"; } 2>/dev/null && [ "$state" != Z ]
}

# ends NAME: waits until it has ended by itself; its status is in $status.
ends() {
	local pid="${1}_pid" end=$((SECONDS + LIMIT)) tries=0

	pid=${!pid}
	while is_running "$pid" && ((++tries <= TRIES || SECONDS <= end)); do
		breathe
	done
	if is_running "$pid"; then
		echo "$1 does not end" >&2
		cat "$1.err" >&2
		return 1
	fi
	status=0
	wait "$pid" || status=$?
}

# ends_with NAME STATUS
ends_with() {
	ends "$1"
	if [ "$status" -ne "$2" ]; then
		echo "$1 ended with $status, not $2" >&2
		cat "$1.err" >&2
		return 1
	fi
}

# says FILE PATTERN: whether it has such a line.
says() {
	grep -qE -- "$2" "$1" 2>/dev/null
}

# has_bytes FILE COUNT, has_lines FILE COUNT: so many at least.
has_bytes() {
	[ "$(wc -c <"$1")" -ge "$2" ]
}

has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# For scripts that run in namespaces of their own.
export -f pass_time breathe until_true says has_bytes has_lines

# listens NAME: waits for the line that says so, and puts the port in $port
# unless it is a path.
listens() {
	local found

	until_true says "$1.err" '^Listening on '
	# An earlier server that still writes to the file may leave NUL bytes in it.
	found=$(sed -n 's/^Listening on .* \([0-9]*\)$/\1/p' "$1.err" | head -n 1)
	port=${found:-${port-}}
}

# serve NAME OPTIONS...: sockcat listening on a port of the system's choice.
# Standard input is /dev/null unless the caller redirects it.
serve() {
	local name=$1

	shift
	start "$name" "${sockcat[@]}" -v -l "$@" -p 0
	listens "$name"
}

# serve_path NAME OPTIONS... PATH: the same on a path.
serve_path() {
	local name=$1

	shift
	start "$name" "${sockcat[@]}" -v -l -U "$@"
	listens "$name"
}

# start_failing NAME INJECTION COMMAND...: in the background, with some of its
# system calls failing, as strace(1) has it for -e inject; the calls are in the
# file calls.  The tracer is the child, so the pid is the command's.
start_failing() {
	local name=$1 what=$2

	shift 2
	export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
	start "$name" strace -D -f -qq -o calls -e "trace=${what%%:*}" -e "inject=$what" "$@"
}

# failing INJECTION OPTIONS...: such a server.
failing() {
	local what=$1

	shift
	start_failing server "$what" "${sockcat[@]}" -v -l "$@" 127.0.0.1 0
	listens server
}

# peer NAME SCRIPT ARGUMENTS...: one that prints its port first; it is in $port.
peer() {
	local name=$1

	shift
	start "$name" "${peers[@]}" "$@"
	until_true test -s "$name.out"
	port=$(head -n 1 "$name.out")
}

# A port that nothing listens on: it was the system's choice a moment ago.
free_port() {
	port=$(peers free-port)
}

# greets ARGUMENTS...: whether a client with these reaches the server.
greets() {
	sockcat -N "$@" <<<"hello" && until_true says server.out hello
}

# has_clients COUNT [FILE]: whether so many have come, as the server's log says.
has_clients() {
	[ "$(grep -c '^Connection received' "${2:-server.err}")" -ge "$1" ]
}

has_no_children() {
	[ -z "$(ps -o pid= --ppid "$1")" ]
}

same() {
	cmp -- "$1" "$2"
}

# tcp_listening PORT, udp_bound PORT: whether any process has it.
tcp_listening() {
	ss -Hltn "sport = :$1" | grep -q .
}

udp_bound() {
	ss -Hlun "sport = :$1" | grep -q .
}

file_of() {
	head -c "$1" /dev/urandom >"$2"
}

# One error line and nothing else, in the form that CLI users rely on.
is_one_error() {
	[ "$(wc -l <"$1")" -eq 1 ] && says "$1" '^sockcat: .+: .+'
}

# prints WORDS: that this is what run caught, and if not, what it was.
prints() {
	if [ "$output" != "$1" ]; then
		printf "not '%s'\nbut '%s'\n" "$1" "$output" >&2
		return 1
	fi
}

# The time that a process has run for, in hundredths of a second.
cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# rests PID: it takes no time of the processor.
rests() {
	local before after

	read -r before < <(cpu_ticks "$1")
	pass_time 0.5
	read -r after < <(cpu_ticks "$1")
	((after - before < 10))
}

# refused WORDS ARGUMENTS...: a usage error, told in one line.
refused() {
	local words=$1

	shift
	run -2 sockcat "$@" </dev/null
	if [ "$output" != "sockcat: $words" ]; then
		echo "not '$words' but '$output'" >&2
		return 1
	fi
}
