# SPDX-License-Identifier: ISC
"""Unusual standard streams: sockets, packets, full pipes."""
import array
import fcntl
import os
import socket
import subprocess
import sys
import threading

from registry import script
from sockets import LIMIT


@script
def pipe_sizes(*command):
    """Runs an echo through a command on pipes and prints the sizes of both
    pipes before, after a megabyte has passed, and when the command has ended."""
    get_size = 1032    # F_GETPIPE_SZ, which Python knows by name since 3.10
    in_r, in_w = os.pipe()
    out_r, out_w = os.pipe()

    def say():
        print(fcntl.fcntl(in_r, get_size), fcntl.fcntl(out_r, get_size), flush=True)

    server = socket.create_server(("127.0.0.1", 0))
    say()
    child = subprocess.Popen(list(command) + ["127.0.0.1", str(server.getsockname()[1])], stdin=in_r, stdout=out_w)
    peer = server.accept()[0]
    for _ in range(16):
        os.write(in_w, b"x" * 65536)
        left = 65536
        while left:
            left -= len(peer.recv(left))
        peer.sendall(b"x" * 65536)
        left = 65536
        while left:
            left -= len(os.read(out_r, left))
    say()
    os.close(in_w)
    peer.shutdown(socket.SHUT_WR)
    child.wait()
    say()
    sys.exit(child.returncode)


@script
def pipe_after_signal(*command):
    """Ends a command by SIGTERM when much has come in; prints the size of its
    output pipe before and after, and how it ended."""
    get_size = 1032    # F_GETPIPE_SZ
    server = socket.create_server(("127.0.0.1", 0))
    out_r, out_w = os.pipe()
    before = fcntl.fcntl(out_r, get_size)
    child = subprocess.Popen(list(command) + ["-d", "127.0.0.1", str(server.getsockname()[1])], stdout=out_w)
    peer = server.accept()[0]
    threading.Thread(target=lambda: peer.sendall(b"x" * 20000000), daemon=True).start()
    left = 20000000
    while left > 0:
        left -= len(os.read(out_r, 1 << 20))
    grown = fcntl.fcntl(out_r, get_size)
    child.terminate()
    child.wait()
    assert grown > before
    print(before, fcntl.fcntl(out_r, get_size), child.returncode)


@script
def keeps_flags(*command):
    """Runs a command on pipes and tells whether their flags changed."""
    in_r, in_w = os.pipe()
    out_r, out_w = os.pipe()
    before = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (in_r, out_w)]
    child = subprocess.Popen(command, stdin=in_r, stdout=out_w)
    os.write(in_w, b"x")
    os.read(out_r, 1)    # it has come through, so both are in use
    after = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (in_r, out_w)]
    os.close(in_w)
    os.close(in_r)
    child.wait()
    print("same" if before == after else f"{before} {after}")


@script
def packet_pipe(sizes, *command):
    """Runs a command on a pipe that is full of packets, and ends them."""
    r, w = os.pipe2(os.O_DIRECT)
    fcntl.fcntl(w, 1031, 1 << 20)    # F_SETPIPE_SZ
    for number, size in enumerate(sizes.split(",")):
        os.write(w, bytes([(number + 1) % 256]) * int(size))
    child = subprocess.Popen(command, stdin=r)
    os.close(w)
    return child.wait()


@script
def packet_output(count, *command):
    """Runs a command with a pipe in packet mode as its output; prints what
    each packet holds: its size and the first byte."""
    r, w = os.pipe2(os.O_DIRECT)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=w)
    os.close(w)
    for _ in range(int(count)):
        data = os.read(r, 65536)
        print(len(data), data[0], flush=True)
    os.close(r)
    child.wait()


@script
def with_sockets(kind, sizes, *command):
    """Runs a command with a message socket as its input; sends messages."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    child = subprocess.Popen(command, stdin=theirs)
    theirs.close()
    for size in sizes.split(","):
        ours.send(b"x" * int(size))
    if kind == "SEQPACKET":
        ours.close()
    return child.wait()


@script
def large_input(size, *command):
    """Runs it with a socket of whole messages as standard input."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    with subprocess.Popen(command, stdin=theirs) as p:
        theirs.close()
        ours.send(b"x" * int(size))
        ours.close()
    return p.returncode


@script
def output_socket(kind, count, *command):
    """Runs a command with a message socket as its output; prints sizes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs)
    theirs.close()
    for _ in range(int(count)):
        print(len(ours.recv(1 << 18)), flush=True)
    return child.wait()


@script
def one_socket(*command):
    """Runs a command with one stream socket as input and output, as a
    ProxyCommand or an inetd may: what it writes comes to an end while its
    input stays open, then its input ends."""
    ours, theirs = socket.socketpair()
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs)
    theirs.close()
    got = b""
    while data := ours.recv(65536):
        got += data
    ours.close()
    print(got.decode(), end="")
    return child.wait()


@script
def pass_socket(*command):
    """Runs sockcat -F with a socket as its output; uses what it passes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    child = subprocess.Popen(command, stdout=theirs)
    theirs.close()
    _, control, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(4))
    fds = array.array("i")
    fds.frombytes(control[0][2])
    s = socket.socket(fileno=fds[0])
    status = child.wait()
    s.sendall(b"passed\n")
    s.shutdown(socket.SHUT_WR)
    print(s.recv(100).decode(), end="")
    return status


@script
def passed_on(*command):
    """Whether a socket that sockcat -F passes on lingers."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    child = subprocess.Popen(command, stdout=theirs)
    theirs.close()
    _, control, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(4))
    fds = array.array("i")
    fds.frombytes(control[0][2])
    print(socket.socket(fileno=fds[0]).getsockopt(socket.SOL_SOCKET, socket.SO_LINGER))
    sys.exit(child.wait(LIMIT))
