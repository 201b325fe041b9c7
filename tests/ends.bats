#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# How sessions end when one side fails: who is told, and what is said.

load helper

@test "a target that leaves a client's bytes unread is an error, and the client is reset" {
	for options in "" -k; do
		for kind in tcp unix; do
			if [ $kind = unix ]; then
				peer target leaves-unread unix "back$options"
				where=unix:back$options
			else
				peer target leaves-unread tcp
				where=127.0.0.1:$port
			fi
			# shellcheck disable=SC2086
			serve server $options --forward "$where" 127.0.0.1
			run -0 peers sends-until-told "$port" 3000000
			prints reset
			until_true says server.err "^sockcat: (127|back)"
			[ "$(grep -c '^sockcat: ' server.err)" -eq 1 ]
			[ -n "$options" ] || ends_with server 1
		done
	done
}

@test "a target that has ended and gets nothing more is no error" {
	peer target ends-first tcp
	serve server --forward "127.0.0.1:$port" 127.0.0.1
	run -0 sockcat 127.0.0.1 "$port" </dev/null
	ends_with server 0
}

@test "a client that pauses gets all of what has ended since, be that a command or a target" {
	local ports=() number=0

	# 160 KiB are more than the client's buffer, and less than ours.
	for options in "" -C --pty; do
		# shellcheck disable=SC2086
		serve "server$((++number))" $options -c 'exec head -c 163840 /dev/zero' 127.0.0.1
		ports+=("$port")
	done
	for options in "" "-O 20k"; do
		peer target says-and-leaves "path$((++number))" 163840
		# shellcheck disable=SC2086
		serve "server$number" $options --forward "unix:path$number" 127.0.0.1
		ports+=("$port")
	done
	run -0 peers pauses-with 3 "${ports[@]}"
	prints "$(printf '163840 end\n%.0s' 1 2 3 4 5)"
	for number in 1 2 3 4 5; do
		ends_with "server$number" 0
		run ! says "server$number.err" '^sockcat: '
	done
}

@test "-w ends the wait for a client that reads nothing, too" {
	serve server -w 1s -C -c 'exec head -c 163840 /dev/zero' 127.0.0.1
	start client "${peers[@]}" pauses-with "$LIMIT" "$port"
	ends_with server 1
	[ "$(grep -c "^sockcat: " server.err)" -eq 1 ]
	says server.err 'Connection timed out .* not sent'
}

@test "a peer that takes no more, and does not end, is an error line" {
	peer peer stops-reading path
	start client "${sockcat[@]}" -U path < <(until_true says client.out first && echo word)
	ends_with client 1
	is_one_error client.err
	says client.err 'Broken pipe'
}

@test "a system that is short of memory for a moment is asked again, and there is one line" {
	file_of 300K data
	for error in ENOMEM ENOBUFS; do
		serve server </dev/null
		SOCKCAT_STRATEGY=copy start_failing client "sendto:error=$error:when=2..4" \
			"${sockcat[@]}" -N 127.0.0.1 "$port" <data
		ends_with client 0
		ends_with server 0
		same data server.out
		is_one_error client.err
		says client.err 'trying again'
	done
}

@test "a system that stays short of memory ends the session, and the peer is reset" {
	serve server </dev/null
	SOCKCAT_STRATEGY=copy start_failing client sendto:error=ENOBUFS "${sockcat[@]}" -N 127.0.0.1 "$port" <<<x
	ends_with client 1
	[ "$(wc -l <client.err)" -eq 2 ]
	ends_with server 1
	says server.err '^sockcat: .*Connection reset by peer'
}

@test "forwarding that fails for good resets both sides" {
	peer target sees-reset
	export SOCKCAT_STRATEGY=copy # by send(2), which fails
	failing sendto:error=EIO -k --forward "127.0.0.1:$port"
	run -0 peers met-by-reset "$port"
	prints reset
	ends_with target 0
	[ "$(tail -n 1 target.out)" = reset ]
	until_true says server.err '^sockcat: .*Input/output error'
}

@test "urgent data stays in its place among the bytes" {
	for options in "" -k; do
		peer talker urgent-line onetwo '!'
		run -0 sockcat -N 127.0.0.1 "$port" </dev/null
		prints 'one!two'
	done
}

@test "-v says how each direction ended" {
	peer echo echo-once
	run -0 --separate-stderr sockcat -v 127.0.0.1 "$port" <<<hello
	grep -qF "sent 6 bytes (end), received 6 bytes (end)" <<<"$stderr"
	peer cut answer-and-reset 1000
	run -1 --separate-stderr sockcat -v 127.0.0.1 "$port" </dev/null
	grep -qF "received 1000 bytes (reset)" <<<"$stderr"
	peer silent unread 20
	mkfifo input
	exec 9<>input
	run -1 --separate-stderr sockcat -v -w 100ms 127.0.0.1 "$port" <input
	exec 9>&-
	grep -qF "sent 0 bytes (idle), received 0 bytes (idle)" <<<"$stderr"
	peer silent unread 20
	run -0 --separate-stderr sockcat -v -N -q 100ms 127.0.0.1 "$port" <<<x
	grep -qF "sent 2 bytes (end), received 0 bytes (cut by us)" <<<"$stderr"
	peer line one-line-then-wait
	run -0 --separate-stderr sockcat -v -W 1 127.0.0.1 "$port" </dev/null
	grep -qF "received 5 bytes (cut by us)" <<<"$stderr"
	# What a command does not want to hear is no failure of its client's.
	serve server -C -c 'exec echo hello' 127.0.0.1
	exec 9<>input
	start client "${sockcat[@]}" 127.0.0.1 "$port" <input
	ends_with server 0
	exec 9>&-
	ends_with client 0
	says server.err 'sent 7 bytes \(end\), received 0 bytes \(cut by us\)$'
}

@test "clients of a server that is stopped before its input has ended are reset" {
	mkfifo input
	for signal in TERM INT; do
		exec 9<>input
		start server env --default-signal=INT "${sockcat[@]}" -v -k -l 127.0.0.1 0 <input
		listens server
		start client "${sockcat[@]}" 127.0.0.1 "$port" </dev/null
		until_true says server.err '^Connection received'
		echo "so far" >&9
		until_true says client.out "so far"
		kill -$signal "$server_pid"
		ends_with client 1
		says client.err 'Connection reset by peer'
		exec 9>&-
		ends server
	done
}

@test "clients of a server that stops after its input has ended see an end" {
	serve server -k </dev/null
	start client "${sockcat[@]}" -d 127.0.0.1 "$port"
	until_true says server.err '^Connection received'
	kill -TERM "$server_pid"
	ends_with client 0
	ends_with server 143
}
