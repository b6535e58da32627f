"""Faults on the way to a host and beside its declared services: what the packet filter does for them, which
ports are open beyond the declared ones, and what the process `wayside` has to play."""

import ipaddress
import json

from .bindings import Binding
from .servers import Server

HOPS = 3
"""How many routers lie before a host that has any."""
FOREIGN = {6: "2001:db8:eeee::1", 4: "203.0.113.1"}
"""A router of somebody else's."""

FIRST_TABLE, OWN_ROUTE_LIMIT = 1000, 256

EXTRA = {"extra-port": ((6, 4), "tcp"), "extra-port-ipv6": ((6,), "tcp"), "extra-port-filtered-ipv4": ((6,), "tcp"),
         "extra-udp": ((6, 4), "udp")}
"""Ports that nobody declared: fault to the families it is open over, and the transport."""


def extra_bindings(inventory, faults):
    """A bare listener for each undeclared port."""
    bindings = []
    for host in inventory.hosts:
        for fault, (versions, transport) in EXTRA.items():
            for port in faults.arguments(host.id, fault):
                bindings += [Binding(address, port, transport, "bare", [host])
                             for address in host.addresses if address.version in versions]
    return bindings


def dropped_ports(plan):
    """The undeclared ports that are filtered over IPv4: keys of the packet filter's map."""
    return [(address, "tcp", port) for host in plan.inventory.hosts for address in host.v4
            for port in plan.faults.arguments(host.id, "extra-port-filtered-ipv4")]


def arrival_rules(plan, host):
    """Rules for what arrives at one host, in nftables' words."""
    rules, has = [], lambda fault: plan.faults.has(host.id, fault)
    if has("large-echo-dropped"):
        rules += [f"{kind} type echo-request meta length > 1280 drop" for kind in ("icmpv6", "icmp")]
    if has("rate-limited"):
        rules += [f"{kind} type echo-request limit rate over 5/second burst 5 packets drop"
                  for kind in ("icmpv6", "icmp")]
        rules += ["tcp flags & (syn | ack) == syn limit rate over 10/second burst 5 packets drop"]
    if has("mss-clamped-ipv6"):
        rules += ["meta nfproto ipv6 tcp flags & (syn | ack) == syn tcp option maxseg size set 1100"]
    if has("large-lost-ipv6"):
        rules += ["icmpv6 type packet-too-big drop"]
    if any(has(fault) for fault in ("hops-inside", "hops-silent", "hop-outside-ipv6")):
        rules += [f"ip6 hoplimit <= {HOPS} drop", f"ip ttl <= {HOPS} drop"]
    return rules


def departure_rules(plan):
    """Rules for what leaves the city."""
    return [f"ip6 saddr {address} meta length > 1280 drop" for host in plan.inventory.hosts
            if plan.faults.has(host.id, "large-lost-ipv6") for address in host.v6]


def aliased_networks(plan):
    """The /64s of which every address answers."""
    return list(dict.fromkeys(ipaddress.ip_network((address, 64), strict=False) for host in plan.inventory.hosts
                              if plan.faults.has(host.id, "aliased") for address in host.v6))


def own_routes(plan, link, network):
    """A route to the vantage for each IPv6 address of its own: what a host has learnt of a path's MTU is kept with
    the route, and one host must not know what another was told. Every rule costs each packet a look, so a large
    network goes without."""
    addresses = [address for address in plan.inventory.addresses if address.version == 6]
    if len(addresses) > OWN_ROUTE_LIMIT:
        return []
    return [line for number, address in enumerate(addresses) for line in (
        f"rule add from {address} lookup {FIRST_TABLE + number}",
        f"route add {network} dev {link} table {FIRST_TABLE + number}")]


def _routers(plan, host, address):
    """The routers before an address, by distance; None for one that says nothing."""
    if plan.faults.has(host.id, "hops-silent"):
        return [None] * HOPS
    outside = plan.faults.has(host.id, "hop-outside-ipv6")
    if not outside and not plan.faults.has(host.id, "hops-inside"):
        return None
    network = ipaddress.ip_network((address, 48 if address.version == 6 else 24), strict=False)
    routers = [str(network[-1 - number - 1]) for number in range(HOPS)]
    if outside and address.version == 6:
        routers[1] = FOREIGN[6]
    return routers


def way_servers(plan, room, link):
    """The process to start; none where nothing needs it."""
    hosts, faults = plan.inventory.hosts, plan.faults
    hops = {str(address): _routers(plan, host, address) for host in hosts for address in host.addresses}
    config = {
        "link": link, "hops": {address: routers for address, routers in hops.items() if routers},
        "slow": {str(address): delay for host in hosts for delay in faults.arguments(host.id, "slow-ipv6")
                 for address in host.v6},
        "tunnel-6in4": [str(a) for host in hosts if faults.has(host.id, "tunnel-6in4") for a in host.v4],
        "tunnel-ip6ip6": [str(a) for host in hosts if faults.has(host.id, "tunnel-ip6ip6") for a in host.v6]}
    if not any(value for key, value in config.items() if key != "link"):
        return []
    path = room.write("wayside", "wayside.json", json.dumps(config, indent=1))
    return [Server("wayside", room.python("wayside", path), room)]
