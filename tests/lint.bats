#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What lint says of the sources, after each one of the mistakes that it is for.

load helper

# A copy of the sources to make mistakes in.
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export TMPDIR=$PWD
	(cd "$TEST_SOURCES/.." && cp -r src man README.md HACKING.md "$BATS_TEST_TMPDIR")
	chmod -R u+w .
}

lint() {
	timeout "$LIMIT" "$TEST_SOURCES/lint" . "$@"
}

# includes FILE HEADER: as its first one.
includes() {
	sed -i "0,/^#include/s|^#include|#include \"$2\"\n&|" "src/$1"
	grep -q "^#include \"$2\"" "src/$1"
}

# is_walled FILE HEADER: lint has nothing against FILE but that it includes HEADER.
is_walled() {
	run -0 lint walls
	includes "$1" "$2"
	run -1 lint walls
	[[ ${#lines[@]} -eq 3 && ${lines[0]} == "src/$1:"*": ${1%%/*} must not include $2" ]]
}

@test "child/ does not include listen/" {
	is_walled child/spawn.c listen/listener.h
}

@test "hub/ does not include dial/" {
	is_walled hub/hub.c dial/dial.h
}

@test "codec/ includes no other room" {
	is_walled codec/telnet.c base/buffer.h
}

@test "a header is behind the walls of its room, too" {
	is_walled relay/flow.h net/socket.h
}

@test "run/ sees the plan and no more of cli/" {
	grep -rq '^#include "cli/plan.h"' src/run
	is_walled run/connect.c cli/options.h
}

@test "a room that the table of HACKING.md does not have includes nothing" {
	mkdir src/attic
	echo '#include "base/loop.h"' >src/attic/attic.c
	run -1 lint walls
	[[ ${lines[0]} == "src/attic/attic.c:1: attic must not include base/loop.h" ]]
}

@test "the table gives a room only those above it" {
	run -0 lint rooms_in_order
	sed -i '/^| `codec\/` /s/ nothing / `hub\/` /' HACKING.md
	run -1 lint rooms_in_order
	[[ ${lines[0]} == "codec: hub is not above it" ]]
}

@test "two files do not call each other" {
	cat >>src/base/buffer.c <<-END
		void buffer_one(void);
		void worker_two(void);
		void buffer_one(void) { worker_two(); }
	END
	cat >>src/base/worker.c <<-END
		void buffer_one(void);
		void worker_two(void);
		void worker_two(void) { buffer_one(); }
	END
	# A few rooms are enough, and quickly compiled.
	rm -r src/[c-z]*
	run -1 lint circles
	[[ ${lines[0]} == "circle: base/buffer base/worker" ]]
	[[ ${lines[1]} == "  base/buffer needs base/worker: worker_two" ]]
	[[ ${lines[2]} == "  base/worker needs base/buffer: buffer_one" ]]
}

@test "three files do not include one another in a loop" {
	includes base/buffer.h base/worker.h
	includes base/worker.c base/descriptor.h
	run -0 lint circles
	includes base/descriptor.c base/buffer.h
	run -1 lint circles
	[[ ${lines[0]} == "circle: base/buffer base/descriptor base/worker" ]]
}

@test "a file is not called by another that it includes" {
	includes base/buffer.h base/worker.h
	cat >>src/base/worker.c <<-END
		void buffer_one(void);
		void worker_two(void);
		void worker_two(void) { buffer_one(); }
	END
	echo "void buffer_one(void); void buffer_one(void) {}" >>src/base/buffer.c
	rm -r src/[c-z]*
	run -1 lint circles
	[[ ${lines[0]} == "circle: base/buffer base/worker" ]]
	[[ ${lines[1]} == "  base/buffer needs base/worker: base/worker.h" ]]
	[[ ${lines[2]} == "  base/worker needs base/buffer: buffer_one" ]]
}

@test "files that share a header of their own are one module" {
	cp src/base/worker.h src/base/buffer_impl.h
	includes base/worker.c base/buffer_impl.h
	includes base/buffer.h base/worker.h
	includes base/worker.h base/buffer.h
	run -0 lint circles
}

@test "no room has more than a fifth of all lines" {
	run -0 lint rooms_small
	seq 10000 >>src/codec/crlf.c
	run -1 lint rooms_small
	[[ ${lines[0]} == "codec: "*" lines" ]]
}

@test "no file has more than 350 lines" {
	run -0 lint short
	seq 350 >src/codec/long.c
	run -0 lint short
	echo 351 >>src/codec/long.c
	run -1 lint short
	[[ ${lines[0]} == "src/codec/long.c: 351 lines" ]]
}

@test "no sentence is about whoever does something" {
	run -0 lint plain
	echo '/* Whoever comes waits. */' >>src/run/queue.c
	run -1 lint plain
	[[ ${lines[0]} == "src/run/queue.c:"*Whoever* ]]
}
