#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# For how long a listener waits for clients, and clients for a listener.

load helper

# breathe_for MILLISECONDS: longer than what must not run out meanwhile.
breathe_for() {
	python3 -c 'import sys, time; time.sleep(int(sys.argv[1]) / 1000)' "$1"
}

gives_up() {
	grep -qx "sockcat: accept: no client within $1 s" server.err
}

@test "--accept-timeout ends a listener to which nobody comes" {
	run -1 sockcat -l --accept-timeout 200ms --ready-fd 2 127.0.0.1 0 </dev/null
	[ "${lines[1]}" = "sockcat: accept: no client within 0.2 s" ]
	[ "${#lines[@]}" -eq 2 ]
	run -1 sockcat -u -l -k --accept-timeout 200ms --ready-fd 2 127.0.0.1 0 </dev/null
	[ "${lines[1]}" = "sockcat: accept: no client within 0.2 s" ]
	run -1 sockcat -l -U --accept-timeout 200ms path </dev/null
	prints "sockcat: accept: no client within 0.2 s"
	[ ! -e path ]
}

@test "--accept-timeout is not about how long a client stays" {
	serve server --accept-timeout 300ms
	(
		breathe_for 600
		echo hello
	) | sockcat -N 127.0.0.1 "$port"
	ends_with server 0
	[ "$(cat server.out)" = hello ]
}

@test "with -k --accept-timeout counts from when nobody is served any more" {
	for options in "-d" "-e /bin/cat" "--broker"; do
		# shellcheck disable=SC2086
		serve server -k --accept-timeout 400ms $options
		(
			breathe_for 800
			echo hello
		) | sockcat -N 127.0.0.1 "$port"
		ends_with server 1
		gives_up 0.4
	done
}

@test "a client that is denied does not make a listener wait longer" {
	serve server -k --deny 127.0.0.1 --accept-timeout 500ms
	start knocking bash -c 'while "$@"; do :; done' bash "${sockcat[@]}" -d 127.0.0.1 "$port"
	ends_with server 1
	gives_up 0.5
	says server.err '^Connection from .* denied$'
}

@test "with --backlog 0 nobody waits for a place" {
	serve server -k --max-conns 1 --backlog 0 -e /bin/cat
	mkfifo input
	exec 9<>input
	start holder "${sockcat[@]}" 127.0.0.1 "$port" <input
	echo hello >&9
	until_true says holder.out hello
	run -0 sockcat -d 127.0.0.1 "$port"
	prints "sockcat: queue full, try again later"
	exec 9>&-
	kill "$holder_pid"
	until_true has_served
}

has_served() {
	[ "$(sockcat -N 127.0.0.1 "$port" <<<again)" = again ]
}

@test "--backlog 0 leaves datagrams of known and of new peers alone" {
	serve target -u -k -e /bin/cat
	serve server -u -k --backlog 0 --forward "127.0.0.1:$port"
	for word in one two; do
		run -0 sockcat -u -W 1 -q 5 127.0.0.1 "$port" <<<"$word"
		prints "$word"
	done
}
