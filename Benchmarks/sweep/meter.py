"""Runs a program and measures it from outside: what the kernel accounts to it, and what arrives in the city."""

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass

INTERVAL = 0.02
"""Seconds between two readings of the city's counters."""


@dataclass
class Measured:
    """One finished run. `rate` is that of the plateau: from 10 % to 90 % of the packets."""

    wall: float
    cpu: float
    peak: float       # MiB
    packets: int
    lost: int         # dropped by the wire itself, before the city saw them
    rate: float
    output: str       # stdout
    errors: str       # stderr
    failure: str = ""


class Meter:
    def __init__(self, lab, tools, scratch):
        self.lab, self.tools, self.scratch = lab, tools, scratch

    def run(self, command, timeout, good=(0,)):
        """Runs `command`; it is ended after `timeout` seconds, with all it started. Other exit codes than `good`
        are failures."""
        account = os.path.join(self.scratch, "account")
        output, errors = os.path.join(self.scratch, "stdout"), os.path.join(self.scratch, "stderr")
        before, lost_before = self.lab.city_counters()
        samples, over = [(time.monotonic(), before)], threading.Event()
        sampler = threading.Thread(target=self._sample, args=(samples, over))
        sampler.start()
        try:
            with open(output, "wb") as out, open(errors, "wb") as err:
                subprocess.run(self.tools.measured(account, timeout, command), stdin=subprocess.DEVNULL, stdout=out,
                               stderr=err, cwd=self.scratch, check=True, timeout=timeout + 30)
        finally:
            over.set()
            sampler.join()
        with open(account, encoding="ascii") as file:
            kernel = json.load(file)
        after, lost = self.lab.city_counters()
        samples.append((time.monotonic(), after))
        failure = ""
        if kernel["late"]:
            failure = f"not ready after {timeout} s"
        elif kernel["status"] not in good:
            failure = f"ended with {kernel['status']}: {_tail(errors)}"
        return Measured(
            wall=kernel["wall"], cpu=kernel["user"] + kernel["system"], peak=kernel["peak"] / 1024,
            packets=after - before, lost=lost - lost_before, rate=plateau(samples),
            output=_text(output), errors=_text(errors), failure=failure)

    def _sample(self, samples, over):
        while not over.wait(INTERVAL):
            count, _ = self.lab.city_counters()
            samples.append((time.monotonic(), count))


def plateau(samples):
    """Packets a second between the moments when 10 % and 90 % of all packets had arrived."""
    first, total = samples[0][1], samples[-1][1] - samples[0][1]
    if total < 2:
        return 0.0
    begin, end = (_moment(samples, first + total * share) for share in (0.1, 0.9))
    return 0.8 * total / (end - begin) if end > begin else 0.0


def _moment(samples, wanted):
    """When the count passed `wanted`, between two readings on the straight line through them."""
    for (t0, n0), (t1, n1) in zip(samples, samples[1:]):
        if n1 >= wanted:
            return t0 + (t1 - t0) * (wanted - n0) / (n1 - n0) if n1 > n0 else t1
    return samples[-1][0]


def _text(path, most=64 << 20):
    with open(path, "rb") as file:
        return file.read(most).decode(errors="replace")


def _tail(path):
    return " / ".join(_text(path).strip().splitlines()[-3:])[-500:]
