"""Two network namespaces and a wire: the vantage, where the programs run, and a city that answers whole prefixes.

    vantage  bench0 ──────── city0  city: AnyIP routes for TARGETS_6 and TARGETS_4, the kernel answers every echo

Neighbours are static: a benchmark of sending must not wait for neighbour discovery.
"""

import os
import subprocess

from addresses import (CITY_4, CITY_6, CITY_MAC, TARGETS_4, TARGETS_6, VANTAGE_4, VANTAGE_6, VANTAGE_MAC, packed_target)
from errors import BenchError

VANTAGE_LINK, CITY_LINK = "bench0", "city0"
IN_CITY = ["nsenter", "--net=/run/netns/city"]

SETTINGS_BOTH = {
    "net/ipv6/conf/all/accept_dad": 0, "net/ipv6/conf/default/accept_dad": 0, "net/ipv6/conf/default/accept_ra": 0,
    # Container runtimes switch IPv6 off by default; these namespaces are ours.
    "net/ipv6/conf/all/disable_ipv6": 0, "net/ipv6/conf/default/disable_ipv6": 0,
    "net/ipv4/conf/all/rp_filter": 0, "net/ipv4/conf/default/rp_filter": 0,
}
SETTINGS_CITY = {
    # Every echo must be answered (some kernels count replies too), none of them as an error.
    "net/ipv6/icmp/ratelimit": 0, "net/ipv4/icmp_ratelimit": 0, "net/ipv4/icmp_msgs_per_sec": 2_000_000_000,
    "net/ipv4/icmp_msgs_burst": 2_000_000_000,
}
# nft sends all of a file in one netlink message, and without root its size is bounded by net.core.wmem_max.
ELEMENTS_AT_ONCE = 2000


class Lab:
    """Builds the network in the current namespaces, which must be private; it goes with them."""

    def __init__(self):
        # A private /run: the name of the second namespace must not appear on the machine.
        run(["mount", "-t", "tmpfs", "-o", "mode=755", "bench", "/run"])
        run(["ip", "netns", "add", "city"])
        _apply(SETTINGS_BOTH, [])
        _apply({**SETTINGS_BOTH, **SETTINGS_CITY}, IN_CITY)
        run(["ip", "link", "add", VANTAGE_LINK, "address", VANTAGE_MAC, "type", "veth",
             "peer", "name", CITY_LINK, "address", CITY_MAC, "netns", "city"])
        _batch([], VANTAGE_LINK, (VANTAGE_6, VANTAGE_4), (CITY_6, CITY_4), CITY_MAC, [
            f"route add {TARGETS_6} via {CITY_6} dev {VANTAGE_LINK}",
            f"route add {TARGETS_4} via {CITY_4} dev {VANTAGE_LINK}",
            f"route add default via {CITY_6} dev {VANTAGE_LINK}",
            f"route add default via {CITY_4} dev {VANTAGE_LINK}"])
        _batch(IN_CITY, CITY_LINK, (CITY_6, CITY_4), (VANTAGE_6, VANTAGE_4), VANTAGE_MAC, [
            f"route add local {TARGETS_6} dev lo", f"route add local {TARGETS_4} dev lo"])
        # A process in the city, for its /proc/PID/net shows the city's counters to everyone.
        self.holder = subprocess.Popen([*IN_CITY, "sleep", "infinity"])
        self._counters = None

    def city_counters(self):
        """Packets that the city received and packets that were dropped before it could, since the lab began."""
        if self._counters is None:
            self._counters = _open_counters(self.holder.pid)
        for line in os.pread(self._counters, 65536, 0).decode().splitlines():
            name, _, values = line.partition(":")
            if name.strip() == CITY_LINK:
                fields = values.split()
                return int(fields[1]), int(fields[3])
        raise BenchError(f"{CITY_LINK} has no counters")

    def silence(self, numbers, all_but_these=False):
        """Targets with these numbers no longer answer; or, of all targets, these alone do. Nothing tells why."""
        self.silence_nobody()
        match = "!=" if all_but_these else "=="
        _nft(f"""table ip6 bench {{
  set chosen {{ type ipv6_addr; }}
  chain early {{
    type filter hook prerouting priority -300;
    ip6 daddr {TARGETS_6} ip6 daddr {match} @chosen drop;
  }}
}}""")
        numbers = list(numbers)
        for start in range(0, len(numbers), ELEMENTS_AT_ONCE):
            chunk = numbers[start:start + ELEMENTS_AT_ONCE]
            _nft("add element ip6 bench chosen { " + ", ".join(map(_hexadecimal, chunk)) + " }")

    def silence_nobody(self):
        _nft("add table ip6 bench; delete table ip6 bench")


def run(command, text=None):
    """Runs a helper to its end; raises BenchError with what it said."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise BenchError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[:1000]}")
    return done.stdout


def _batch(prefix, link, own, other, other_mac, routes):
    lines = ["link set lo up", f"link set {link} up", f"addr add {own[0]}/64 dev {link} nodad",
             f"addr add {own[1]}/30 dev {link}"]
    lines += [f"neigh replace {address} lladdr {other_mac} nud permanent dev {link}" for address in other]
    run([*prefix, "ip", "-batch", "-"], "\n".join(lines + routes) + "\n")


def _apply(settings, prefix):
    # Unknown ones belong to other kernels.
    script = "\n".join(f"[ ! -w /proc/sys/{name} ] || echo {value} > /proc/sys/{name}"
                       for name, value in settings.items())
    run([*prefix, "sh", "-c", script])


def _open_counters(pid):
    return os.open(f"/proc/{pid}/net/dev", os.O_RDONLY)


def _nft(text):
    run([*IN_CITY, "nft", "-f", "-"], text + "\n")


def _hexadecimal(number):
    return packed_target(number).hex(":", 2)
