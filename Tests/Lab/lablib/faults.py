"""The catalogue of faults and the reader of `lab-faults.csv` (columns host, fault, note).

A fault is planted in the lab only; the audit never sees this file. Each kind says what it needs of its
host, so that a fault that could not show is refused before anything starts.
"""

import csv
import difflib
import re
from dataclasses import dataclass

from .errors import InputError

MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z")

VANTAGE = "vantage"
"""The special host: the place the measurement is made from."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault. `argument` is None, `port`, `new-port`, `percent` or `ms`; `needs` names tests of NEEDS."""
    """One kind of fault. `argument` is None, `port`, `percent`, `status` or `host`; `needs` names tests of NEEDS."""

    name: str
    text: str
    argument: str = None
    needs: tuple = ()
    vantage: bool = False
    host: bool = True

    @property
    def usage(self):
        return self.name + (f":{self.argument.upper()}" if self.argument else "")


NEEDS = {
    "v6": ("an IPv6 address", lambda host: host.v6),
    "v4": ("an IPv4 address", lambda host: host.v4),
    "name": ("a name", lambda host: host.names),
    "https": ("an https service", lambda host: host.declares("https")),
    "http": ("an http service", lambda host: host.declares("http")),
    "smtp": ("an smtp service", lambda host: host.declares("smtp")),
    "web": ("an http or https service", lambda host: host.declares("http") or host.declares("https")),
    "dns": ("a dns service and a name", lambda host: host.declares("dns") and host.names),
    "ssh": ("an ssh service", lambda host: host.declares("ssh")),
    "mac": ("a MAC address", lambda host: MAC.match(host.mac)),
    "banner": ("an ssh or smtp service", lambda host: host.declares("ssh") or host.declares("smtp")),
}


def _per_family(name, text, **options):
    return [Kind(f"{name}-ipv{family}", text.format(family=family), needs=(f"v{family}",), **options)
            for family in (6, 4)]


CATALOGUE = {kind.name: kind for kind in [
    Kind("no-aaaa", "no AAAA is published; the declared address still works", needs=("v6", "name")),
    Kind("dead-aaaa", "AAAA replaced by silent addresses of the same /64", needs=("v6", "name")),
    Kind("second-aaaa-dead", "one more AAAA, to a silent address", needs=("v6", "name")),
    Kind("ula-in-aaaa", "one more AAAA, to a unique local address", needs=("v6", "name")),
    Kind("link-local-in-aaaa", "one more AAAA, to a link-local address", needs=("v6", "name")),
    *[Kind(f"{form}-in-aaaa", f"one more AAAA, {text} of its IPv4 address", needs=("v6", "v4", "name"))
      for form, text in (("6to4", "the 6to4 form"), ("teredo", "a Teredo address"), ("mapped", "the mapped form"),
                         ("nat64", "the NAT64 form"))],
    *_per_family("port-closed", "the port answers RST over IPv{family}", argument="port"),
    *_per_family("port-dropped", "the port is silent over IPv{family}", argument="port"),
    *_per_family("port-rejected", "the port answers ICMP 'administratively prohibited' over IPv{family}",
                 argument="port"),
    Kind("ipv4-dead", "every IPv4 address is silent", needs=("v4",)),
    Kind("ipv6-dead", "every IPv6 address is silent", needs=("v6",)),
    Kind("icmp-filtered", "no echo reply on either family; services answer"),
    Kind("pmtu-blackhole-ipv6", "ICMPv6 Packet Too Big never reaches the host", needs=("v6",)),
    Kind("large-lost-ipv6", "over IPv6 what is larger than 1280 bytes gets lost, and nobody says so", needs=("v6",)),
    Kind("large-echo-dropped", "echo requests larger than 1280 bytes are dropped"),
    Kind("mss-clamped-ipv6", "a router clamps TCP segments to 1100 bytes over IPv6", needs=("v6",)),
    Kind("page-short", "the front page has a few bytes only", needs=("web",)),
    Kind("rate-limited", "no more than 5 echoes and 10 SYNs a second are taken"),
    Kind("slow-ipv6", "answers over IPv6 come so many milliseconds later", argument="ms", needs=("v6",)),
    Kind("aliased", "every address of the host's /64 answers", needs=("v6",)),
    Kind("hops-inside", "three routers of the host's own /48 and /24 lie before it"),
    Kind("hops-silent", "three routers lie before it, and none says anything"),
    Kind("hop-outside-ipv6", "as hops-inside, but over IPv6 the second router is somebody else's", needs=("v6",)),
    Kind("extra-port", "a TCP port is open that nobody declared", argument="new-port"),
    Kind("extra-port-ipv6", "the same over IPv6 alone; closed over IPv4", argument="new-port", needs=("v6",)),
    Kind("extra-port-filtered-ipv4", "the same over IPv6 alone; dropped over IPv4", argument="new-port",
         needs=("v6", "v4")),
    Kind("extra-udp", "a UDP port answers that nobody declared", argument="new-port"),
    Kind("tunnel-6in4", "takes IPv6 in IPv4 (protocol 41) from anybody", needs=("v6", "v4")),
    Kind("tunnel-ip6ip6", "takes IPv6 in IPv6 (protocol 41) from anybody", needs=("v6",)),
    Kind("lossy", "this share of the packets to the host is lost", argument="percent", vantage=True),
    Kind("wrong-certificate-ipv6", "over IPv6 a certificate for another name", needs=("v6", "https")),
    Kind("self-signed-ipv6", "over IPv6 a self-signed certificate", needs=("v6", "https")),
    Kind("expired-certificate-ipv6", "over IPv6 a certificate that has run out", needs=("v6", "https")),
    Kind("different-key-ipv6", "over IPv6 another certificate, also valid", needs=("v6", "https")),
    Kind("different-content-ipv6", "over IPv6 another page", needs=("v6", "web")),
    Kind("http-stalled-ipv6", "http and https accept over IPv6 and never answer", needs=("v6", "web")),
    Kind("same-length-content-ipv6", "over IPv6 other words, as many bytes", needs=("v6", "web")),
    Kind("volatile-page", "token, nonce, time and session id are new in every answer", needs=("web",)),
    Kind("volatile-page-longer-ipv6", "the same, with longer tokens over IPv6", needs=("v6", "web")),
    Kind("redirect-to-https", "http leads to https at the same name", needs=("http", "https")),
    Kind("redirect-to", "every page leads to https at another host's first name", argument="host", needs=("web",)),
    Kind("redirect-loop-ipv6", "over IPv6 every page leads to the first one", needs=("v6", "web")),
    *_per_family("status", "over IPv{family} every page has this status", argument="status"),
    Kind("resources-from", "ten pictures come from another host's first name", argument="host", needs=("web",)),
    Kind("links-to", "sixty links lead to another host's first name", argument="host", needs=("web",)),
    Kind("http2", "https speaks HTTP/2 too", needs=("https",)),
    Kind("http2-only", "https hangs up on HTTP/1.1", needs=("https",)),
    Kind("http-endless-head-ipv6", "over IPv6 the fields of the head never end", needs=("v6", "web")),
    Kind("http-slow-head-ipv6", "over IPv6 the head comes a byte at a time", needs=("v6", "web")),
    Kind("http-slow-body-ipv6", "over IPv6 the body comes a byte at a time", needs=("v6", "web")),
    Kind("http-endless-body-ipv6", "over IPv6 the body never ends", needs=("v6", "web")),
    Kind("http-bomb-ipv6", "over IPv6 a compressed body of zeros that nobody asked for", needs=("v6", "web")),
    Kind("http-garbage-ipv6", "over IPv6 random bytes", needs=("v6", "web")),
    Kind("tls-endless-ipv6", "over IPv6 the TLS handshake never ends", needs=("v6", "https")),
    Kind("ssh-second-key-differs-ipv6", "an ECDSA host key beside Ed25519, another one over IPv6",
         needs=("v6", "ssh")),
    Kind("starttls-wrong-certificate-ipv6", "STARTTLS over IPv6 shows a certificate for another name",
         needs=("v6", "smtp")),
    Kind("udp-dropped-ipv6", "the UDP port is silent over IPv6, the TCP port of that number is not", argument="port",
         needs=("v6",)),
    Kind("ssh-key-differs-ipv6", "another SSH host key over IPv6", needs=("v6", "ssh")),
    Kind("banner-hostile", "SSH or SMTP banner with terminal escapes and a formula", needs=("banner",)),
    Kind("aaaa-timeout", "the resolver never answers AAAA", needs=("name",)),
    Kind("aaaa-servfail", "the resolver answers SERVFAIL for AAAA", needs=("name",)),
    Kind("aaaa-refused", "the resolver answers REFUSED for AAAA", needs=("name",)),
    Kind("aaaa-malformed", "the resolver's AAAA answer is cut in the middle of a record", needs=("name",)),
    Kind("aaaa-nxdomain", "the resolver answers NXDOMAIN for AAAA, and A works", needs=("name",)),
    Kind("name-nxdomain", "the names do not exist", needs=("name",)),
    Kind("on-link", "its IPv6 addresses are on the vantage's own link", needs=("v6",)),
    Kind("advertises", "sends router advertisements: the link's prefix, the declared resolvers", needs=("mac",)),
    Kind("advertises-foreign-prefix", "the same with a prefix that nobody registered", needs=("mac",)),
    Kind("advertises-foreign-rdnss", "the same with a resolver that nobody registered", needs=("mac",)),
    Kind("rogue-router", "somebody unknown sends router advertisements on the vantage's link", vantage=True,
         host=False),
    Kind("no-ptr", "no PTR for its addresses", needs=("name",)),
    Kind("ptr-other-name", "the PTR of its addresses names another host", needs=("name",)),
    Kind("ptr-to-nowhere", "the PTR of its addresses names nobody", needs=("name",)),
    Kind("null-mx", "the names say that they take no mail (RFC 7505)", needs=("name",)),
    *[Kind(f"authority-aaaa-{how}", f"every authoritative server {text} for AAAA", needs=("name",))
      for how, text in (("servfail", "answers SERVFAIL"), ("refused", "answers REFUSED"),
                        ("nxdomain", "answers NXDOMAIN"), ("timeout", "never answers"),
                        ("malformed", "cuts its answer in a record"),
                        ("loop", "answers with compression in a circle"))],
    Kind("authority-truncated", "every answer of the authoritative servers over UDP is cut: TC", needs=("name",)),
    Kind("aaaa-missing-at-one-server", "the last name server of the zone has no AAAA for it", needs=("name",)),
    Kind("aaaa-servfail-at-one-server", "the last name server of the zone answers SERVFAIL for AAAA", needs=("name",)),
    Kind("ns-lame", "it answers for its zones without authority", needs=("dns",)),
    Kind("ns-refuses", "it answers REFUSED for its zones", needs=("dns",)),
    Kind("dns64", "the vantage's resolver makes AAAA up from A (RFC 6147)", vantage=True, host=False),
    Kind("no-ipv6", "the vantage has no IPv6 address and no IPv6 route", vantage=True, host=False),
    Kind("no-ipv4", "the vantage has no IPv4 address and no IPv4 route", vantage=True, host=False),
    Kind("ipv6-blackhole", "the vantage has IPv6 addresses and routes, but nothing comes back",
         vantage=True, host=False),
]}


@dataclass(frozen=True)
class Fault:
    """One row of the faults file; `argument` is a port, a percentage, a status, a host's id or None."""

    host: str
    kind: str
    argument: object
    line: int


class Faults:
    """The planted faults, asked by the modules that build the network."""

    def __init__(self, faults=()):
        self.all = list(faults)

    def has(self, host, kind):
        return any(fault.host == host and fault.kind == kind for fault in self.all)

    def arguments(self, host, kind):
        """The ports, percentages, statuses or hosts planted with `kind` on `host`."""
        return [fault.argument for fault in self.all if fault.host == host and fault.kind == kind]

    def of(self, host):
        return [fault for fault in self.all if fault.host == host]


def read_faults(path, inventory):
    """Reads the faults file against the inventory; raises InputError with every fault found."""
    faults, errors = [], []
    hosts = {host.id: host for host in inventory.hosts}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [title.strip() for title in next(reader, [])]
            if header[:2] != ["host", "fault"]:
                raise InputError(f"{path}:1: the header must begin with host,fault; a note column may follow")
            for cells in reader:
                if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
                    continue
                try:
                    fault = _parse([cell.strip() for cell in cells], hosts, reader.line_num)
                    if any(fault == known for known in faults):
                        raise ValueError("this fault is there twice")
                    faults.append(fault)
                except ValueError as error:
                    errors.append(f"{path}:{reader.line_num}: {error}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    if errors:
        raise InputError(errors)
    return Faults(faults)


def _parse(cells, hosts, line):
    if len(cells) < 2:
        raise ValueError("a row is host,fault[,note]")
    host_id, (name, colon, argument_text) = cells[0], cells[1].partition(":")
    on_vantage = host_id == VANTAGE and VANTAGE not in hosts
    if not on_vantage and host_id not in hosts:
        near = difflib.get_close_matches(host_id, [VANTAGE, *hosts], 3)
        hint = f"nearest: {' '.join(near)}; " if near else ""
        raise ValueError(f"unknown host '{host_id}'; {hint}valid: {VANTAGE} {_some(hosts)}")
    kind = CATALOGUE.get(name)
    if kind is None or not (kind.vantage if on_vantage else kind.host):
        valid = [k.usage for k in CATALOGUE.values() if (k.vantage if on_vantage else k.host)]
        raise ValueError(f"unknown fault '{name}' for '{host_id}'; valid: {' '.join(valid)}")
    if bool(colon) != bool(kind.argument):
        raise ValueError(f"write this fault as {kind.usage}")
    host = hosts.get(host_id)
    if not on_vantage:
        for need in kind.needs:
            what, test = NEEDS[need]
            if not test(host):
                raise ValueError(f"fault '{name}' needs {what}, which host '{host_id}' does not have")
    argument = _parse_argument(kind, argument_text, host, hosts) if kind.argument else None
    return Fault(host_id, name, argument, line)


def _parse_argument(kind, text, host, hosts):
    if kind.argument == "host":
        if text not in hosts or not hosts[text].names:
            raise ValueError(f"'{text}' is not a host with a name; valid: {_some(hosts)}")
        return text
    number = int(text) if text.isascii() and text.isdigit() else -1
    if kind.argument == "percent":
        if not 1 <= number <= 99:
            raise ValueError(f"'{text}' is not a percentage from 1 to 99")
        return number
    if kind.argument == "ms":
        if not 1 <= number <= 5000:
            raise ValueError(f"'{text}' is not a delay from 1 to 5000 milliseconds")
        return number
    if kind.argument == "status":
        if not 400 <= number <= 599:
            raise ValueError(f"'{text}' is not a status from 400 to 599")
        return number
    declared = sorted({service.port for service in host.services})
    if kind.argument == "new-port":
        if not 1 <= number <= 65535 or number in declared:
            raise ValueError(f"port '{text}' is outside 1-65535, or host '{host.id}' declares it")
        return number
    if number not in declared:
        ports = " ".join(map(str, declared)) or "none"
        raise ValueError(f"port '{text}' is not declared by host '{host.id}'; valid: {ports}")
    return number


def _some(hosts, limit=20):
    names = list(hosts)
    rest = len(names) - limit
    return " ".join(names[:limit]) + (f" … and {rest} more in hosts.csv" if rest > 0 else "")
