# SPDX-License-Identifier: ISC
"""Terminals, and who types at them."""
import fcntl
import os
import select
import socket
import subprocess
import sys
import termios
import threading
import time

from programs import as_from_a_shell, run_client
from registry import script
from sockets import LIMIT, MARK, read_exactly, to_end


def on_terminal(server, command, is_controlling=True):
    """A client whose input is a terminal; returns our side of that, too."""
    master, terminal = os.openpty()

    def prepare():
        as_from_a_shell()
        if is_controlling:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child, c = run_client(server, command, stdin=terminal, start_new_session=True, preexec_fn=prepare)
    os.close(terminal)
    os.write(master, b"typed\n")
    assert read_exactly(c, 6) == b"typed\n"
    return master, child, c


@script
def stopped_terminal(*command):
    """Runs a command as another user on a terminal that nobody reads: its
    input still reaches the peer."""
    master, terminal = os.openpty()
    in_r, in_w = os.pipe()
    server = socket.create_server(("127.0.0.1", 0))
    child = subprocess.Popen(list(command) + ["127.0.0.1", str(server.getsockname()[1])],
                             stdin=in_r, stdout=terminal, user=65534, start_new_session=True)
    peer = server.accept()[0]
    threading.Thread(target=lambda: peer.sendall(b"x" * 1000000), daemon=True).start()
    time.sleep(0.5)    # the terminal's queue fills meanwhile
    os.write(in_w, MARK)
    ready = select.select([peer], [], [], 2)[0]
    child.kill()
    sys.exit(0 if ready and peer.recv(1) == MARK else "input does not arrive")


@script
def terminal_gone(*command):
    """Prints what the peer sees when a client's terminal goes away."""
    master, child, c = on_terminal(socket.create_server(("127.0.0.1", 0)), command)
    os.close(master)
    child.wait(LIMIT)
    print(to_end(c)[1])


@script
def goodbye(*command):
    """Prints what the peer sees when somebody types ^C, and the status."""
    master, child, c = on_terminal(socket.create_server(("127.0.0.1", 0)), command)
    os.write(master, b"\3")
    print(to_end(c)[1], child.wait(LIMIT))
