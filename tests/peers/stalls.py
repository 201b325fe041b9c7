# SPDX-License-Identifier: ISC
"""One direction stands still while the other goes on."""
import os
import select
import socket
import subprocess
import sys
import threading
import time

from registry import script
from sockets import AT_ONCE, MARK


class Stall:
    """A sockcat between three byte ends that this process drives: its
    standard input, its standard output, and its peer."""

    def __init__(self, role, command):
        in_r, self.stdin = os.pipe()
        self.stdout, out_w = os.pipe()
        pipes = {"stdin": in_r, "stdout": out_w}
        if role == "client":
            server = socket.create_server(("127.0.0.1", 0))
            port = server.getsockname()[1]
            self.child = subprocess.Popen(command + ["127.0.0.1", str(port)], **pipes)
            self.peer = server.accept()[0]
        else:
            self.child = subprocess.Popen(command + ["-v", "-l", "127.0.0.1", "0"], stderr=subprocess.PIPE, **pipes)
            line = self.child.stderr.readline().decode()
            self.peer = socket.create_connection(("127.0.0.1", int(line.split()[-1])))
        os.close(in_r)
        os.close(out_w)

    def flood(self, write):
        """Writes until nothing more goes in, and keeps trying."""
        count = [0]

        def run():
            try:
                while True:
                    count[0] += write(b"f" * 65536)
            except OSError:
                pass
        threading.Thread(target=run, daemon=True).start()
        before = -1
        while before != count[0]:
            before = count[0]
            time.sleep(0.2)

    def read_one(self, fd):
        if not select.select([fd], [], [], AT_ONCE)[0]:
            sys.exit("nothing came at once")
        return os.read(fd, 1)

    def peer_to_stdout(self):
        for _ in range(3):
            self.peer.sendall(MARK)
            assert self.read_one(self.stdout) == MARK
        self.peer.shutdown(socket.SHUT_WR)
        assert self.read_one(self.stdout) == b"", "no end of file"

    def stdin_to_peer(self):
        for _ in range(3):
            os.write(self.stdin, MARK)
            assert self.read_one(self.peer.fileno()) == MARK
        os.close(self.stdin)
        assert self.read_one(self.peer.fileno()) == b"", "no end of file"


@script
def stall(role, situation, *command):
    s = Stall(role, list(command))
    if situation == "nothing-to-send":
        s.peer_to_stdout()
    elif situation == "nothing-arriving":
        s.stdin_to_peer()
    elif situation == "peer-does-not-read":
        s.flood(lambda b: os.write(s.stdin, b))
        s.peer_to_stdout()
    elif situation == "nobody-reads-stdout":
        s.flood(lambda b: s.peer.send(b))
        s.stdin_to_peer()
    elif situation == "input-ended":
        os.close(s.stdin)
        assert s.read_one(s.peer.fileno()) == b"", "no end of file"
        s.peer_to_stdout()
    elif situation == "peer-ended":
        s.peer.shutdown(socket.SHUT_WR)
        assert s.read_one(s.stdout) == b"", "no end of file"
        s.stdin_to_peer()
    else:
        sys.exit("no such situation")
    s.child.kill()
    s.child.wait()
