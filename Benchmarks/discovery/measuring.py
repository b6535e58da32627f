"""Runs programs and measures them by the kernel's own account of the finished process."""

import json
import os
import subprocess
from dataclasses import dataclass

from errors import BenchError
from tools import SHARED, SOURCES


@dataclass
class Measured:
    """A finished run."""

    wall: float
    cpu: float
    peak: float      # MiB
    output: str      # the file of its stdout
    errors: str      # its stderr
    failure: str = ""


class Meter:
    """Measures by the small C program of the sweeps: a child of Python's would seem to need as much memory as Python."""

    def __init__(self, scratch):
        self.scratch, self._program = scratch, os.path.join(scratch, "measured")
        sources = [os.path.join(SOURCES, file) for file in ("measured.c", *SHARED)]
        done = subprocess.run(["cc", "-O2", "-Wall", "-pthread", "-o", self._program, *sources], capture_output=True,
                              text=True, check=False, timeout=120)
        if done.returncode:
            raise BenchError(f"cc cannot compile measured: {done.stderr[:2000]}")

    def run(self, command, timeout, good=(0,), name="run", stdin=subprocess.DEVNULL):
        """Runs `command` to its end, or for `timeout` seconds; raises where it fails."""
        account, output, errors = (os.path.join(self.scratch, f"{name}.{part}") for part in ("account", "out", "err"))
        with open(output, "wb") as out, open(errors, "wb") as err:
            subprocess.run([self._program, account, str(timeout), *command], stdin=stdin, stdout=out, stderr=err,
                           cwd=self.scratch, check=True, timeout=timeout + 60)
        with open(account, encoding="ascii") as file:
            kernel = json.load(file)
        with open(errors, encoding="utf-8", errors="replace") as file:
            said = file.read(1 << 20)
        done = Measured(kernel["wall"], kernel["user"] + kernel["system"], kernel["peak"] / 1024, output, said)
        if kernel["late"]:
            done.failure = f"not ready after {timeout} s"
        elif kernel["status"] not in good:
            done.failure = f"ended with {kernel['status']}"
        if done.failure:
            raise BenchError(f"{' '.join(command)[:300]}: {done.failure}: {said.strip()[-1000:]}")
        return done


def median(runs, what):
    values = sorted(getattr(run, what) for run in runs)
    return values[len(values) // 2]
