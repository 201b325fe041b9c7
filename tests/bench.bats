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
