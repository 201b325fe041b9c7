#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What tests/places.bats does, with many more clients, and with pauses.

load ../helper
load ../places

@test "300 clients that were full have left, by reset and by close, and each place is free again" {
	free_places 0 30 reset close
}

@test "300 clients that have not read for ten seconds are reset, and each place is free again" {
	free_places 10 30 reset
}
