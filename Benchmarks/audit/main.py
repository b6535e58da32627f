"""Benchmark of `v6audit audit` on many hosts beside nmap and bare TLS handshakes, in private namespaces.

The outer half makes the namespaces and a scratch folder and runs this file again inside; all goes with it.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "sweep"))

from errors import BenchError  # noqa: E402
from namespaces import run_again_inside  # noqa: E402

NMAP_HOSTS = 200
EXPORT = 10
"""Seconds that an export of the median size may take."""


def parse(arguments):
    parser = argparse.ArgumentParser(prog="run-audit", description=__doc__.partition("\n")[0])
    parser.add_argument("program", metavar="PROGRAM", help="the v6audit to measure")
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=3)
    parser.add_argument("--hosts", default="1000,10000,50000", help="sizes, separated by commas; rounds are made of the "
                        "one nearest to 10,000, the others are measured once")
    parser.add_argument("--rate", default="200000", help="packets per second of the audit")
    parser.add_argument("--policy", default="2026-1-lab")
    parser.add_argument("--without-nmap", action="store_true")
    parser.add_argument("--inside", metavar="SCRATCH", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def audit(bench, options, city, folder):
    """One audit; returns what was measured. Every host must come out converted."""
    from lab import VANTAGE_LINK  # noqa: F401
    os.mkdir(folder)
    command = [
        bench["program"], "audit", "--inventory", city.inventory, "--output", f"{folder}/out", "--db", f"{folder}/db",
        "--policy", options.policy, "--resolver", city.resolver, "--ca-file", city.ca, "--control", city.resolver,
        "--dark", "100::dead", "--rate", options.rate]
    if options.policy.startswith("2026-1"):
        command += ["--root", city.root]
    done = bench["meter"].run(command, 1800)
    if done.failure:
        raise BenchError(f"{done.failure}\n{done.errors[-1000:]}")
    with open(f"{folder}/out/hosts.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    converted = sum(row["converted"] == "yes" for row in rows)
    if len(rows) != city.count or converted != city.count:
        others = [row for row in rows if row["converted"] != "yes"][:3]
        print(f"FAILED: {converted} of {city.count} hosts converted; {others}", flush=True)
    return done


def export(bench, options, city, folder):
    """All files that the nightly export makes of the stored run, and sqlite3 writing the run's rows as CSV."""
    from report import heading, number, table
    configuration = os.path.join(folder, "v6audit.yaml")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(f"inventory: {city.inventory}\ndb: {folder}/db\npolicy: {options.policy}\n"
                   f"export:\n  directory: {folder}/export\n")
    ours = bench["meter"].run([bench["program"], "export", "--config", configuration], 300)
    peer = bench["meter"].run(["sqlite3", "-readonly", "-csv", "-header", f"{folder}/db",
                               "SELECT * FROM check_row WHERE run = 1 ORDER BY ordinal"], 300)
    for done in (ours, peer):
        if done.failure:
            raise BenchError(f"{done.failure}\n{done.errors[-1000:]}")
    (day,) = os.listdir(f"{folder}/export")
    size = sum(entry.stat().st_size for entry in os.scandir(f"{folder}/export/{day}")) / 1e6
    heading(f"Export of {city.count:,} hosts")
    table(["program", "wall s", "CPU s", "peak MiB", "MB written"],
          [["v6audit export", number(ours.wall, 2), number(ours.cpu, 2), number(ours.peak), number(size)],
           ["sqlite3: the rows of checks alone", number(peer.wall, 2), number(peer.cpu, 2), number(peer.peak),
            number(len(peer.output.encode()) / 1e6)]])
    print(f"v6audit ÷ sqlite3: {ours.wall / peer.wall:.1f} of the time")
    if ours.wall > EXPORT:
        print(f"FAILED: the export took {ours.wall:.1f} s and not {EXPORT}", flush=True)


def inside(options):
    from city import City
    from lab import Lab
    from meter import Meter
    from peers import nmap, tls_handshakes
    from report import heading, machine, number, table
    from tools import Tools
    scratch = options.inside
    lab, tools = Lab(), Tools(scratch)
    bench = {"program": os.path.abspath(options.program), "meter": Meter(lab, tools, scratch)}
    print(machine(), flush=True)
    sizes = sorted(int(size) for size in options.hosts.split(","))
    main_size = min(sizes, key=lambda size: abs(size - 10_000))
    growth = []
    for size in sizes:
        city = City(size, os.path.join(scratch, f"city-{size}"))
        runs, rates = [], []
        for round_number in range(options.rounds if size == main_size else 1):
            if size == main_size:
                rates.append(tls_handshakes(10))
            folder = os.path.join(scratch, f"audit-{size}-{round_number}")
            done = audit(bench, options, city, folder)
            runs.append(done)
            if size == main_size and round_number == options.rounds - 1:
                export(bench, options, city, folder)
            shutil.rmtree(folder)
            print(f"  {size} hosts, round {round_number + 1}: {done.wall:.2f} s, {done.cpu:.2f} CPU s, "
                  f"{done.peak:.1f} MiB, {done.packets} packets"
                  + (f"; openssl {rates[-1]:.0f} handshakes/s" if rates else ""), file=sys.stderr, flush=True)
        wall, cpu, peak = (sorted(getattr(run, what) for run in runs)[len(runs) // 2] for what in ("wall", "cpu", "peak"))
        growth.append((f"{size:,}", number(wall, 2), number(cpu, 2), number(peak), number(1e3 * wall / size, 2)))
        if size == main_size:
            rate = sorted(rates)[len(rates) // 2]
            bare = 2 * size / rate
            heading(f"{size:,} hosts, both families, http and https, DNS: median of {options.rounds} rounds")
            rows = [["v6audit", size, number(wall, 2), number(cpu, 2), number(peak), number(size / wall, 1)],
                    [f"openssl s_time: {2 * size:,} handshakes", size, number(bare, 2), "–", "–", number(size / bare, 1)]]
            if not options.without_nmap:
                done = bench["meter"].run(nmap(NMAP_HOSTS, os.path.join(scratch, "listing")), 1800)
                if done.failure:
                    raise BenchError(done.failure)
                rows.append(["nmap -6 -sV, ssl-cert, http-title", NMAP_HOSTS, number(done.wall, 2), number(done.cpu, 2),
                             number(done.peak), number(NMAP_HOSTS / done.wall, 2)])
            table(["program", "hosts", "wall s", "CPU s", "peak MiB", "hosts/s"], rows)
            print(f"v6audit ÷ bare handshakes: {wall / bare:.2f} of the time")
            if not options.without_nmap:
                print(f"v6audit ÷ nmap: {size / wall / (NMAP_HOSTS / done.wall):.1f} × as many hosts a second")
        city.close()
    heading("Growth")
    table(["hosts", "wall s", "CPU s", "peak MiB", "ms a host"], growth)
    return 0


def main():
    options = parse(sys.argv[1:])
    return inside(options) if options.inside else run_again_inside(__file__, sys.argv[1:], "bench")


if __name__ == "__main__":
    try:
        code = main()
    except (BenchError, subprocess.SubprocessError) as error:
        print(f"run-audit: {error}", file=sys.stderr)
        code = 3
    sys.stdout.flush()
    os._exit(code)
