"""What every scenario works with: the lab, the programs, and running them in turn."""

import contextlib
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

from addresses import CITY_6
from errors import BenchError
from lab import Lab
from meter import Meter
from programs import Programs
from tools import Tools


@dataclass
class Bench:
    lab: Lab
    meter: Meter
    tools: Tools
    programs: Programs
    scratch: str
    rounds: int
    quick: bool
    with_v6audit: bool
    failures: int = 0

    def run(self, job, label):
        """Runs a job and reads what it found; (None, None) if it failed, which is said and not hidden."""
        with self._trickle() if job.trickle else contextlib.nullcontext():
            measured = self.meter.run(job.command, job.timeout, job.good)
        found = None
        if not measured.failure:
            try:
                found = job.found(measured)
            except (OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError) as error:
                measured.failure = f"cannot read its output: {error!r}"
        if measured.failure:
            self.failures += 1
            progress(f"{label}  {job.name:20} FAILED: {measured.failure}")
            return None, None
        progress(f"{label}  {job.name:20} {measured.rate / 1000:8.1f} kpps {measured.wall:8.2f} s "
                 f"{measured.cpu:7.2f} CPU s {measured.peak:7.1f} MiB  found {found.targets}/{job.targets}"
                 + f"  strange {found.strange}" * (found.strange > 0)
                 + f"  dropped {found.drops}" * bool(found.drops)
                 + f"  lost on the wire {measured.lost}" * (measured.lost > 0))
        return measured, found

    @contextlib.contextmanager
    def in_city(self, command):
        """Runs a watcher in the city meanwhile; what it says at its end comes into the dictionary that is yielded."""
        said = {}
        watcher = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            if watcher.stdout.readline() != "ready\n":
                raise BenchError(f"{command[-3:]} did not start in the city")
            yield said
            watcher.terminate()
            said.update(json.loads(watcher.communicate(timeout=30)[0]))
        finally:
            watcher.kill()
            watcher.wait()

    @contextlib.contextmanager
    def _trickle(self):
        """Twenty packets a second from the city that belong to nothing."""
        source = subprocess.Popen(self.tools.flood(CITY_6, 1, "--rate", "20", "--seconds", "3600"),
                                  stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            source.kill()
            source.wait()

    def in_turn(self, jobs, rounds=None):
        """{name: [(Measured, Found)…]}; all programs once a round, so that a machine that slows down slows all."""
        results = {job.name: [] for job in jobs}
        for number in range(rounds or self.rounds):
            for job in jobs:
                measured, found = self.run(job, f"round {number + 1}")
                if measured:
                    results[job.name].append((measured, found))
        return results


def median(results, value):
    """The median of value(Measured, Found); None without results."""
    return statistics.median(value(*result) for result in results) if results else None


def progress(text):
    print(text, file=sys.stderr, flush=True)
