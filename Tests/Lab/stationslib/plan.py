"""Who is on which link: the same seed and the same number of stations give the same links."""

import csv
import ipaddress
import random
from dataclasses import dataclass, field

from lablib.errors import InputError, LabError

LINKS = 4
LEAST, MOST = 80, 240
"""More cannot be: all namespaces of a kernel together have 1,024 IPv6 neighbours (gc_thresh3), which none but the
first may raise; beyond, stations cannot answer."""
VENDORS = 12
REGISTRY = "/usr/share/ieee-data/oui.csv"
FOREIGN_PREFIX = ipaddress.IPv6Network("2001:db8:bad::/64")
ALIASED_NETWORK = ipaddress.IPv6Network("2001:db8:a11a::/64")
"""Behind the aliased station; of its addresses all of the first /96 answer, and one more."""
ALIASED = ipaddress.IPv6Network("2001:db8:a11a::/96")

# How a station makes up its addresses, which families it speaks, and what it says to those who ask.
#   ipv6: none, static, interface (EUI-64), private (RFC 7217); temporary addresses (RFC 8981) come besides.
#   echo: yes; not-to-all (as Windows does: no echo to a group, but it does complain about an unknown option);
#         never (a packet filter drops each echo request).
KINDS = {
    "static": {"ipv4": True, "ipv6": "static"},
    "interface": {"ipv4": True, "ipv6": "interface"},
    "private": {"ipv4": True, "ipv6": "private"},
    "temporary": {"ipv4": True, "ipv6": "interface", "temporary": True},
    "private-temporary": {"ipv4": True, "ipv6": "private", "temporary": True},
    "static-6": {"ipv6": "static"},
    "private-6": {"ipv6": "private"},
    "temporary-6": {"ipv6": "interface", "temporary": True},
    "static-4": {"ipv4": True},
    "not-to-all": {"ipv4": True, "ipv6": "private", "echo": "not-to-all"},
    "filtered": {"ipv4": True, "ipv6": "static", "echo": "never"},
    "filtered-6": {"ipv6": "static", "echo": "never"},
    # Says nothing but broadcasts, as small appliances do: no ARP, no neighbour discovery.
    "beacon": {"ipv4": True, "talks": "broadcast"},
    # Neither sends nor answers anything at all, though it has addresses.
    "silent": {"ipv4": True, "ipv6": "static", "silent": True},
    "router": {"ipv4": True, "ipv6": "static"},
    "rogue": {"ipv4": True, "ipv6": "static"},
    "mover": {"ipv4": True, "ipv6": "static"},
    "aliased": {"ipv4": True, "ipv6": "static"},
    "dual-homed": {"ipv4": True, "ipv6": "static"},
}
FILLERS = ["static", "interface", "private", "temporary", "static-6", "private-temporary", "private-6", "static-4",
           "temporary-6"]
ON_EACH_LINK = ["router"] + 3 * ["silent"] + 3 * ["not-to-all"] + 2 * ["filtered"] + ["filtered-6", "beacon"]
ON_ONE_LINK = {1: ["mover"], 2: ["rogue"], 3: ["aliased"]}
PORTS = (22, 80, 443, 8443)


@dataclass
class Link:
    """One Ethernet segment and the vantage's place on it."""
    number: int
    mac: str = ""

    @property
    def name(self):
        return f"link{self.number}"

    @property
    def network4(self):
        return ipaddress.IPv4Network((0xC612_0000 + (self.number << 8), 24))

    @property
    def network6(self):
        return ipaddress.IPv6Network((0x2001_0DB8 << 96 | self.number << 80, 64))

    @property
    def vantage(self):
        return self.network4[2], self.network6[2]

    @property
    def router(self):
        return self.network4[1], self.network6[1]


@dataclass
class Station:
    """An interface on a link. A dual-homed host is two of them."""
    host: str
    link: Link
    kind: str
    mac: str
    interface: str = "eth0"
    ipv4: ipaddress.IPv4Address | None = None
    static: ipaddress.IPv6Address | None = None
    secret: str = ""
    is_quiet: bool = False
    port: int | None = None
    moves_to: tuple = field(default_factory=tuple)

    def has(self, what):
        """What its kind says, such as `ipv6`."""
        return KINDS[self.kind].get(what)

    @property
    def advertises(self):
        """The prefix that its router advertisements have."""
        return {"router": self.link.network6, "rogue": FOREIGN_PREFIX}.get(self.kind)


@dataclass
class Plan:
    """Everything that is built."""
    seed: int
    links: list
    stations: list

    def hosts(self):
        """The stations of each host."""
        hosts = {}
        for station in self.stations:
            hosts.setdefault(station.host, []).append(station)
        return hosts

    def of_kind(self, kind):
        return [station for station in self.stations if station.kind == kind]


def make_plan(seed, count):
    """Draws the stations."""
    if not LEAST <= count <= MOST or count % LINKS:
        raise InputError(f"--stations {count}: give a multiple of {LINKS} from {LEAST} to {MOST}")
    lot = random.Random(seed)
    macs = _interfaces(lot)
    links = [Link(number, next(macs)) for number in range(LINKS)]
    stations = []
    for link in links:
        kinds = ON_EACH_LINK + ON_ONE_LINK.get(link.number, []) + 2 * ["dual-homed"]
        kinds += [FILLERS[n % len(FILLERS)] for n in range(count // LINKS - len(kinds))]
        for number, kind in enumerate(kinds):
            stations.append(_station(lot, link, number, kind, next(macs)))
    _pair(stations)
    return Plan(seed, links, stations)


def _station(lot, link, number, kind, mac):
    station = Station(f"h{link.number}-{number}", link, kind, mac)
    # .1 and .2 are the router's and the vantage's.
    place = 1 if kind == "router" else 0x10 + number
    if station.has("ipv4"):
        station.ipv4 = link.network4[place]
    if station.has("ipv6") == "static":
        station.static = link.network6[place]
    station.secret = str(ipaddress.IPv6Address(lot.getrandbits(128)))
    station.is_quiet = kind in FILLERS and lot.random() < 0.2
    if kind in FILLERS and lot.random() < 0.2:
        station.port = lot.choice(PORTS)
    if kind == "mover":
        station.moves_to = (link.network4[200], link.network6[0x200])
    return station


def _pair(stations):
    """Makes one host of two stations, on an even link and on the next one."""
    ends = {}
    for station in stations:
        if station.kind == "dual-homed":
            ends.setdefault(station.link.number, []).append(station)
    for number in range(0, LINKS, 2):
        for first, second in zip(ends[number], ends[number + 1]):
            second.host, second.interface = first.host, "eth1"


def _interfaces(lot):
    """MAC addresses that vendors have given, each once."""
    try:
        with open(REGISTRY, encoding="utf-8", newline="") as file:
            assigned = sorted({row[1] for row in csv.reader(file) if row[:1] == ["MA-L"]})
    except OSError as error:
        raise LabError([f"missing: {REGISTRY}: {error.strerror} (Debian package ieee-data)",
                        "to get it: apt-get install ieee-data"]) from error
    # Neither a group nor one that software made up.
    vendors = lot.sample([vendor for vendor in assigned if int(vendor[:2], 16) & 3 == 0], VENDORS)
    given = set()
    while True:
        digits = (lot.choice(vendors) + f"{lot.randrange(1, 1 << 24):06x}").lower()
        if digits not in given:
            given.add(digits)
            yield ":".join(digits[i:i + 2] for i in range(0, 12, 2))
