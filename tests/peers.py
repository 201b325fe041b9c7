# SPDX-License-Identifier: ISC
"""Peers that no ordinary tool is: they reset, stall, and count."""
import array
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

LIMIT = float(os.environ.get("LIMIT", "20"))
MARK = b"m"
AT_ONCE = LIMIT / 10
PAUSE = 0.005 * (LIMIT / 20) ** 2    # of bad company; who is given more time is slow, and so are those it floods


def listener(kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        s.listen(16)
    print(s.getsockname()[1], flush=True)
    return s


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def answer_and_reset(size):
    """Sends that many bytes, waits until they have arrived, resets: not before
    a client could see that it is connected."""
    c = listener().accept()[0]
    select.select([c], [], [], AT_ONCE / 10)
    c.sendall(b"x" * int(size))
    while struct.unpack("i", fcntl_outq(c))[0]:
        time.sleep(0.001)
    reset(c)


def fcntl_outq(s):
    return fcntl.ioctl(s, termios.TIOCOUTQ, b"\0" * 4)


def close_over_unread():
    """Answers before it has read its input, and closes over it."""
    c = listener().accept()[0]
    select.select([c], [], [], LIMIT)
    c.sendall(b"x" * 100000)
    c.close()


def flood():
    """Sends until the peer goes away."""
    c = listener().accept()[0]
    try:
        while True:
            c.sendall(b"line\n" * 4096)
    except OSError:
        pass


def one_line_then_wait():
    """Sends one line, then nothing until the peer goes away."""
    c = listener().accept()[0]
    c.sendall(b"line\n")
    c.recv(1)


def says_and_leaves(path, size):
    """Sends so many bytes and closes, whatever its client does."""
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen()
    print("ready", flush=True)
    c = s.accept()[0]
    c.sendall(b"x" * int(size))
    c.close()


def stops_reading(path):
    """Shuts its reading side, sends a line, and stays."""
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen()
    print("ready", flush=True)
    c = s.accept()[0]
    c.shutdown(socket.SHUT_RD)
    c.sendall(b"first\n")
    time.sleep(LIMIT)


def one_line_then_silence():
    """Sends one line, reads nothing, and stays."""
    c = listener().accept()[0]
    c.sendall(b"line\n")
    time.sleep(LIMIT)


def floods_unread():
    """Sends all the time and reads nothing."""
    s = listener()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c = s.accept()[0]
    try:
        while True:
            c.sendall(b"line\n" * 4096)
    except OSError:
        pass


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


def urgent(size):
    """Sends that many bytes with an urgent one among them, and ends."""
    c = listener().accept()[0]
    for _ in range(8):
        c.sendall(b"x" * (int(size) // 8))
        c.send(b"!", socket.MSG_OOB)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)


def telnet_synch(shape):
    """Sends telnet's Synch, RFC 854: IAC, and DM as the urgent byte."""
    c = listener().accept()[0]
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    c.sendall(b"before ")
    if shape == "at-once":
        c.send(b"it\xff\xf2", socket.MSG_OOB)
        c.sendall(b" after\n")
    else:
        for byte in b"it\xff":
            c.sendall(bytes([byte]))
            drained(c)
        c.send(b"\xf2", socket.MSG_OOB)
        drained(c)
        for byte in b" after\n":
            c.sendall(bytes([byte]))
            drained(c)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)


def drained(s):
    """Waits until the peer's system has acknowledged all."""
    while struct.unpack("i", fcntl_outq(s))[0]:
        time.sleep(0.001)


def bulk_then_one(size):
    """Sends that many bytes, then, when a byte has come, one, and stays."""
    c = listener().accept()[0]
    c.sendall(b"x" * int(size))
    c.recv(1)
    c.sendall(MARK)
    time.sleep(LIMIT)


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


def echo_once():
    c = listener().accept()[0]
    while data := c.recv(65536):
        c.sendall(data)
    c.close()


def collect():
    """Reads to the end, prints the bytes."""
    c = listener().accept()[0]
    while data := c.recv(65536):
        sys.stdout.buffer.write(data)
    sys.stdout.flush()


def still_open():
    """Reads once and says whether an end of file follows at once."""
    c = listener().accept()[0]
    c.recv(65536)
    print("closed" if select.select([c], [], [], 0.3)[0] else "open")
    c.close()


def unread(seconds):
    """Accepts and reads nothing."""
    c = listener().accept()[0]
    time.sleep(float(seconds))
    c.close()


def gaps(count):
    """Reads, prints the seconds between the first bytes of each read."""
    c = listener().accept()[0]
    times = []
    while c.recv(65536):
        times.append(time.monotonic())
    print(" ".join(f"{b - a:.3f}" for a, b in zip(times, times[1:])))


def free_port():
    """A port that neither TCP nor UDP has in use."""
    while True:
        stream, datagrams = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        stream.bind(("127.0.0.1", 0))
        try:
            datagrams.bind(stream.getsockname())
        except OSError:
            continue
        print(stream.getsockname()[1])
        return


def silent_name_server():
    """Listens where name servers do and answers nothing; says so at each
    question."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 53))
    print("ready", flush=True)
    while s.recv(1000):
        print("asked", flush=True)


def udp_echo(count):
    """Sends each of that many datagrams back to its sender; prints sizes."""
    s = listener(socket.SOCK_DGRAM)
    s.settimeout(LIMIT)
    for _ in range(int(count)):
        data, who = s.recvfrom(65536)
        print(len(data), flush=True)
        s.sendto(data, who)


def udp_sizes(count):
    """Prints the size of each of that many datagrams."""
    s = listener(socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    s.settimeout(LIMIT)
    for _ in range(int(count)):
        print(len(s.recv(65536)), flush=True)


def udp_sizes_at(host, count):
    """As udp_sizes, at an address of either family."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, 0))
    s.settimeout(LIMIT)
    print(s.getsockname()[1], flush=True)
    for _ in range(int(count)):
        print(len(s.recv(65536)), flush=True)


def udp_send(port, sizes, host="127.0.0.1"):
    """Sends datagrams of these sizes, each filled with its own number."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((host, int(port)))
    for number, size in enumerate(sizes.split(",")):
        s.send(bytes([(number + 1) % 256]) * int(size))


def udp_ask(port, host, text):
    """Sends a datagram to one address, wants the answer from the same."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(LIMIT)
    s.sendto(text.encode(), (host, int(port)))
    data, who = s.recvfrom(65536)
    print(who[0], data.decode(), end="")


def udp_ask_all(port, host, text):
    """As udp_ask, by broadcast."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.settimeout(LIMIT)
    s.sendto(text.encode(), (host, int(port)))
    data, who = s.recvfrom(65536)
    print(who[0], data.decode(), end="")


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


def packet_pipe(sizes, *command):
    """Runs a command on a pipe that is full of packets, and ends them."""
    r, w = os.pipe2(os.O_DIRECT)
    fcntl.fcntl(w, 1031, 1 << 20)    # F_SETPIPE_SZ
    for number, size in enumerate(sizes.split(",")):
        os.write(w, bytes([(number + 1) % 256]) * int(size))
    child = subprocess.Popen(command, stdin=r)
    os.close(w)
    return child.wait()


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


def output_socket(kind, count, *command):
    """Runs a command with a message socket as its output; prints sizes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs)
    theirs.close()
    for _ in range(int(count)):
        print(len(ours.recv(1 << 18)), flush=True)
    return child.wait()


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


def limited(descriptors, *command):
    """Runs a command that may have that many descriptors open, and cannot
    allow itself more."""
    import resource
    os.closerange(3, 256)
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(descriptors), int(descriptors)))
    os.execvp(command[0], command)


def socket_options(pid, *names):
    """Prints options of the first socket of a process that is bound."""
    levels = {"SO": socket.SOL_SOCKET, "IP": socket.IPPROTO_IP, "IPV6": socket.IPPROTO_IPV6, "TCP": socket.IPPROTO_TCP}
    numbers = {"IP_MINTTL": 21, "IPV6_MINHOPCOUNT": 73, "SO_BINDTODEVICE": 25, "IP_MTU_DISCOVER": 10}
    for s in sockets_of(pid):
        for option in names:
            number = numbers.get(option) or getattr(socket, option)
            print(option, s.getsockopt(levels[option.split("_")[0]], number))
        return
    sys.exit("no socket")


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


# How transfers end: what is waited for, and what is a reset.

def sockets_of(pid):
    """Internet sockets of another process, each as a descriptor of ours that
    is gone afterwards."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    pidfd_getfd = 438    # pidfd_getfd(2) has no wrapper in older libraries
    process = os.pidfd_open(int(pid))
    try:
        for name in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
            if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                continue
            fd = libc.syscall(pidfd_getfd, process, int(name), 0)
            if fd == -1:
                continue
            with socket.socket(fileno=fd) as s:
                if s.family in (socket.AF_INET, socket.AF_INET6):
                    yield s
    finally:
        os.close(process)


def until(condition, what="it"):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what} does not happen")
        time.sleep(0.001)


def lingers(pid):
    """Whether closing a connection of that process resets it."""
    return any(s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER) for s in sockets_of(pid)
               if not s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def becomes_lingering(pid):
    until(lambda: lingers(pid), "lingering")


def queued(pid):
    """Bytes that its connection has taken and the peer's system has not."""
    return sum(struct.unpack("i", fcntl_outq(s))[0] for s in sockets_of(pid)
               if not s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def unread_in(s):
    return struct.unpack("i", fcntl.ioctl(s, termios.FIONREAD, b"\0" * 4))[0]


def to_end(s, pause=0):
    """Reads to the end: how many bytes there were, and what end that was."""
    count = 0
    try:
        while data := s.recv(65536):
            count += len(data)
            time.sleep(pause)
    except ConnectionResetError:
        return count, "reset"
    return count, "end"


def as_from_a_shell():
    """For a child: signals as a shell leaves them, and no core files."""
    import resource
    import signal
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_client(server, command, **how):
    """A command that connects to a server, and the connection."""
    how.setdefault("preexec_fn", as_from_a_shell)
    child = subprocess.Popen([*command, "127.0.0.1", str(server.getsockname()[1])], **how)
    until(lambda: select.select([server], [], [], 0)[0] or child.poll() is not None, "connecting")
    if child.poll():
        sys.exit("does not connect")
    c = server.accept()[0]
    c.settimeout(LIMIT)
    return child, c


def run_server(command, host="127.0.0.1", **how):
    """A command that listens, and its port."""
    child = subprocess.Popen([*command, "-v", "-l", host, "0"], stderr=subprocess.PIPE,
                             preexec_fn=as_from_a_shell, **how)
    while not (line := child.stderr.readline()).startswith(b"Listening on "):
        if not line:
            sys.exit("does not listen")
    return child, int(line.split()[-1])


def is_over(s):
    """Whether the other side has ended, what it sent left aside."""
    try:
        return s.recv(65536) == b""
    except ConnectionResetError:
        return True


def speak(c, pauses, size):
    """Says so many bytes after each of these pauses, and gives up when the
    other side ends, as some servers do.  Returns how many times it has spoken,
    and the time of the last byte in either direction."""
    last = time.monotonic()
    for number, pause in enumerate(pauses):
        end = time.monotonic() + pause
        while (left := end - time.monotonic()) > 0:
            if select.select([c], [], [], left)[0]:
                if is_over(c):
                    return number, last
                last = time.monotonic()
        c.sendall(b"x" * size)
        last = time.monotonic()
    return len(pauses), last


def speaks(pauses, size="1000", kind="tcp", where=None, first="asked"):
    """Serves one client after another: waits for its words, speaks so many
    bytes after each of these pauses, then ends.  A client whose end comes
    before that gets no more."""
    s, _ = socket_at(kind, where)
    pauses = [float(p) for p in pauses.split(",")]
    while True:
        with s.accept()[0] as c:
            if first == "asked":
                c.recv(65536)
            if speak(c, pauses, int(size))[0] < len(pauses):
                print("gave up", flush=True)


def greets(pauses):
    """As speaks, without having been asked."""
    speaks(pauses, first="unasked")


def reads_and_stays():
    """Reads to the client's end, then says nothing and stays."""
    c = listener().accept()[0]
    read_all(c)
    time.sleep(2 * LIMIT)


def waits_for_end(c, since):
    """Milliseconds until the other side ends."""
    while not is_over(c):
        since = time.monotonic()
    return int(1000 * (time.monotonic() - since))


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


def terminal_gone(*command):
    """Prints what the peer sees when a client's terminal goes away."""
    master, child, c = on_terminal(socket.create_server(("127.0.0.1", 0)), command)
    os.close(master)
    child.wait(LIMIT)
    print(to_end(c)[1])


def goodbye(*command):
    """Prints what the peer sees when somebody types ^C, and the status."""
    master, child, c = on_terminal(socket.create_server(("127.0.0.1", 0)), command)
    os.write(master, b"\3")
    print(to_end(c)[1], child.wait(LIMIT))


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


def proper_ends(count, *command):
    """That many transfers of many sizes, in each of four ways: none may be
    cut or be taken for one that was."""
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(one_proper_end, number, way, command)
                for number in range(int(count)) for way in ("direct", "first", "forward", "slow")]
        bad = [wrong for job in jobs if (wrong := job.result())]
    print(*bad or ["all whole"], sep="\n")


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


def forwarder_killed(*command):
    """Prints what the two see whose forwarder is killed."""
    child, c, target = forwarder_between(command)
    child.kill()
    child.wait()
    print(to_end(c)[1], to_end(target)[1])


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


def sees_end():
    """Prints what end its client makes, which says nothing."""
    c = listener().accept()[0]
    print(to_end(c)[1])


def says_and_waits(port, words=""):
    """A client that says something, reads, and prints what end it sees."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    c.sendall(words.encode())
    print(to_end(c)[1], flush=True)


class Line:
    """A line to 10.9.0.2 and back that takes so many seconds each way, in a
    network namespace of its own: what is sent to that address comes in at
    10.9.0.1 as if another had sent it.  Nothing gets through once it is cut."""

    def __init__(self, delay=0.0):
        self.tun = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.tun, 0x400454ca, struct.pack("16sH22x", b"line", 0x1001))    # TUNSETIFF: IFF_TUN, IFF_NO_PI
        for words in ("addr add 10.9.0.1/24 dev line", "link set line mtu 9000 up", "link set lo up"):
            subprocess.run(["ip", *words.split()], check=True)
        self.delay = delay
        self.is_cut = False
        threading.Thread(target=self.carry, daemon=True).start()

    def carry(self):
        under_way = []
        while True:
            wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
            if select.select([self.tun], [], [], wait)[0]:
                packet = os.read(self.tun, 65536)
                # IPv4 only.  Addresses change places, which no sum notices.
                if packet[0] >> 4 == 4 and not self.is_cut:
                    swapped = packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
                    under_way.append((time.monotonic() + self.delay, swapped))
            while under_way and under_way[0][0] <= time.monotonic():
                try:
                    os.write(self.tun, under_way.pop(0)[1])
                except OSError:
                    pass


def long_line(delay, *command):
    """Runs a client of a server at the end of a long line that answers a tenth
    of a second after it was asked."""
    Line(float(delay))
    server = socket.create_server(("10.9.0.1", 0))
    child = subprocess.Popen([*command, "10.9.0.2", str(server.getsockname()[1])])
    c = server.accept()[0]
    c.recv(100)
    speak(c, [.1], 1000)
    c.close()
    sys.exit(child.wait(LIMIT))


def errors_of(child):
    """What a child that has ended, and its commands, said as errors, without
    ports.  A command may still hold the other end."""
    import re
    os.set_blocking(child.stderr.fileno(), False)
    said = (child.stderr.read() or b"").decode()
    return [re.sub(r"port \d+", "port N", line) for line in said.splitlines() if line.startswith("sockcat: ") or "timed out" in line]


def end_in_time(children, most, start):
    """Waits for these, by name; prints how each has ended."""
    for name, child in children.items():
        try:
            status = child.wait(max(0, start + most - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{name}: does not end")
            child.kill()
            child.wait()
        else:
            print(f"{name}:", status, *errors_of(child))


def cut_transfers(most, *command):
    """The line is cut of a receiver that waits, and of both ends of a transfer
    that is under way.  Prints how they end within so many seconds."""
    line = Line()
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    waiting, port = run_server(command, "10.9.0.1", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    asks = subprocess.Popen([*command, "10.9.0.2", str(port)], **quiet)
    asks.stdin.write(b"line\n")
    asks.stdin.flush()
    assert waiting.stdout.readline() == b"line\n"
    receiver, port = run_server([*command, "-d"], "10.9.0.1", stdout=subprocess.PIPE)
    with open("/dev/zero", "rb") as zeros:
        sender = subprocess.Popen([*command, "10.9.0.2", str(port)], **{**quiet, "stdin": zeros})
    read_pipe(receiver.stdout.fileno(), 1 << 20)

    def drain():
        while os.read(receiver.stdout.fileno(), 1 << 20):
            pass

    threading.Thread(target=drain, daemon=True).start()
    line.is_cut = True
    end_in_time({"waiting": waiting, "receiver": receiver, "sender": sender}, float(most), time.monotonic())
    asks.kill()
    asks.wait()


def cut_shut_window(most, *command):
    """As cut_transfers, where the receiver had stopped reading before."""
    import signal
    line = Line()
    receiver, port = run_server([*command, "-d"], "10.9.0.1", stdout=subprocess.PIPE)
    with open("/dev/zero", "rb") as zeros:
        sender = subprocess.Popen([*command, "10.9.0.2", str(port)], stdin=zeros, stderr=subprocess.PIPE)
    read_pipe(receiver.stdout.fileno(), 1 << 20)
    receiver.send_signal(signal.SIGSTOP)
    time.sleep(5)
    line.is_cut = True
    end_in_time({"sender": sender}, float(most), time.monotonic())
    receiver.kill()
    receiver.wait()


def cut_sessions(most, *command):
    """The line is cut of the client that has the only place of a server, for
    each kind of server.  Prints whether another one is served within so many
    seconds, and what the server says."""
    line = Line()
    echo = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=each_client, args=(echo, serve_echo), daemon=True).start()
    kinds = {"star": ["-d"], "command": ["-e", "cat"], "deaf command": ["-c", "read -r x; echo $x; exec sleep 1000"],
             "piped command": ["-C", "-e", "cat"], "forward": ["--forward", f"127.0.0.1:{echo.getsockname()[1]}"]}
    servers = {}
    clients = []

    def is_served(c, server, word):
        c.sendall(word + b"\n")
        if server.stdout is not None:
            return server.stdout.readline() == word + b"\n"
        return c.recv(100).rstrip() == word

    for name, options in kinds.items():
        server, port = run_server([*command, "-k", "--max-conns", "1", *options], "10.9.0.1",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if name == "star" else None)
        servers[name] = server, port
        clients.append(socket.create_connection(("10.9.0.2", port)))
        assert is_served(clients[-1], server, b"first")
    line.is_cut = True
    for name, (_, port) in servers.items():
        clients.append(socket.create_connection(("10.9.0.1", port)))
        clients[-1].settimeout(float(most))
    for c, (name, (server, _)) in zip(clients[len(servers):], servers.items()):
        threading.Timer(float(most), server.kill).start()
        try:
            print(f"{name}:", "served" if is_served(c, server, b"second") else "not served", end=" ")
        except OSError:
            print(f"{name}: not served", end=" ")
        server.kill()
        server.wait()
        print(*errors_of(server))
    sys.stdout.flush()
    os._exit(0)


def stopped_receiver(seconds, *command):
    """A receiver is stopped for so long in the middle of a transfer.  Prints
    whether all arrived, and the status of both."""
    import hashlib
    import signal
    size, sums = 200 << 20, []
    receiver, port = run_server([*command, "-d"], stdout=subprocess.PIPE)
    sender = subprocess.Popen([*command, "127.0.0.1", str(port)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def feed():
        block, hashed = os.urandom(1 << 20), hashlib.sha256()
        for number in range(size >> 20):
            data = number.to_bytes(4, "big") + block[4:]
            hashed.update(data)
            sender.stdin.write(data)
        sender.stdin.close()
        sums.append(hashed.digest())

    feeder = threading.Thread(target=feed)
    feeder.start()
    hashed, count = hashlib.sha256(), 0
    while data := os.read(receiver.stdout.fileno(), 1 << 20):
        if count < 1 << 22 <= count + len(data):
            receiver.send_signal(signal.SIGSTOP)
            time.sleep(float(seconds))
            assert feeder.is_alive(), "the sender was not held up"
            receiver.send_signal(signal.SIGCONT)
        hashed.update(data)
        count += len(data)
    feeder.join()
    print("whole" if sums == [hashed.digest()] else f"{count} bytes", sender.wait(LIMIT), receiver.wait(LIMIT))


# What forwarders, hubs and tables of peers are tested with.

def socket_at(kind, where=None):
    """A socket of a kind that is listening or bound, at an address or a path;
    prints its port or path."""
    stream = {"tcp": True, "tcp6": True, "unix": True, "seqpacket": True}.get(kind, False)
    family = {"tcp6": socket.AF_INET6, "udp6": socket.AF_INET6,
              "tcp": socket.AF_INET, "udp": socket.AF_INET}.get(kind, socket.AF_UNIX)
    types = {"seqpacket": socket.SOCK_SEQPACKET}
    s = socket.socket(family, types.get(kind, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM))
    if family == socket.AF_UNIX:
        s.bind(where)
    else:
        s.bind((where or ("::1" if family == socket.AF_INET6 else "127.0.0.1"), 0))
    if stream:
        s.listen(4096)
    print(where if family == socket.AF_UNIX else s.getsockname()[1], flush=True)
    return s, stream


def each_client(s, serve):
    while True:
        c = s.accept()[0]
        threading.Thread(target=serve, args=(c,), daemon=True).start()


def serve_echo(c):
    try:
        while data := c.recv(65536):
            c.sendall(data)
        c.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    c.close()


def echoes(kind, where=None):
    """Echoes to every client until it is killed, each stream to its end."""
    s, is_stream = socket_at(kind, where)
    if is_stream:
        each_client(s, serve_echo)
    while True:
        data, who = s.recvfrom(65536)
        s.sendto(data, who)


def answers_late(kind, where=None):
    """Reads each client to the end, then says how much that was."""
    s, _ = socket_at(kind, where)

    def serve(c):
        size = 0
        while data := c.recv(65536):
            size += len(data)
        c.sendall(b"had %d bytes\n" % size)
        c.close()

    each_client(s, serve)


def ends_first(kind, where=None):
    """Greets, ends, and prints what it still gets."""
    s, _ = socket_at(kind, where)
    c = s.accept()[0]
    c.sendall(b"greeting\n")
    c.shutdown(socket.SHUT_WR)
    while data := c.recv(65536):
        sys.stdout.write(data.decode())
    sys.stdout.flush()


def leaves_unread(kind, where=None):
    """A target that ends its side with a client's bytes unread, then resets it
    by closing, as soon as something has come."""
    s, _ = socket_at(kind, where)
    c = s.accept()[0]
    select.select([c], [], [], LIMIT)
    c.shutdown(socket.SHUT_WR)
    time.sleep(0.05)
    c.close()


def sends_until_told(where, size):
    """Sends that many bytes; prints how the connection ended: 'reset', or
    'end' if the other side ended it properly."""
    s = dial(where)
    try:
        s.sendall(b"x" * int(size))
        s.settimeout(LIMIT)
        while s.recv(65536):
            pass
        # An end so far.  A reset may be behind it.
        select.select([s], [], [], 1)
        for _ in range(50):
            s.sendall(b"x")
            time.sleep(0.02)
        print("end")
    except OSError:
        print("reset")


def urgent_line(text, mark):
    """Sends text with an urgent byte in its middle, and ends."""
    c = listener().accept()[0]
    half = len(text) // 2
    c.sendall(text[:half].encode())
    c.send(mark.encode(), socket.MSG_OOB)
    c.sendall(text[half:].encode())
    c.shutdown(socket.SHUT_WR)
    read_all(c)


def answers_late_or_never(seconds):
    """Answers a line after that time, unless its client has ended before, as
    many servers take it for one that has gone."""
    c = listener().accept()[0]
    c.recv(100)
    ended = select.select([c], [], [], float(seconds))[0]
    if not ended:
        c.sendall(b"answer\n")
    c.close()


def end_comes_within(milliseconds):
    """Whether a client ends that soon after it has come."""
    c = listener().accept()[0]
    c.settimeout(int(milliseconds) / 1000 * LIMIT / 20)
    assert c.recv(1) == b"", "no end"
    c.close()


def resets_after(count):
    """Resets its first client when that many bytes have come."""
    c = listener().accept()[0]
    left = int(count)
    while left > 0:
        left -= len(c.recv(left))
    reset(c)


def sees_reset():
    """Sends a byte and prints how its client ends."""
    c = listener().accept()[0]
    try:
        c.sendall(MARK)
        print("end" if c.recv(1) == b"" else "data")
    except ConnectionResetError:
        print("reset")


def met_by_reset(port):
    """A client that sends a byte and prints how the connection ends."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    try:
        c.sendall(MARK)
        print("end" if c.recv(1) == b"" else "data")
    except ConnectionResetError:
        print("reset")


def reset_when_answered(port):
    """A client that resets when a byte has come."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.recv(1)
    reset(c)


def how_it_ends(where, text=""):
    """A client that sends text and reads; prints how many bytes came, and by
    what they ended."""
    got, end = 0, "end"
    try:
        s = dial(where)
        s.sendall(text.encode())
        while data := s.recv(65536):
            got += len(data)
    except ConnectionError:
        end = "reset"
    print(got, end)


def never_accepts():
    """A listener whose queue is full, so that nobody can connect."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(0)
    held = []
    for _ in range(8):
        c = socket.socket()
        c.setblocking(False)
        c.connect_ex(s.getsockname())
        held.append(c)
    while sum(select.select([], [c], [], 0)[1] != [] for c in held) < 1:
        pass
    print(s.getsockname()[1], flush=True)
    time.sleep(2 * LIMIT)


def connects_at_once(port, host="127.0.0.1"):
    """How long it takes an echo to come back, in milliseconds."""
    start = time.monotonic()
    c = socket.create_connection((host, int(port)))
    c.settimeout(LIMIT)
    c.sendall(MARK)
    assert c.recv(1) == MARK
    print(int(1000 * (time.monotonic() - start)))


def both_ways(port, size):
    """Sends that many bytes to an echo while it reads, and compares."""
    import hashlib
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    block = os.urandom(1 << 20)
    sent, got, count = hashlib.sha256(), hashlib.sha256(), 0

    def send():
        for number in range(int(size) >> 20):
            data = number.to_bytes(4, "big") + block[4:]
            sent.update(data)
            c.sendall(data)
        c.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    while data := c.recv(1 << 20):
        got.update(data)
        count += len(data)
    sender.join()
    print(count, "same" if sent.digest() == got.digest() else "different")


def echoed_clients(port, count):
    """That many clients at once, each with words of its own."""
    clients = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(int(count))]
    for number, c in enumerate(clients):
        c.settimeout(LIMIT)
        c.sendall(b"client %d\n" % number)
    good = 0
    for number, c in reversed(list(enumerate(clients))):
        wanted, got = b"client %d\n" % number, b""
        while len(got) < len(wanted) and (data := c.recv(100)):
            got += data
        good += got == wanted
    for c in clients:
        c.shutdown(socket.SHUT_WR)
    ends = sum(c.recv(1) == b"" for c in clients)
    print(good, ends)


def datagram_clients(kind, where, count, rounds="3", host="127.0.0.1"):
    """That many datagram sockets at once; each wants its own words back, in
    order.  Prints how many did."""
    clients = []
    for number in range(int(count)):
        if kind == "unix":
            c = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            c.bind(f"client{number}")
            c.connect(where)
        else:
            c = socket.socket(socket.AF_INET6 if kind == "udp6" else socket.AF_INET, socket.SOCK_DGRAM)
            c.connect((host, int(where)))
        c.settimeout(LIMIT)
        clients.append(c)
    good = [0] * len(clients)
    for turn in range(int(rounds)):
        for number, c in enumerate(clients):
            c.send(b"%d of client %d" % (turn, number) + b"." * (number % 7))
        for number, c in enumerate(clients):
            good[number] += c.recv(1000) == b"%d of client %d" % (turn, number) + b"." * (number % 7)
    print(sum(n == int(rounds) for n in good))


def goes_on_sending(port, seconds):
    """Sends without a pause worth the name for so long, whatever happens."""
    end = time.monotonic() + float(seconds)
    with socket.create_connection(("127.0.0.1", int(port))) as s:
        while time.monotonic() < end:
            try:
                s.send(b"x" * 100)
            except OSError:
                return
            time.sleep(0.02)


def answers_from(port, *hosts):
    """Asks each address of a server, and prints who answers."""
    for host in hosts:
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(LIMIT)
        s.sendto(b"question", (host, int(port)))
        data, who = s.recvfrom(1000)
        print(who[0], who[1] == int(port), data.decode())


def oldest_leaves(port):
    """Three peers of a server that has room for two; its answers count what
    each session has had.  Prints the answers in order."""
    def ask(s):
        s.sendto(b"x\n", ("127.0.0.1", int(port)))
        return s.recv(100).decode().strip()

    a, b, c = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
    for s in (a, b, c):
        s.settimeout(LIMIT)
    print(ask(a), ask(b), ask(a), ask(c), ask(a), ask(b), ask(c), ask(b))


def gone_peer(port):
    """A peer that asks for an answer and is gone when it comes."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.sendto(b"x\n", ("127.0.0.1", int(port)))


class Hub:
    """Clients of a hub that is a broker or a chat."""

    def __init__(self, kind, where):
        self.kind, self.where, self.count = kind, where, 0

    def join(self):
        types = {"tcp": (socket.AF_INET, socket.SOCK_STREAM), "udp": (socket.AF_INET, socket.SOCK_DGRAM),
                 "unix": (socket.AF_UNIX, socket.SOCK_STREAM), "unix-datagram": (socket.AF_UNIX, socket.SOCK_DGRAM),
                 "seqpacket": (socket.AF_UNIX, socket.SOCK_SEQPACKET)}
        s = socket.socket(*types[self.kind])
        self.count += 1
        if self.kind == "unix-datagram":
            s.bind(f"member{self.count}")
        s.connect(self.where if s.family == socket.AF_UNIX else ("127.0.0.1", int(self.where)))
        s.settimeout(LIMIT)
        return s

    def meet(self, count):
        """Members who all know that the others are there: a first word from
        each, sent again until everybody has heard it."""
        members = [self.join() for _ in range(count)]
        if self.kind in ("udp", "unix-datagram"):
            for m in members:
                m.send(b"hello")
                time.sleep(0.01)
        for m in members:
            heard = set()
            while len(heard) < count - 1:
                m.send(b"?")
                for number, other in enumerate(members):
                    if other is not m and select.select([other], [], [], 0.01)[0]:
                        if b"?" in other.recv(65536):
                            heard.add(number)
        for m in members:
            while select.select([m], [], [], 0.05)[0]:
                m.recv(65536)
        return members


def is_silent(s):
    return not select.select([s], [], [], 0.05)[0]


def exactly(s, size):
    data = b""
    while len(data) < size and (more := s.recv(size - len(data))):
        data += more
    return data


def brokered(kind, where):
    """Three members: what one sends reaches both others and not itself."""
    members = Hub(kind, where).meet(3)
    for number, m in enumerate(members):
        words = b"word %d" % number
        m.send(words)
        for other in members:
            if other is not m:
                assert exactly(other, len(words)) == words, "wrong words"
        assert is_silent(m), "sent back"
    print("passed on")


def brokered_messages(kind, where):
    """Messages keep their boundaries."""
    a, b, c = Hub(kind, where).meet(3)
    sizes = (1, 700, 3, 60000 if kind == "udp" else 70000, 20)
    for size in sizes:
        a.send(b"x" * size)
    for other in (b, c):
        print(*(len(other.recv(1 << 18)) for _ in sizes))


def brokered_slow(where):
    """One member never reads; two others talk all the time."""
    hub = Hub("tcp", where)
    a, b = hub.meet(2)
    slow = hub.join()
    slow.sendall(b"!")
    assert exactly(a, 1) == exactly(b, 1) == b"!"
    longest = 0
    for _ in range(1000):
        start = time.monotonic()
        a.sendall(b"x" * 32768)
        assert len(exactly(b, 32768)) == 32768
        longest = max(longest, time.monotonic() - start)
    slow.settimeout(LIMIT)
    try:
        while slow.recv(1 << 20):
            pass
        print("end")
    except ConnectionResetError:
        print("reset")
    assert longest < AT_ONCE, f"waited {longest} s"


def lines_of(s, count):
    """That many lines, each without its newline."""
    data = b""
    while data.count(b"\n") < count and (more := s.recv(65536)):
        data += more
    return data.split(b"\n")[:count]


def chat_story(where):
    """Two members join, talk and leave; prints what the first one sees."""
    hub = Hub("tcp", where)
    a = hub.join()
    b = hub.join()
    seen = lines_of(a, 1)
    b.sendall(b"one\ntwo\n")
    seen += lines_of(a, 2)
    a.sendall(b"three\n")
    assert lines_of(b, 1) == [b"<user1> three"]
    b.sendall(b"fo")
    assert is_silent(a), "half a line"
    b.sendall(b"ur\nfive")
    b.shutdown(socket.SHUT_WR)
    seen += lines_of(a, 3)
    for line in seen:
        print(line.decode())


def chat_says(where, *words):
    """Prints, for each of these words (Python escapes), the bytes that the
    others see, as Python writes them."""
    hub = Hub("tcp", where)
    a, b = hub.join(), hub.join()
    for word in words:
        b.sendall(word.encode().decode("unicode_escape").encode("latin-1"))
    b.shutdown(socket.SHUT_WR)
    seen = b""
    while b"user2 left" not in seen:
        seen += a.recv(65536)
    for line in seen.split(b"\n")[1:-2]:
        print(repr(line)[2:-1])


def chat_long(where):
    """A line of 10000 bytes; prints the length of each that comes of it."""
    hub = Hub("tcp", where)
    a, b = hub.join(), hub.join()
    b.sendall(b"x" * 10000 + b"\n")
    print(*(len(line) for line in lines_of(a, 4)[1:]))


def memory_of(pid):
    """Resident memory of a process, in KB."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])


def peers_come_and_go(pid, port, count):
    """Peers come twice and expire; prints whether descriptors, children and
    memory are as after the first time."""
    def state():
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return len(os.listdir(f"/proc/{pid}/fd")), len(children.read().split()), memory_of(pid)

    def visit(count):
        for number in range(count):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(LIMIT)
            s.sendto(b"%d" % number, ("127.0.0.1", int(port)))
            assert s.recv(100) == b"%d" % number
            s.close()
        busy = state()
        end = time.monotonic() + LIMIT
        while state()[1] > 0 and time.monotonic() < end:
            time.sleep(0.01)
        return busy, state()

    idle = state()
    _, first = visit(int(count))
    busy, second = visit(int(count))
    assert busy[1] > 0, "no child was there"
    assert first[:2] == second[:2] == idle[:2], f"{idle} {first} {second}"
    assert second[2] < first[2] + 1024, f"memory grew from {first[2]} to {second[2]} KB"
    print("as before")


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


def dial(where):
    """Connects to a port or a path."""
    if where.isdigit():
        s = socket.create_connection(("127.0.0.1", int(where)), LIMIT)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        s = socket.socket(socket.AF_UNIX)
        s.connect(where)
    s.settimeout(LIMIT)
    return s


def read_exactly(s, length):
    got = b""
    while len(got) < length:
        data = s.recv(length - len(got))
        if not data:
            sys.exit(f"ended after {got!r}")
        got += data
    return got


def read_all(s):
    got = b""
    while data := s.recv(65536):
        got += data
    return got


def is_quiet(s):
    return not select.select([s], [], [], 0)[0]


def queue(where):
    """Five clients at once of an echo with two places, where two can wait."""
    clients = []
    for number in range(5):
        clients.append(dial(where))
        clients[-1].sendall(b"%d" % number)
    busy = read_all(clients[4])
    print(busy.decode(), end="", flush=True)
    assert read_exactly(clients[0], 1) == b"0"
    assert read_exactly(clients[1], 1) == b"1"
    assert is_quiet(clients[2]) and is_quiet(clients[3])
    clients[1].shutdown(socket.SHUT_WR)
    assert read_exactly(clients[2], 1) == b"2"
    assert is_quiet(clients[3])
    clients[2].shutdown(socket.SHUT_WR)
    assert read_exactly(clients[3], 1) == b"3"
    clients[0].sendall(b"still")
    assert read_exactly(clients[0], 5) == b"still"


def leave_queue(where, how):
    """Of an echo with a place for one, where one can wait, who waits leaves."""
    served, waiting = dial(where), dial(where)
    served.sendall(b"0")
    assert read_exactly(served, 1) == b"0"
    print("waits", flush=True)
    sys.stdin.readline()
    if how == "reset":
        reset(waiting)
    else:
        waiting.close()
    print("left", flush=True)
    sys.stdin.readline()
    waiting = dial(where)
    waiting.sendall(b"2")
    served.close()
    print(read_exactly(waiting, 1).decode())


def hold(where, count="1"):
    """Has that many connections until its input ends."""
    held = [dial(where) for _ in range(int(count))]
    print("held", flush=True)
    sys.stdin.read()
    del held


def send_then_read(where, size):
    """Sends that many bytes while nobody may be reading them, and then reads
    to the end, which must not be a reset; prints how many bytes came."""
    s = dial(where)
    s.setblocking(False)
    left = int(size)
    try:
        while left > 0:
            left -= s.send(b"x" * min(left, 65536))
    except BlockingIOError:
        pass
    s.settimeout(LIMIT)
    time.sleep(0.1)    # the more has come in meanwhile, the harder it is
    print(len(read_all(s)))


def until_full(clients):
    """Sends lines to an echo from all, and reads nothing, until none takes
    more."""
    lines = b"a line of this length, and another one, and so on.\n" * 1000
    for c in clients:
        c.setblocking(False)
    takers = clients
    while takers:
        # An echo may pause between lines; but who has room takes it soon.
        takers = select.select([], takers, [], AT_ONCE / 5)[1]
        for c in takers:
            try:
                c.send(lines)
            except OSError:    # blocking, or cut off by a server for one
                pass


def fills(where, how):
    """A client of an echo that is full, and then leaves."""
    c = dial(where)
    until_full([c])
    if how == "reset":
        reset(c)


def fill_and_leave(where, count, how, pause="0", waves="1"):
    """Clients of an echo that are full, and then leave, by reset or by close,
    after a pause.  A good client that comes while they are there is answered
    within six seconds of that; prints the longest that it took."""
    longest = 0
    for _ in range(int(waves)):
        bad = [dial(where) for _ in range(int(count))]
        until_full(bad)
        time.sleep(float(pause))
        good = dial(where)
        good.sendall(b"good\n")
        left_at = time.monotonic()
        for c in bad:
            if how == "reset":
                reset(c)
            else:
                c.close()
        got = b""
        while b"good" not in got:
            data = good.recv(100)
            assert data, "the good client is cut off"
            got += data
        good.close()
        longest = max(longest, time.monotonic() - left_at)
    print("late" if longest > 6 * LIMIT / 20 else "in time", "%.1f" % longest)


def send_bytes(where, text, how="close"):
    """Sends text and goes away: by close, or by reset when it has come in."""
    s = dial(where)
    s.sendall(text.encode().decode("unicode_escape").encode())
    if how == "reset":
        while struct.unpack("i", fcntl_outq(s))[0]:
            time.sleep(0.001)
        print("sent", flush=True)
        sys.stdin.readline()
        reset(s)


def reads_slowly(where, size):
    """Reads that much at a megabyte a second, and sends a byte now and then;
    prints how much there was."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
    s.connect(("127.0.0.1", int(where)))
    s.settimeout(LIMIT)
    got = 0
    while data := s.recv(20000):
        got += len(data)
        if got < int(size) / 2:
            s.send(b"x")
        time.sleep(len(data) / 1e6)
    print(got)


def pauses_with(seconds, *ports):
    """Clients with small buffers that leave their sides open, read nothing for
    so long, and then to the end; prints how much there was and what end."""
    clients = []
    for port in ports:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", int(port)))
        s.settimeout(LIMIT)
        clients.append(s)
    time.sleep(float(seconds))
    for s in clients:
        print(*to_end(s))


def halves(where, count):
    """Two clients write halves of lines in turns."""
    a, b = dial(where), dial(where)
    for number in range(int(count)):
        a.sendall(b"a%d " % number)
        b.sendall(b"b%d " % number)
        a.sendall(b"a%d\n" % number)
        b.sendall(b"b%d\n" % number)


def read_pipe(fd, length):
    while length > 0:
        length -= len(os.read(fd, length))


class Crowd:
    """Bad company in a process of its own: what it does to others is nothing.
    A flood is many times what the good ones send, though not so much that a
    machine under load could not read it."""

    def __init__(self, where):
        self.has_reset, said = os.pipe()
        self.pid = os.fork()
        if self.pid > 0:
            os.close(said)
            return
        os.close(self.has_reset)
        self.where = where
        self.is_over = False
        self.said = said
        self.never_reads = dial(where)
        self.never_reads.setblocking(False)
        self.never_writes = dial(where)
        self.flooder = dial(where)
        for each in (self.resets, self.floods, self.fills, self.drains):
            threading.Thread(target=each, daemon=True).start()
        whose = select.poll()
        whose.register(said, 0)
        whose.poll(LIMIT * 1000)    # or until nobody is interested
        os._exit(0)

    def leave(self):
        """Not before it has been bad enough."""
        read_pipe(self.has_reset, 10)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)

    def resets(self):
        while not self.is_over:
            try:
                s = dial(self.where)
                s.sendall(b"reset\n")
                reset(s)
            except OSError:
                pass
            os.write(self.said, MARK)
            time.sleep(PAUSE)

    def floods(self):
        while not self.is_over:
            try:
                self.flooder.sendall(b"flood\n" * 10000)
            except OSError:
                return
            time.sleep(PAUSE)

    def fills(self):
        """So that much comes back to who never reads."""
        while not self.is_over:
            try:
                self.never_reads.send(b"unread\n" * 1000)
            except BlockingIOError:
                pass
            except OSError:
                return
            time.sleep(PAUSE)

    def drains(self):
        try:
            while not self.is_over and self.flooder.recv(1 << 20):
                pass
        except OSError:
            pass


def until_seen(s, mark, buffer):
    """Reads on to a mark, whatever stands before it."""
    while mark not in buffer:
        data = s.recv(1 << 18)
        if not data:
            sys.exit("ended")
        buffer = buffer[-len(mark):] + data
    return buffer.split(mark, 1)[1]


class Stopwatch:
    """What others do may cost a round trip its share of a machine, and no
    more."""

    def __init__(self):
        self.laps, self.last = [], time.monotonic()

    def lap(self):
        now = time.monotonic()
        self.laps.append(now - self.last)
        self.last = now

    def judge(self):
        longest = max(self.laps)
        assert longest < AT_ONCE, f"waited {longest} s"
        print("done")


def round_trips(where, count):
    """An echo answers that many times, in bad company."""
    good = dial(where)
    crowd = Crowd(where)
    watch = Stopwatch()
    for number in range(int(count)):
        good.sendall(b"trip %d\n" % number)
        until_seen(good, b"trip %d\n" % number, b"")
        watch.lap()
    crowd.leave()
    watch.judge()


def conversation(where, count):
    """Two who hear each other answer that many times, in bad company."""
    one, other = dial(where), dial(where)

    def answer():
        rest = b""
        for number in range(int(count)):
            rest = until_seen(other, b"question %d\n" % number, rest)
            other.sendall(b"answer %d\n" % number)
        while other.recv(1 << 18):
            pass

    crowd = Crowd(where)
    threading.Thread(target=answer, daemon=True).start()
    watch = Stopwatch()
    rest = b""
    for number in range(int(count)):
        one.sendall(b"question %d\n" % number)
        rest = until_seen(one, b"answer %d\n" % number, rest)
        watch.lap()
    crowd.leave()
    watch.judge()


def conversation_with_one(where, count):
    """Somebody behind the server answers to all, in bad company."""
    good = dial(where)
    crowd = Crowd(where)
    watch = Stopwatch()
    rest = b""
    for number in range(int(count)):
        good.sendall(b"question %d\n" % number)
        rest = until_seen(good, b"answer %d\n" % number, rest)
        watch.lap()
    crowd.leave()
    watch.judge()


def read_size(where, size):
    """Reads to the end; prints how many of that many bytes are missing, and
    the sum of those that came."""
    import hashlib
    s = dial(where)
    hashed = hashlib.sha256()
    while data := s.recv(1 << 20):
        hashed.update(data)
        size = int(size) - len(data)
    print(size, hashed.hexdigest())

def send_unix(path, count, size):
    """Sends that many different datagrams; waits for whoever reads them."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.connect(path)
    for i in range(int(count)):
        s.send(b"%d" % i + b"." * (int(size) - len(b"%d" % i)))
        if i == 300:
            print("under way", flush=True)


def send_udp(port, count, size):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", int(port)))
    for i in range(int(count)):
        s.send(b"." + b"x" * (int(size) - 2) + b"\n")


def udp_echo_all():
    s = listener(socket.SOCK_DGRAM)
    while True:
        s.sendto(*s.recvfrom(1000))


def udp_silent():
    s = listener(socket.SOCK_DGRAM)
    while True:
        s.recv(1000)


def senders(port, count):
    made = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(int(count))]
    for s in made:
        s.settimeout(LIMIT)
        s.connect(("127.0.0.1", int(port)))
        s.send(b"question\n")
    return made


def many_ask(port, count):
    """Each from a port of its own, all at once; prints how many are answered."""
    print(sum(s.recv(100) == b"question\n" for s in senders(port, count)))


def many_send(port, count):
    for s in senders(port, count):
        s.close()


def kind_of(options):
    return socket.SOCK_DGRAM if "-u" in options else socket.SOCK_SEQPACKET


def open_in(pid):
    return sorted(os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd") if os.path.exists(f"/proc/{pid}/fd/{n}"))


def kept(pid, mark):
    return [name for name in open_in(pid) if mark in name]


def send_marked(s, mark):
    with open(mark, "w") as f:
        for _ in range(10):
            socket.send_fds(s, [b"message\n"], [f.fileno()] * 3)


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


def pending(s):
    return struct.unpack("i", fcntl_outq(s))[0] > 0


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


def send_large(path, name, *options):
    s = socket.socket(socket.AF_UNIX, kind_of(options))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    s.connect(path)
    with open(name, "rb") as f:
        s.send(f.read())


def send_messages(path, *sizes):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(path)
    for size in sizes:
        s.send(b"x" * int(size))


def large_input(size, *command):
    """Runs it with a socket of whole messages as standard input."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    with subprocess.Popen(command, stdin=theirs) as p:
        theirs.close()
        ours.send(b"x" * int(size))
        ours.close()
    return p.returncode


def chat_bursts(where, readers, rounds):
    """One member of a chat says many empty lines at once, that often; prints
    how many each reader got."""
    listening = [dial(where) for _ in range(int(readers))]
    speaker = dial(where)
    speaker.sendall(b"last to join\n")
    counts, rests = [0] * len(listening), [b""] * len(listening)
    for number, s in enumerate(listening):
        rests[number] = until_seen(s, b"> last to join\n", b"")

    def send():
        for _ in range(int(rounds)):
            speaker.sendall(b"\n" * 65536)

    def drop():
        while speaker.recv(1 << 20):
            pass

    def count(number):
        while counts[number] < 65536 * int(rounds) and (data := listening[number].recv(1 << 16)):
            data = rests[number] + data
            counts[number] += data.count(b"> \n")
            rests[number] = data[data.rfind(b"\n") + 1:]

    threading.Thread(target=drop, daemon=True).start()
    threads = [threading.Thread(target=count, args=(n,)) for n in range(len(listening))]
    threads.append(threading.Thread(target=send))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(*counts)


def greedy_and_modest(where, size):
    """One member of a broker never stops sending; prints how much of what
    another one sends is heard all the same."""
    reader, greedy, modest = dial(where), dial(where), dial(where)

    def flood():
        try:
            while True:
                greedy.sendall(b"g" * 65536)
        except OSError:
            pass

    def drop(s):
        try:
            while s.recv(1 << 20):
                pass
        except OSError:
            pass

    threads = [threading.Thread(target=each, args=args, daemon=True)
               for each, args in ((flood, ()), (drop, (greedy,)), (drop, (modest,)))]
    for t in threads:
        t.start()
    while b"g" not in reader.recv(1 << 18):
        pass
    sender = threading.Thread(target=modest.sendall, args=(b"m" * int(size),), daemon=True)
    sender.start()
    heard = 0
    while heard < int(size):
        heard += reader.recv(1 << 18).count(b"m")
    print(heard)
    os._exit(0)


def fill_and_reset(where, count):
    """That many clients send and never read until nothing moves any more or
    they have sent enough, and reset."""
    clients = [dial(where) for _ in range(int(count))]
    for s in clients:
        s.setblocking(False)
    still, sent = 0, 0
    while still < 5 and sent < 64 << 20:
        moved = 0
        for s in clients:
            try:
                moved += s.send(b"line\n" * 13107)
            except BlockingIOError:
                pass
            except OSError:
                still = 5    # it has been dropped
        sent += moved
        still = 0 if moved else still + 1
        time.sleep(0 if moved else 0.05)
    for s in clients:
        reset(s)


def hub_input(kind, sizes, client, *command):
    """Runs a server with a message socket as its input and sends messages of
    these sizes; prints the sizes of what a client reads, in all for TCP."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    child = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    theirs.close()
    port = int(child.stderr.readline().split()[-1])
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if client == "udp" else socket.SOCK_STREAM)
    s.settimeout(LIMIT)
    s.connect(("127.0.0.1", port))
    if client == "udp":
        s.send(b"here")
    child.stderr.readline()
    sizes = [int(size) for size in sizes.split(",")]
    for size in sizes:
        ours.send(b"x" * size)
    if client == "udp":
        print(*(len(s.recv(65536)) for _ in sizes))
    else:
        print(len(exactly(s, sum(sizes))))
    child.kill()
    child.wait()


def hub_output(kind, sizes, client, *command):
    """Runs a server with a message socket as its output; a client sends as
    many bytes, or for UDP datagrams of these sizes.  Prints the sizes of the
    messages that come out, or how much they are in all."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE)
    theirs.close()
    port = int(child.stderr.readline().split()[-1])
    sizes = [int(size) for size in sizes.split(",")]
    if client == "udp":
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(("127.0.0.1", port))
        for size in sizes:
            s.send(b"x" * size)
        print(*(len(ours.recv(1 << 18)) for _ in sizes))
    else:
        s = dial(str(port))
        data = b"x" * 99 + b"\n"
        s.sendall(data * (sizes[0] // 100))
        left, are_lines = sizes[0], True
        while left > 0:
            message = ours.recv(1 << 18)
            are_lines &= message.endswith(b"\n")
            left -= len(message)
        print(left, are_lines)
    print(child.poll() is None)
    child.kill()
    child.wait()


def brokered_empty(kind, where):
    """An empty message is one, too."""
    a, b, c = Hub(kind, where).meet(3)
    a.send(b"")
    a.send(b"x")
    print(*(len(s.recv(100)) for s in (b, c) for _ in range(2)))


def only_text(*names):
    """Whether files hold lines of what Python calls printable, and no more."""
    for name in names:
        for line in open(name, "rb"):
            text = line.decode().rstrip("\n")
            if not text.isprintable():
                sys.exit(f"{name}: {line!r}")


NASTY = b"x\x1b[31m\x9b\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\t\n\xc3\xa9"


def nasty_peer(kind, where, what=""):
    """A unix client that is bound to a path, or with @ to an abstract name, of
    the worst bytes; says one thing, and is there until the peer ends."""
    s = socket.socket(socket.AF_UNIX, getattr(socket, "SOCK_" + kind.strip("@")))
    s.bind(b"\0" * kind.startswith("@") + NASTY)
    s.settimeout(LIMIT)
    s.connect(where)
    try:
        s.send(what.encode() + b"\n")
        if s.type == socket.SOCK_STREAM:
            s.shutdown(socket.SHUT_WR)
            sys.stdout.buffer.write(read_all(s))
    except (BrokenPipeError, ConnectionResetError):
        pass


def holds_nasty(name):
    """Whether a file is the worst bytes and nothing else."""
    got = open(name, "rb").read()
    if got != NASTY:
        sys.exit(f"{got!r}")


def nobody_reads(kind, *command):
    """Runs a server whose lines go to a pipe, a socket or a terminal that
    nobody reads, and reads them at the end; prints what became of them."""
    if kind == "pipe":
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
    elif kind == "terminal":
        import tty
        ours, theirs = os.openpty()
        tty.setraw(theirs)
    else:
        pair = socket.socketpair()
        pair[1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours, theirs = [s.detach() for s in pair]
    child = subprocess.Popen(command, stderr=theirs)
    port = int(os.read(ours, 1000).split()[-1])
    if kind == "terminal":
        termios.tcflow(theirs, termios.TCOOFF)
    for _ in range(200):
        s = dial(str(port))
        s.shutdown(socket.SHUT_WR)
        read_all(s)
        s.close()
    got = b""
    if kind == "terminal":
        termios.tcflow(theirs, termios.TCOON)    # it had taken nothing
    else:
        os.close(theirs)
        got = os.read(ours, 65536)
    s = dial(str(port))
    s.shutdown(socket.SHUT_WR)
    read_all(s)
    while b" lost" not in got:
        got += os.read(ours, 65536)
    child.terminate()
    print("ended with", child.wait(LIMIT))
    lost = [line for line in got.decode().splitlines() if " lost" in line]
    print(*lost)


def stuck_log(*command):
    """A server whose lines nobody reads is told to end; prints how it did."""
    ours, theirs = os.pipe()
    child = subprocess.Popen(command, stderr=theirs)
    port = int(os.read(ours, 1000).split()[-1])
    os.set_blocking(theirs, False)
    try:
        while True:
            os.write(theirs, b"x")
    except BlockingIOError:
        pass
    os.set_blocking(theirs, True)
    s = dial(str(port))
    s.shutdown(socket.SHUT_WR)
    read_all(s)
    child.terminate()
    print("ended with", child.wait(LIMIT))


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


def answers_once():
    """Answers the first line of each connection, with its number, and ends."""
    s = listener()
    number = 0
    while True:
        c = s.accept()[0]
        number += 1
        c.sendall(b"%d " % number + c.recv(100))
        c.close()


def ask_twice(port, mode):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(AT_ONCE)
    s.connect(("127.0.0.1", int(port)))
    for text in [b"first\n", b"second\n"][:2 if mode == "-k" else 1]:
        print(asked(s, text).decode(), end="", flush=True)


def asked(s, text):
    """What was sent before the end was seen went with the session."""
    while True:
        s.send(text)
        try:
            return s.recv(100)
        except TimeoutError:
            pass


def until_answered(port, target, count):
    """Sends to a forwarder whose target is not there yet, then is."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(AT_ONCE)
    s.connect(("127.0.0.1", int(port)))
    for _ in range(int(count)):
        s.send(b"question")
        time.sleep(0.001)
    t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", int(target)))
    s.send(b"last")
    t.sendto(b"answer", t.recvfrom(100)[1])
    s.recv(100)


def send_texts(port, *texts):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", int(port)))
    for text in texts:
        s.send(text.encode())


def main():
    name, *arguments = sys.argv[1:]
    sys.exit(globals()[name.replace("-", "_")](*arguments))


main()
