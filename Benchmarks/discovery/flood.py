"""Writes a day of a link on which somebody makes up addresses, as a capture: flood.py PATH SPOOFED INTERFACES REPEATED.

Spoofed: so many different addresses, in neighbour advertisements and duplicate address detection, spread evenly over the day.
Interfaces: so many different MAC addresses have them; 0: each its own. Repeated: one of so many comes twice, a moment later;
0: none. Among them real stations go on speaking: half of them from the beginning, half from noon on.
"""

import struct
import sys

import frames
from frames import BROADCAST, arp, ethernet, icmpv6, multicast_mac, record, solicited_node

DAY = 86_400
BEGIN = 1_790_000_000
REAL = 500
EVERY = 300
"""Seconds between two frames of a real station."""
REAL_PREFIX = bytes.fromhex("20010db800010001")
SPOOFED_PREFIX = bytes.fromhex("20010db800020002")
ROUTER_MAC = bytes.fromhex("02005e000001")
ROUTER = bytes.fromhex("fe80" + "00" * 6 + "00005efffe000001")
ALL_NODES = bytes.fromhex("ff02" + "00" * 13 + "01")


class Real:
    """A station that is there."""

    def __init__(self, number):
        self.mac = bytes.fromhex("00005e0053") + bytes([number & 0xFF]) if number < 256 else \
            bytes.fromhex("00005e1053") + bytes([number & 0xFF])
        self.v6 = REAL_PREFIX + bytes(6) + struct.pack(">H", number + 1)
        self.v4 = bytes([198, 18, number >> 8, number & 0xFF])
        self.begin = 0 if number % 2 == 0 else DAY // 2
        option = struct.pack(">BB", 1, 1) + self.mac
        asked = solicited_node(ROUTER)
        self.records = [
            record(ethernet(multicast_mac(asked), self.mac, frames.IPV6,
                            icmpv6(self.v6, asked, 135, bytes(4) + ROUTER + option))),
            record(ethernet(BROADCAST, self.mac, frames.ARP,
                            arp(1, self.mac, self.v4, bytes(6), bytes([198, 18, 255, 254]))))]


def real_stations():
    return [Real(number) for number in range(REAL)]


class _Template:
    """A frame of which only the parts named by a number change, and its checksum with them.

    The number stands in the low half of an interface identifier, and another in the low half of the MAC address.
    """

    def __init__(self, frame, address_at, checksum_at, macs_at, times):
        cuts = sorted([(at + 12, "address") for at in address_at] + [(at + 2, "mac") for at in macs_at]
                      + [(checksum_at, "checksum")])
        data, self.format, self.order, at = record(frame), ">II", [], 0
        # The record's two lengths stand before the frame.
        for place, what in cuts:
            place += 8
            self.format += f"{place - at}s" + ("H" if what == "checksum" else "I")
            self.order.append((data[at:place], what))
            at = place + (2 if what == "checksum" else 4)
        self.format += f"{len(data) - at}s"
        self.rest = data[at:]
        self.pack = struct.Struct(self.format).pack
        self.base = 0xFFFF - struct.unpack_from(">H", frame, checksum_at)[0]
        self.times = times

    def compile(self):
        """A function of seconds, microseconds, the number of the address and that of the interface."""
        addresses, macs = self.times
        words = {f"p{index}": part for index, (part, _) in enumerate(self.order)}
        values = {"address": "a", "mac": "m",
                  "checksum": f"65535 - (base + {addresses} * ((a >> 16) + (a & 65535)) + {macs} * ((m >> 16) + (m & 65535)))"
                              " % 65535"}
        arguments = ", ".join(f"p{index}, {values[what]}" for index, (_, what) in enumerate(self.order))
        scope = dict(words, pack=self.pack, base=self.base, rest=self.rest)
        return eval(f"lambda s, u, a, m: pack(s, u, {arguments}, rest)", scope)  # noqa: S307


def _templates():
    mac, address = b"\x02\x00" + bytes(4), SPOOFED_PREFIX + b"\x5a\x5a\xa5\xa5" + bytes(4)
    advertised = ethernet(multicast_mac(ALL_NODES), mac, frames.IPV6, icmpv6(
        address, ALL_NODES, 136, b"\x20\0\0\0" + address + b"\x02\x01" + mac))
    # Ethernet 14, IPv6 40, ICMPv6 from 54: its checksum 56, the target 62, the option 78.
    detected = ethernet(multicast_mac(ALL_NODES), mac, frames.IPV6, icmpv6(
        bytes(16), ALL_NODES, 135, bytes(4) + address))
    # The source's address counts as well in an advertisement, by the pseudo header.
    return (_Template(advertised, [22, 62], 56, [6, 80], (2, 1)).compile(),
            _Template(detected, [62], 56, [6], (1, 0)).compile())


def write(path, spoofed, interfaces, repeated):
    advertised, detected = _templates()
    real = real_stations()
    real_record = struct.Struct(">II").pack
    with open(path, "wb", buffering=0) as file:
        file.write(frames.PCAP_HEADER)
        done = 0
        for second in range(DAY):
            now = BEGIN + second
            parts = [real_record(now, 0) + station.records[second // EVERY % 2]
                     for station in real[second % EVERY::EVERY] if second >= station.begin]
            end = spoofed * (second + 1) // DAY
            count = max(end - done, 1)
            for number in range(done, end):
                # Multiplication by an odd number mixes 32 bits and makes no two alike.
                address = number * 2_654_435_761 & 0xFFFFFFFF
                mac = (number % interfaces if interfaces else number) * 2_246_822_519 & 0xFFFFFFFF
                make = detected if number % 10 >= 7 else advertised
                made = make(now, (number - done) * 1_000_000 // count, address, mac)
                parts.append(made)
                if repeated and number % repeated == 0:
                    parts.append(made)
            done = end
            data = memoryview(b"".join(parts))
            while data:
                data = data[file.write(data):]


if __name__ == "__main__":
    try:
        write(sys.argv[1], *map(int, sys.argv[2:5]))
    except BrokenPipeError:
        sys.exit(1)
