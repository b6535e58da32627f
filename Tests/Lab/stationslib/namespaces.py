"""Network namespaces: they are made, and a thread steps into them. Python has calls for this from 3.12 on only."""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct

CLONE_NEWNET = 0x4000_0000
MS_BIND = 0x1000
SIOCETHTOOL = 0x8946
ETHTOOL_STSO, ETHTOOL_SGRO = 0x1F, 0x2C
FOLDER = "/run/netns"
"""Where `ip netns` looks; under the private /run."""

_libc = ctypes.CDLL(None, use_errno=True)
_own = "/proc/thread-self/ns/net"
_open = {}


def _call(status, what):
    if status:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _name(name):
    """Gives the thread's namespace a name; the file keeps it alive."""
    path = f"{FOLDER}/{name}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))
    _call(_libc.mount(_own.encode(), path.encode(), None, MS_BIND, None), f"name the namespace {name}")
    _open[name] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def name_own(name):
    """Gives the namespace that this program began in a name."""
    os.makedirs(FOLDER, exist_ok=True)
    _name(name)


def make(name):
    """Makes a namespace; the thread stays where it is."""
    with _returning():
        _call(_libc.unshare(CLONE_NEWNET), f"make the namespace {name}")
        _name(name)


@contextlib.contextmanager
def inside(name):
    """The calling thread, and what it starts, is in a namespace for a while. Sockets that it opens stay there."""
    with _returning():
        _call(_libc.setns(_open[name], CLONE_NEWNET), f"enter the namespace {name}")
        yield


@contextlib.contextmanager
def _returning():
    before = os.open(_own, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield
    finally:
        _call(_libc.setns(before, CLONE_NEWNET), "return from a namespace")
        os.close(before)


def write_setting(name, value):
    """Sets a kernel parameter of the namespace that the thread is in."""
    with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def give_queues(interfaces):
    """Gives each of these veth interfaces, of the namespace that the thread is in, a receive queue of its own.

    Without, all of them wait in one queue for each CPU (net.core.netdev_max_backlog, 1,000 frames), and a frame that a
    bridge of 50 stations floods takes 49 places of it: when many answer at once, the last interface of the bridge hears
    nobody. A veth uses its own queue (NAPI) when generic receive offload is on and its peer does not segment TCP by
    itself; `ethtool -K NAME gro on tso off` does the same.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for interface in interfaces:
            for command, value in ((ETHTOOL_SGRO, 1), (ETHTOOL_STSO, 0)):
                words = ctypes.create_string_buffer(struct.pack("=II", command, value), 8)
                fcntl.ioctl(handle, SIOCETHTOOL, struct.pack("16sP16x", interface.encode(), ctypes.addressof(words)))


def addresses(name):
    """The IPv6 addresses of a namespace as its kernel has them: interface, address in hexadecimal, flags."""
    with inside(name), open("/proc/thread-self/net/if_inet6", encoding="ascii") as file:
        rows = [line.split() for line in file]
    return [(row[5], row[0], int(row[4], 16)) for row in rows]
