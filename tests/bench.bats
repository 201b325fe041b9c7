#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The benchmark: what it keeps, and what is made from that.  Speed is no test.

load helper

sources="$TEST_SOURCES/.."

# in_bench VARIABLE=VALUE... SCRIPT ARGUMENTS...: one of its commands.
in_bench() {
	local settings=()

	while [[ $1 == *=* ]]; do
		settings+=("$1")
		shift
	done
	timeout --foreground $((3 * LIMIT)) env SOCKCAT="${sockcat[*]}" "${settings[@]}" \
		python3 -B "$sources/bench/$1" "${@:2}"
}

# of FILE EXPRESSION: what Python makes of a results file.
of() {
	python3 -c 'import json, sys
results = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$@"
}

# A tree of its own, to change.
copy_tree() {
	mkdir bench
	cp "$sources"/bench/*.py "$sources"/bench/speed.svg bench
	cp -r "$sources/bench/results" bench/results
	cp "$sources/README.md" "$sources/BENCHMARKS.md" .
	chmod -R u+w .
}

make_tables() {
	python3 -B bench/tables.py
}

check_tables() {
	python3 -B bench/tables.py --check
}

@test "results have each sample of each tool, the machine and the versions" {
	in_bench WORKLOAD=idle TOOLS='sockcat mover' REPS=2 RESULTS=./kept.json bench.py
	run -0 of kept.json '[len(s) for s in results["workloads"]["idle"]["samples"].values()]'
	prints "[2, 2]"
	run -0 of kept.json 'results["workloads"]["idle"]["samples"]["sockcat"][1]["RSS KB"] > 0'
	prints True
	run -0 of kept.json 'results["environment"]["kernel"]'
	prints "Linux $(uname -r)"
	run -0 of kept.json '"sockcat " + results["environment"]["versions"]["sockcat"]'
	prints "$("${sockcat[@]}" --version | head -n 1)"
}

@test "a workload that is measured again replaces its samples, and no others" {
	in_bench WORKLOAD='idle lat-client-1' TOOLS=mover REPS=2 SECONDS_EACH=0.01 \
		RESULTS=./kept.json bench.py
	in_bench WORKLOAD=idle TOOLS=mover REPS=1 RESULTS=./kept.json bench.py
	run -0 of kept.json '[len(w["samples"]["mover"]) for w in results["workloads"].values()]'
	prints "[1, 2]"
}

@test "results of one build are not mixed with those of another" {
	in_bench WORKLOAD=idle TOOLS=mover REPS=1 COMMIT=one RESULTS=./kept.json bench.py
	cp kept.json before.json
	run -1 in_bench WORKLOAD=idle TOOLS=mover REPS=1 COMMIT=two RESULTS=./kept.json bench.py
	prints "bench: ./kept.json was measured with other commit; choose another file"
	same kept.json before.json
}

@test "a run that fails is kept as a failure, and is no sample" {
	run -0 in_bench WORKLOAD=tcp-null TOOLS="'mover:-m nothing'" REPS=1 SIZE=1000 \
		RESULTS=./kept.json bench.py
	[[ $output == *"failed: mover:-m nothing: 1 of 1: the "* ]]
	run -0 of kept.json 'results["workloads"]["tcp-null"]["samples"]["mover:-m nothing"]'
	prints "[None]"
}

@test "a figure in the text, the table or the plot that was not measured is found" {
	local file

	copy_tree
	for file in BENCHMARKS.md README.md bench/speed.svg; do
		run -0 check_tables
		cp "$file" before
		case $file in
		*.svg) sed -i '0,/width="[0-9.]*" height="13"/s//width="1" height="13"/' "$file" ;;
		README.md) sed -i 's/^| `tcp-pipe` | /&9/' "$file" ;;
		*) sed -i 's/^sockcat   */&9/' "$file" ;;
		esac
		run ! same "$file" before
		run -1 check_tables
		[[ $output == "--- $file"* ]]
		make_tables
		same "$file" before
	done
}

@test "tables and plot are made from the newest results" {
	copy_tree
	sed 's/"kernel": .*/"kernel": "Linux of another day",/' bench/results/*.json >later
	mv later bench/results/2999-01-01.json
	run -1 check_tables
	make_tables
	for file in BENCHMARKS.md bench/speed.svg; do
		says "$file" 'Linux of another day'
	done
}

# with_modules EXPRESSION: what Python prints of it, with the bench in reach.
with_modules() {
	PYTHONPATH="$sources/bench" python3 -B -c "$1"
}

@test "pairs: both run in each pair, and the order changes" {
	run -0 with_modules 'import measure
order = []
measure.in_turn({name: lambda name=name: order.append(name) for name in ("old", "new")}, 3)
print(*order)'
	prints "old new new old old new"
}

@test "pairs: the interval is that of the binomial distribution" {
	run -0 with_modules 'import pairs
print(*(pairs.interval(range(1, count + 1)) for count in (5, 6, 21, 41)))'
	prints "None (1, 6) (6, 16) (14, 28)"
}

@test "pairs: a ratio above 1 is better, and a failed run takes its pair along" {
	run -0 with_modules 'import pairs
record = {"samples": {"old": [{"MB/s": 10, "ms": 4}, None, {"MB/s": 10, "ms": 4}],
    "new": [{"MB/s": 20, "ms": 2}, {"MB/s": 1, "ms": 1}, {"MB/s": 20, "ms": 2}]}}
print(*pairs.compare(record))'
	prints "('MB/s', 10.0, 20.0, [2.0, 2.0]) ('ms', 4.0, 2.0, [2.0, 2.0])"
}

@test "pairs: what takes more memory is worse, what takes less is not" {
	run -1 in_bench pairs.py mover "${sockcat[-1]}" --workloads idle --pairs 6 \
		--results ./kept.json
	[[ $output == *"worse: the interval lies below 0.97"* ]]
	run -0 of kept.json '[len(s) for s in results["workloads"]["idle"]["samples"].values()]'
	prints "[6, 6]"
	run -0 in_bench pairs.py "${sockcat[-1]}" mover --workloads idle --pairs 6
	[[ $output == *"RSS KB "* && $output != *worse* ]]
}

@test "pairs: a binary that fails is no better for it" {
	printf '#!/bin/sh\nexit 1\n' >broken
	chmod +x broken
	run -1 in_bench pairs.py "${sockcat[-1]}" ./broken --workloads idle --pairs 1
	[[ $output == *"failed: new: 1 of 1: the listener does not listen"* ]]
}
