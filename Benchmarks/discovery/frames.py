"""Ethernet frames with right lengths and checksums, and pcap files."""

import struct

ARP, IPV4, IPV6, VLAN, LLDP = 0x0806, 0x0800, 0x86DD, 0x8100, 0x88CC
TCP, UDP, ICMPV6, HOP_BY_HOP = 6, 17, 58, 0
BROADCAST = b"\xff" * 6
UNSPECIFIED = bytes(16)
ALL_NODES = bytes.fromhex("ff02" + "00" * 13 + "01")
ALL_ROUTERS = bytes.fromhex("ff02" + "00" * 13 + "02")

PCAP_HEADER = struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
"""Of a capture of Ethernet in the order of bytes of the network, with microseconds."""


def folded_sum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def ethernet(destination, source, kind, payload, vlan=0):
    tag = struct.pack(">HH", VLAN, vlan) if vlan else b""
    frame = destination + source + tag + struct.pack(">H", kind) + payload
    return frame.ljust(60, b"\0")


def arp(operation, sender_mac, sender, target_mac, target):
    return struct.pack(">HHBBH", 1, IPV4, 6, 4, operation) + sender_mac + sender + target_mac + target


def ipv4(source, destination, protocol, payload, ttl=64):
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0x4000, ttl, protocol, 0, source, destination)
    return header[:10] + struct.pack(">H", 0xFFFF - folded_sum(header)) + header[12:] + payload


def ipv6(source, destination, following, payload, hop_limit=64):
    return struct.pack(">IHBB16s16s", 6 << 28, len(payload), following, hop_limit, source, destination) + payload


def upper(source, destination, protocol, payload, at):
    """`payload` with its checksum over the pseudo header written at `at`."""
    pseudo = source + destination + struct.pack(">IHBB", len(payload), 0, 0, protocol)
    if len(source) == 4:
        pseudo = source + destination + struct.pack(">BBH", 0, protocol, len(payload))
    checksum = 0xFFFF - folded_sum(pseudo + payload)
    return payload[:at] + struct.pack(">H", checksum or 0xFFFF) + payload[at + 2:]


def ip(source, destination, protocol, payload, hop_limit=64):
    """A packet of the family of its addresses."""
    build = ipv4 if len(source) == 4 else ipv6
    return build(source, destination, protocol, payload, hop_limit)


def tcp(source, destination, from_port, to_port, flags, data=b""):
    header = struct.pack(">HHIIBBHHH", from_port, to_port, 1, 1, 0x50, flags, 64240, 0, 0)
    return ip(source, destination, TCP, upper(source, destination, TCP, header + data, 16))


def udp(source, destination, from_port, to_port, data, hop_limit=64):
    header = struct.pack(">HHHH", from_port, to_port, 8 + len(data), 0)
    return ip(source, destination, UDP, upper(source, destination, UDP, header + data, 6), hop_limit)


def icmpv6(source, destination, kind, body, hop_limit=255):
    message = struct.pack(">BBH", kind, 0, 0) + body
    return ipv6(source, destination, ICMPV6, upper(source, destination, ICMPV6, message, 2), hop_limit)


def multicast_mac(address):
    """Where IP multicast goes on Ethernet (RFC 1112, RFC 2464)."""
    if len(address) == 16:
        return b"\x33\x33" + address[12:]
    return b"\x01\x00\x5e" + bytes([address[1] & 0x7F]) + address[2:]


def solicited_node(address):
    return bytes.fromhex("ff02" + "00" * 9 + "01ff") + address[13:]


def record(frame):
    """A frame as it stands in a capture, without the time before it."""
    return struct.pack(">II", len(frame), len(frame)) + frame
