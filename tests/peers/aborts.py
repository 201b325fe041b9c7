# SPDX-License-Identifier: ISC
"""Who is told what when an end fails, is killed, or leaves."""
import os
import signal
import socket
import struct
import subprocess
import threading
import time

from programs import lingers, queued, run_client, run_server
from registry import script
from sockets import LIMIT, MARK, fcntl_outq, read_exactly, reset, to_end, unread_in, until


def one_proper_end(number, way, command):
    """One transfer from a sockcat to another, of a size from nothing to a
    megabyte.  Returns what was wrong with it."""
    size = (number * 104729) % (1 << 20) if number % 5 else number * 13 % 3
    data = os.urandom(size)
    how = [] if way == "first" else ["-d"]
    receiver, port = run_server([*command, *how], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    children = [receiver]
    if way == "forward":
        forwarder, port = run_server([*command, "--forward", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL)
        children.append(forwarder)
    sender = subprocess.Popen([*command, "127.0.0.1", str(port)], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    children.append(sender)

    def feed():
        try:
            sender.stdin.write(data)
            sender.stdin.close()
        except OSError:
            pass

    feeder = threading.Thread(target=feed)
    feeder.start()
    got = []
    while more := os.read(receiver.stdout.fileno(), 16384 if way == "slow" else 1 << 20):
        got.append(more)
        if way == "slow":
            time.sleep(0.01)
    feeder.join()
    statuses = [child.wait(LIMIT) for child in children]
    said = b"".join(child.stderr.read() for child in children)
    if any(statuses) or b"".join(got) != data or b"sockcat: " in said:
        return f"{way}, {size} bytes: {statuses} {said.decode()}"
    return None


def forwarder_between(command, **how):
    """A forwarder, its client, and its target, after a byte each way."""
    server = socket.create_server(("127.0.0.1", 0))
    child, port = run_server([*command, "--forward", f"127.0.0.1:{server.getsockname()[1]}"], **how)
    c = socket.create_connection(("127.0.0.1", port))
    target = server.accept()[0]
    for one, other in ((c, target), (target, c)):
        one.settimeout(LIMIT)
        one.sendall(MARK)
        assert read_exactly(other, 1) == MARK
    return child, c, target


@script
def killed(name, situation, *command):
    """Ends a client by a signal that has written half a megabyte to a peer
    that has not read yet.  Its input has ended, or is open.  Prints what the
    peer gets, with what end."""
    import signal
    size = 500000
    server = socket.create_server(("127.0.0.1", 0))
    r, w = os.pipe()
    child, c = run_client(server, command, stdin=r)
    os.close(r)
    left = size
    while left > 0:
        left -= os.write(w, b"x" * min(left, 65536))
    if situation == "ended":
        os.close(w)
    until(lambda: queued(child.pid) + unread_in(c) >= size, "all written")
    if situation == "ended":
        until(lambda: not lingers(child.pid), "a proper end")
        time.sleep(0.01)
    child.send_signal(getattr(signal, "SIG" + name))
    child.wait(LIMIT)
    count, end = to_end(c, 0.002)
    print("all" if count == size else "less", end)


@script
def stopped_with(name, left, *command):
    """Ends a client by a signal that finds last words on its input, and maybe
    its end.  Prints how many bytes arrive, the end, and the status."""
    import signal
    server = socket.create_server(("127.0.0.1", 0))
    r, w = os.pipe()
    child, c = run_client(server, command, stdin=r)
    os.close(r)
    os.write(w, MARK)
    assert read_exactly(c, 1) == MARK
    child.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED)
    os.write(w, b"last words\n")
    if left == "end":
        os.close(w)
    child.send_signal(getattr(signal, "SIG" + name))
    child.send_signal(signal.SIGCONT)
    count, end = to_end(c)
    print(count, end, child.wait(LIMIT))


@script
def reader_goes(*command):
    """As stopped_with, where whoever read the client's output has gone with
    its input: both pipes are closed, then the peer speaks."""
    server = socket.create_server(("127.0.0.1", 0))
    child, c = run_client(server, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(b"last words\n")
    child.stdin.close()
    child.stdout.close()
    try:
        c.sendall(MARK)
    except OSError:
        pass
    print(*to_end(c))
    child.wait(LIMIT)


@script
def proper_ends(count, *command):
    """That many transfers of many sizes, in each of four ways: none may be
    cut or be taken for one that was."""
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(one_proper_end, number, way, command)
                for number in range(int(count)) for way in ("direct", "first", "forward", "slow")]
        bad = [wrong for job in jobs if (wrong := job.result())]
    print(*bad or ["all whole"], sep="\n")


@script
def forwarder_killed(*command):
    """Prints what the two see whose forwarder is killed."""
    child, c, target = forwarder_between(command)
    child.kill()
    child.wait()
    print(to_end(c)[1], to_end(target)[1])


@script
def reset_behind(side, *command):
    """One side of a forwarder sends and then resets; prints what arrives at
    the other one that only reads afterwards."""
    child, c, target = forwarder_between(command)
    source, sink = (c, target) if side == "client" else (target, c)
    source.sendall(b"x" * 300000)
    until(lambda: not struct.unpack("i", fcntl_outq(source))[0], "the forwarder takes it")
    until(lambda: queued(child.pid) + unread_in(sink) >= 300000, "the forwarder passes it on")
    reset(source)
    print(*to_end(sink, 0.002))
    child.kill()
    child.wait()
