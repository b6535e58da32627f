"""What the scenarios share: the program, the meter, a folder, and the goals that were held or not."""

import os
import sys

from measuring import Meter
from report import number


class Bench:
    def __init__(self, program, scratch, rounds, quick):
        self.program, self.scratch, self.rounds, self.quick = program, scratch, rounds, quick
        self.meter = Meter(scratch)
        self.failures = []

    def path(self, *parts):
        return os.path.join(self.scratch, *parts)

    def hold(self, what, value, limit, unit, at_least=False, digits=1):
        """Says whether a goal is held. With small sizes nothing is said of speed and memory."""
        if self.quick:
            return
        is_held = value >= limit if at_least else value < limit
        text = f"{what}: {number(value, digits)} {unit}, goal {'at least' if at_least else 'under'} {number(limit, 0)}"
        print(f"{'held' if is_held else 'FAILED'}: {text}", flush=True)
        if not is_held:
            self.failures.append(text)

    def check(self, what, is_right, otherwise=""):
        """Says whether a result is right, whatever the size."""
        text = what if is_right else f"{what}: {otherwise}" if otherwise else what
        print(f"{'right' if is_right else 'FAILED'}: {text}", flush=True)
        if not is_right:
            self.failures.append(text)


def progress(text):
    print(f"  {text}", file=sys.stderr, flush=True)
