"""One target in a hundred answers: does the time grow with the targets, and with nothing else?"""

import report
from addresses import chosen, packed_target
from bench import median

NAME = "sparse"
SHARE = 0.01


def run(bench):
    if not bench.with_v6audit:
        return
    all_bits = (13, 15, 17) if bench.quick else (13, 17, 20, 22)
    # One set for the largest range; the smaller ranges are its beginnings.
    alive = chosen(1 << all_bits[-1], SHARE, seed=1)
    bench.lab.silence(alive, all_but_these=True)
    jobs = {bits: bench.programs.v6audit(bits, timeout=900) for bits in all_bits}
    results = {bits: [] for bits in all_bits}
    wrong = {bits: 0 for bits in all_bits}
    for number in range(bench.rounds):
        for bits, job in jobs.items():
            measured, found = bench.run(job, f"round {number + 1}")
            if measured:
                results[bits].append((measured, found))
                true = {packed_target(n) for n in alive if n < 1 << bits}
                wrong[bits] += len(bench.programs.v6audit_found() - true)
    bench.lab.silence_nobody()

    report.heading(f"Sparse: {SHARE:.0%} of the targets answer, the rest is silent; medians of {bench.rounds}")
    rows, points = [], []
    for bits in all_bits:
        true, done = sum(n < 1 << bits for n in alive), results[bits]
        wall = median(done, lambda m, f: m.wall)
        if wall is not None:
            points.append((1 << bits, wall))
        rows.append([f"{1 << bits:,}", f"{true:,}", report.number(wall, 2), report.number(
            median(done, lambda m, f: m.cpu), 2), report.number(median(done, lambda m, f: m.peak)),
            report.share(median(done, lambda m, f: f.targets), true), wrong[bits]])
    report.table(["targets", "responders", "wall s", "CPU s", "peak MiB", "found", "false"], rows)
    if len(points) >= 2:
        slope, start, fit = line(points)
        print(f"Least squares: {start:.2f} s + {slope * 1e6:.3f} s per million targets, R² = {fit:.5f}\n", flush=True)


def line(points):
    """Slope, intercept and coefficient of determination of the straight line through `points`."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    start = mean_y - slope * mean_x
    rest = sum((y - start - slope * x) ** 2 for x, y in points)
    total = sum((y - mean_y) ** 2 for _, y in points)
    return slope, start, 1 - rest / total if total else 1.0
