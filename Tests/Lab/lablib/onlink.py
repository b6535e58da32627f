"""Hosts on the vantage's own link, and who sends router advertisements there (RFC 4861 section 4.2)."""

import ipaddress
import json

from .errors import InputError
from .servers import Server
from .topology import CITY_LINK

FOREIGN_PREFIX = ipaddress.IPv6Network("2001:db8:bad::/64")
FOREIGN_RESOLVER = ipaddress.IPv6Address("2001:db8:bad::53")
ROGUE_MAC = "02:00:00:00:0b:ad"


def advertiser_servers(plan, room):
    """Writes down who advertises what; returns the server to start, none where nobody does."""
    senders = [_sender(plan, host) for host in plan.inventory.hosts
               if any(fault.kind.startswith("advertises") for fault in plan.faults.of(host.id))]
    if plan.faults.has("vantage", "rogue-router"):
        senders.append({"mac": ROGUE_MAC, "source": str(link_local(ROGUE_MAC)), "prefix": str(FOREIGN_PREFIX),
                        "resolvers": [str(FOREIGN_RESOLVER)]})
    if not senders:
        return []
    path = room.write("advertiser", "advertiser.json", json.dumps({"interface": CITY_LINK, "senders": senders}))
    return [Server("advertiser", room.python("advertiser", path), room)]


def link_local(mac):
    """The address that a router of this MAC has without being told (RFC 4291 appendix A)."""
    byte = bytes.fromhex(mac.replace(":", ""))
    return ipaddress.IPv6Address(b"\xfe\x80" + bytes(6) + bytes([byte[0] ^ 2]) + byte[1:3] + b"\xff\xfe" + byte[3:])


def _sender(plan, host):
    if not plan.on_link_network:
        raise InputError(f"host '{host.id}' advertises, but no host is planted as on-link")
    resolvers = [a for other in plan.inventory.hosts if other.declares("dns") for a in other.v6]
    has = lambda kind: plan.faults.has(host.id, kind)  # noqa: E731
    return {"mac": host.mac, "source": str(link_local(host.mac)),
            "prefix": str(FOREIGN_PREFIX if has("advertises-foreign-prefix") else plan.on_link_network),
            "resolvers": [str(FOREIGN_RESOLVER)] if has("advertises-foreign-rdnss") else [str(a) for a in resolvers]}
