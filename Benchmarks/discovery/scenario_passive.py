"""A capture of a large link is read by one core, and the same pairs are found as by arpwatch and tshark."""

import ipaddress
import os
import shutil
import sqlite3
import time

import link
import live
from bench import progress
from errors import BenchError
from measuring import median
from pairs import of_listing
from report import heading, number, table

NAME = "passive"
RATE = 300_000
"""Frames a second that one core has to read."""
ONE_CORE = ["taskset", "-c", "0"]
FILTER = "arp || icmpv6.type == 133 || icmpv6.type == 135 || icmpv6.type == 136"
FIELDS = ("eth.src", "vlan.id", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "icmpv6.type", "ipv6.src",
          "ipv6.hlim", "icmpv6.checksum.status", "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address",
          "icmpv6.opt.src_linkaddr", "icmpv6.opt.target_linkaddr")


def run(bench):
    capture = bench.path("link.pcap")
    began = time.monotonic()
    counts = link.write(capture, *((60_000, 200) if bench.quick else (3_000_000, 2_000)))
    total, size = sum(counts.values()), os.path.getsize(capture)
    progress(f"{total:,} frames, {size / 1e6:.0f} MB, made in {time.monotonic() - began:.1f} s")
    ours, arpwatch = [], []
    for turn in range(bench.rounds):
        ours.append(bench.meter.run([*ONE_CORE, bench.program, "discover", "--read", capture, "--format", "csv"], 600,
                                    name="ours"))
        arpwatch.append(_arpwatch(bench, capture))
        progress(f"round {turn + 1}: v6audit {ours[-1].wall:.2f} s, arpwatch {arpwatch[-1].wall:.2f} s")
    fields = [word for field in FIELDS for word in ("-e", field)]
    tshark = bench.meter.run([*ONE_CORE, "tshark", "-n", "-r", capture, "-Y", FILTER, "-T",
                              "fields", "-E", "occurrence=f", *fields], 1200, name="tshark")
    progress(f"tshark {tshark.wall:.2f} s")
    heading(f"Passive: {total:,} frames, {size / 1e6:,.0f} MB, one core; medians of {bench.rounds}")
    print("The frames: " + ", ".join(f"{kind} {count:,}" for kind, count in counts.items()) + ".\n")
    rows = [_row("v6audit discover --read", total, *(median(ours, what) for what in ("wall", "cpu", "peak"))),
            _row("arpwatch -r: ARP alone", total, *(median(arpwatch, what) for what in ("wall", "cpu", "peak"))),
            _row("tshark -r: ARP and neighbour discovery, once", total, tshark.wall, tshark.cpu, tshark.peak)]
    table(["program", "wall s", "CPU s", "peak MiB", "frames/s"], rows)
    bench.hold("passive discovery on one core", total / median(ours, "wall"), RATE, "frames/s", at_least=True, digits=0)
    everything = _compare(bench, capture, ours[-1], tshark)
    if shutil.which("addrwatch"):
        live.run(bench, capture, everything)
    else:
        print("\nNOT MEASURED: addrwatch, which also hears IPv6. It is not on the PATH; Debian 12 has no package of it.",
              flush=True)
    os.remove(capture)


def _row(name, total, wall, cpu, peak):
    return [name, number(wall, 2), number(cpu, 2), number(peak), number(total / wall, 0)]


def _arpwatch(bench, capture):
    with open(bench.path("arp.dat"), "w", encoding="ascii"):
        pass
    return bench.meter.run([*ONE_CORE, "arpwatch", "-Q", "-N", "-r", capture, "-f", bench.path("arp.dat"),
                            "-n", "198.18.0.0/15"], 600, name="arpwatch")


def _compare(bench, capture, listing, tshark):
    """Pairs of an interface and an address: each program's beside the others'."""
    heard = _of_arpwatch(bench.path("arp.dat"))
    seen = _of_tshark(tshark.output)
    db = bench.path("passive.db")
    bench.meter.run([bench.program, "discover", "--read", capture, "--format", "csv", "--db", db], 900, name="kept")
    of_arp, of_neighbours, all_of_store = _of_store(db)
    os.remove(db)
    everything = of_listing(listing.output)
    print(f"Pairs of an interface and an address: v6audit {len(everything):,}; by ARP v6audit {len(of_arp):,}, "
          f"tshark {len(seen.arp):,}, arpwatch {len(heard):,}; by neighbour discovery v6audit {len(of_neighbours):,}, "
          f"tshark {len(seen.neighbours):,}.\n")
    bench.check("the list and the store have the same pairs", everything == all_of_store,
                _difference(everything, all_of_store))
    bench.check("IPv4 pairs by ARP: v6audit's are tshark's", of_arp == seen.arp, _difference(of_arp, seen.arp))
    bench.check("IPv6 pairs by neighbour discovery: v6audit's are tshark's", of_neighbours == seen.neighbours,
                _difference(of_neighbours, seen.neighbours))
    within = seen.arp - seen.tagged - seen.relayed
    bench.check("IPv4 pairs by ARP without a VLAN tag and from the interface itself: v6audit's are arpwatch's",
                of_arp & within == heard, _difference(of_arp & within, heard))
    four = {pair for pair in everything if pair[1].version == 4}
    silent = {
        "of IPv6": everything - four,
        "of IPv4 in VLANs": seen.tagged,
        "of IPv4 whose ARP comes through a bridge, from another interface than it names": seen.relayed - seen.tagged,
        "of IPv4 that are asked for only, before they are taken (RFC 5227)": (seen.probes - seen.arp) & four,
        "of IPv4 by DHCP or multicast DNS alone": four - of_arp - seen.probes}
    print("\nNot heard by arpwatch: " + "; ".join(f"{len(pairs):,} {what}" for what, pairs in silent.items()) + ".")
    missed = everything - of_arp - of_neighbours - seen.probes
    print(f"Not in tshark's fields of ARP and neighbour discovery: {len(missed):,} that v6audit has by DHCP, multicast DNS, "
          "MLD and router advertisements alone.")
    lost = (heard | seen.arp | seen.neighbours) - everything
    bench.check("nothing that arpwatch or tshark has is missing from v6audit's", not lost, _difference(set(), lost))
    return everything


def _difference(ours, theirs):
    def some(pairs):
        return ", ".join(f"{mac} {address}" for mac, address in sorted(pairs, key=str)[:3]) or "none"
    return f"only ours {len(ours - theirs)}: {some(ours - theirs)}; only theirs {len(theirs - ours)}: {some(theirs - ours)}"


def _of_arpwatch(path):
    pairs = set()
    with open(path, encoding="ascii") as file:
        for line in file:
            mac, address = line.split("\t")[:2]
            pairs.add((":".join(f"{int(part, 16):02x}" for part in mac.split(":")), ipaddress.ip_address(address)))
    return pairs


def _of_store(path):
    """Pairs heard by ARP, pairs heard by neighbour discovery, and all."""
    with sqlite3.connect(path) as db:
        holders = {}
        for address, value in db.execute("SELECT address, value FROM observed WHERE kind = 'interface'"):
            holders.setdefault(address, set()).add(value.split(" ")[0])
        by = {}
        for address, source in db.execute("SELECT address, source FROM observed WHERE kind = 'present'"):
            for mac in holders[address]:
                by.setdefault(source, set()).add((mac, ipaddress.ip_address(address)))
    everything = {(mac, ipaddress.ip_address(address)) for address, macs in holders.items() for mac in macs}
    # A probe of IPv6 is a neighbour solicitation; one of IPv4 is in ARP, and says that the address is not the station's yet.
    detected = {pair for pair in by.get("dad", set()) if pair[1].version == 6}
    return by.get("arp", set()), by.get("nd", set()) | detected, everything


class _Seen:
    """Pairs by tshark's fields: which came with a VLAN tag, which from the interface itself, which from another one."""

    def __init__(self):
        self.arp, self.tagged, self.direct, self.relayed = set(), set(), set(), set()
        self.probes, self.neighbours = set(), set()


def _of_tshark(path):
    seen = _Seen()
    with open(path, encoding="ascii") as file:
        for line in file:
            row = dict(zip(FIELDS, line.rstrip("\n").split("\t")))
            if row["arp.src.hw_mac"]:
                _arp(seen, row)
            elif row["icmpv6.type"]:
                _neighbour(seen, row)
    seen.relayed -= seen.direct
    if not seen.arp and not seen.neighbours:
        raise BenchError("tshark has no pair")
    return seen


def _arp(seen, row):
    mac = row["arp.src.hw_mac"]
    if row["arp.src.proto_ipv4"] == "0.0.0.0":
        seen.probes.add((mac, ipaddress.ip_address(row["arp.dst.proto_ipv4"])))
        return
    pair = (mac, ipaddress.ip_address(row["arp.src.proto_ipv4"]))
    seen.arp.add(pair)
    if row["vlan.id"]:
        seen.tagged.add(pair)
    (seen.direct if row["eth.src"] == mac else seen.relayed).add(pair)


def _neighbour(seen, row):
    # RFC 4861 §7.1: what a router has sent on, or what is broken, says nothing.
    if row["ipv6.hlim"] != "255" or row["icmpv6.checksum.status"] not in ("1", "Good"):
        return
    kind, source, mac = row["icmpv6.type"], ipaddress.ip_address(row["ipv6.src"]), row["eth.src"]
    if kind == "136":
        address, option = row["icmpv6.nd.na.target_address"], row["icmpv6.opt.target_linkaddr"]
    elif int(source):
        address, option = row["ipv6.src"], row["icmpv6.opt.src_linkaddr"] if kind == "135" else ""
    elif kind == "135":
        address, option = row["icmpv6.nd.ns.target_address"], ""
    else:
        return
    seen.neighbours.add((option or mac, ipaddress.ip_address(address)))
