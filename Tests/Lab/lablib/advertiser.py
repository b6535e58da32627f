"""Sends router advertisements (RFC 4861 section 4.2, RFC 8106) twice a second: `advertiser CONFIG.json`.

Frames of its own, so that each router has its own MAC and link-local address on one wire.
"""

import ipaddress
import json
import socket
import struct
import sys
import time

INTERVAL = 0.5
ALL_NODES = ipaddress.IPv6Address("ff02::1")
ALL_NODES_MAC = bytes.fromhex("333300000001")


def frame(sender):
    mac = bytes.fromhex(sender["mac"].replace(":", ""))
    source = ipaddress.IPv6Address(sender["source"])
    prefix = ipaddress.IPv6Network(sender["prefix"])
    # Hop limit 64, no flags, lifetime 1800 s.
    message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
    message += struct.pack("!BB6s", 1, 1, mac)
    message += struct.pack("!BBBBIII16s", 3, 4, prefix.prefixlen, 0xC0, 86400, 14400, 0, prefix.network_address.packed)
    if sender["resolvers"]:
        addresses = b"".join(ipaddress.IPv6Address(a).packed for a in sender["resolvers"])
        message += struct.pack("!BBHI", 25, 1 + len(addresses) // 8, 0, 1800) + addresses
    pseudo = source.packed + ALL_NODES.packed + struct.pack("!IHBB", len(message), 0, 0, 58)
    total = sum(struct.unpack(f"!{(len(pseudo) + len(message)) // 2}H", pseudo + message))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    message = message[:2] + struct.pack("!H", ~total & 0xFFFF) + message[4:]
    header = struct.pack("!IHBB16s16s", 6 << 28, len(message), 58, 255, source.packed, ALL_NODES.packed)
    return ALL_NODES_MAC + mac + b"\x86\xdd" + header + message


def main(config):
    frames = [frame(sender) for sender in config["senders"]]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((config["interface"], 0))
        while True:
            for one in frames:
                wire.send(one)
            time.sleep(INTERVAL)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
