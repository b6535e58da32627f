"""Sixteen million targets that all answer: is memory bounded, and is nothing lost?"""

import report
from bench import median

NAME = "large"


def run(bench):
    if not bench.with_v6audit:
        return
    bits = 16 if bench.quick else 24
    bench.lab.silence_nobody()
    jobs = [bench.programs.v6audit(bits, senders, timeout=900) for senders in (1, 2)]
    # A minute and more each: what they show is memory and completeness, which do not vary.
    rounds = min(bench.rounds, 2)
    results = bench.in_turn(jobs, rounds)
    report.heading(f"Large: {1 << bits:,} targets that all answer; medians of {rounds}")
    rows = []
    for job in jobs:
        done = results[job.name]
        rows.append([job.name, report.number(median(done, lambda m, f: m.wall), 1),
                     report.number(median(done, lambda m, f: m.rate / 1000)),
                     report.number(median(done, lambda m, f: m.cpu), 1),
                     report.number(median(done, lambda m, f: m.peak)),
                     report.share(median(done, lambda m, f: f.targets), job.targets),
                     sum(f.strange for _, f in done), f"{len(done)} of {rounds}"])
    report.table(["program", "wall s", "kpps", "CPU s", "peak MiB", "found", "strange", "runs"], rows)
