# SPDX-License-Identifier: ISC
# Real servers, as processes of the test's own, for files that load helper.
# shellcheck shell=bash

# nginx_serves MEGABYTES: a page of that size named page, at $port and at the
# path web.  The file page is what should arrive.
nginx_serves() {
	mkdir -p pages
	[ -s page ] || file_of "$1M" page
	[ -s pages/page ] || ln page pages/page
	until nginx_starts; do
		[ ! -s web.err ] || grep -q 'Address already in use' web.err || {
			cat web.err >&2
			return 1
		}
	done
}

# The port may be somebody else's by now: then it is another's turn.
nginx_starts() {
	free_port
	rm -f web
	cat >nginx.conf <<-CONF
		daemon off;
		master_process off;
		pid nginx.pid;
		error_log stderr error;
		events { }
		http {
			access_log off;
			client_body_temp_path tmp;
			proxy_temp_path tmp;
			fastcgi_temp_path tmp;
			uwsgi_temp_path tmp;
			scgi_temp_path tmp;
			server {
				listen 127.0.0.1:$port;
				listen unix:$PWD/web;
				root $PWD/pages;
			}
		}
	CONF
	start web nginx -e stderr -p "$PWD" -c nginx.conf
	until_true eval '[ -S web ] && tcp_listening "$port" || ! is_running "$web_pid"'
	is_running "$web_pid"
}

# redis_serves: it knows big, of 5000 bytes, and listens at $port and at the
# path store.
redis_serves() {
	until redis_starts; do
		grep -q 'Address already in use' store.out || {
			cat store.out >&2
			return 1
		}
	done
	redis-cli -s store SET big "$(head -c 5000 /dev/zero | tr '\0' x)" >/dev/null
}

redis_starts() {
	free_port
	rm -f store
	start store redis-server --bind 127.0.0.1 --port "$port" --unixsocket "$PWD/store" \
		--save '' --appendonly no --dir "$PWD"
	until_true eval '[ -S store ] && tcp_listening "$port" || ! is_running "$store_pid"'
	is_running "$store_pid"
}

# request VERSION [CONNECTION]: asks for the page.
request() {
	printf 'GET /page HTTP/%s\r\nHost: web\r\n' "$1"
	[ -z "${2-}" ] || printf 'Connection: %s\r\n' "$2"
	printf '\r\n'
}

# is_page FILE: whether that is an answer with the whole page.
is_page() {
	local size

	size=$(wc -c <page)
	[ "$(head -n 1 "$1" | cut -d ' ' -f 2)" = 200 ] &&
		tail -c "$size" "$1" | cmp - page
}
