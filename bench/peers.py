# SPDX-License-Identifier: ISC
"""The tools that are measured, sockcat and its peers: how each is told to play
a role, and what is known about them."""
import glob
import os
import re
import shlex
import shutil
import subprocess

import settings

# The best that was found for streams: splice(2), pipes of 1 MiB.
MOVER_OPTIONS = "-m splice -M -b 1048576 -P 1048576"

# {x}: extra options, {p}: port, {u}: unix path, {t}: port that a relay goes to,
# {w}: temporary folder. A role that is missing is a mode that the tool lacks.
COMMANDS = {
    "nc.openbsd": {
        "recv": "nc.openbsd {x} -d -l 127.0.0.1 {p}",
        "send": "nc.openbsd {x} -N 127.0.0.1 {p}",
        "urecv": "nc.openbsd {x} -d -l -U {u}",
        "usend": "nc.openbsd {x} -N -U {u}",
        "drecv": "nc.openbsd {x} -d -u -l 127.0.0.1 {p}",
        "dsend": "nc.openbsd {x} -u -q 0 127.0.0.1 {p}",
        "dxlisten": "nc.openbsd {x} -N -l 127.0.0.1 {p}",
        "dxconnect": "nc.openbsd {x} -N 127.0.0.1 {p}",
        "client": "nc.openbsd {x} 127.0.0.1 {p}",
        "probe": "nc.openbsd {x} -z 127.0.0.1 {p}",
        "idle": "nc.openbsd {x} -k -l 127.0.0.1 {p}",
        "relay": "sh -c 'f=$0/fifo.$$; mkfifo $f; nc.openbsd {x} -N -l 127.0.0.1 {p} <$f |"
                 " nc.openbsd {x} -N 127.0.0.1 {t} >$f; rm $f' {w}",
    },
    "nc.traditional": {
        "recv": "nc.traditional {x} -l -s 127.0.0.1 -p {p}",
        "send": "nc.traditional {x} -q 0 127.0.0.1 {p}",
        "drecv": "nc.traditional {x} -u -l -s 127.0.0.1 -p {p}",
        "dsend": "nc.traditional {x} -u -q 0 127.0.0.1 {p}",
        "client": "nc.traditional {x} 127.0.0.1 {p}",
        "exec": "nc.traditional {x} -l -s 127.0.0.1 -p {p} -e /bin/cat",
        "probe": "nc.traditional {x} -z 127.0.0.1 {p}",
        "idle": "nc.traditional {x} -l -s 127.0.0.1 -p {p}",
    },
    "ncat": {
        "recv": "ncat {x} --recv-only -l 127.0.0.1 {p}",
        "send": "ncat {x} --send-only 127.0.0.1 {p}",
        "urecv": "ncat {x} --recv-only -l -U {u}",
        "usend": "ncat {x} --send-only -U {u}",
        "drecv": "ncat {x} -u --recv-only -l 127.0.0.1 {p}",
        "dsend": "ncat {x} -u --send-only 127.0.0.1 {p}",
        "dxlisten": "ncat {x} -l 127.0.0.1 {p}",
        "dxconnect": "ncat {x} 127.0.0.1 {p}",
        "client": "ncat {x} 127.0.0.1 {p}",
        "exec": "ncat {x} -l 127.0.0.1 {p} -e /bin/cat",
        "execmany": "ncat {x} -k -m 10000 -l 127.0.0.1 {p} -e /bin/cat",
        "probe": "ncat {x} -z 127.0.0.1 {p}",
        "idle": "ncat {x} -k -l 127.0.0.1 {p}",
        "relay": "ncat {x} -l 127.0.0.1 {p} -c 'ncat {x} 127.0.0.1 {t}'",
    },
    "socat": {
        "recv": "socat {x} -u TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr -",
        "send": "socat {x} -u - TCP4:127.0.0.1:{p}",
        "urecv": "socat {x} -u UNIX-LISTEN:{u} -",
        "usend": "socat {x} -u - UNIX-CONNECT:{u}",
        "drecv": "socat {x} -u UDP4-RECV:{p},bind=127.0.0.1 -",
        "dsend": "socat {x} -u - UDP4:127.0.0.1:{p}",
        "dxlisten": "socat {x} -t 30 TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr -",
        "dxconnect": "socat {x} -t 30 - TCP4:127.0.0.1:{p}",
        "client": "socat {x} - TCP4:127.0.0.1:{p}",
        "exec": "socat {x} TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr EXEC:/bin/cat",
        "execmany": "socat {x} TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr,fork,backlog=4096"
                    " EXEC:/bin/cat",
        "probe": "socat {x} -u /dev/null TCP4:127.0.0.1:{p}",
        "idle": "socat {x} -u TCP4-LISTEN:{p},bind=127.0.0.1,fork -",
        "relay": "socat {x} TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr TCP4:127.0.0.1:{t}",
    },
    "busybox": {
        "recv": "busybox nc {x} -l -p {p}",
        "send": "busybox nc {x} 127.0.0.1 {p}",
        "client": "busybox nc {x} 127.0.0.1 {p}",
        "exec": "busybox nc {x} -l -p {p} -e /bin/cat",
        "execmany": "busybox nc {x} -ll -p {p} -e /bin/cat",
        "probe": "busybox nc {x} 127.0.0.1 {p}",
        "idle": "busybox nc {x} -l -p {p}",
    },
    "sockcat": {
        "recv": "{sockcat} {x} --recv-only -l 127.0.0.1 {p}",
        "send": "{sockcat} {x} --send-only 127.0.0.1 {p}",
        "urecv": "{sockcat} {x} --recv-only -U -l {u}",
        "usend": "{sockcat} {x} --send-only -U {u}",
        "drecv": "{sockcat} {x} -u --recv-only -l 127.0.0.1 {p}",
        "dsend": "{sockcat} {x} -u -q 0 --send-only 127.0.0.1 {p}",
        "dxlisten": "{sockcat} {x} -l 127.0.0.1 {p}",
        "dxconnect": "{sockcat} {x} -N 127.0.0.1 {p}",
        "client": "{sockcat} {x} -N 127.0.0.1 {p}",
        "exec": "{sockcat} {x} -l 127.0.0.1 {p} -e /bin/cat",
        "execmany": "{sockcat} {x} -k --max-conns 10000 --backlog 4096 -l 127.0.0.1 {p}"
                    " -e /bin/cat",
        "probe": "{sockcat} {x} 127.0.0.1 {p}",
        "idle": "{sockcat} {x} -k -l 127.0.0.1 {p}",
        "relay": "{sockcat} {x} -l 127.0.0.1 {p} --forward 127.0.0.1:{t}",
    },
    "mover": {
        "recv": "{mover} {x} -l 127.0.0.1 {p}",
        "send": "{mover} {x} 127.0.0.1 {p}",
        "urecv": "{mover} {x} -l -U {u}",
        "usend": "{mover} {x} -U {u}",
        "drecv": "{mover} {x} -u -l 127.0.0.1 {p}",
        "dsend": "{mover} {x} -u 127.0.0.1 {p}",
        "dxlisten": "{mover} {x} -f -l 127.0.0.1 {p}",
        "dxconnect": "{mover} {x} -f 127.0.0.1 {p}",
        "client": "{mover} {x} -e 127.0.0.1 {p}",
        "probe": "{mover} {x} 127.0.0.1 {p}",
        "idle": "{mover} {x} -l 127.0.0.1 {p}",
        "relay": "{mover} {x} -r {p} 127.0.0.1 {t}",
    },
    # References: an echo server in one process, and a fork without an exec.
    "echo": {
        "exec": "{helpers} echo {p}",
        "execmany": "{helpers} echo {p}",
    },
    "socat-pipe": {
        "exec": "socat {x} TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr PIPE",
        "execmany": "socat {x} TCP4-LISTEN:{p},bind=127.0.0.1,reuseaddr,fork,backlog=4096 PIPE",
    },
}
SENDING = ("send", "usend", "dsend", "dxconnect", "client", "probe")
STREAM_ROLES = ("recv", "send", "urecv", "usend", "dxlisten", "dxconnect", "relay")

# The peers, each with what makes it say its version, and its Debian package.
PEERS = {
    "nc.openbsd": (["nc.openbsd", "-h"], "netcat-openbsd"),
    "nc.traditional": (["nc.traditional", "-h"], "netcat-traditional"),
    "ncat": (["ncat", "--version"], "ncat"),
    "socat": (["socat", "-V"], "socat"),
    "busybox": (["busybox"], "busybox"),
}

paths = {}              # helpers, mover, work: set by build()


def build(folder):
    """Compiles the helpers and the mover into a temporary folder."""
    here = os.path.dirname(os.path.abspath(__file__))
    paths["work"] = folder
    for name in ("helpers", "mover"):
        paths[name] = f"{folder}/{name}"
        subprocess.run([*settings.CC, "-std=gnu11", "-D_GNU_SOURCE", "-O2", f"-I{here}",
                        "-o", paths[name], *glob.glob(f"{here}/{name}/*.c")], check=True)


def helpers(*words):
    return [paths["helpers"], *map(str, words)]


def name_of(spec):
    return spec.partition(":")[0]


def is_path(name):
    """Whether it is another sockcat than $SOCKCAT."""
    return "/" in name


def commands_of(name):
    return COMMANDS["sockcat" if is_path(name) else name]


def has(spec, roles):
    return all(role in commands_of(name_of(spec)) for role in roles)


def command(spec, role, port=0, path="", target=0):
    """The words of a role's command. SPEC is TOOL, TOOL:OPTIONS for all commands,
    or TOOL:OPTIONS;OPTIONS for the sending and the receiving one."""
    name, _, extra = spec.partition(":")
    if name == "mover" and not extra and role in STREAM_ROLES:
        extra = MOVER_OPTIONS
    sending, both, receiving = extra.partition(";")
    if not both or role in SENDING:
        options = sending
    else:
        options = receiving
    return shlex.split(commands_of(name)[role].format(
        x=options, p=port, u=path, t=target, w=paths["work"],
        sockcat=shlex.quote(name) if is_path(name) else settings.SOCKCAT,
        mover=paths["mover"], helpers=paths["helpers"]))


def installed():
    return [peer for peer in PEERS if shutil.which(peer)]


def version(spec):
    """The first thing that looks like a version, or nothing."""
    name = name_of(spec)
    if name in PEERS:
        argv = PEERS[name][0]
    elif is_path(name):
        argv = [name, "--version"]
    elif name == "sockcat":
        argv = [*shlex.split(settings.SOCKCAT), "--version"]
    else:
        return ""
    try:
        said = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+\.\d[\w.]*(-\d\w*)?", said.decode(errors="replace"))
    return found.group() if found else ""
