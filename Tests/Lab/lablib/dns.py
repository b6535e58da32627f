"""nsd as the authority for all zones, unbound as the resolver, and the front that misbehaves on demand."""

import json
import os

from .servers import Server
from .zones import build_zones

UNBOUND = ("127.0.0.1", 5300)
"""Where unbound listens inside the city; only the front talks to it."""


def dns_servers(plan, room):
    """Writes the configurations; returns the servers to start."""
    zones = build_zones(plan)
    return [_authority(plan, room, zones), _resolver(plan, room, zones), _front(plan, room)]


def _authority(plan, room, zones):
    addresses = list(plan.addresses.authority)
    addresses += sorted({f"{b.address}@{b.port}" for b in plan.bindings_of("dns")})
    lines = ["server:", '  username: ""', '  chroot: ""', '  database: ""', "  server-count: 1",
             "  hide-version: yes", "  refuse-any: no", "  verbosity: 1",
             "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  tcp-count: 500",
             f'  zonesdir: "{room.folder("zones")}"']
    for option, file in (("logfile", room.log("nsd")), ("pidfile", room.file("nsd", "nsd.pid")),
                         ("xfrdfile", room.file("nsd", "xfrd.state")),
                         ("zonelistfile", room.file("nsd", "zone.list")),
                         ("cookie-secret-file", room.file("nsd", "cookies"))):
        lines.append(f'  {option}: "{file}"')
    lines.append(f'  xfrdir: "{room.folder("nsd")}"')
    lines += [f"  ip-address: {address}" for address in addresses]
    lines += ["remote-control:", "  control-enable: no"]
    for name, zone in zones.items():
        file = room.write("zones", f"{name}.zone", zone.text())
        lines += ["zone:", f'  name: "{name}"', f'  zonefile: "{os.path.basename(file)}"']
    config = room.write("nsd", "nsd.conf", "\n".join(lines) + "\n")
    return Server("nsd", ["nsd", "-d", "-c", config], room)


def _resolver(plan, room, zones):
    lines = ["server:", '  username: ""', '  chroot: ""', f'  directory: "{room.folder("unbound")}"',
             f'  pidfile: "{room.file("unbound", "unbound.pid")}"', "  do-daemonize: no", "  use-syslog: no",
             f'  logfile: "{room.log("unbound")}"', "  num-threads: 1", "  verbosity: 1",
             f"  interface: {UNBOUND[0]}", f"  port: {UNBOUND[1]}", "  access-control: 0.0.0.0/0 allow",
             # No validation, for the illustrative zones are unsigned; no prefetch, no minimisation, and no
             # memory of answers, so that every audit sees what is published now.
             '  module-config: "iterator"', "  qname-minimisation: no", "  prefetch: no",
             "  serve-expired: no", "  aggressive-nsec: no", "  harden-below-nxdomain: no",
             "  cache-min-ttl: 0", "  cache-max-ttl: 0", "  cache-max-negative-ttl: 0",
             "  infra-host-ttl: 1", "  infra-keep-probing: yes", "  msg-cache-size: 1m",
             "  rrset-cache-size: 1m", "  edns-buffer-size: 1232", "  minimal-responses: no",
             "  do-not-query-localhost: no", "  incoming-num-tcp: 100",
             "  outgoing-range: 1024", "  num-queries-per-thread: 512",
             # There is no Internet here: a name outside the zones does not exist.
             '  local-zone: "." static']
    lines += [f'  local-zone: "{name}." transparent' for name in zones]
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
    planted = {}
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
