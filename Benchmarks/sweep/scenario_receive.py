"""The receiving side alone: how many replies a second can be taken in without losing one?

First a flood that nobody asked for, counted by the C counter: the path from the wire through the ring. Then a city
that answers each request many times over: every program takes those replies for its own and must look at them all.
"""

import json
import subprocess

import report
from addresses import FIRST_TARGET
from bench import median, progress

NAME = "receive"
RATES = (50_000, 100_000, 200_000, 300_000, 400_000, 500_000)
TIMES = 50
"""Replies to one request where they are multiplied."""


def run(bench):
    _flood(bench)
    _multiplied(bench)


def _flood(bench):
    seconds = 1 if bench.quick else 3
    steps = [(rate, 1) for rate in (RATES[:2] if bench.quick else RATES)] + [(0, 1), (0, 2)]
    rows = []
    for number in range(bench.rounds):
        for rate, threads in steps:
            sent, took, said = _flooded(bench, rate, threads, seconds)
            rows.append((rate, threads, sent, took, said))
            progress(f"round {number + 1}  flood {rate or 'unlimited'} × {threads}: {sent / took / 1000:.1f} kpps, "
                     f"counted {said['replies']} of {sent}, dropped {said['drops']}")
    report.heading(f"Receive: the C counter in a flood of replies, {seconds} s each; {bench.rounds} rounds together")
    report.table(["flood", "threads", "kpps sent", "counted", "dropped by the ring", "lost before it"],
                 [_row(rate, threads, rows) for rate, threads in steps])
    lossless = [sent / took for _, _, sent, took, said in rows if said["replies"] == sent]
    print(f"Most without a loss: {max(lossless) / 1000:,.1f} kpps\n" if lossless else "Every flood had losses.\n",
          flush=True)


def _row(rate, threads, rows):
    mine = [row[2:] for row in rows if row[:2] == (rate, threads)]
    sent, counted = sum(row[0] for row in mine), sum(row[2]["replies"] for row in mine)
    drops = sum(row[2]["drops"] for row in mine)
    return [f"{rate:,}/s" if rate else "unlimited", threads, report.number(sent / sum(row[1] for row in mine) / 1000),
            report.share(counted, sent), drops, sent - counted - drops]


def _flooded(bench, rate, threads, seconds):
    """Packets sent, seconds of sending, and what the counter said."""
    bits = 20
    counter = subprocess.Popen(
        bench.tools.ceiling(FIRST_TARGET, 1 << bits, "--only", "receive", "--seconds", str(seconds + 1)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        counter.stderr.readline()
        flood = json.loads(subprocess.run(
            bench.tools.flood(FIRST_TARGET, 1 << bits, "--rate", str(rate), "--threads", str(threads),
                              "--seconds", str(seconds)),
            capture_output=True, text=True, check=True, timeout=60).stdout)
        said = json.loads(counter.communicate(timeout=60)[0])
    finally:
        counter.kill()
        counter.wait()
    return flood["sent"], flood["seconds"], said


def _multiplied(bench):
    all_bits = (12,) if bench.quick else (12, 13, 14, 15)
    seconds = 2 if bench.quick else 4
    # The kernel of the city must not answer as well.
    bench.lab.silence([], all_but_these=True)
    results = {}
    for number in range(bench.rounds):
        for bits in all_bits:
            rate = (1 << bits) // seconds
            jobs = [bench.programs.ceiling(bits, 1, "--rate", str(rate))]
            if bench.with_v6audit:
                jobs.append(bench.programs.v6audit(bits, 1, rate))
            for job in jobs:
                with bench.in_city(bench.tools.multiply(TIMES)) as said:
                    measured, found = bench.run(job, f"round {number + 1}")
                if measured:
                    results.setdefault((job.name, bits), []).append((measured, (found, said)))
    bench.lab.silence_nobody()
    report.heading(f"Receive: {TIMES} replies to each request, for {seconds} s; medians of {bench.rounds}")
    report.table(["program", "replies, kpps", "read", "targets found", "dropped by its ring",
                  "CPU s per million replies", "requests lost by the lab"],
                 [_multiplied_row(*key, results[key]) for key in sorted(results)])


def _multiplied_row(name, bits, done):
    drops = [found.drops for _, (found, _) in done]
    return [name, report.number(median(done, lambda m, f: f[1]["sent"] / f[1]["seconds"] / 1000)),
            "not said" if any(found.replies is None for _, (found, _) in done) else report.share(
                sum(found.replies for _, (found, _) in done), sum(said["sent"] for _, (_, said) in done)),
            report.share(median(done, lambda m, f: f[0].targets), 1 << bits),
            "not said" if None in drops else f"{sum(drops):,}",
            report.number(median(done, lambda m, f: 1e6 * m.cpu / f[1]["sent"]), 2),
            sum(f[1]["drops"] for _, f in done)]
