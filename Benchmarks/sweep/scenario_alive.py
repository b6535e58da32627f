"""Which of these addresses are alive? One in five is silent; two tries of half a second each."""

import os

import report
from addresses import chosen, packed_target, target
from bench import median

NAME = "alive"
SILENT = 0.2


def run(bench):
    _small(bench)
    _plain(bench)
    bench.lab.silence_nobody()


def _small(bench):
    count = 1000 if bench.quick else 10_000
    listing, true = prepare(bench, count)
    compare(bench, [bench.programs.fping(listing, count, 0, 120), bench.programs.nmap(listing, count, 300)],
            listing, true, bench.rounds)


def _plain(bench):
    """nmap as everybody calls it has its own mind about patience, so it gets an end."""
    count = 1000 if bench.quick else 10_000
    listing, true = prepare(bench, count)
    compare(bench, [bench.programs.nmap_plain(listing, count, 300)], listing, true, min(bench.rounds, 3))


def prepare(bench, count):
    """Writes the targets to a file and silences some; (file, the addresses that answer)."""
    listing = os.path.join(bench.scratch, "alive-targets")
    with open(listing, "w", encoding="ascii") as file:
        file.writelines(f"{target(number)}\n" for number in range(count))
    silent = chosen(count, SILENT, seed=2)
    bench.lab.silence(silent)
    return listing, {packed_target(number) for number in set(range(count)) - set(silent)}


def compare(bench, jobs, listing, true, rounds):
    """Others beside v6audit, which does two tries of 500 ms."""
    count = jobs[0].targets
    if bench.with_v6audit:
        jobs.insert(0, bench.programs.v6audit_list(listing, count, tries=2, wait=0.5, timeout=300))
    results = bench.in_turn(jobs, rounds)
    report.heading(f"Alive: {count:,} addresses, {SILENT:.0%} silent, two tries of 500 ms; medians of {rounds}")
    ours = median(results.get("v6audit"), lambda m, f: m.wall)
    rows = []
    for job in jobs:
        done = results[job.name]
        wall = median(done, lambda m, f: m.wall)
        rows.append([job.name, report.number(wall, 2), report.ratio(wall, ours), report.number(
            median(done, lambda m, f: m.cpu), 2), report.number(median(done, lambda m, f: m.peak)),
            report.share(median(done, lambda m, f: len(f.addresses & true)), len(true)),
            sum(len(f.addresses - true) for _, f in done), f"{len(done)} of {rounds}"])
    report.table(["program", "wall s", "÷ v6audit", "CPU s", "peak MiB", "found of the living", "false", "runs"], rows)
