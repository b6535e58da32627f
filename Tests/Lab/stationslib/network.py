"""The namespaces and the wires between them.

    vantage  link0 ── bridge ── eth0 of each station      every station is a namespace with a kernel of its own
             link1 ── bridge ── …                         stack: it does DAD, MLD, ARP and neighbour discovery
             …        (namespace `wire`)

No other interface is in any of them: nothing can leave.
"""

from lablib.servers import find_binary
from lablib.topology import run

from . import namespaces
from .plan import ALIASED, ALIASED_NETWORK

VANTAGE, WIRE = "vantage", "wire"

# Before the interface is up, so that not even duplicate address detection or MLD gets out.
SILENCE = """
table netdev silence {{
  chain arrivals {{
    type filter hook ingress device "{interface}" priority 0; policy drop;
  }}
  chain departures {{
    type filter hook egress device "{interface}" priority 0; policy drop;
  }}
}}
"""
NO_ECHO = """
table inet filter {
  chain arrivals {
    type filter hook input priority 0; policy accept;
    icmpv6 type echo-request drop
    icmp type echo-request drop
  }
}
"""


def build_wires(plan):
    """Builds the namespaces and links, with the vantage's interfaces up and all others down."""
    namespaces.name_own(VANTAGE)
    namespaces.make(WIRE)
    hosts = plan.hosts()
    for host in hosts:
        namespaces.make(host)
    _allow_ipv6("default")
    namespaces.write_setting("ipv6/conf/default/accept_ra", 0)
    wires = []
    for link in plan.links:
        # A bridge that learns who wants which group would keep some from the vantage.
        wires += [f"link add {link.name} type bridge mcast_snooping 0 forward_delay 0",
                  f"link add v{link.number} master {link.name} type veth peer name {link.name} "
                  f"address {link.mac} netns {VANTAGE}",
                  f"link set {link.name} up", f"link set v{link.number} up"]
    for number, station in enumerate(plan.stations):
        wires += [f"link add s{number} master {station.link.name} type veth peer name {station.interface} "
                  f"address {station.mac} netns {station.host}", f"link set s{number} up"]
    with namespaces.inside(WIRE):
        # The bridges are wires, and no stations.
        namespaces.write_setting("ipv6/conf/default/disable_ipv6", 1)
        _ip(wires, "build the links")
        namespaces.give_queues([f"v{link.number}" for link in plan.links]
                               + [f"s{number}" for number in range(len(plan.stations))])
    vantage = ["link set lo up"]
    for link in plan.links:
        v4, v6 = link.vantage
        vantage += [f"link set {link.name} up", f"addr add {v4}/24 dev {link.name}",
                    f"addr add {v6}/64 dev {link.name} nodad"]
    for station in plan.of_kind("aliased"):
        vantage.append(f"route add {ALIASED_NETWORK} via {station.static} dev {station.link.name}")
    _ip(vantage, "put the vantage on the links")
    namespaces.give_queues([link.name for link in plan.links])


def start_stations(plan):
    """Sets the stations up; from here on their kernels speak."""
    for host, stations in plan.hosts().items():
        with namespaces.inside(host):
            _allow_ipv6("default")
            lines = ["link set lo up"]
            for station in stations:
                lines += _station(station)
            namespaces.give_queues([station.interface for station in stations])
            _ip(lines, f"set up {host}")


def move(station):
    """Takes the addresses of a station away and gives it others."""
    v4, v6 = station.moves_to
    with namespaces.inside(station.host):
        _ip([f"addr del {station.ipv4}/24 dev {station.interface}",
             f"addr del {station.static}/64 dev {station.interface}",
             f"addr add {v4}/24 dev {station.interface}", f"addr add {v6}/64 dev {station.interface}"],
            f"change the addresses of {station.host}")


def forget(hosts):
    """Empties the stations' tables of IPv6 neighbours, which all of them have in common; see `plan.MOST`."""
    for host in hosts:
        with namespaces.inside(host):
            run([find_binary("ip"), "-6", "neigh", "flush", "all"], f"empty the neighbours of {host}")


def _station(station):
    """Settings and packet filter of a station, and the lines that give it its addresses."""
    interface, ipv6 = station.interface, station.has("ipv6")
    of_interface = f"ipv6/conf/{interface}"
    # 0 makes the link-local address of the MAC address, a secret makes all of it (RFC 7217).
    if ipv6 == "private":
        namespaces.write_setting(f"{of_interface}/stable_secret", station.secret)
    else:
        namespaces.write_setting(f"{of_interface}/addr_gen_mode", 0)
    namespaces.write_setting(f"{of_interface}/accept_ra", int(ipv6 in ("interface", "private")))
    namespaces.write_setting(f"{of_interface}/use_tempaddr", 2 if station.has("temporary") else 0)
    if not ipv6:
        namespaces.write_setting(f"{of_interface}/disable_ipv6", 1)
    if station.has("silent"):
        _filter(SILENCE.format(interface=interface))
    if station.has("echo") == "never":
        _filter(NO_ECHO)
    if station.has("echo") == "not-to-all":
        namespaces.write_setting("ipv6/icmp/echo_ignore_multicast", 1)
    if station.kind == "router":
        namespaces.write_setting("ipv6/conf/all/forwarding", 1)
    lines = []
    if station.ipv4:
        lines.append(f"addr add {station.ipv4}/24 brd + dev {interface}")
    if station.static:
        lines.append(f"addr add {station.static}/64 dev {interface}")
    if station.kind == "aliased":
        # Every address of the /96 is its own; of the rest of the /64 one is.
        lines += [f"route add local {ALIASED} dev lo",
                  f"addr add {beside_aliased(station)}/128 dev lo nodad"]
    return [*lines, f"link set {interface} up"]


def beside_aliased(station):
    """The one address that is real in the network of which a /96 is aliased: made of the station's MAC address."""
    byte = bytes.fromhex(station.mac.replace(":", ""))
    identifier = bytes([byte[0] ^ 2]) + byte[1:3] + b"\xff\xfe" + byte[3:]
    return ALIASED_NETWORK[int.from_bytes(identifier, "big")]


def _allow_ipv6(name):
    # Container runtimes switch IPv6 off by default; these namespaces are ours.
    for which in ("all", name):
        namespaces.write_setting(f"ipv6/conf/{which}/disable_ipv6", 0)


def _ip(lines, purpose):
    run([find_binary("ip"), "-batch", "-"], purpose, "\n".join(lines) + "\n")


def _filter(rules):
    run([find_binary("nft"), "-f", "-"], "load a packet filter", rules)
