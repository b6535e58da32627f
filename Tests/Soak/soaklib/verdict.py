"""What the samples say: pure arithmetic."""

WARM_UP = 0.2
"""Share of the time in which memory may grow: each kind of round comes for the first time, clients fill caches."""
PARTS = 4
"""Parts of the time after it of which each must have seen a round of most kinds."""


def slope(points):
    """Least squares: how much the second grows with one of the first."""
    count = len(points)
    middle_x, middle_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def settled(samples, warm):
    return [sample for sample in samples if sample.at >= warm]


def levels(samples, warm, what):
    """What is held between the work of rounds and answers: the lower quartile of each part of the time after the warm-up, in
    MB, with the hour in its middle. What a round or a client takes for a moment says nothing of what stays."""
    kept = settled(samples, warm)
    length = (kept[-1].at - kept[0].at) / PARTS + 1e-9
    parts = [[] for _ in range(PARTS)]
    for sample in kept:
        parts[int((sample.at - kept[0].at) / length)].append(getattr(sample, what) * 1024 / 1e6)
    return [((number + 0.5) * length / 3600, sorted(part)[len(part) // 4]) for number, part in enumerate(parts) if part]


def growth(samples, warm, what):
    """MB an hour by which that grows."""
    return slope(levels(samples, warm, what))


def median(values):
    values = sorted(values)
    return values[len(values) // 2]
