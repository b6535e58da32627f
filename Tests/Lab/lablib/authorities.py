"""Who serves which zone: one nsd for each set of zones, and a misbehaving front before those with faults."""

import json
from collections import defaultdict
from dataclasses import dataclass, field

from .inventory import enclosing_zone

FIRST_PORT = 5400
"""Where nsd listens inside the city when a front stands before it; one port a group."""

BY_NAME = {f"authority-aaaa-{how}": how for how in ("servfail", "refused", "nxdomain", "timeout", "malformed", "loop")}
BY_NAME["authority-truncated"] = "truncate"
AT_ONE = {"aaaa-missing-at-one-server": "nodata", "aaaa-servfail-at-one-server": "servfail"}
"""What the last server of the zone alone does for a name."""
BY_SERVER = {"ns-lame": "lame", "ns-refuses": "refused"}
RESOLVER_SEES = {"nxdomain": "nxdomain", "truncate": None}
"""What a resolver makes of such authorities; anything else is SERVFAIL (RFC 2308 section 7)."""


@dataclass
class Group:
    """The addresses that serve the same zones, and those of them that stand behind a front."""

    zones: tuple
    port: int
    addresses: list = field(default_factory=list)
    fronted: dict = field(default_factory=dict)


def group_servers(plan, zones):
    """One group for each set of zones that some name server's address serves."""
    served, endpoints = defaultdict(set), {}
    for binding in plan.bindings_of("dns"):
        endpoints[binding.address, binding.port] = binding
        for zone in zones.values():
            if any(name in zone.servers for host in binding.hosts for name in host.names):
                served[binding.address, binding.port].add(zone.name)
    planted = _planted(plan, zones)
    groups = {}
    for (address, port), binding in endpoints.items():
        key = tuple(sorted(served[address, port]))
        group = groups.setdefault(key, Group(key, FIRST_PORT + len(groups)))
        rules = {"server": None, "names": {}}
        for host in binding.hosts:
            for fault, how in BY_SERVER.items():
                if plan.faults.has(host.id, fault):
                    rules["server"] = how
            for name in host.names:
                rules["names"].update(planted.get(name, {}))
        if rules["server"] or rules["names"]:
            group.fronted[address, port] = rules
        else:
            group.addresses.append((address, port))
    return list(groups.values())


def _planted(plan, zones):
    """For each name server's name, the names it misbehaves for and how."""
    planted = defaultdict(dict)
    for host in plan.inventory.hosts:
        for name in host.names:
            servers = zones[enclosing_zone(name, zones)].servers
            for fault, how in BY_NAME.items():
                if plan.faults.has(host.id, fault):
                    for server in servers:
                        planted[server][name] = how
            for fault, how in AT_ONE.items():
                if plan.faults.has(host.id, fault):
                    planted[servers[-1]][name] = how
    return planted


def resolver_behaviours(plan):
    """What the resolver's front does for names whose authorities misbehave: {name: behaviour}."""
    seen = {}
    for host in plan.inventory.hosts:
        for fault, how in BY_NAME.items():
            if plan.faults.has(host.id, fault):
                behaviour = RESOLVER_SEES.get(how, "servfail")
                if behaviour:
                    seen.update({name: behaviour for name in host.names})
    return seen


def front_configuration(groups):
    """The configuration of the front for all groups, or None when nothing misbehaves."""
    fronts = [{"address": str(address), "port": port, "upstream": ["127.0.0.1", group.port], **rules}
              for group in groups for (address, port), rules in group.fronted.items()]
    return json.dumps({"fronts": fronts}, indent=1) if fronts else None
