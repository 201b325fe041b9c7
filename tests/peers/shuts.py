# SPDX-License-Identifier: ISC
"""When a side is shut, and what the peer sees of it."""
import select
import socket
import subprocess
import sys
import time

from programs import run_client, run_server
from registry import script
from servers import speak
from sockets import LIMIT, MARK, is_over


def waits_for_end(c, since):
    """Milliseconds until the other side ends."""
    while not is_over(c):
        since = time.monotonic()
    return int(1000 * (time.monotonic() - since))


@script
def when_it_shuts(words, pauses, *command):
    """Runs a client with these words as its input at a server that speaks
    after each of these pauses and then says nothing more.  Prints the
    milliseconds from the last byte to the client's end, those from ours to
    its exit, and its status."""
    server = socket.create_server(("127.0.0.1", 0))
    child, c = run_client(server, command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    start = time.monotonic()
    child.stdin.write(words.encode())
    child.stdin.close()
    spoken, last = 0, start
    if words:
        c.recv(65536)
        spoken, last = speak(c, [float(p) for p in pauses.split(",") if p], 1000)
    if spoken < pauses.count(",") + bool(pauses):
        sys.exit(f"cut off after {spoken} pieces")
    shut = waits_for_end(c, last)
    c.close()
    ours = time.monotonic()
    status = child.wait(LIMIT)
    print(shut, int(1000 * (time.monotonic() - ours)), status)


@script
def when_a_listener_shuts(words, *command):
    """As when_it_shuts, of a listener's client that says nothing."""
    child, port = run_server(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    c = socket.create_connection(("127.0.0.1", port))
    c.settimeout(LIMIT)
    child.stdin.write(words.encode())
    child.stdin.close()
    print(waits_for_end(c, time.monotonic()))
    c.close()
    sys.exit(child.wait(LIMIT))


@script
def when_it_is_passed_on(*command):
    """How long a forwarder takes to pass on what a client says, and its end,
    to a target that says nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    child, port = run_server([*command, "--forward", f"127.0.0.1:{server.getsockname()[1]}"])
    c = socket.create_connection(("127.0.0.1", port))
    target = server.accept()[0]
    target.settimeout(LIMIT)
    c.sendall(MARK)
    c.shutdown(socket.SHUT_WR)
    print(waits_for_end(target, time.monotonic()))
    target.close()
    c.close()
    sys.exit(child.wait(LIMIT))


@script
def never_quiet(seconds, *command):
    """Runs a client with one word at a server that sends a dot ten times a
    second until it reads the client's end, or for so long.  Prints how many
    it sent, and which of both came first."""
    server = socket.create_server(("127.0.0.1", 0))
    child, c = run_client(server, command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    child.stdin.write(b"word\n")
    child.stdin.close()
    c.recv(100)
    dots, end = 0, time.monotonic() + float(seconds)
    while time.monotonic() < end:
        c.sendall(b".")
        dots += 1
        if select.select([c], [], [], 0.1)[0] and is_over(c):
            print(dots, "client")
            break
    else:
        print(dots, "server")
    c.close()
    sys.exit(child.wait(LIMIT))
