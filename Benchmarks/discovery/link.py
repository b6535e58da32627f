"""A capture of a large office link: two thousand stations, of which most frames say nothing to a listener.

Every frame that says something occurs at least once; the same numbers give the same bytes.
"""

import itertools
import random
import struct

import frames
from frames import (ALL_NODES, ALL_ROUTERS, BROADCAST, UNSPECIFIED, arp, ethernet, icmpv6, ipv6, multicast_mac, record,
                    solicited_node, tcp, udp, upper)

MIX = (
    ("data of TCP and UDP", 0.8850), ("ARP", 0.0400), ("neighbour solicitations and advertisements", 0.0350),
    ("multicast DNS", 0.0150), ("SYN-ACK", 0.0100), ("MLD", 0.0070), ("TLS ClientHello", 0.0050),
    ("duplicate address detection", 0.0015), ("DHCP and DHCPv6", 0.0010), ("router advertisements", 0.0003),
    ("LLDP", 0.0002))
"""What the frames are, as parts of one."""
SIZES = ((66, 50), (130, 10), (590, 20), (1514, 20))
"""Bytes of a frame of data, and how many of a hundred have them."""
BEGIN = 1_790_000_000
PREFIX = bytes.fromhex("20010db800010001")
ROUTER_MAC = bytes.fromhex("02005e000001")
ROUTER = bytes.fromhex("fe80" + "00" * 6 + "00005efffe000001")
ROUTER_4 = bytes([198, 18, 255, 254])
BRIDGE_MAC = bytes.fromhex("02005e0000ff")
MDNS_4, MDNS_6 = bytes([224, 0, 0, 251]), bytes.fromhex("ff02" + "00" * 13 + "fb")


class Station:
    """A station and what sets it apart: the tag of a VLAN, no ARP of its own, a bridge between."""

    def __init__(self, number, chance):
        self.number, self.name = number, f"may-{number:04}"
        self.mac = b"\x02\x00" + struct.pack(">I", number * 2_654_435_761 % (1 << 32))
        self.v4 = bytes([198, 18, number // 250, number % 250 + 1])
        eui = bytes([self.mac[0] ^ 2]) + self.mac[1:3] + b"\xff\xfe" + self.mac[3:]
        self.local = bytes.fromhex("fe80" + "00" * 6) + eui
        self.v6 = PREFIX + (eui if number % 2 else bytes(6) + struct.pack(">H", number + 16))
        self.temporary = PREFIX + chance.randbytes(8) if number % 3 == 0 else None
        self.vlan = 20 if number % 20 == 3 else 0
        self.leases_only = number % 50 == 7
        self.probes_only = number % 100 == 13
        self.is_behind_bridge = number % 200 == 9
        self.is_server = number % 10 == 1

    @property
    def addresses6(self):
        return [self.local, self.v6] + ([self.temporary] if self.temporary else [])

    def frame(self, destination, kind, payload, source=None):
        return ethernet(destination, source or self.mac, kind, payload, self.vlan)


def _arp(station, stations, chance):
    if station.leases_only:
        return
    source = BRIDGE_MAC if station.is_behind_bridge else None

    def says(destination, *packet):
        return station.frame(destination, frames.ARP, arp(*packet), source)

    yield says(BROADCAST, 1, station.mac, bytes(4), bytes(6), station.v4)
    if station.probes_only:
        return
    yield says(BROADCAST, 1, station.mac, station.v4, bytes(6), station.v4)
    yield says(BROADCAST, 1, station.mac, station.v4, bytes(6), ROUTER_4)
    yield says(ROUTER_MAC, 2, station.mac, station.v4, ROUTER_MAC, ROUTER_4)
    yield says(BROADCAST, 1, station.mac, station.v4, bytes(6), chance.choice(stations).v4)


def _neighbours(station, stations, _):
    own, other = struct.pack(">BB", 1, 1) + station.mac, struct.pack(">BB", 2, 1) + station.mac
    for address in station.addresses6:
        asked = solicited_node(ROUTER)
        yield station.frame(multicast_mac(asked), frames.IPV6, icmpv6(address, asked, 135, bytes(4) + ROUTER + own))
        yield station.frame(ROUTER_MAC, frames.IPV6,
                            icmpv6(address, ROUTER, 136, b"\x60\0\0\0" + address + other))
        # An answer to one station has no option: the sender of the frame is meant.
        yield station.frame(ROUTER_MAC, frames.IPV6, icmpv6(address, ROUTER, 136, b"\x40\0\0\0" + address))
    # From beyond the link, and broken: neither says anything.
    if station.number % 500 == 1:
        liar = PREFIX + b"\xba\xd0" + struct.pack(">IH", station.number, 1)
        body = b"\x60\0\0\0" + liar + other
        yield station.frame(ROUTER_MAC, frames.IPV6, icmpv6(liar, ROUTER, 136, body, hop_limit=64))
        good = icmpv6(liar, ROUTER, 136, body)
        yield station.frame(ROUTER_MAC, frames.IPV6, good[:42] + bytes([good[42] ^ 0x55]) + good[43:])


def _detection(station, *_):
    for address in station.addresses6:
        asked = solicited_node(address)
        yield station.frame(multicast_mac(asked), frames.IPV6, icmpv6(UNSPECIFIED, asked, 135, bytes(4) + address))


def _advertisements(station, *_):
    if station.number:
        return
    prefix = struct.pack(">BBBBIII16s", 3, 4, 64, 0xC0, 2_592_000, 604_800, 0, PREFIX + bytes(8))
    body = struct.pack(">BBHII", 64, 0, 1800, 0, 0) + prefix + struct.pack(">BB", 1, 1) + ROUTER_MAC
    yield ethernet(multicast_mac(ALL_NODES), ROUTER_MAC, frames.IPV6, icmpv6(ROUTER, ALL_NODES, 134, body))


def _listeners(station, *_):
    groups = [solicited_node(station.local), MDNS_6]
    body = struct.pack(">HH", 0, len(groups)) + b"".join(struct.pack(">BBH", 4, 0, 0) + group for group in groups)
    to = ALL_ROUTERS[:15] + b"\x16"
    message = upper(station.local, to, frames.ICMPV6, struct.pack(">BBH", 143, 0, 0) + body, 2)
    options = struct.pack(">BBBBHBB", frames.ICMPV6, 0, 5, 2, 0, 1, 0)
    yield station.frame(multicast_mac(to), frames.IPV6, ipv6(station.local, to, frames.HOP_BY_HOP, options + message, 1))


def _labels(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def _multicast_dns(station, *_):
    question = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + _labels("_ipp._tcp.local") + struct.pack(">HH", 12, 1)
    name = _labels(station.name + ".local")
    answer = (struct.pack(">HHHHHH", 0, 0x8400, 0, 2, 0, 0) + name + struct.pack(">HHIH", 1, 0x8001, 120, 4) + station.v4
              + name + struct.pack(">HHIH", 28, 0x8001, 120, 16) + station.v6)
    for data in (question, question, answer):
        if not station.probes_only:
            yield station.frame(multicast_mac(MDNS_4), frames.IPV4, udp(station.v4, MDNS_4, 5353, 5353, data, 255))
        yield station.frame(multicast_mac(MDNS_6), frames.IPV6, udp(station.local, MDNS_6, 5353, 5353, data, 255))


def _leases(station, *_):
    head = struct.pack(">BBBBIHH", 1, 1, 6, 0, station.number, 0, 0)
    tail = station.mac + bytes(10 + 64 + 128) + bytes.fromhex("63825363")
    client = bytes([198, 18, 255, 253])

    def message(operation, given, options):
        return bytes([operation]) + head[1:] + bytes(4) + given + client + bytes(4) + tail + options + b"\xff"

    name = station.name.encode()
    yield station.frame(BROADCAST, frames.IPV4, udp(
        bytes(4), BROADCAST[:4], 68, 67, message(1, bytes(4), b"\x35\x01\x01\x0c" + bytes([len(name)]) + name)))
    if station.leases_only:
        yield station.frame(station.mac, frames.IPV4, udp(
            client, station.v4, 67, 68, message(2, station.v4, b"\x35\x01\x05\x36\x04" + client)), ROUTER_MAC)
    to = ALL_ROUTERS[:13] + b"\x01\x00\x02"
    yield station.frame(multicast_mac(to), frames.IPV6, udp(
        station.local, to, 546, 547, b"\x01" + bytes(3) + struct.pack(">HHHHHH", 1, 10, 3, 1, 0, 1) + station.mac[2:]))


def _answers(station, stations, chance):
    if station.is_server:
        for port in (22, 80, 443):
            yield station.frame(ROUTER_MAC, frames.IPV6, tcp(station.v6, stations[0].v6, port, 50_000, 0x12))
            yield station.frame(ROUTER_MAC, frames.IPV4, tcp(station.v4, ROUTER_4, port, 50_000, 0x12))


def _hello(name, chance):
    name = name.encode()
    extension = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    extension += struct.pack(">HHHHH", 10, 6, 4, 29, 23) + struct.pack(">HH", 21, 300) + bytes(300)
    body = (b"\x03\x03" + chance.randbytes(32) + b"\x20" + chance.randbytes(32) + struct.pack(">HHH", 4, 0x1301, 0x1302)
            + b"\x01\0" + struct.pack(">H", len(extension)) + extension)
    handshake = b"\x01" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack(">H", len(handshake)) + handshake


def _hellos(station, stations, chance):
    server = stations[min(station.number // 10 * 10 + 1, len(stations) - 1)]
    data = _hello(f"{server.name}.so-y-te.example", chance)
    yield station.frame(server.mac, frames.IPV6, tcp(station.v6, server.v6, 50_000, 443, 0x18, data))


def _announcements(station, *_):
    if station.number % 50:
        return
    name = f"bo-chuyen-mach-{station.number}".encode()
    items = [(1, b"\x04" + station.mac), (2, b"\x05ge-0"), (3, b"\0\x78"), (5, name), (0, b"")]
    body = b"".join(struct.pack(">H", kind << 9 | len(value)) + value for kind, value in items)
    yield station.frame(bytes.fromhex("0180c200000e"), frames.LLDP, body)


def _data(stations, chance, count):
    """Frames of connections through the router and between stations; half of them over IPv6."""
    sizes = chance.choices([size for size, _ in SIZES], [weight for _, weight in SIZES], k=count)
    for number, size in enumerate(sizes):
        one, other = chance.choice(stations), chance.choice(stations)
        source, destination = (one.v6, other.v6) if number % 2 else (one.v4, other.v4)
        overhead = 14 + (4 if one.vlan else 0) + (40 if number % 2 else 20)
        far = other.mac if number % 3 else ROUTER_MAC
        if number % 5 == 0:
            # A short header of QUIC before what is encrypted.
            packet = udp(source, destination, 50_001, 443, (b"\x41" + chance.randbytes(size))[:max(size - overhead - 8, 0)])
        else:
            # Application data of TLS where there is any.
            rest = max(size - overhead - 20, 0)
            data = b"\x17\x03\x03" + struct.pack(">H", max(rest - 5, 0)) + chance.randbytes(rest)
            packet = tcp(source, destination, 443, 50_002, 0x10, data[:rest])
        yield one.frame(far, frames.IPV6 if number % 2 else frames.IPV4, packet)


MAKERS = {
    "ARP": _arp, "neighbour solicitations and advertisements": _neighbours, "duplicate address detection": _detection,
    "router advertisements": _advertisements, "MLD": _listeners, "multicast DNS": _multicast_dns,
    "DHCP and DHCPv6": _leases, "SYN-ACK": _answers, "TLS ClientHello": _hellos, "LLDP": _announcements}


def write(path, count, stations, seed=2026):
    """Writes about `count` frames of as many `stations`; returns how many there are of each kind."""
    chance = random.Random(seed)
    everybody = [Station(number, chance) for number in range(stations)]
    counts = {}
    schedule = []
    for kind, part in MIX:
        if kind in MAKERS:
            pool = [record(frame) for station in everybody for frame in MAKERS[kind](station, everybody, chance)]
            chance.shuffle(pool)
        else:
            pool = [record(frame) for frame in _data(everybody, chance, min(20_000, max(count // 10, 100)))]
        counts[kind] = max(round(count * part), len(pool) if kind in MAKERS else 0)
        schedule.append(itertools.islice(itertools.cycle(pool), counts[kind]))
    total = sum(counts.values())
    turns = [index for index, kind in enumerate(counts) for _ in range(counts[kind])]
    chance.shuffle(turns)
    pack = struct.Struct(">II").pack
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(frames.PCAP_HEADER)
        parts = []
        for number, turn in enumerate(turns):
            # An hour of traffic, evenly.
            micros = number * 3_600_000_000 // total
            parts.append(pack(BEGIN + micros // 1_000_000, micros % 1_000_000))
            parts.append(next(schedule[turn]))
            if len(parts) > 8192:
                file.write(b"".join(parts))
                parts.clear()
        file.write(b"".join(parts))
    return counts
