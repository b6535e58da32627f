"""Zone contents: addresses and PTR of every declared name, name servers, delegations, mail."""

import ipaddress
import time
from collections import defaultdict

from .inventory import enclosing_zone

TTL = 300
"""Seconds; short enough that a tool which caches between runs is caught by a test."""

CARRIED = {
    "6to4-in-aaaa": lambda v4: ipaddress.IPv6Address(0x2002 << 112 | v4 << 80 | 1),
    # The server 192.0.2.1, the port 40000 and the client's address, both inverted (RFC 4380 section 4).
    "teredo-in-aaaa": lambda v4: ipaddress.IPv6Address(
        0x20010000 << 96 | 0xC0000201 << 64 | (40000 ^ 0xFFFF) << 32 | v4 ^ 0xFFFFFFFF),
    "mapped-in-aaaa": lambda v4: ipaddress.IPv6Address(0xFFFF << 32 | v4),
    "nat64-in-aaaa": lambda v4: ipaddress.IPv6Address(0x64FF9B << 96 | v4)}
"""The IPv6 addresses that carry an IPv4 address (RFC 3056, 4380, 4291 section 2.5.5.2, 6052)."""


def is_reverse(zone):
    return zone.endswith((".ip6.arpa", ".in-addr.arpa"))


class Zone:
    """One zone: records as {owner: set of 'TYPE data'}, owners without the final dot."""

    def __init__(self, name, agency="", servers=()):
        self.name, self.agency, self.servers = name, agency, list(servers)
        self.records = defaultdict(set)

    def text(self):
        """The master file (RFC 1035 section 5); the SOA's timers are those of RFC 1912 section 2.2."""
        serial = time.strftime("%Y%m%d01", time.gmtime())
        lines = [f"$TTL {TTL}", f"{self.name}. SOA {self.servers[0]}. hostmaster.{self.servers[0]}. "
                                f"{serial} 7200 1800 1209600 {TTL}"]
        lines += [f"{self.name}. NS {server}." for server in self.servers]
        for owner in sorted(self.records):
            lines += [f"{owner}. {record}" for record in sorted(self.records[owner])]
        return "\n".join(lines) + "\n"


def build_zones(plan):
    """All zones, declared and synthesised, by name."""
    inventory = plan.inventory
    zones = {zone.name: Zone(zone.name, zone.agency, zone.servers) for zone in inventory.zones.values()}
    for address in inventory.addresses:
        if enclosing_zone(address.reverse_pointer, zones) is None:
            name = _synthesised_reverse_zone(address)
            zones[name] = Zone(name)
    _add_addresses(plan, zones)
    _add_pointers(plan, zones)
    _add_mail(plan, zones)
    for zone in zones.values():
        zone.servers = zone.servers or _name_servers(plan, zone, zones)
    _add_delegations(zones)
    return zones


def published_aaaa(plan, host):
    """What the world is told about the host's IPv6 addresses, with the planted faults."""
    faults = plan.faults
    published = list(host.v6)
    if faults.has(host.id, "no-aaaa"):
        published = []
    if faults.has(host.id, "dead-aaaa"):
        published = [plan.dead_address(address) for address in host.v6]
    if faults.has(host.id, "second-aaaa-dead"):
        published.append(plan.dead_address(host.v6[0]))
    if faults.has(host.id, "ula-in-aaaa"):
        # RFC 4193: the interface identifier stays, the prefix is a local one.
        published.append(ipaddress.IPv6Address((0xFD << 120) | 0xDB8 << 80 | int(host.v6[0]) & (1 << 64) - 1))
    if faults.has(host.id, "link-local-in-aaaa"):
        published.append(ipaddress.IPv6Address(0xFE80 << 112 | int(host.v6[0]) & (1 << 64) - 1))
    published += [form(int(host.v4[0])) for fault, form in CARRIED.items() if faults.has(host.id, fault)]
    return published


def _add_addresses(plan, zones):
    for host in plan.inventory.hosts:
        if plan.faults.has(host.id, "name-nxdomain"):
            continue
        for name in host.names:
            records = zones[enclosing_zone(name, zones)].records[name]
            records.update(f"AAAA {address}" for address in published_aaaa(plan, host))
            records.update(f"A {address}" for address in host.v4)
            if not records:
                # The name exists although it has no address: NODATA, not NXDOMAIN (RFC 2308 section 2.2).
                records.add('TXT "no address"')


def _add_pointers(plan, zones):
    for host in plan.inventory.hosts:
        for address in host.addresses if host.names else ():
            owner = address.reverse_pointer
            target = _pointer(plan, host)
            if target:
                zones[enclosing_zone(owner, zones)].records[owner].add(f"PTR {target}.")


def _pointer(plan, host):
    """What the PTR of a host's addresses names, with the planted faults; None without one."""
    if plan.faults.has(host.id, "no-ptr"):
        return None
    if plan.faults.has(host.id, "ptr-to-nowhere"):
        return "gone." + host.names[0]
    if plan.faults.has(host.id, "ptr-other-name"):
        return next((other.names[0] for other in plan.inventory.hosts
                     if other.names and other.v6 and not set(other.addresses) & set(host.addresses)), None)
    return host.names[0]


def _add_mail(plan, zones):
    """The mail hosts of a zone receive for its apex, all with the same preference (RFC 5321 section 5.1)."""
    inventory = plan.inventory
    for host in inventory.hosts:
        for name in host.names if plan.faults.has(host.id, "null-mx") else ():
            zones[enclosing_zone(name, zones)].records[name].add("MX 0 .")
    for host in inventory.hosts:
        for name in host.names if host.declares("smtp") else ():
            zone = enclosing_zone(name, zones)
            zones[zone].records[zone].add(f"MX 10 {name}.")


def _name_servers(plan, zone, zones):
    """The agency's own name servers, filled up to two with others; without any, the lab's."""
    hosts = [host for host in plan.inventory.hosts if host.declares("dns") and host.names]
    hosts.sort(key=lambda host: host.agency != zone.agency)
    own = [host for host in hosts if host.agency == zone.agency]
    chosen = [host.names[0] for host in (own if len(own) >= 2 else hosts[:2])]
    if not chosen:
        # The name must lie in a forward zone to have addresses; glue is the zone's own data here.
        home = zone if not is_reverse(zone.name) else next(
            (other for other in zones.values() if not is_reverse(other.name)), zone)
        name = f"lab-ns.{home.name}"
        home.records[name].update((f"AAAA {plan.addresses.authority.v6}", f"A {plan.addresses.authority.v4}"))
        chosen = [name]
    return chosen


def _add_delegations(zones):
    for child in zones.values():
        parent_name = enclosing_zone(child.name.partition(".")[2], zones)
        if parent_name is None:
            continue
        parent = zones[parent_name]
        for server in child.servers:
            parent.records[child.name].add(f"NS {server}.")
            if server.endswith("." + child.name):
                home = zones[enclosing_zone(server, zones)]
                parent.records[server].update(
                    record for record in home.records[server] if record.startswith(("A ", "AAAA ")))


def _synthesised_reverse_zone(address):
    """A zone wide enough that a whole city needs few of them: /32 for IPv6, /16 for IPv4."""
    labels = address.reverse_pointer.split(".")
    return ".".join(labels[-(8 + 2):] if address.version == 6 else labels[-(2 + 2):])
