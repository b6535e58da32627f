"""The city's packet filter: silence for what is not declared, the network faults, and the way to SIP.

Everything that no rule names reaches the kernel of the city, which answers for itself: an open port with
SYN-ACK, a closed one with RST, an echo request with a reply.
"""

from collections import defaultdict

from .servers import in_city
from .sip import SIP_PORT
from .topology import CITY_LINK, run
from .ways import aliased_networks, arrival_rules, departure_rules, dropped_ports

# `vantage` comes before the hosts, a host before its ports, and what is left must at least be declared.
TEMPLATE = """
table inet lab {{
  set declared6 {{ type ipv6_addr; {declared6} }}
  set declared4 {{ type ipv4_addr; {declared4} }}
  map hosts6 {{ type ipv6_addr : verdict; {hosts6} }}
  map hosts4 {{ type ipv4_addr : verdict; {hosts4} }}
  map ports6 {{ type ipv6_addr . inet_proto . inet_service : verdict; {ports6} }}
  map ports4 {{ type ipv4_addr . inet_proto . inet_service : verdict; {ports4} }}
  chain closed {{
    meta l4proto tcp reject with tcp reset
    reject with icmpx type port-unreachable
  }}
  chain rejected {{
    reject with icmpx type admin-prohibited
  }}
{chains}
  chain vantage {{
    {vantage}
  }}
  chain arrivals {{
    type filter hook prerouting priority raw; policy drop;
    iifname != "{link}" accept
    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
    jump vantage
    ip6 daddr vmap @hosts6
    ip daddr vmap @hosts4
    frag frag-off != 0 accept
    ip frag-off & 0x1fff != 0 accept
    ip6 daddr . meta l4proto . th dport vmap @ports6
    ip daddr . meta l4proto . th dport vmap @ports4
    ip6 daddr @declared6 accept
    ip daddr @declared4 accept
    {aliased}
  }}
  chain departures {{
    type filter hook output priority raw; policy accept;
    {departures}
  }}
}}
"""

# One SIP server answers for all addresses, so here alone the destination is translated; connection
# tracking is kept off everything else, for a sweep must not fill its table.
SIP_TEMPLATE = """
table inet sip {{
  set asked6 {{ type ipv6_addr . inet_proto . inet_service; {asked6} }}
  set asked4 {{ type ipv4_addr . inet_proto . inet_service; {asked4} }}
  chain arrivals {{
    type filter hook prerouting priority raw; policy accept;
    ip6 daddr . meta l4proto . th dport @asked6 accept
    ip daddr . meta l4proto . th dport @asked4 accept
    # Errors belong to a connection that may be translated.
    icmpv6 type {{ destination-unreachable, packet-too-big, time-exceeded }} accept
    icmp type {{ destination-unreachable, time-exceeded }} accept
    notrack
  }}
  chain departures {{
    type filter hook output priority raw; policy accept;
    ip6 saddr {sip6} accept
    ip saddr {sip4} accept
    notrack
  }}
  chain translate {{
    type nat hook prerouting priority dstnat; policy accept;
    meta l4proto {{ tcp, udp }} ip6 daddr . meta l4proto . th dport @asked6 dnat ip6 to [{sip6}]:{port}
    meta l4proto {{ tcp, udp }} ip daddr . meta l4proto . th dport @asked4 dnat ip to {sip4}:{port}
  }}
}}
"""

PORT_FAULTS = {"port-closed": "goto closed", "port-dropped": "drop", "port-rejected": "goto rejected"}


def load_filter(plan, faults_too):
    """Replaces the city's rules in one transaction; without faults while the set-up checks itself."""
    text = "flush ruleset\n" + _base(plan, faults_too)
    if plan.bindings_of("sip"):
        text += _sip(plan)
    run(in_city(["nft", "-f", "-"]), "load the packet filter of the city (nftables)", text)


def _base(plan, faults_too):
    hosts, chains = _host_verdicts(plan) if faults_too else ({}, [])
    ports = _port_verdicts(plan, faults_too)
    declared = [*plan.inventory.addresses, *plan.addresses.answering]

    def entries(mapping, version):
        return _elements(f"{_key(key)} : {verdict}" for key, verdict in mapping.items()
                         if _address(key).version == version)

    return TEMPLATE.format(
        aliased="\n    ".join(f"ip6 daddr {network} accept" for network in aliased_networks(plan)),
        departures="\n    ".join(departure_rules(plan) if faults_too else []),
        link=CITY_LINK, chains="\n".join(chains), vantage=_vantage_rules(plan) if faults_too else "",
        declared6=_elements(str(a) for a in dict.fromkeys(declared) if a.version == 6),
        declared4=_elements(str(a) for a in dict.fromkeys(declared) if a.version == 4),
        hosts6=entries(hosts, 6), hosts4=entries(hosts, 4), ports6=entries(ports, 6), ports4=entries(ports, 4))


def _host_verdicts(plan):
    """Address to verdict, and a chain for every combination of faults that leaves the host alive."""
    verdicts, chains = {}, {}
    for host in plan.inventory.hosts:
        for address in host.addresses:
            if plan.faults.has(host.id, f"ipv{address.version}-dead"):
                verdicts[address] = "drop"
                continue
            rules = []
            if plan.faults.has(host.id, "icmp-filtered"):
                rules += ["icmpv6 type echo-request drop", "icmp type echo-request drop"]
            if plan.faults.has(host.id, "pmtu-blackhole-ipv6"):
                rules += ["icmpv6 type packet-too-big drop"]
            rules += arrival_rules(plan, host)
            rules += [_loss(percent) for percent in plan.faults.arguments(host.id, "lossy")]
            if rules and verdicts.get(address) != "drop":
                name = chains.setdefault(tuple(rules), f"host{len(chains)}")
                verdicts[address] = f"jump {name}"
    lines = ["  chain %s {\n    %s\n  }" % (name, "\n    ".join(rules)) for rules, name in chains.items()]
    return verdicts, lines


def _port_verdicts(plan, faults_too):
    verdicts, open_ports = {}, {(b.address, b.transport, b.port) for b in plan.bindings}
    # chronyd listens on every address or on one, nsd always on both transports: what they offer beyond
    # the declared services must look closed.
    beyond = [(b.address, transport, b.port) for b in plan.bindings_of("dns") for transport in ("udp", "tcp")]
    for port in {b.port for b in plan.bindings_of("ntp")}:
        beyond += [(a, "udp", port) for a in [*plan.inventory.addresses, *plan.addresses.answering]]
    verdicts.update((key, "goto closed") for key in beyond if key not in open_ports)
    verdicts.update((key, "drop") for key in dropped_ports(plan) if faults_too)
    for host in plan.inventory.hosts if faults_too else ():
        for service in host.services:
            for transport in service.transports:
                for address in host.addresses:
                    for fault, verdict in PORT_FAULTS.items():
                        if service.port in plan.faults.arguments(host.id, f"{fault}-ipv{address.version}"):
                            verdicts[address, transport, service.port] = verdict
                    if transport == "udp" and service.port in plan.faults.arguments(
                            host.id, f"udp-dropped-ipv{address.version}"):
                        verdicts[address, transport, service.port] = "drop"
    return verdicts


def _vantage_rules(plan):
    rules = ["meta nfproto ipv6 drop"] if plan.faults.has("vantage", "ipv6-blackhole") else []
    return "\n    ".join(rules + [_loss(percent) for percent in plan.faults.arguments("vantage", "lossy")])


def _loss(percent):
    return f"numgen random mod 100 < {percent} drop"


def _sip(plan):
    asked = defaultdict(list)
    for binding in plan.bindings_of("sip"):
        asked[binding.address.version].append(_key((binding.address, binding.transport, binding.port)))
    return SIP_TEMPLATE.format(asked6=_elements(asked[6]), asked4=_elements(asked[4]), sip6=plan.addresses.sip.v6,
                               sip4=plan.addresses.sip.v4, port=SIP_PORT)


def _address(key):
    return key[0] if isinstance(key, tuple) else key


def _key(key):
    return " . ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _elements(items):
    joined = ", ".join(items)
    return f"elements = {{ {joined} }}" if joined else ""
