# SPDX-License-Identifier: ISC
"""The system itself: ports, limits, processes."""
import os
import socket
import sys

from programs import lingers, sockets_of
from registry import script
from sockets import until


@script
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


@script
def silent_name_server():
    """Listens where name servers do and answers nothing; says so at each
    question."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 53))
    print("ready", flush=True)
    while s.recv(1000):
        print("asked", flush=True)


@script
def limited(descriptors, *command):
    """Runs a command that may have that many descriptors open, and cannot
    allow itself more."""
    import resource
    os.closerange(3, 256)
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(descriptors), int(descriptors)))
    os.execvp(command[0], command)


@script
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


@script
def becomes_lingering(pid):
    until(lambda: lingers(pid), "lingering")
