# SPDX-License-Identifier: ISC
"""Workloads that move datagrams over UDP."""
import fcntl
import os

import settings
from peers import command, helpers
from processes import (Failed, Process, Stayed, helper, new_port, packet_pipe, silent_pipe,
                       until_bound)

SIZE = 1400
PACED = 100000          # datagrams/s of udp-rx-paced


def send_chunks(spec, port):
    """Feeds the tool for a while; returns it, and how many chunks it was given."""
    r, w = packet_pipe()
    client = Process("sender", command(spec, "dsend", port=port), stdin=r)
    os.close(r)
    # The generator counts on standard error, since its output is the pipe.
    generator = Process("generator", helpers("generate-packets", settings.SECONDS_EACH, SIZE), stdout=w)
    os.close(w)
    return client, int(generator.wait().last_word)


def tx(spec):
    port = new_port()
    sink = helper("count-datagrams", port)
    until_bound("udp", port, sink)
    client, sent = send_chunks(spec, port)
    datagrams, size, seconds = sink.numbers_said()
    if not datagrams:
        raise Failed("nothing arrived")
    try:
        client.wait(5)
    except Stayed:
        pass            # some never end by themselves
    chunks = size / SIZE
    return {
        "k chunks/s": chunks / seconds / 1e3,
        "loss %": 100 * (1 - chunks / sent),
        "CPU us/chunk": client.cpu / sent * 1e6,
        "bytes/datagram": size / datagrams,     # a tool may join chunks
    }


def received(spec, blast):
    """What the tool writes of the datagrams that blast sends."""
    r, w = os.pipe()
    fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 1 << 20)
    port = new_port()
    stdin = silent_pipe()
    server = Process("receiver", command(spec, "drecv", port=port), stdin=stdin, stdout=w)
    os.close(stdin)
    os.close(w)
    counter = helper("drain-until-idle", stdin=r)
    os.close(r)
    until_bound("udp", port, server)
    sent = blast(port)
    size, seconds = counter.numbers_said()
    server.finish()
    if not size:
        raise Failed("nothing arrived")
    return {
        "k chunks/s": size / SIZE / seconds / 1e3,
        "loss %": 100 * (1 - size / SIZE / sent),
        "CPU us/chunk": server.cpu / (size / SIZE) * 1e6,
    }


def rx(rate):
    def blast(port):
        return helper("send-datagrams", port, SIZE, settings.SECONDS_EACH, rate).numbers_said()[0]
    return lambda spec: received(spec, blast)


def both(spec):
    return received(spec, lambda port: send_chunks(spec, port)[1])
