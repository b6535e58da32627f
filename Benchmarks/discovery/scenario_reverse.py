"""A reverse zone of ten thousand names in a /32 is walked, and the questions are counted by the name server as well."""

import csv
import ipaddress
import os
import random
import re
import socket
import subprocess
import time

from bench import progress
from errors import BenchError
from measuring import median
from report import heading, number, table

NAME = "reverse"
QUESTIONS, SECONDS = 30_000, 30
"""What a walk of ten thousand names at fifty sites may take."""
NAMES = 10_000
PREFIX = "2001:db8::/32"
ZONE = "8.b.d.0.1.0.0.2.ip6.arpa"
RATE = "1000000"
"""Questions a second: as fast as the server answers."""


def _sites(count, sites):
    """Names at sites of a /48 each, numbered as servers are."""
    return [0x20010DB8 << 96 | number * sites // count << 80 | number * sites % count // sites + 1 for number in range(count)]


def _drawn(count, sites):
    """Interfaces drawn by lot in one subnet of each site."""
    chance = random.Random(8020)
    return [0x20010DB8 << 96 | number % sites << 80 | chance.getrandbits(64) for number in range(count)]


def run(bench):
    names = NAMES // 10 if bench.quick else NAMES
    layouts = (
        (f"{names:,} at 50 sites, numbered", _sites(names, 50)),
        (f"{names:,} at {names // 10:,} sites, numbered", _sites(names, names // 10)),
        ("200 at 50 sites, drawn by lot", _drawn(200, 50)))
    heading("Reverse zones, walked on loopback")
    rows, ends, checks = [], [], []
    for place, (what, addresses) in enumerate(layouts):
        with _Server(bench, addresses) as server:
            ends.append(_walks(bench, server, what, addresses, rows, checks, bench.rounds if place == 0 else 1))
            if place == 0:
                _peers(bench, server, what, addresses, rows, checks)
    table(["program", "names", "wall s", "CPU s", "peak MiB", "questions by its own count", "that nsd received"], rows)
    for check in checks:
        bench.check(*check)
    walks, _, counted = ends[0]
    bench.hold("time of the walk", median(walks, "wall"), SECONDS, "s")
    bench.hold("questions of the walk, as nsd counts them", max(counted), QUESTIONS, "questions", digits=0)
    for what, (_, told, counted) in zip((what for what, _ in layouts), ends):
        # What is lost is asked again, which the program counts once.
        bench.check(f"{what}: nsd counts what the program tells, within 1 %",
                    all(own <= other <= own * 1.01 for own, other in zip(told, counted)), f"{told} and {counted}")


def _walks(bench, server, what, addresses, rows, checks, rounds):
    walks, told, counted = [], [], []
    for _ in range(rounds):
        server.questions()
        done = bench.meter.run([bench.program, "discover", "--reverse-zone", PREFIX, "--resolver", server.endpoint, "--rate",
                                RATE, "--format", "csv"], 900, name="walk")
        counted.append(server.questions())
        found = re.search(r"(\d+) addresses with names, (\d+) questions", done.errors)
        if not found:
            raise BenchError(f"the walk does not tell its questions: {done.errors[-500:]}")
        told.append(int(found[2]))
        walks.append(done)
        progress(f"{what}: {done.wall:.2f} s, {told[-1]:,} questions, nsd {counted[-1]:,}")
    checks.append(_names(f"the walk of {what}", walks[-1].output, addresses))
    rows.append(["v6audit discover --reverse-zone", what, *(number(median(walks, part), digits) for part, digits in
                 (("wall", 2), ("cpu", 2), ("peak", 1))), number(told[-1], 0), number(counted[-1], 0)])
    return walks, told, counted


def _peers(bench, server, what, addresses, rows, checks):
    """Who knows all names beforehand, and who is given the zone."""
    address, port = "::1", str(server.port)
    listing = bench.path("names")
    with open(listing, "w", encoding="ascii") as file:
        file.writelines(f"{ipaddress.IPv6Address(one).reverse_pointer} PTR\n" for one in addresses)
    server.questions()
    done = bench.meter.run(["dig", f"@{address}", "-p", port, "+noall", "+answer", "-f", listing], 600, name="dig")
    with open(done.output, encoding="ascii") as file:
        answers = sum("PTR" in line for line in file)
    rows.append(["dig -f: who knows every name", what, number(done.wall, 2), number(done.cpu, 2), number(done.peak),
                 number(len(addresses), 0), number(server.questions(), 0)])
    checks.append(("dig gets every name", answers == len(addresses), f"{answers} of {len(addresses)}"))
    done = bench.meter.run(["dig", f"@{address}", "-p", port, "+noall", "+answer", ZONE, "AXFR"], 600, name="axfr")
    rows.append(["dig AXFR: who is given the zone", what, number(done.wall, 2), number(done.cpu, 2), number(done.peak), "1",
                 number(server.questions(), 0)])
    done = bench.meter.run([bench.program, "discover", "--transfer", ZONE, "--resolver", server.endpoint, "--format", "csv"],
                           600, name="transfer")
    rows.append(["v6audit discover --transfer", what, number(done.wall, 2), number(done.cpu, 2), number(done.peak), "1",
                 number(server.questions(), 0)])
    checks.append(_names("the transfer", done.output, addresses))


def _names(what, path, addresses):
    """A check that a list has all names at their addresses."""
    with open(path, encoding="utf-8", newline="") as file:
        found = {ipaddress.ip_address(address): row["names"] for row in csv.DictReader(file)
                 for address in row["addresses"].split()}
    wanted = {ipaddress.IPv6Address(address): _name(number) for number, address in enumerate(addresses)}
    return f"{what} finds every name and no other", found == wanted, f"{len(found)} of {len(wanted)}"


def _name(number):
    return f"may-{number}.example"


class _Server:
    """nsd with one reverse zone, on loopback."""

    def __init__(self, bench, addresses):
        self.folder = bench.path("nsd")
        os.makedirs(self.folder, exist_ok=True)
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
            free.bind(("::1", 0))
            self.port = free.getsockname()[1]
        self.endpoint = f"[::1]:{self.port}"
        self._write("zone", f"$ORIGIN {ZONE}.\n@ 60 SOA ns.example. admin.example. 1 60 60 60 60\n@ 60 NS ns.example.\n"
                    + "".join(f"{ipaddress.IPv6Address(address).reverse_pointer}. 60 PTR {_name(number)}.\n"
                              for number, address in enumerate(addresses)))
        files = {"logfile": "nsd.log", "pidfile": "nsd.pid", "xfrdfile": "xfrd.state", "zonelistfile": "zone.list",
                 "xfrdir": "", "cookie-secret-file": "cookies"}
        self.configuration = self._write("nsd.conf", "\n".join([
            "server:", f"  ip-address: ::1@{self.port}", '  username: ""', '  chroot: ""', '  database: ""',
            "  server-count: 1", "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", f'  zonesdir: "{self.folder}"',
            *(f'  {option}: "{os.path.join(self.folder, file)}"' for option, file in files.items()),
            "remote-control:", "  control-enable: yes", f'  control-interface: "{self.folder}/control"',
            "zone:", f"  name: {ZONE}", "  zonefile: zone", "  provide-xfr: ::1 NOKEY"]) + "\n")

    def _write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def __enter__(self):
        self.log = open(os.path.join(self.folder, "said"), "ab")
        self.process = subprocess.Popen(["nsd", "-d", "-c", self.configuration], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)
        for _ in range(300):
            done = subprocess.run(["dig", "+time=1", "+tries=1", "@::1", "-p", str(self.port), ZONE, "SOA"],
                                  capture_output=True, text=True, check=False, timeout=30)
            if "status: NOERROR" in done.stdout:
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.__exit__()
        with open(os.path.join(self.folder, "said"), encoding="utf-8", errors="replace") as file:
            raise BenchError(f"nsd does not answer: {file.read()[-1000:]}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()

    def questions(self):
        """How many questions it has received since this was asked before."""
        done = subprocess.run(["nsd-control", "-c", self.configuration, "stats"], capture_output=True, text=True, check=False,
                              timeout=30)
        found = re.search(r"^num\.queries=(\d+)$", done.stdout, re.MULTILINE)
        if not found:
            raise BenchError(f"nsd-control: {done.stderr[-500:] or done.stdout[-500:]}")
        return int(found[1])
