# SPDX-License-Identifier: ISC
"""As systemd, inetd and s6 start a server."""
import fcntl
import os
import socket
import subprocess
import sys

from registry import script
from sockets import LIMIT, dial, read_all, read_exactly


@script
def inherited(kinds, *command):
    """Becomes a command that finds listening sockets of these kinds (tcp, udp)
    as systemd would pass them; prints their ports first."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
               for kind in kinds.split(",")]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
        if s.type == socket.SOCK_STREAM:
            s.listen(16)
    print(*(s.getsockname()[1] for s in sockets), flush=True)
    high = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in sockets]
    for number, fd in enumerate(high):
        os.dup2(fd, 3 + number)
        os.close(fd)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)))
    os.execvp(command[0], command)


@script
def as_inetd(data, *command):
    """Runs a command with a client on all three standard descriptors, as
    inetd would; prints what the client gets."""
    ours, theirs = socket.socketpair()
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    theirs.close()
    got = b""
    try:
        ours.sendall(data.encode())
        ours.shutdown(socket.SHUT_WR)
    except BrokenPipeError:
        pass    # it has ended already
    try:
        while data := ours.recv(65536):
            got += data
    except ConnectionResetError:
        pass
    print(got.decode(), end="")
    return child.wait()


@script
def given_a_client(*command):
    """Runs a command with a TCP client on its standard descriptors, as inetd
    does; prints whether that lingers when it has been answered."""
    server = socket.create_server(("127.0.0.1", 0))
    c = socket.create_connection(server.getsockname())
    c.settimeout(LIMIT)
    theirs = server.accept()[0]
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs)
    c.sendall(b"x\n")
    assert read_exactly(c, 2) == b"x\n"
    print(theirs.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER))
    theirs.close()
    child.kill()
    child.wait()


@script
def activated_with(what, *command):
    """Runs a command that finds a TCP socket as systemd passes it: a client
    that was accepted, or a listener.  Prints whether that lingers when the
    command has printed what a client said."""
    server = socket.create_server(("127.0.0.1", 0))
    c = socket.create_connection(server.getsockname())
    given = server.accept()[0] if what == "client" else server
    if given is server:
        server.accept()[0].close()
        c = socket.create_connection(server.getsockname())
    high = fcntl.fcntl(given.fileno(), fcntl.F_DUPFD, 100)
    child = subprocess.Popen(["sh", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", *command],
                             preexec_fn=lambda: os.dup2(high, 3), close_fds=False,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    c.sendall(b"x\n")
    assert child.stdout.readline() == b"x\n"
    print(given.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER))
    child.kill()
    child.wait()


@script
def notified(name, *command):
    """Runs a command with a NOTIFY_SOCKET; prints each message as one line."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(name.replace("@", "\0"))
    child = subprocess.Popen(command, env=dict(os.environ, NOTIFY_SOCKET=name))
    try:
        while True:
            message = s.recv(65536).decode()
            print(message.replace("\n", "|"), flush=True)
            if "STOPPING" in message:
                sys.exit(child.wait())
    finally:
        child.kill()


@script
def stuck_supervisor(path, *command):
    """A supervisor that does not read while it sends many SIGHUPs; prints the
    messages that it then reads."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(path)
    other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    other.connect(path)
    other.setblocking(False)
    try:
        while True:
            other.send(b"filler")
    except BlockingIOError:
        pass
    child = subprocess.Popen(command, env=dict(os.environ, NOTIFY_SOCKET=path),
                             stderr=subprocess.PIPE)
    port = int(child.stderr.readline().split()[-1])
    for _ in range(20):
        child.send_signal(1)
        c = dial(str(port))
        c.shutdown(socket.SHUT_WR)
        read_all(c)
    s.settimeout(LIMIT)
    got = []
    while len(got) < 3:
        message = s.recv(1000).decode().split("\n")[0]
        if message != "filler":
            got.append(message)
    child.terminate()
    print(*got, child.wait(LIMIT))
