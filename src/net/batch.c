/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A batch costs about what one datagram costs alone.
 */
#include "net/batch.h"

#include <netinet/in.h>

#include <errno.h>
#include <string.h>

#include "net/missing.h"

enum {
	GSO_MAX = 64,            /* datagrams, on every kernel that can */
	GSO_BYTES = 65535 - 100, /* with all headers there may be */
};

void
batch_enable(int fd)
{
	const int on = 1;

	setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
}

/* A system that does not know UDP_SEGMENT would send them as one. */
bool
batch_has_gso(int fd)
{
	int size;
	socklen_t length = sizeof(size);

	return getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, &length) == 0;
}

int
batch_receive(
    int fd, uint8_t *space, size_t size, int count, struct batch_item *items)
{
	struct mmsghdr headers[BATCH_MAX];
	struct iovec vectors[BATCH_MAX];
	union message_control controls[BATCH_MAX];
	int n;

	if (count > BATCH_MAX)
		count = BATCH_MAX;
	for (int i = 0; i < count; i++) {
		struct msghdr *m = &headers[i].msg_hdr;

		vectors[i] = (struct iovec){ space + (size_t)i * size, size };
		*m = (struct msghdr){
			.msg_name = &items[i].source.peer.storage,
			.msg_namelen = sizeof(items[i].source.peer.storage),
			.msg_iov = &vectors[i],
			.msg_iovlen = 1,
			.msg_control = &controls[i],
			.msg_controllen = sizeof(controls[i]),
		};
	}
	n = recvmmsg(fd, headers, (unsigned)count, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		struct datagram_source *source = &items[i].source;

		source->peer.length = headers[i].msg_hdr.msg_namelen;
		source->local.length = 0;
		source->ttl = source->segment = 0;
		message_read_control(&headers[i].msg_hdr, source);
		items[i].length = headers[i].msg_len;
		items[i].is_cut = headers[i].msg_hdr.msg_flags & MSG_TRUNC;
	}
	return n;
}

/* How many of the datagrams can go as one: equal, but the last is shorter. */
static size_t
run_length(const uint32_t *lengths, size_t count)
{
	size_t bytes = lengths[0], n = 1;

	while (n < count && n < GSO_MAX && lengths[n - 1] == lengths[0] &&
	    lengths[n] > 0 && lengths[n] <= lengths[0] &&
	    bytes + lengths[n] <= GSO_BYTES)
		bytes += lengths[n++];
	return n;
}

/* Says where the datagrams of a message end. */
static void
set_segment(struct msghdr *m, union message_control *control, uint16_t size)
{
	size_t used = m->msg_control != NULL ? m->msg_controllen : 0;
	struct cmsghdr c = {
		.cmsg_level = IPPROTO_UDP,
		.cmsg_type = UDP_SEGMENT,
		.cmsg_len = CMSG_LEN(sizeof(size)),
	};
	char *at = control->bytes + used;

	memset(at, 0, CMSG_SPACE(sizeof(size)));
	memcpy(at, &c, sizeof(c));
	memcpy(CMSG_DATA((struct cmsghdr *)(void *)at), &size, sizeof(size));
	m->msg_control = control;
	m->msg_controllen = used + CMSG_SPACE(sizeof(size));
}

static bool
refuses_gso(int error)
{
	return error == EINVAL || error == EIO || error == EMSGSIZE ||
	    error == ENOPROTOOPT;
}

struct outgoing {
	struct mmsghdr headers[BATCH_MAX];
	struct iovec vectors[BATCH_MAX];
	union message_control controls[BATCH_MAX];
	size_t runs[BATCH_MAX]; /* datagrams in each message */
	unsigned count;
};

static void
add_run(struct outgoing *o, const uint8_t *bytes, const uint32_t *lengths,
    size_t run, struct datagram_route *route)
{
	struct msghdr *m = &o->headers[o->count].msg_hdr;
	union message_control *control = &o->controls[o->count];
	struct iovec *v = &o->vectors[o->count];

	*m = (struct msghdr){ .msg_iov = v, .msg_iovlen = 1 };
	memcpy(&v->iov_base, &bytes, sizeof(bytes));
	v->iov_len = 0;
	for (size_t i = 0; i < run; i++)
		v->iov_len += lengths[i];
	if (route->peer.length > 0) {
		m->msg_name = &route->peer.storage;
		m->msg_namelen = route->peer.length;
		message_set_local(m, control, &route->local);
	}
	if (run > 1)
		set_segment(m, control, (uint16_t)lengths[0]);
	o->runs[o->count++] = run;
}

static int
send_runs(int fd, const uint8_t *bytes, const uint32_t *lengths, size_t count,
    struct datagram_route *route, bool use_gso)
{
	struct outgoing o; /* 22 KB, of which add_run sets what is used */
	int sent, datagrams = 0;

	o.count = 0;
	while (count > 0 && o.count < BATCH_MAX) {
		size_t run = use_gso ? run_length(lengths, count) : 1;

		add_run(&o, bytes, lengths, run, route);
		bytes += o.vectors[o.count - 1].iov_len;
		lengths += run;
		count -= run;
	}
	sent = sendmmsg(fd, o.headers, o.count, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent == -1)
		return -1;
	for (int i = 0; i < sent; i++)
		datagrams += (int)o.runs[i];
	return datagrams;
}

int
batch_send(int fd, const uint8_t *bytes, const uint32_t *lengths, size_t count,
    const struct datagram_route *route, bool *use_gso)
{
	struct datagram_route to; /* without a peer, for NULL */
	int n;

	if (route != NULL)
		to = *route;
	else
		to.peer.length = 0;
	n = send_runs(fd, bytes, lengths, count, &to, *use_gso);
	if (n == -1 && *use_gso && refuses_gso(errno) &&
	    run_length(lengths, count) > 1) {
		*use_gso = false;
		n = send_runs(fd, bytes, lengths, count, &to, false);
	}
	return n;
}
