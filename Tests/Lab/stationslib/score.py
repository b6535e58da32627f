"""How well `discover` did: what it told, beside what is true and what was really on the wire.

Who counts as found or missed is told by the capture: a station that neither sent nor answered anything in a time
cannot be found. Whether what was told is right is told by the truth.
"""

import csv
import ipaddress
import json
from dataclasses import dataclass, field

from lablib.errors import InputError, LabError

from .capture import frames

ENOUGH = 0.99
SETTLING = 2
"""Seconds around a change of addresses in which nobody knows who should answer."""
ND_OR_MLD = {"131", "132", "133", "134", "135", "143"}
"""Messages of which the source is the station's own: they are never forwarded."""


def read_truth(path):
    try:
        with open(path, encoding="ascii") as file:
            return json.load(file)
    except OSError as error:
        raise LabError(f"{path}: {error.strerror}; run this within: stations run -- …") from error


@dataclass
class Count:
    """Told beside true."""
    what: str
    right: set = field(default_factory=set)
    wrong: set = field(default_factory=set)
    missed: set = field(default_factory=set)
    found: set = field(default_factory=set)
    """Told, and shown on the wire in that time; missed were shown and not told."""

    @property
    def precision(self):
        told = len(self.right) + len(self.wrong)
        return len(self.right) / told if told else 1.0

    @property
    def recall(self):
        # Of nothing that was shown nothing can be learned.
        shown = len(self.found) + len(self.missed)
        return len(self.found) / shown if shown else 0.0

    @property
    def is_good(self):
        return self.precision >= ENOUGH and self.recall >= ENOUGH


def shown(rows, macs):
    """Which of the stations sent any frame, and which of their addresses they said on the link."""
    stations, pairs = set(), set()
    for row in rows:
        mac = row["eth.src"]
        if mac not in macs:
            raise LabError(f"a frame of {mac}, whom nobody planted: the truth is wrong")
        stations.add(mac)
        said = []
        if row["arp.src.proto_ipv4"] not in ("", "0.0.0.0"):
            said.append(row["arp.src.proto_ipv4"])
        source = row["ipv6.src"]
        if source == "::" and row["icmpv6.type"] == "135":
            said.append(row["icmpv6.nd.ns.target_address"])
        elif source and source != "::":
            if row["icmpv6.type"] in ND_OR_MLD or ipaddress.IPv6Address(source).is_link_local:
                said.append(source)
        if row["icmpv6.nd.na.target_address"]:
            said.append(row["icmpv6.nd.na.target_address"])
        pairs |= {(mac, ipaddress.ip_address(address)) for address in said}
    return stations, pairs


def score(truth, folder, told_files, first, last):
    """Counts stations, and stations with addresses, over all links; each is told with its link."""
    stations, pairs = Count("stations"), Count("addresses")
    known = {}
    for row in truth["stations"]:
        known.setdefault(row["link"], {})[row["mac"]] = row
    for link, path in told_files:
        if link not in known:
            raise InputError(f"{link}: no such link")
        rows = known.pop(link)
        _check_silence(folder, link, rows)
        own = frames(folder, link, first, last)
        # Who was asked in the last moment answers after it.
        _check_answers(link, own, frames(folder, link, first, last + SETTLING), rows)
        told, told_pairs = read_told(path)
        true = {mac for mac, row in rows.items() if not row.get("silent")}
        # What this machine itself sends is no discovery: it may be told, and need not be.
        others = {mac for mac, row in rows.items() if row["kind"] != "vantage"}
        sent, said = shown(own, rows)
        _count(stations, link, told, told & true, sent & others)
        _count(pairs, link, told_pairs, {p for p in told_pairs if p[0] in true and _has(rows[p[0]], p[1])},
               {p for p in said if p[0] in others})
    return stations, pairs


def _count(count, link, told, right, shown_ones):
    count.right |= {(link, one) for one in right}
    count.wrong |= {(link, one) for one in told - right}
    count.found |= {(link, one) for one in shown_ones & told}
    count.missed |= {(link, one) for one in shown_ones - told}


def _has(row, address):
    if any(ipaddress.ip_address(a["address"]) == address for a in row["addresses"]):
        return True
    return "aliased" in row and address.version == 6 and address in ipaddress.ip_network(row["aliased"])


def _check_silence(folder, link, rows):
    """That the silent ones are silent is planted; that they really are is measured, over all of the time."""
    for row in frames(folder, link):
        if rows.get(row["eth.src"], {}).get("silent"):
            raise LabError(f"{row['eth.src']} on {link} is to be silent and sent a frame: the truth is wrong")


def _check_answers(link, questions, answers, stations):
    """That the others answer whoever asks for an address of theirs is measured too: their kernel may have no room."""
    owners = {ipaddress.ip_address(a["address"]): (mac, a) for mac, row in stations.items() for a in row["addresses"]
              if row["kind"] != "vantage" and not row["silent"]}
    asked, answered = {}, set()
    for row in questions:
        if stations[row["eth.src"]]["kind"] == "vantage":
            for text in (row["arp.dst.proto_ipv4"], row["icmpv6.nd.ns.target_address"]):
                if text:
                    asked.setdefault(ipaddress.ip_address(text), row["time"])
    for row in answers:
        for text in (row["arp.src.proto_ipv4"], row["icmpv6.nd.na.target_address"]):
            if text:
                answered.add((row["eth.src"], ipaddress.ip_address(text)))
    mute = [str(address) for address, time in asked.items()
            if address in owners and owners[address][1]["first"] < time < owners[address][1]["last"] - SETTLING
            and (owners[address][0], address) not in answered]
    if mute:
        raise LabError([f"{len(mute)} stations on {link} did not answer for addresses of theirs, {mute[0]} the first:",
                        "the truth is wrong; the kernel may have no room for more neighbours "
                        "(net.ipv6.neigh.default.gc_thresh3)"])


def read_told(path):
    """Stations and their addresses, as `discover --format csv` has them."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    pairs = {(row["mac"], ipaddress.ip_address(address)) for row in rows
             for column in ("addresses", "temporary") for address in row[column].split()}
    return {row["mac"] for row in rows}, pairs


def show_score(name, truth, folder, told_files, first, last):
    """Prints a table; says whether it is good enough."""
    counts = score(truth, folder, told_files, first, last)
    print(f"{name:14} {'shown':>6} {'found':>6} {'told':>6} {'wrong':>6} {'precision':>10} {'recall':>7}")
    for count in counts:
        print(f"  {count.what:12} {len(count.found) + len(count.missed):6} {len(count.found):6} "
              f"{len(count.right) + len(count.wrong):6} {len(count.wrong):6} {count.precision:10.4f} "
              f"{count.recall:7.4f}")
        for word, those in (("missed", count.missed), ("wrong", count.wrong)):
            for link, one in sorted(those, key=str)[:10]:
                print(f"    {word} on {link}: {_text(truth, one)}")
    links = {link for link, _ in told_files}
    others = [row for row in truth["stations"] if row["link"] in links and row["kind"] != "vantage"]
    alive, silent = ({(row["link"], row["mac"]) for row in others if row["silent"] is which} for which in (False, True))
    told = counts[0].right | counts[0].wrong
    print(f"  of {len(alive)} that are not silent {len(alive & told)} were told, "
          f"of {len(silent)} silent ones {len(silent & told)}")
    is_good = all(count.is_good for count in counts) and not silent & told
    print(f"{name}: precision and recall of stations and addresses {'are' if is_good else 'are NOT'} "
          f"{ENOUGH} or more")
    return is_good


def _text(truth, one):
    mac, *address = one if isinstance(one, tuple) else (one,)
    kinds = [row["kind"] for row in truth["stations"] if row["mac"] == mac] or ["nobody's"]
    return " ".join([mac, *map(str, address), f"({kinds[0]})"])
