"""What ends the benchmark with a message instead of a traceback."""


class BenchError(Exception):
    """The benchmark cannot go on; the text says why."""
