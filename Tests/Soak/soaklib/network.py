"""A hostile network: frames that contradict themselves, answers that nobody asked for, forged errors and resets.

Run in the city's namespace as `network.py LINK SECONDS SEED`; prints how many frames it sent.
"""

import os
import random
import socket
import struct
import sys
import time

BURST, PAUSE = 20, 0.1
VANTAGE_MAC, CITY_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
VANTAGE_6 = socket.inet_pton(socket.AF_INET6, "2001:db8:ffff::1")
VANTAGE_4 = socket.inet_aton("192.0.2.1")


def host6(dice):
    site, place = divmod(dice.randrange(10_000), 200)
    return socket.inet_pton(socket.AF_INET6, f"2001:db8:{site:x}::{place + 1:x}")


def ipv6(dice, next_header, payload, length=None):
    return struct.pack("!IHBB", 0x60000000, len(payload) if length is None else length, next_header, 64) \
        + host6(dice) + VANTAGE_6 + payload


def ipv4(dice, protocol, payload, header_length=5):
    return struct.pack("!BBHHHBBH4s4s", 0x40 | header_length, 0, 20 + len(payload), dice.randrange(65536), 0, 64, protocol,
                       0, socket.inet_aton(f"198.18.{dice.randrange(40)}.{dice.randrange(1, 250)}"), VANTAGE_4) + payload


def tcp(dice, flags):
    return struct.pack("!HHIIBBHHH", dice.choice([80, 443, 22]), dice.randrange(1024, 65536), dice.randrange(1 << 32),
                       dice.randrange(1 << 32), 0x50, flags, 65535, dice.randrange(65536), 0)


def frame(dice):
    """One frame; the checksums are wrong, or right by accident."""
    noise = dice.randbytes(dice.randrange(0, 200))
    kinds = [
        lambda: (0x86DD, noise),
        lambda: (0x86DD, ipv6(dice, dice.randrange(256), noise)),
        # Its length says more, or less, than there is.
        lambda: (0x86DD, ipv6(dice, 58, noise, length=dice.randrange(65536))),
        # Extension headers without an end: a hop-by-hop header whose next is another one.
        lambda: (0x86DD, ipv6(dice, 0, bytes([0, 0, 1, 4, 0, 0, 0, 0]) * dice.randrange(1, 100))),
        # Fragments, of nothing that was begun.
        lambda: (0x86DD, ipv6(dice, 44, struct.pack("!BBHI", 6, 0, dice.randrange(65536), 7) + noise)),
        # An echo reply, an error about a packet never sent, Packet Too Big with a tiny MTU.
        lambda: (0x86DD, ipv6(dice, 58, bytes([129, 0]) + noise)),
        lambda: (0x86DD, ipv6(dice, 58, bytes([1, dice.randrange(8), 0, 0, 0, 0, 0, 0]) + ipv6(dice, 6, tcp(dice, 2)))),
        lambda: (0x86DD, ipv6(dice, 58, struct.pack("!BBHI", 2, 0, 0, dice.randrange(1, 1500)) + ipv6(dice, 58, noise))),
        lambda: (0x86DD, ipv6(dice, 6, tcp(dice, dice.choice([0x04, 0x12, 0x14, 0xFF, 0])))),
        lambda: (0x86DD, ipv6(dice, 17, struct.pack("!HHHH", 53, dice.randrange(65536), dice.randrange(65536), 0) + noise)),
        lambda: (0x0800, noise),
        lambda: (0x0800, ipv4(dice, 6, tcp(dice, 0x12), header_length=dice.choice([0, 4, 5, 15]))),
        lambda: (0x0800, ipv4(dice, 1, bytes([0, 0]) + noise)),
        lambda: (dice.randrange(0x600, 65536), noise),
    ]
    ethertype, packet = dice.choice(kinds)()
    return VANTAGE_MAC + CITY_MAC + struct.pack("!H", ethertype) + packet[:1486]


def main(link, seconds, seed):
    dice, sent = random.Random(seed), 0
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    wire.bind((link, 0))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(BURST):
            try:
                wire.send(frame(dice))
                sent += 1
            except OSError:
                pass
        time.sleep(PAUSE)
    print(sent, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
    os._exit(0)
