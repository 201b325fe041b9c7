#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A sample of what tests/faults does to all calls in all modes: "faults all".
load helper

# sample MODE...: some runs of each mode, judged by one rule.
sample() {
	[ "${#sockcat[@]}" -eq 1 ] || skip "a library cannot be preloaded into one that has a prefix"
	SOCKCAT=${sockcat[0]} "$TEST_SOURCES/faults" sample "$@"
}

@test "a client for which a call fails ends whole, or says why and resets its peer" {
	sample client client-copied client-spliced client-by-name client-exec
}

@test "a listener for which a call fails ends whole, or says why and resets its client" {
	sample listen listen-exec listen-exec-pipes listen-forward
}

@test "a server of commands for which a call fails goes on serving" {
	sample keep-exec keep-exec-pipes keep-shell keep-pty
}

@test "a forwarder for which a call fails goes on serving" {
	sample keep-forward keep-forward-spliced udp-keep-forward
}

@test "a hub for which a call fails goes on serving" {
	sample keep-star broker chat unix-keep-star
}

@test "datagrams for which a call fails arrive, or are told" {
	sample udp-client udp-client-one-by-one udp-listen udp-keep-exec udp-keep-star
}

@test "unix-domain messages for which a call fails arrive, or are told" {
	sample unix-client unix-datagram-client unix-datagram-keep-star \
		seqpacket-client seqpacket-keep-exec seqpacket-listen
}
