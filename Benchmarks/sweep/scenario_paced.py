"""At a rate: is it the rate that was asked for, are the packets evenly spaced, what does waiting cost?"""

import array
import os

import report
from addresses import target
from bench import median
from errors import BenchError

NAME = "paced"
RATE = 1000


def run(bench):
    bench.lab.silence_nobody()
    seconds = 2 if bench.quick else 20
    rounds = bench.rounds
    listing = os.path.join(bench.scratch, "paced-targets")
    with open(listing, "w", encoding="ascii") as file:
        file.writelines(f"{target(number)}\n" for number in range(RATE * seconds))
    bits = (RATE * seconds).bit_length() - 1
    jobs = [(6, bench.programs.masscan(bits, RATE)), (4, bench.programs.zmap(bits, 1, RATE))]
    if bench.with_v6audit:
        jobs.insert(0, (6, bench.programs.v6audit_list(listing, RATE * seconds, RATE, timeout=seconds + 60)))
    results = {job.name: [] for _, job in jobs}
    for number in range(rounds):
        for version, job in jobs:
            measured, found, times = observed(bench, job, version, f"round {number + 1}")
            if measured and len(times) > 1:
                results[job.name].append((measured, Spacing(times, RATE)))

    report.heading(f"Paced: {RATE:,} packets/s for {seconds} s, the gaps as the city's kernel saw them; "
                   f"medians of {rounds}")
    report.table(
        ["program", "rate ÷ asked", "share of one core", "gaps within 20 % of 1 ms", "median ms", "p1 ms", "p99 ms"],
        [[name, report.number(median(done, lambda m, s: s.rate / RATE), 4),
          report.percent(median(done, lambda m, s: m.cpu / m.wall)),
          report.percent(median(done, lambda m, s: s.near)),
          *(report.number(median(done, lambda m, s, q=q: 1000 * s.quantile(q)), 3) for q in (0.5, 0.01, 0.99))]
         for name, done in results.items()])
    if bench.with_v6audit:
        _rates(bench)


def _rates(bench):
    """The asked rate and the real one, from one packet a second to fifty thousand."""
    rows = []
    steps = ((100, 7), (1000, 11)) if bench.quick else (
        (1, 3), (10, 6), (100, 9), (1000, 12), (10_000, 16), (50_000, 18))
    for rate, bits in steps:
        job = bench.programs.v6audit(bits, 1, rate)
        done = []
        for number in range(min(bench.rounds, 3)):
            measured, found, times = observed(bench, job, 6, f"{rate}/s, round {number + 1}")
            if measured and len(times) > 1:
                done.append((measured, Spacing(times, rate)))
        actual = median(done, lambda m, s: s.rate)
        rows.append([f"{rate:,}", report.number(actual, 2), report.ratio(actual, rate, 4),
                     "–" if actual is None else "yes" if abs(actual / rate - 1) <= 0.01 else "NO",
                     report.percent(median(done, lambda m, s: s.near)),
                     report.percent(median(done, lambda m, s: m.cpu / m.wall))])
    report.heading(f"Rates: asked and real; medians of {min(bench.rounds, 3)}")
    report.table(["asked packets/s", "real", "real ÷ asked", "within 1 %", "gaps within 20 %", "share of one core"],
                 rows)


class Spacing:
    """Real rate and gaps, from arrival times in nanoseconds."""

    def __init__(self, times, rate):
        self.rate = (len(times) - 1) * 1e9 / (times[-1] - times[0])
        self.gaps = sorted((b - a) / 1e9 for a, b in zip(times, times[1:]))
        self.near = sum(0.8 <= gap * rate <= 1.2 for gap in self.gaps) / len(self.gaps)

    def quantile(self, share):
        return self.gaps[min(len(self.gaps) - 1, int(share * len(self.gaps)))]


def observed(bench, job, version, label):
    """Runs a job while the city notes when each echo request arrives; (Measured, Found, times)."""
    path = os.path.join(bench.scratch, "arrivals")
    with bench.in_city(bench.tools.arrivals(version, path)) as said:
        measured, found = bench.run(job, label)
    if said["drops"]:
        raise BenchError(f"the watcher in the city lost {said['drops']} packets; its gaps mean nothing")
    times = array.array("Q")
    with open(path, "rb") as file:
        times.frombytes(file.read())
    return measured, found, sorted(times)
