"""The tree of nsd servers from the root down, unbound as the resolver, and the fronts that misbehave on demand."""

import json
import os

from .authorities import front_configuration, group_servers, resolver_behaviours
from .servers import Server
from .tree import build_tree
from .zones import Zone, build_zones

UNBOUND = ("127.0.0.1", 5300)
"""Where unbound listens inside the city; only the front talks to it."""


def dns_servers(plan, room):
    """Writes the configurations; returns the servers to start."""
    zones = build_zones(plan)
    root, parents = build_tree(plan, zones)
    groups = group_servers(plan, zones)
    # Behind the resolver stands a server of its own that has everything, so that what is wrong with the servers
    # of the inventory cannot make the resolver slow.
    everything = {**zones, "ipv4only.arpa": _ipv4only()}
    servers = [_nsd("nsd", plan.addresses.authority, everything, room), _nsd("nsd-root", plan.addresses.root, {"": root},
               room), _nsd("nsd-parent", plan.addresses.parent, parents, room)]
    for number, group in enumerate(groups):
        listening = [f"{address}@{port}" for address, port in group.addresses]
        listening += [f"127.0.0.1@{group.port}"] if group.fronted else []
        servers.append(_nsd(f"nsd-{number}", listening, {name: zones[name] for name in group.zones}, room))
    config = front_configuration(groups)
    if config:
        servers.append(Server("authfront", room.python("authfront", room.write("authfront", "front.json", config)), room))
    return servers + [_resolver(plan, room, everything), _front(plan, room)]


def _ipv4only():
    """The zone that tells a DNS64 (RFC 7050 section 8.2): A and nothing else."""
    zone = Zone("ipv4only.arpa", servers=["ns.ipv4only.arpa"])
    zone.records["ipv4only.arpa"].update(("A 192.0.0.170", "A 192.0.0.171"))
    return zone


def _nsd(name, addresses, zones, room):
    """One nsd that serves these zones at these addresses; without any zone it refuses everything."""
    folder = room.folder(os.path.join("zones", name))
    lines = ["server:", '  username: ""', '  chroot: ""', '  database: ""', "  server-count: 1",
             "  hide-version: yes", "  refuse-any: no", "  verbosity: 1",
             "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  tcp-count: 500", f'  zonesdir: "{folder}"']
    for option, file in (("logfile", room.log(name)), ("pidfile", room.file(name, "nsd.pid")),
                         ("xfrdfile", room.file(name, "xfrd.state")),
                         ("zonelistfile", room.file(name, "zone.list")),
                         ("cookie-secret-file", room.file(name, "cookies"))):
        lines.append(f'  {option}: "{file}"')
    lines.append(f'  xfrdir: "{room.folder(name)}"')
    lines += [f"  ip-address: {address}" for address in addresses]
    lines += ["remote-control:", "  control-enable: no"]
    for zone_name, zone in zones.items():
        file = room.write(os.path.join("zones", name), f"{zone_name or 'root'}.zone", zone.text())
        lines += ["zone:", f'  name: "{zone_name or "."}"', f'  zonefile: "{os.path.basename(file)}"']
    config = room.write(name, "nsd.conf", "\n".join(lines) + "\n")
    return Server(name, ["nsd", "-d", "-c", config], room)


def _resolver(plan, room, zones):
    synthesises = plan.faults.has("vantage", "dns64")
    lines = ["server:", '  username: ""', '  chroot: ""', f'  directory: "{room.folder("unbound")}"',
             f'  pidfile: "{room.file("unbound", "unbound.pid")}"', "  do-daemonize: no", "  use-syslog: no",
             f'  logfile: "{room.log("unbound")}"', "  num-threads: 1", "  verbosity: 1",
             f"  interface: {UNBOUND[0]}", f"  port: {UNBOUND[1]}", "  access-control: 0.0.0.0/0 allow",
             # No validation, for the illustrative zones are unsigned; no prefetch, no minimisation, and no
             # memory of answers, so that every audit sees what is published now.
             f'  module-config: "{"dns64 " if synthesises else ""}iterator"', "  qname-minimisation: no", "  prefetch: no",
             "  serve-expired: no", "  aggressive-nsec: no", "  harden-below-nxdomain: no",
             "  cache-min-ttl: 0", "  cache-max-ttl: 0", "  cache-max-negative-ttl: 0",
             "  infra-host-ttl: 1", "  infra-keep-probing: yes", "  msg-cache-size: 1m",
             "  rrset-cache-size: 1m", "  edns-buffer-size: 1232", "  minimal-responses: no",
             "  do-not-query-localhost: no", "  incoming-num-tcp: 100",
             "  outgoing-range: 1024", "  num-queries-per-thread: 512",
             # There is no Internet here: a name outside the zones does not exist.
             '  local-zone: "." static']
    lines += [f'  local-zone: "{name}." transparent' for name in zones]
    lines += [f"  dns64-prefix: {plan.addresses.nat64}"] if synthesises else []
    lines += ["remote-control:", "  control-enable: no"]
    for name in zones:
        lines += ["stub-zone:", f'  name: "{name}."', f"  stub-addr: {plan.addresses.authority.v4}",
                  "  stub-prime: no", "  stub-no-cache: yes"]
    config = room.write("unbound", "unbound.conf", "\n".join(lines) + "\n")
    # Debian confines /usr/sbin/unbound to its own folders with AppArmor; a copy is not confined.
    return Server("unbound", [room.copy_of("unbound"), "-d", "-c", config], room)


MISBEHAVIOURS = {"aaaa-timeout": "timeout", "aaaa-servfail": "servfail", "aaaa-refused": "refused",
                 "aaaa-malformed": "malformed", "aaaa-nxdomain": "nxdomain", "name-nxdomain": "nxdomain"}


def _front(plan, room):
    planted = {name: [["AAAA", behaviour]] for name, behaviour in resolver_behaviours(plan).items()}
    for host in plan.inventory.hosts:
        for fault in plan.faults.of(host.id):
            if fault.kind in MISBEHAVIOURS:
                for name in host.names:
                    planted.setdefault(name, []).append(
                        ["*" if fault.kind == "name-nxdomain" else "AAAA", MISBEHAVIOURS[fault.kind]])
    config = room.write("dnsfront", "dnsfront.json", json.dumps({
        "listen": [str(address) for address in plan.addresses.resolver], "upstream": UNBOUND,
        "planted": planted}, indent=1))
    return Server("dnsfront", room.python("dnsfront", config), room)
