"""What happens between the vantage and some hosts: routers that say that a packet's hop limit ran out, a slow
link, and tunnel ends that take packets from anybody. One process; run as `wayside CONFIG.json`.

It exists because the kernel at hand has no netem and no tunnel modules, and because a router need be no more
than the errors it sends. What it answers is planted by the faults of `ways.py`.
"""

import fcntl
import heapq
import ipaddress
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
ETH_P_ALL, SLOW_LINK, SLOW_TABLE = 0x0003, "slow0", "100"
ICMP, IPIP, SIX, ICMPV6 = 1, 4, 41, 58


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def icmp(source, target, kind, code, body):
    """An ICMP or ICMPv6 packet; `body` begins behind the checksum (RFC 792, RFC 4443 section 2.1)."""
    source, target = ipaddress.ip_address(source), ipaddress.ip_address(target)
    message = struct.pack(">BBH", kind, code, 0) + body
    if source.version == 6:
        pseudo = source.packed + target.packed + struct.pack(">II", len(message), ICMPV6)
        head = struct.pack(">IHBB", 6 << 28, len(message), ICMPV6, 64) + source.packed + target.packed
    else:
        pseudo = b""
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(message), 0, 0, 64, ICMP, 0) + source.packed + target.packed
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return head + message[:2] + struct.pack(">H", checksum(pseudo + message)) + message[4:]


class Sender:
    """Packets with any source address, out of the link to the vantage."""

    def __init__(self, link):
        self.sockets = {}
        for family in (socket.AF_INET6, socket.AF_INET):
            opened = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, link.encode() + b"\0")
            self.sockets[family] = opened

    def send(self, packet):
        six = packet[0] >> 4 == 6
        target = packet[24:40] if six else packet[16:20]
        family = socket.AF_INET6 if six else socket.AF_INET
        try:
            self.sockets[family].sendto(packet, (str(ipaddress.ip_address(target)), 0))
        except OSError:
            pass  # a packet that does not leave is a packet that got lost


class Hops:
    """Routers on the way: the packet filter drops what should have expired, and this says so for them."""

    def __init__(self, ways, link, sender):
        self.ways, self.sender = ways, sender
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.socket.bind((link, ETH_P_ALL))

    def receive(self):
        packet, (_, _, kind, *_) = self.socket.recvfrom(2048)
        if kind != socket.PACKET_HOST or len(packet) < 20:
            return
        six = packet[0] >> 4 == 6
        target = str(ipaddress.ip_address(packet[24:40] if six else packet[16:20]))
        limit = packet[7] if six else packet[8]
        routers = self.ways.get(target, ())
        if not 0 < limit <= len(routers) or routers[limit - 1] is None:
            return
        source = str(ipaddress.ip_address(packet[8:24] if six else packet[12:16]))
        quote = packet[:1232] if six else packet[:28]
        self.sender.send(icmp(routers[limit - 1], source, 3 if six else 11, 0, b"\0" * 4 + quote))


class SlowLink:
    """Answers of some addresses leave through a device that holds each for its time."""

    def __init__(self, delays, sender):
        self.delays, self.sender, self.waiting, self.count = delays, sender, [], 0
        self.socket = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.socket, TUNSETIFF, struct.pack("16sH", SLOW_LINK.encode(), IFF_TUN | IFF_NO_PI))
        commands = [f"link set {SLOW_LINK} up", f"-6 route add default dev {SLOW_LINK} table {SLOW_TABLE}"]
        commands += [f"-6 rule add from {address} lookup {SLOW_TABLE}" for address in delays]
        for command in commands:
            subprocess.run(["ip", *command.split()], check=True)

    def receive(self):
        packet = os.read(self.socket, 2048)
        if packet[0] >> 4 != 6:
            return
        delay = self.delays.get(str(ipaddress.ip_address(packet[8:24])), 0)
        self.count += 1
        heapq.heappush(self.waiting, (time.monotonic() + delay / 1000, self.count, packet))

    def flush(self):
        """Sends what is due; returns the seconds until more is."""
        while self.waiting and self.waiting[0][0] <= time.monotonic():
            self.sender.send(heapq.heappop(self.waiting)[2])
        return max(0.0, self.waiting[0][0] - time.monotonic()) if self.waiting else None


class TunnelEnd:
    """Takes an IPv6 packet out of what carries it, from whomever it comes, and answers the echo in it."""

    def __init__(self, addresses, family, sender):
        self.addresses, self.sender, self.six = set(addresses), sender, family == socket.AF_INET6
        self.socket = socket.socket(family, socket.SOCK_RAW, SIX)
        if self.six:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)

    def receive(self):
        data, ancillary, _, _ = self.socket.recvmsg(2048, 128)
        if self.six:
            outer = str(ipaddress.ip_address(ancillary[0][2][:16])) if ancillary else ""
        else:
            outer, data = str(ipaddress.ip_address(data[16:20])), data[(data[0] & 15) * 4:]
        if outer not in self.addresses or len(data) < 48 or data[0] >> 4 != 6 or data[6] != ICMPV6 or data[40] != 128:
            return
        source, target = ipaddress.ip_address(data[8:24]), ipaddress.ip_address(data[24:40])
        self.sender.send(icmp(target, source, 129, 0, data[44:]))


def main(config):
    sender = Sender(config["link"])
    parts, slow = [], None
    if config["hops"]:
        parts.append(Hops(config["hops"], config["link"], sender))
    if config["slow"]:
        slow = SlowLink(config["slow"], sender)
        parts.append(slow)
    for key, family in (("tunnel-6in4", socket.AF_INET), ("tunnel-ip6ip6", socket.AF_INET6)):
        if config[key]:
            parts.append(TunnelEnd(config[key], family, sender))
    by_socket = {part.socket: part for part in parts}
    while True:
        for ready in select.select(list(by_socket), [], [], slow.flush() if slow else None)[0]:
            by_socket[ready].receive()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
