# SPDX-License-Identifier: ISC
# Servers in every mode, whose clients send and never read, and then leave.
# shellcheck shell=bash

descriptors() {
	find "/proc/$1/fd" -mindepth 1 | wc -l
}

has_descriptors() {
	[ "$(descriptors "$1")" -eq "$2" ]
}

# The modes of a server, in which the client's bytes come back.
all_modes() {
	peer tcp_target echoes tcp
	modes=("-e cat" "-t -e cat" "-C -e cat" "-w 60 -e cat" "-i 1ms -e cat" "--pty -e cat" "--forward 127.0.0.1:$port")
	peer unix_target echoes unix back
	modes+=("--forward unix:back")
}

# free_places PAUSE WAVES HOW...: ten clients of each server with ten places
# are full, and leave after a PAUSE, by reset or by close; and that in WAVES.
free_places() {
	local i how pid before=() pause=$1 waves=$2

	shift 2
	all_modes
	for i in "${!modes[@]}"; do
		# shellcheck disable=SC2086
		serve "server_$i" -k --max-conns 10 ${modes[i]} 127.0.0.1
		ports[i]=$port
		before[i]=$(descriptors "$pid")
	done
	for how; do
		for i in "${!modes[@]}"; do
			start "crowd_$i" "${peers[@]}" fill-and-leave "${ports[i]}" 10 "$how" "$pause" "$waves"
		done
		for i in "${!modes[@]}"; do
			LIMIT=$((30 * LIMIT)) ends_with "crowd_$i" 0
			echo "${modes[i]} $how: $(cat "crowd_$i.out")"
			says "crowd_$i.out" "^in time"
		done
	done
	for i in "${!modes[@]}"; do
		pid="server_${i}_pid"
		until_true has_no_children "${!pid}"
		until_true has_descriptors "${!pid}" "${before[i]}"
	done
}
