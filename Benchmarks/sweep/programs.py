"""The command line of each program, and what its output says it found."""

import csv
import json
import os
import re
import socket
import subprocess
from dataclasses import dataclass, field
from typing import Callable

from addresses import (CITY_MAC, FIRST_TARGET, TARGETS_4, TARGETS_6, VANTAGE_4, VANTAGE_6, VANTAGE_MAC, packed,
                       prefix_of)
from lab import VANTAGE_LINK


@dataclass
class Found:
    """What a program claims: distinct targets, answers from elsewhere, replies that it lost (None: it does not say)."""

    targets: int
    strange: int = 0
    drops: int | None = None
    addresses: set = field(default_factory=set)   # packed; only where a scenario compares sets
    replies: int | None = None                    # packets read, whatever they were


@dataclass
class Job:
    name: str
    command: list
    targets: int
    found: Callable
    timeout: int
    good: tuple = (0,)
    trickle: bool = False   # must hear a packet now and then to end at all


class Programs:
    def __init__(self, v6audit, tools, scratch):
        self.path, self.tools = v6audit, tools
        self.file = os.path.join(scratch, "found")

    def ceiling(self, bits, senders, *options):
        command = self.tools.ceiling(FIRST_TARGET, 1 << bits, "--threads", str(senders), *options)

        def found(done):
            counted = json.loads(done.output)
            return Found(counted["found"], 0, counted["drops"], replies=counted["replies"])

        return Job(f"ceiling, {senders} sender{'s' * (senders > 1)}", command, 1 << bits, found, 300)

    def v6audit(self, bits, senders=1, rate="unlimited", cooldown=1, timeout=600):
        """One try at the first 2^bits targets."""
        command = self._sweep([prefix_of(bits), "--subnet-length", "64", "--iid", "::1"],
                              rate, 1, 1, cooldown, senders)

        def found(done):
            counted = json.loads(subprocess.run(
                self.tools.targets(self.file, FIRST_TARGET, 1 << bits), capture_output=True, text=True, check=True,
                timeout=300).stdout)
            return Found(counted["found"], counted["strange"], dropped(done.errors), replies=replies(done.errors))

        return Job(f"v6audit, {senders} sender{'s' * (senders > 1)}", command, 1 << bits, found, timeout)

    def v6audit_list(self, listing, count, rate="unlimited", tries=1, wait=1, timeout=600):
        """The targets in a file, with as many senders as it thinks right."""
        command = self._sweep(["--targets", listing], rate, tries, wait, wait)

        def found(done):
            addresses = self.v6audit_found()
            return Found(len(addresses), 0, dropped(done.errors), addresses)

        return Job("v6audit", command, count, found, timeout)

    def v6audit_found(self):
        """The addresses in the output of the last sweep."""
        with open(self.file, encoding="ascii", newline="") as file:
            return {packed(row["target"]) for row in csv.DictReader(file)
                    if row["outcome"] in ("answered", "open")}

    def _sweep(self, targets, rate, tries, wait, cooldown, senders=None):
        return [self.path, "sweep", *targets, "--allow", str(TARGETS_6), "--probe", "icmp", "--rate", str(rate),
                "--prefix-rate", "unlimited", "--tries", str(tries), "--timeout", str(wait),
                "--cooldown", str(cooldown), *(["--senders", str(senders)] if senders else []), "--seed", "1",
                "--interface", VANTAGE_LINK, "--format", "csv", "--output", self.file]

    def masscan(self, bits, rate=10_000_000):
        """Echo requests to one /(128 - bits); its own dialect of ranges knows no steps between subnets.

        It reads its ring in blocks a second late; waiting a second alone would lose the last of them.
        """
        command = ["masscan", "--ping", f"{TARGETS_6[0]}/{128 - bits}", "--rate", str(rate), "--wait", "2",
                   "-e", VANTAGE_LINK, "--source-ip", VANTAGE_6, "--adapter-mac", VANTAGE_MAC, "--router-mac", CITY_MAC,
                   "-oL", self.file]
        network = int(TARGETS_6[0])

        def found(done):
            with open(self.file, encoding="ascii") as file:
                addresses = {packed(line.split()[3]) for line in file if line.startswith("open ")}
            numbers = [int.from_bytes(address, "big") - network for address in addresses if address]
            inside = sum(0 <= number < 1 << bits for number in numbers)
            return Found(inside, len(addresses) - inside)

        # masscan 1.3.2 looks whether it may end when its pcap read returns, and without packets that is never.
        return Job("masscan, 1 sender", command, 1 << bits, found, 120, trickle=True)

    def zmap(self, bits, senders=1, rate=0):
        """IPv4, for Debian's zmap speaks nothing else. Its packaged blacklist forbids the benchmark space."""
        network = f"{TARGETS_4[0]}/{32 - bits}"
        command = ["zmap", "-M", "icmp_echoscan", "-i", VANTAGE_LINK, "-G", CITY_MAC, "-S", VANTAGE_4,
                   "-b", "/dev/null", "-C", "/dev/null", "-r", str(rate), "-T", str(senders), "-c", "1",
                   "--disable-syslog", "-q", "-v", "1", "-O", "csv", "-f", "saddr", "-o", self.file, network]

        def found(done):
            with open(self.file, encoding="ascii") as file:
                addresses = {line.strip() for line in file} - {"saddr"}
            numbers = [int.from_bytes(socket.inet_aton(text), "big") - int(TARGETS_4[0]) for text in addresses]
            inside = sum(0 <= number < 1 << bits for number in numbers)
            return Found(inside, len(addresses) - inside)

        return Job(f"zmap, {senders} sender{'s' * (senders > 1)}", command, 1 << bits, found, 300)

    def fping(self, listing, count, interval, timeout):
        """Two tries of 500 ms each; it ends with 1 when one target was silent."""
        command = ["fping", "-6", "-i", str(interval), "-r", "1", "-t", "500", "-B", "1", "-a", "-q", "-f", listing]

        def found(done):
            addresses = {packed(line.strip()) for line in done.output.splitlines()}
            return Found(len(addresses), 0, None, addresses)

        return Job("fping", command, count, found, timeout, (0, 1))

    def nmap(self, listing, count, timeout):
        """Echo alone, two tries of at most 500 ms, as the others."""
        return self._nmap("nmap", ["-PE", "--max-retries", "1", "--initial-rtt-timeout", "500ms",
                                   "--max-rtt-timeout", "500ms"], listing, count, timeout)

    def nmap_plain(self, listing, count, timeout):
        """With nothing but its timing template."""
        return self._nmap("nmap, plain", [], listing, count, timeout)

    def _nmap(self, name, options, listing, count, timeout):
        command = ["nmap", "-6", "-sn", "-n", "-T4", *options, "-iL", listing, "-oG", self.file]

        def found(done):
            with open(self.file, encoding="ascii") as file:
                addresses = {packed(line.split()[1]) for line in file if "Status: Up" in line}
            return Found(len(addresses), 0, None, addresses)

        return Job(name, command, count, found, timeout)


def said(summary, pattern):
    """A number in v6audit's summary, such as `kernel drops 12`; None if it is not there."""
    match = re.search(pattern, summary)
    return int(match[1]) if match else None


def dropped(summary):
    """The replies that the kernel dropped before v6audit could read them."""
    return said(summary, r"kernel drops (\d+)")


def replies(summary):
    """The packets that v6audit read, whatever they were."""
    return said(summary, r"replies (\d+):")
