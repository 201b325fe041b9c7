#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Ends and resets, so often that no order of events is left out.

load ../helper

@test "a sender that is killed when all is written leaves the whole behind, 100 of 100" {
	for _ in {1..100}; do
		run -0 peers killed KILL ended "${sockcat[@]}"
		prints "all end"
	done
}

@test "a sender that is killed before that leaves a reset behind, 100 of 100" {
	for _ in {1..25}; do
		for signal in KILL TERM INT ABRT; do
			run -0 peers killed "$signal" open "${sockcat[@]}"
			[[ $output == *" reset" ]]
		done
	done
}

@test "1000 proper ends are never taken for resets" {
	LIMIT=3000 run -0 peers proper-ends 250 "${sockcat[@]}"
	prints "all whole"
}

@test "100 clients whose output's reader has gone send their last words" {
	for _ in {1..100}; do
		run -0 peers reader-goes "${sockcat[@]}"
		prints "11 end"
	done
}

# sshd_serves: a server of the test's own, at $port, its log in sshd.err.
sshd_serves() {
	[ -x /usr/sbin/sshd ] || skip "there is no sshd"
	ssh-keygen -q -t ed25519 -N '' -f hostkey
	ssh-keygen -q -t ed25519 -N '' -f key
	cat >sshd_config <<-CONF
		ListenAddress 127.0.0.1
		HostKey $PWD/hostkey
		PidFile none
		AuthorizedKeysFile $PWD/key.pub
		StrictModes no
		UsePAM no
		LogLevel DEBUG1
		PermitRootLogin yes
		MaxStartups 200
	CONF
	mkdir -p /run/sshd
	until sshd_starts; do
		grep -q 'Address already in use' sshd.err
	done
}

sshd_starts() {
	free_port
	start sshd /usr/sbin/sshd -D -e -f "$PWD/sshd_config" -p "$port"
	until_true eval 'says sshd.err "^Server listening" || ! is_running "$sshd_pid"'
	is_running "$sshd_pid"
}

@test "100 logins by ssh through sockcat leave no reset in the server's log" {
	sshd_serves
	for login in {1..100}; do
		run -0 --separate-stderr timeout "$LIMIT" ssh -F none -i key -o IdentitiesOnly=yes -o BatchMode=yes \
			-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
			-o "ProxyCommand=${sockcat[*]} 127.0.0.1 $port" "$(id -un)@host" "echo $login"
		prints "$login"
	done
	until_true eval '[ "$(grep -c "Received disconnect from" sshd.err)" -ge 100 ]'
	run ! grep -iE 'reset by peer|ECONNRESET|broken pipe' sshd.err
}
