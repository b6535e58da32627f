"""The receiving side alone: how many replies a second can be taken in without losing one?"""

import json
import subprocess

import report
from addresses import FIRST_TARGET
from bench import progress

NAME = "receive"
RATES = (50_000, 100_000, 200_000, 300_000, 400_000, 500_000)


def run(bench):
    seconds = 1 if bench.quick else 3
    steps = [(rate, 1) for rate in (RATES[:2] if bench.quick else RATES)] + [(0, 1), (0, 2)]
    rows = []
    for number in range(bench.rounds):
        for rate, threads in steps:
            sent, took, said = _flooded(bench, rate, threads, seconds)
            rows.append((rate, threads, sent, took, said))
            progress(f"round {number + 1}  flood {rate or 'unlimited'} × {threads}: {sent / took / 1000:.1f} kpps, "
                     f"counted {said['replies']} of {sent}, dropped {said['drops']}")
    report.heading(f"Receive: the C counter in a flood of replies, {seconds} s each; {bench.rounds} rounds, all together")
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
