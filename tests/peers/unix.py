# SPDX-License-Identifier: ISC
"""Unix-domain peers."""
import os
import socket
import struct
import subprocess
import time

from programs import kept
from registry import script
from sockets import LIMIT, fcntl_outq


def kind_of(options):
    return socket.SOCK_DGRAM if "-u" in options else socket.SOCK_SEQPACKET


def send_marked(s, mark):
    with open(mark, "w") as f:
        for _ in range(10):
            socket.send_fds(s, [b"message\n"], [f.fileno()] * 3)


def pending(s):
    return struct.unpack("i", fcntl_outq(s))[0] > 0


@script
def send_unix(path, count, size):
    """Sends that many different datagrams; waits for whoever reads them."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.connect(path)
    for i in range(int(count)):
        s.send(b"%d" % i + b"." * (int(size) - len(b"%d" % i)))
        if i == 300:
            print("under way", flush=True)


@script
def send_large(path, name, *options):
    s = socket.socket(socket.AF_UNIX, kind_of(options))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    s.connect(path)
    with open(name, "rb") as f:
        s.send(f.read())


@script
def send_messages(path, *sizes):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(path)
    for size in sizes:
        s.send(b"x" * int(size))


@script
def send_descriptors(pid, path, *options):
    """Sends some with each message; prints whether the process has kept any."""
    s = socket.socket(socket.AF_UNIX, kind_of(options))
    s.connect(path)
    send_marked(s, "marked")
    s.send(b"last\n")
    end = time.monotonic() + LIMIT
    while pending(s) and time.monotonic() < end:
        time.sleep(0.01)
    print(kept(pid, "marked") or "as before")


@script
def send_descriptors_inherited(kind, *command):
    """The same to sockets that were opened for it, as systemd does."""
    kind = {"datagram": socket.SOCK_DGRAM, "seqpacket": socket.SOCK_SEQPACKET}[kind]
    path = "inherited-%d" % kind
    s = socket.socket(socket.AF_UNIX, kind)
    s.bind(path)
    if kind == socket.SOCK_SEQPACKET:
        s.listen(5)

    p = subprocess.Popen(["sh", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", *command],
                         preexec_fn=lambda: os.dup2(s.fileno(), 3), pass_fds=[3],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        c = socket.socket(socket.AF_UNIX, kind)
        c.connect(path)
        send_marked(c, "marked")
        c.send(b"last\n")
        while b"last" not in p.stdout.readline():
            pass
        print(kept(p.pid, "marked") or "as before")
    finally:
        p.kill()
        p.wait()
