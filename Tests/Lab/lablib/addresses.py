"""The lab's own addresses, chosen so that they clash with nothing in the inventory."""

import ipaddress
from dataclasses import dataclass

from .errors import InputError

# Documentation space only (RFC 3849, RFC 9637, RFC 2544, RFC 5737): a packet that ever left would go nowhere.
CANDIDATES_6 = ("2001:db8:ffff::/48", "2001:db8:fffe::/48", "3fff:fff:ffff::/48", "3fff:fff:fffe::/48")
CANDIDATES_4 = ("198.19.255.0/24", "198.19.254.0/24", "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")


@dataclass(frozen=True)
class Pair:
    """The IPv6 and the IPv4 address of one part of the lab."""

    v6: ipaddress.IPv6Address
    v4: ipaddress.IPv4Address

    def __iter__(self):
        return iter((self.v6, self.v4))


@dataclass(frozen=True)
class LabAddresses:
    """`router` and `vantage` share the link; everything else lies behind the router, so that even the
    resolver and the control prove the route. `dark` never answers; `nat64` is what a DNS64 resolver makes
    addresses up from."""

    network6: ipaddress.IPv6Network
    network4: ipaddress.IPv4Network
    router: Pair
    vantage: Pair
    resolver: Pair
    authority: Pair
    root: Pair
    parent: Pair
    control: Pair
    sip: Pair
    dark: ipaddress.IPv6Address
    nat64: ipaddress.IPv6Network

    @property
    def answering(self):
        """Addresses that the vantage may reach, besides the inventory's own."""
        return [a for pair in (self.router, self.resolver, self.authority, self.root, self.parent, self.control)
                for a in pair]


def choose_addresses(inventory):
    """The first candidate networks that the inventory does not use; raises InputError if none is free."""
    six = _choose(CANDIDATES_6, inventory)
    four = _choose(CANDIDATES_4, inventory)

    def pair(suffix, last):
        return Pair(six[int(ipaddress.IPv6Address(suffix))], four[last])

    return LabAddresses(
        network6=six, network4=four, router=pair("::1", 1), vantage=pair("::2", 2),
        resolver=pair("::53:0:0:0:53", 53), authority=pair("::54:0:0:0:53", 54),
        root=pair("::55:0:0:0:53", 55), parent=pair("::56:0:0:0:53", 56), control=pair("::c:0:0:0:1", 80), sip=pair("::5060:0:0:0:1", 60),
        dark=six[int(ipaddress.IPv6Address("::dead:0:0:0:1"))],
        nat64=ipaddress.IPv6Network((int(six[0x64 << 64]), 96)))


def _choose(candidates, inventory):
    networks = [ipaddress.ip_network(text) for text in candidates]
    without_hosts = [network for network in networks
                     if not any(address in network for address in inventory.addresses)]
    # A registered prefix inside the candidate is a clash; one around it (such as 2001:db8::/32) is not,
    # for then no candidate would be left.
    for network in without_hosts:
        if not any(prefix.version == network.version and prefix.subnet_of(network)
                   for prefix in inventory.prefixes):
            return network
    raise InputError(f"the inventory uses all of {' '.join(candidates)}; the lab needs one of them for itself")
