"""A day on which somebody makes up ten million addresses: memory stays bounded, and who is real is not lost."""

import csv
import ipaddress
import os
import subprocess
import sys

import flood
from bench import progress
from errors import BenchError
from report import heading, number, table

NAME = "flood"
MEMORY = 128
"""MiB that the program may have at most."""
SPOOFED = 10_000_000
FORMS = (
    ("each at an interface of its own, heard once", 0, 0),
    ("each at an interface of its own, one of ten heard twice", 0, 10),
    ("at 60,000 interfaces", 60_000, 0),
    ("at 1,000,000 interfaces", 1_000_000, 0))
"""What is made up, how many interfaces have it, and which of them come again."""


def run(bench):
    spoofed = SPOOFED // 100 if bench.quick else SPOOFED
    fifo = bench.path("flood.pcap")
    os.mkfifo(fifo)
    rows, ends = [], []
    for what, interfaces, repeated in FORMS:
        maker = subprocess.Popen([sys.executable, "-B", flood.__file__, fifo, str(spoofed), str(interfaces), str(repeated)],
                                 stdin=subprocess.DEVNULL)
        try:
            done = bench.meter.run([bench.program, "discover", "--read", fifo, "--format", "csv"], 1800, name="flood")
        finally:
            maker.terminate()
            maker.wait()
        lost, stations = _lost(done.output)
        ends.append((what, done, lost))
        rows.append([what, number(stations, 0), number(done.wall, 1), number(done.cpu, 1), number(done.peak),
                     f"{flood.REAL - len(lost)} of {flood.REAL}"])
        progress(f"{what}: {done.peak:.1f} MiB, {done.wall:.1f} s; {done.errors.strip().splitlines()[0]}")
    os.remove(fifo)
    heading(f"Flood: {spoofed:,} spoofed addresses in 24 hours, through a pipe")
    table(["spoofed", "stations kept", "wall s", "CPU s", "peak MiB", "real ones found"], rows)
    for what, done, lost in ends:
        bench.hold(f"memory in a flood of addresses {what}", done.peak, MEMORY, "MiB")
        bench.check(f"all real stations are found among addresses {what}", not lost, f"missing {', '.join(lost[:5])}")


def _lost(path):
    """Real stations that are not in the list with both addresses, and how many stations it has."""
    found, stations = set(), 0
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            stations += 1
            if row["mac"].startswith("00:00:5e"):
                found |= {(row["mac"], ipaddress.ip_address(address))
                          for address in (row["addresses"] + " " + row["temporary"]).split()}
    if not stations:
        raise BenchError("the list is empty")
    return [station.mac.hex(":") for station in flood.real_stations()
            if not {(station.mac.hex(":"), ipaddress.ip_address(address)) for address in (station.v4, station.v6)} <= found
            ], stations
