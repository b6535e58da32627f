"""Whether the words that `discover --events` and `inventory diff` say are true."""

import csv
import ipaddress
import re

from lablib.errors import InputError


def _read(paths):
    try:
        return "".join(open(path, encoding="utf-8").read() for path in paths)
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}") from error


def show_events(truth, paths):
    """Looks whether each router that spoke, and each address that was changed, is told."""
    lines = _read(paths).splitlines()
    is_good = True
    done = {(event["what"], event["mac"]) for event in truth["events"]}

    def want(what, pattern):
        nonlocal is_good
        found = [line for line in lines if re.search(pattern, line)]
        is_good &= bool(found)
        print(f"events: {what}: {found[0] if found else 'NOT TOLD'}")

    for row in truth["stations"]:
        mac = re.escape(row["mac"])
        if row["kind"] == "router" or (row["kind"] == "rogue" and ("rogue", row["mac"]) in done):
            want(f"{row['link']} {row['kind']}", rf"^! router \S+ of {mac}: .*{re.escape(row['advertises'])}")
        if ("moved", row["mac"]) in done:
            for address in row["moves_to"]:
                want(f"{row['link']} has another address", rf"^\+ address {re.escape(address)} of {mac}$")
    routers = {m[1] for line in lines if (m := re.match(r"! router \S+ of (\S+):", line))}
    false = routers - {row["mac"] for row in truth["stations"] if row.get("advertises")}
    for mac in sorted(false):
        print(f"events: {mac} is told as a router and is none")
    return is_good and not false


def show_folded(truth, path):
    """Looks whether each station is in one row at most, and no temporary address is proposed.

    Where a station makes its lasting address by lot as well (RFC 7217), nothing that is heard tells which is which:
    there it must be one of each prefix that is proposed, whichever it is, and the lasting one should be.
    """
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in ("undeclared", "addresses")]
    place, proposed = {}, set()
    for number, row in enumerate(rows):
        for text in row["observed"].split():
            place[ipaddress.ip_address(text)] = number
        words = re.search(r"(?:^|; )addresses ([^;]*)", row["proposed"])
        proposed |= {ipaddress.ip_address(text) for text in (words[1] if words else "").split()}
    apart, noise, several, guesses, wrong_guesses = [], [], [], 0, 0
    for row in truth["stations"]:
        own = {ipaddress.ip_address(a["address"]): a["kind"] for a in row["addresses"]}
        numbers = {place[address] for address in own if address in place and not address.is_link_local}
        if len(numbers) > 1:
            apart.append(f"{row['link']} {row['kind']} {row['mac']} is in {len(numbers)} rows")
        temporary = {a for a, kind in own.items() if kind == "temporary" and a in proposed}
        if row["kind"] != "private-temporary":
            noise += [f"{row['link']} {row['kind']} {address} of {row['mac']}" for address in temporary]
            continue
        networks = {ipaddress.ip_network((address, 64), strict=False) for address in own if address.version == 6}
        for network in networks:
            drawn = {a for a, kind in own.items() if kind in ("temporary", "made") and a.version == 6
                     and a in network}
            guesses += bool(drawn & proposed)
            wrong_guesses += bool(drawn & temporary)
            if len(drawn & proposed) > 1:
                several.append(f"{row['link']} {row['mac']}: {len(drawn & proposed)} drawn addresses of {network}")
    for what, those in (("apart", apart), ("temporary and proposed", noise), ("several proposed", several)):
        for one in those[:10]:
            print(f"  {what}: {one}")
    held = sum(a["kind"] == "temporary" for row in truth["stations"] for a in row["addresses"])
    print(f"folded: {len(rows)} rows, {len(apart)} stations in several rows; of {held} temporary addresses "
          f"{len(noise)} proposed; of {guesses} lasting ones made by lot {wrong_guesses} taken for temporary")
    return bool(rows) and not apart and not noise and not several
