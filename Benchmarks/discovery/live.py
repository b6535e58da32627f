"""The same frames on a live wire of a private namespace, since addrwatch reads no files."""

import ipaddress
import subprocess
import sys
import threading
import time

import feed
from pairs import of_listing
from report import heading, number, table

FRAMES, RATE = 1_000_000, 100_000
LINKS = ("wire0", "wire1")


def run(bench, capture, known):
    """What each makes of so many frames that are sent at a rate; `known`: all pairs of the capture."""
    frames, rate = (50_000, 20_000) if bench.quick else (FRAMES, RATE)
    for command in (["ip", "link", "add", LINKS[0], "mtu", "1600", "type", "veth", "peer", "name", LINKS[1], "mtu", "1600"],
                    # The kernel's own neighbour discovery is no part of it.
                    *(["sh", "-c", f"echo 1 >/proc/sys/net/ipv6/conf/{link}/disable_ipv6"] for link in LINKS),
                    *(["ip", "link", "set", link, "up"] for link in LINKS)):
        subprocess.run(command, check=True, timeout=30)
    seconds = frames / rate + 5
    addrwatch = bench.path("addrwatch.txt")
    programs = (
        ("v6audit discover --interface", [bench.program, "discover", "--interface", LINKS[1], "--mirror", "--passive",
                                          str(seconds), "--format", "csv"], (0,)),
        # Each pair once: that is what is compared.
        ("addrwatch: ARP and neighbour discovery", ["timeout", str(seconds), "addrwatch", "-q", "-r", "-1", "-H", "65536",
                                                    "-o", addrwatch, LINKS[1]], (0, 124)))
    rows, heard = [], []
    for name, command, good in programs:
        feeder = threading.Thread(target=_feed, args=(capture, frames, rate))
        feeder.start()
        done = bench.meter.run(command, 600, good=good, name="live")
        feeder.join()
        pairs = of_listing(done.output) if name.startswith("v6audit") else _of_addrwatch(addrwatch)
        heard.append(pairs)
        rows.append([name, number(done.cpu, 2), number(done.peak), number(len(pairs), 0), number(len(pairs & known), 0)])
    heading(f"Live: {frames:,} frames of the same capture at {rate:,} a second")
    table(["program", "CPU s", "peak MiB", "pairs", "of the whole capture's"], rows)
    ours, theirs = heard
    broken = theirs - ours - known
    print(f"addrwatch misses {len(ours - theirs):,} pairs of v6audit's; v6audit misses {len(theirs - ours - broken):,} of "
          f"addrwatch's, and does not believe {len(broken):,} that stand in packets with a wrong checksum.")


def _feed(capture, frames, rate):
    time.sleep(2)
    subprocess.run([sys.executable, "-B", feed.__file__, capture, LINKS[0], str(frames), str(rate)], check=True,
                   timeout=600, stdout=subprocess.DEVNULL)


def _of_addrwatch(path):
    with open(path, encoding="ascii") as file:
        rows = [line.split() for line in file]
    return {(row[3], ipaddress.ip_address(row[4])) for row in rows}
