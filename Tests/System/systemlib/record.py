"""Runs steps one after the other, and writes down what was observed."""

import sys
import time
import traceback
from pathlib import Path

from .errors import StepFailed

BEGIN, END = "<!-- make test-system: begin -->", "<!-- make test-system: end -->"


class Record:
    """What came of each step."""

    def __init__(self):
        self.rows = []
        self.failed = 0

    def take(self, step, scene, on_failure):
        """Runs a step: a function whose docstring says what it does, and that returns what it observed."""
        title = " ".join(step.__doc__.split())
        print(f"▶ {step.__name__}: {title}", flush=True)
        began = time.monotonic()
        try:
            observed, failed = step(scene), False
        except StepFailed as failure:
            observed, failed = f"FAILED: {failure}", True
        except Exception as failure:  # A fault of the test is a failure as well, and must not hide the other steps.
            observed, failed = f"FAILED: {type(failure).__name__}: {failure}", True
            traceback.print_exc()
        seconds = time.monotonic() - began
        print(f"  {'✗' if failed else '✓'} {observed} ({seconds:.1f} s)", flush=True)
        self.rows.append((step.__name__, title, observed, seconds))
        if failed:
            self.failed += 1
            sys.stderr.write(on_failure() + "\n")

    def table(self, heading):
        def cell(text):
            return " ".join(str(text).split()).replace("|", "\\|")
        lines = [heading, "", "| step | what is done and asserted | observed | s |", "|---|---|---|---|"]
        lines += [f"| {cell(name)} | {cell(title)} | {cell(observed)} | {seconds:.0f} |"
                  for name, title, observed, seconds in self.rows]
        return "\n".join(lines) + "\n"


def put_into(document, table):
    """Puts the table between the two marks of a document."""
    path = Path(document)
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8")
