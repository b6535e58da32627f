"""Runs an audit and nmap in turn inside the lab and prints medians and ratios."""

import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time


def measured(command):
    """Wall seconds, CPU seconds and peak resident MiB of a command, as the kernel accounts for it."""
    before = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - before
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}: {errors.decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def targets(inventory):
    """The IPv6 addresses and TCP ports that the inventory declares."""
    defaults = {"http": 80, "https": 443, "ssh": 22, "smtp": 25, "dns": 53, "sip": 5060}
    addresses, ports = set(), set()
    with open(os.path.join(inventory, "hosts.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            addresses.update(a for a in row["addresses"].split() if ":" in a)
            for service in row["services"].split():
                name, _, transport = service.partition("/")
                name, _, port = name.partition(":")
                if transport != "udp" and name != "ntp" and (name != "sip" or transport == "tcp"):
                    ports.add(int(port or defaults[name]))
    return sorted(addresses), sorted(ports)


def main():
    program, inventory, rounds, rate = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    environment = os.environ
    addresses, ports = targets(inventory)
    with tempfile.TemporaryDirectory() as scratch:
        listing = os.path.join(scratch, "addresses")
        with open(listing, "w", encoding="ascii") as file:
            file.write("\n".join(addresses) + "\n")
        audit = [
            program, "audit", "--inventory", inventory, "--output", os.path.join(scratch, "out"),
            "--db", os.path.join(scratch, "db"), "--policy", "2026-1-lab", "--root", environment["LAB_ROOT"], "--rate", rate,
            "--resolver", environment["LAB_RESOLVER"], "--ca-file", environment["LAB_CA"],
            "--control", environment["LAB_CONTROL"], "--dark", environment["LAB_DARK"],
        ]
        nmap = [
            "nmap", "-6", "-n", "-Pn", "-sS", "-T4", "--min-rate", rate, "--max-retries", "2",
            "--script", "ssl-cert", "-p", ",".join(map(str, ports)), "-iL", listing,
        ]
        results = {"v6audit": [], "nmap": []}
        for number in range(rounds):
            for name, command in (("v6audit", audit), ("nmap", nmap)):
                results[name].append(measured(command))
                wall, cpu, memory = results[name][-1]
                print(f"round {number + 1}  {name:8} {wall:7.2f} s  {cpu:6.2f} CPU s  {memory:6.1f} MiB", flush=True)
    print(f"\n{len(addresses)} IPv6 addresses; nmap: ports {','.join(map(str, ports))} and certificates over IPv6 alone;")
    print(f"v6audit: names, both families, all services, files and store, at {rate} packets/s\n")
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    print(f"{'median':10}{'wall s':>10}{'CPU s':>10}{'peak MiB':>10}")
    for name, row in medians.items():
        print(f"{name:10}{row[0]:10.2f}{row[1]:10.2f}{row[2]:10.1f}")
    ratio = [a / b for a, b in zip(medians["v6audit"], medians["nmap"])]
    print(f"{'ratio':10}{ratio[0]:10.2f}{ratio[1]:10.2f}{ratio[2]:10.2f}")


if __name__ == "__main__":
    main()
