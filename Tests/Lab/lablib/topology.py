"""The two network namespaces and the wire between them.

    vantage (COMMAND runs here)  lab0 ───────── city0  city (all servers; every address is on lo)
                                   default routes ──▶ router
"""

import ctypes
import fcntl
import ipaddress
import os
import socket
import struct
import subprocess

from .errors import LabError
from .servers import CITY, enter_city, find_binary, in_city
from .ways import aliased_networks, own_routes

VANTAGE_LINK, CITY_LINK = "lab0", "city0"
LINK_LENGTH_6, LINK_LENGTH_4 = 64, 30
ON_LINK_VANTAGE = 0xFFFF_FFFE
"""The vantage's interface identifier in the prefix of hosts that share its link."""

SIOCETHTOOL = 0x8946
# Checksums, segmentation and coalescing: a capture must show the packets a real wire would carry.
OFFLOADS = {"tx checksum": 0x17, "segmentation (tso)": 0x1F, "segmentation (gso)": 0x24, "coalescing (gro)": 0x2C}

SETTINGS_BOTH = {
    "net/ipv6/conf/all/accept_dad": 0, "net/ipv6/conf/default/accept_dad": 0,
    "net/ipv6/conf/default/accept_ra": 0, "net/ipv6/conf/default/autoconf": 0,
    # Container runtimes switch IPv6 off by default; these namespaces are ours.
    "net/ipv6/conf/all/disable_ipv6": 0, "net/ipv6/conf/default/disable_ipv6": 0,
}
SETTINGS_CITY = {
    "net/ipv4/ip_forward": 0, "net/ipv6/conf/all/forwarding": 0,
    # A probe must see every error it causes, not one a second (RFC 4443 section 2.4 (f)).
    "net/ipv6/icmp/ratelimit": 0, "net/ipv4/icmp_ratelimit": 0,
    "net/core/somaxconn": 65535, "net/ipv4/tcp_max_syn_backlog": 65535,
    # Kamailio listens on the wildcard of each family by itself.
    "net/ipv6/bindv6only": 1,
}


def build_network(plan):
    """Builds both namespaces; the current one becomes the vantage."""
    run([find_binary("ip"), "netns", "add", CITY], "make a second network namespace")
    _apply(SETTINGS_BOTH, [])
    _apply({**SETTINGS_BOTH, **SETTINGS_CITY}, enter_city())
    own = plan.addresses
    ip_batch([f"link add {VANTAGE_LINK} type veth peer name {CITY_LINK}"], "make a veth pair")
    for link in (VANTAGE_LINK, CITY_LINK):
        switch_offloads_off(link)
    ip_batch([f"link set {CITY_LINK} netns {CITY}", "link set lo up", f"link set {VANTAGE_LINK} up"],
             "set the vantage's links up")
    city = ["link set lo up", f"link set {CITY_LINK} up",
            f"addr add {own.router.v6}/{LINK_LENGTH_6} dev {CITY_LINK} nodad",
            f"addr add {own.router.v4}/{LINK_LENGTH_4} dev {CITY_LINK}"]
    inside = [a for pair in (own.resolver, own.authority, own.root, own.parent, own.control, own.sip) for a in pair]
    on_link = plan.on_link
    for address in dict.fromkeys([*plan.inventory.addresses, *inside]):
        if address in on_link:
            # Neighbor Discovery is answered on the interface that has the address (RFC 4861 section 7.2.3).
            city.append(f"addr add {address}/{LINK_LENGTH_6} dev {CITY_LINK} nodad")
            continue
        city.append(f"addr add {address}/{address.max_prefixlen} dev lo" + (" nodad" if address.version == 6 else ""))
    city += [f"route add local {network} dev lo" for network in aliased_networks(plan)]
    link_network = ipaddress.ip_network((own.router.v6, LINK_LENGTH_6), strict=False)
    ip_batch(city, "give the city its addresses", city=True)
    if on_link:
        ip_batch([f"addr add {plan.on_link_network[ON_LINK_VANTAGE]}/{LINK_LENGTH_6} dev {VANTAGE_LINK} nodad"],
                 "put the vantage on the link of its neighbours")
    ip_batch(own_routes(plan, CITY_LINK, link_network), "give each host a route of its own", city=True, family="-6")
    ip_batch([f"addr add {own.vantage.v6}/{LINK_LENGTH_6} dev {VANTAGE_LINK} nodad",
              f"addr add {own.vantage.v4}/{LINK_LENGTH_4} dev {VANTAGE_LINK}",
              f"route add default via {own.router.v6} dev {VANTAGE_LINK}",
              f"route add default via {own.router.v4} dev {VANTAGE_LINK}"], "give the vantage its routes")


def plant_vantage_faults(plan):
    """Takes a family away from the vantage; also forgets the neighbours that the set-up resolved."""
    if plan.faults.has("vantage", "no-ipv6"):
        write_setting(f"net/ipv6/conf/{VANTAGE_LINK}/disable_ipv6", 1)
    if plan.faults.has("vantage", "no-ipv4"):
        run([find_binary("ip"), "-4", "addr", "flush", "dev", VANTAGE_LINK], "take IPv4 from the vantage")
    ip_batch([f"neigh flush dev {VANTAGE_LINK}"], "forget the neighbours")


def run(arguments, purpose, text=None):
    """Runs a helper to its end; raises LabError that says what it was for."""
    try:
        done = subprocess.run(arguments, input=text, capture_output=True, text=True, check=False)
    except OSError as error:
        raise LabError(f"cannot {purpose}: {arguments[0]}: {error.strerror}") from error
    if done.returncode:
        raise LabError([f"cannot {purpose}: {os.path.basename(arguments[0])} ended with {done.returncode}",
                        *["  " + line for line in done.stderr.splitlines()[:10]]])
    return done.stdout


def ip_batch(lines, purpose, city=False, family=None):
    arguments = ["ip", *([family] if family else []), "-batch", "-"]
    run(in_city(arguments) if city else [find_binary("ip"), *arguments[1:]], purpose, "\n".join(lines) + "\n")


def write_setting(name, value):
    with open(f"/proc/sys/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def _apply(settings, prefix):
    """Writes kernel settings in the namespace `prefix` leads to; unknown ones belong to other kernels."""
    script = "\n".join(f"[ ! -w /proc/sys/{name} ] || echo {value} > /proc/sys/{name}"
                       for name, value in settings.items())
    run([*prefix, find_binary("sh"), "-c", script], "set kernel parameters")


def switch_offloads_off(link):
    """What `ethtool -K LINK tx off tso off gso off gro off` does, through the ioctl."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for what, command in OFFLOADS.items():
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP16x", link.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(control, SIOCETHTOOL, request)
            except OSError as error:
                raise LabError(f"cannot switch {what} offload off on {link}: {error.strerror}") from error

