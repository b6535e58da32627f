"""What the samples say: pure arithmetic."""

WARM_UP = 0.2
"""Share of the time in which memory may grow: each kind of round comes for the first time, clients fill caches."""


def slope(points):
    """Least squares: how much the second grows with one of the first."""
    count = len(points)
    middle_x, middle_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def settled(samples, warm):
    return [sample for sample in samples if sample.at >= warm]


def growth(samples, warm, what):
    """MB an hour that a value in KiB grows by after the warm-up."""
    return slope([(sample.at / 3600, getattr(sample, what) * 1024 / 1e6) for sample in settled(samples, warm)])


def median(values):
    values = sorted(values)
    return values[len(values) // 2]
