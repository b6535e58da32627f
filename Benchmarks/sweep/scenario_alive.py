"""Which of these addresses are alive? One in five is silent; two tries of half a second each."""

import os

import report
from addresses import chosen, packed_target, target
from bench import median

NAME = "alive"
SILENT = 0.2


def run(bench):
    _small(bench)
    _big(bench)
    bench.lab.silence_nobody()


def _small(bench):
    count = 1000 if bench.quick else 10_000
    listing, true = _prepare(bench, count)
    jobs = [bench.programs.fping(listing, count, 0, 120), bench.programs.nmap(listing, count, 300)]
    if bench.with_v6audit:
        jobs.insert(0, bench.programs.v6audit_list(listing, count, tries=2, wait=0.5, timeout=120))
    _report(bench, jobs, bench.in_turn(jobs), true, bench.rounds)


def _big(bench):
    count = 5_000 if bench.quick else 1_000_000
    listing, true = _prepare(bench, count)
    # fping has 65,536 sequence numbers and keeps each for ten seconds: faster than this it gives up.
    jobs = [bench.programs.fping(listing, count, 0.16, 600)]
    if bench.with_v6audit:
        jobs.insert(0, bench.programs.v6audit_list(listing, count, tries=2, wait=0.5, timeout=300))
    _report(bench, jobs, bench.in_turn(jobs, rounds=1), true, 1)


def _prepare(bench, count):
    """Writes the targets to a file and silences some; (file, the addresses that answer)."""
    listing = os.path.join(bench.scratch, "alive-targets")
    with open(listing, "w", encoding="ascii") as file:
        file.writelines(f"{target(number)}\n" for number in range(count))
    silent = chosen(count, SILENT, seed=2)
    bench.lab.silence(silent)
    return listing, {packed_target(number) for number in set(range(count)) - set(silent)}


def _report(bench, jobs, results, true, rounds):
    report.heading(f"Alive: {jobs[0].targets:,} addresses, {SILENT:.0%} silent, two tries of 500 ms; "
                   f"medians of {rounds}")
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
