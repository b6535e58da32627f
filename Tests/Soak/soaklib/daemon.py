"""The daemon under test, seen from outside: what the kernel accounts to it, what it tells the service manager."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass

TICKS = os.sysconf("SC_CLK_TCK")
WATCHDOG = 30
"""Seconds within which the service manager wants a sign of life, as in the unit."""

# Intervals of the default schedule, in seconds.
INTERVALS = {"full": 86400, "reach": 900, "names": 3600, "services": 21600, "exposure": 86400}
RETEST, LEAST_RETEST = 120, 10

WARM_RATE = 20_000
"""Packets per second of the first round of all checks, which at the default pacing takes more than half an hour."""


@dataclass
class Sample:
    """One look at the main process and the broker. Memory in KiB."""

    at: float            # seconds since the soak began
    main: int            # resident
    anonymous: int       # of it what is no file's
    broker: int
    descriptors: int
    broker_descriptors: int
    threads: int
    worker: int          # resident of the worker of a round; 0 between rounds


class Daemon:
    """`v6audit daemon` with a configuration of its own, as a service manager would start it."""

    def __init__(self, options, city, folder, logs):
        self.folder, self.program = folder, os.path.abspath(options.program)
        self.options, self.city = options, city
        self.configuration = os.path.join(folder, "v6audit.yaml")
        self.log = os.path.join(logs, "daemon.log")
        self._configure(max(options.rate, WARM_RATE))
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = os.path.join(folder, "notify")
        self.manager.bind(address)
        self.manager.setblocking(False)
        self.last_sign, self.longest_silence, self.ready = None, 0.0, False
        self.process = subprocess.Popen(
            [self.program, "daemon", "--config", self.configuration], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=open(self.log, "wb"),
            env={**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(WATCHDOG * 1_000_000)})
        self.pid = self.process.pid

    def settle(self):
        """From now on at the pace of the soak."""
        self._configure(self.options.rate)
        self.process.send_signal(signal.SIGHUP)

    def _configure(self, rate):
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write(self._text(rate))

    def _text(self, rate):
        city, speed = self.city, self.options.speed
        rounds = "".join(f"  {kind}: {max(1, round(seconds / speed))}s\n" for kind, seconds in INTERVALS.items())
        return f"""inventory: {city.inventory}
db: {self.folder}/v6audit.db
evidence: {self.folder}/evidence
socket: {self.folder}/control.sock
policy: 2026-1-lab
vantage:
  name: soak
  resolver: "{city.resolver}"
  root: "{city.root}"
  ca-file: {city.ca}
  control: "{city.resolver}"
  dark: "100::dead"
pace:
  packets-per-second: {rate}
rounds:
{rounds}  retest: {max(LEAST_RETEST, round(RETEST / speed))}s
web:
  listen: "[::1]:9606"
export:
  directory: {self.folder}/export
"""

    def listen(self, now):
        """Reads what the daemon told the service manager since the last time."""
        while True:
            try:
                message = self.manager.recv(65536).decode(errors="replace")
            except BlockingIOError:
                break
            if "READY=1" in message:
                self.ready = True
                self.last_sign = self.last_sign or now
            if "WATCHDOG=1" in message.split("\n"):
                if self.last_sign is not None:
                    self.longest_silence = max(self.longest_silence, now - self.last_sign)
                self.last_sign = now
        if self.last_sign is not None:
            self.longest_silence = max(self.longest_silence, now - self.last_sign)

    def children(self, role):
        found = []
        try:
            tasks = os.listdir(f"/proc/{self.pid}/task")
        except OSError:
            return found
        for task in tasks:
            try:
                with open(f"/proc/{self.pid}/task/{task}/children", encoding="ascii") as file:
                    pids = [int(word) for word in file.read().split()]
            except OSError:
                continue
            for pid in pids:
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        if role.encode() in file.read().split(b"\0")[1:2]:
                            found.append(pid)
                except OSError:
                    pass
        return found

    def sample(self, at):
        status, broker, workers = _status(self.pid), self.children("broker"), self.children("worker")
        beside = _status(broker[0]) if broker else {}
        worker = max((_status(pid).get("VmRSS", 0) for pid in workers), default=0)
        return Sample(at, status.get("VmRSS", 0), status.get("RssAnon", 0), beside.get("VmRSS", 0),
                      _descriptors(self.pid), _descriptors(broker[0]) if broker else 0, status.get("Threads", 0), worker)

    def cpu(self):
        """CPU seconds of the daemon, of its broker, and of all workers that have ended."""
        total = _cpu(self.pid, with_children=True)
        return total + sum(_cpu(pid) for pid in self.children("broker") + self.children("worker"))

    def status(self):
        """What `v6audit status` says."""
        done = subprocess.run([self.program, "status", "--json", "--socket", os.path.join(self.folder, "control.sock")],
                              capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL)
        return json.loads(done.stdout)

    def end(self):
        """Tells it to end; seconds it took, or None if it did not and was killed, and its exit status."""
        start = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None, None
        return time.monotonic() - start, status


def _status(pid):
    values = {}
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                name, _, rest = line.partition(":")
                number = re.match(r"\s*(\d+)", rest)
                if number:
                    values[name] = int(number[1])
    except OSError:
        pass
    return values


def _descriptors(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _cpu(pid, with_children=False):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime, stime, cutime, cstime: proc(5), fields 14 to 17; what is left of the line begins with field 3.
    return sum(int(field) for field in fields[11:15 if with_children else 13]) / TICKS
