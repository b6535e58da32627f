"""Runs everything beside each other, samples, and judges."""

import asyncio
import csv
import json
import os
import subprocess
import sys
import threading
import time

from city import City
from lab import CITY_LINK, IN_CITY, Lab

from . import clients, network, verdict
from .daemon import WATCHDOG, Daemon

SEED = 20261
EVERY = 5
"""Seconds from sample to sample."""
OUTAGE = 15
"""Seconds for which the network is gone, three times in a soak."""
PATIENCE = 1800
"""Seconds for the first round of all checks."""
DAY = 86400
QUIET = 45
"""Seconds at the end without clients, longer than any of them may keep a connection: what is open then is the daemon's."""

SLOPE, CPU, IDLE, DESCRIPTORS = 1.0, 1.0, 40.0, 4
"""At most: MB an hour; per cent of a core at default pacing; MB at 1,000 hosts; more descriptors at the end than at the
beginning, both without a client."""


class Rounds:
    """The rounds that were seen to end, by their run."""

    def __init__(self):
        self.ended, self.troubles, self._missed = {}, {}, {}
        self._seen, self._before = set(), {}

    def settle(self):
        """From now on it counts."""
        self._seen, self._before = set(self.ended), self._missed
        self.ended, self.troubles = {}, {}

    @property
    def missed(self):
        """Since it counts, by kind."""
        since = {kind: count - self._before.get(kind, 0) for kind, count in self._missed.items()}
        return {kind: count for kind, count in since.items() if count}

    def look(self, status, now):
        for entry in status.get("rounds", []):
            if entry.get("run") and entry["run"] not in self._seen:
                self.ended[entry["run"]] = entry["kind"]
        for trouble in status.get("troubles", []):
            self.troubles.setdefault(trouble, now)
        missed = status.get("missed", {})
        if isinstance(missed, list):
            missed = dict(zip(missed[::2], missed[1::2]))
        self._missed = missed

    def kinds(self):
        counts = {}
        for kind in self.ended.values():
            counts[kind] = counts.get(kind, 0) + 1
        return counts


def drop_everything(on):
    """The network is gone, and back."""
    text = "add table inet soak\n" + (
        "add chain inet soak gone { type filter hook prerouting priority -400; policy drop; }\n" if on
        else "delete table inet soak\n")
    subprocess.run([*IN_CITY, "nft", "-f", "-"], input=text, text=True, check=True)


def warm(daemon, rounds):
    """Waits for the end of the first round of all checks; seconds of CPU it took."""
    start = time.monotonic()
    while "full" not in rounds.ended.values():
        now = time.monotonic() - start
        daemon.listen(now)
        if daemon.process.poll() is not None or now > PATIENCE:
            raise SystemExit(f"no round of all checks within {now:.0f} s: see {daemon.log}")
        if daemon.ready:
            rounds.look(daemon.status(), now)
        time.sleep(EVERY)
    daemon.settle()
    time.sleep(EVERY)
    daemon.listen(time.monotonic() - start)
    rounds.look(daemon.status(), 0)
    rounds.settle()
    return daemon.cpu()


def soak(options):
    os.makedirs(options.logs, exist_ok=True)
    Lab()
    city = City(options.hosts, os.path.join(options.inside, "city"))
    folder = os.path.join(options.inside, "state")
    os.mkdir(folder)
    seconds = options.minutes * 60
    daemon = Daemon(options, city, folder, options.logs)
    samples, rounds, complaints, brokers = [], Rounds(), [], set()
    first_cpu = warm(daemon, rounds)
    crowd = clients.Clients(os.path.join(folder, "control.sock"), SEED)
    outages, gone_until, hostile, crowd_thread = [], None, None, None
    if not options.peace:
        outages = [seconds * share for share in (0.3, 0.55, 0.8)]
        hostile = subprocess.Popen(
            [*IN_CITY, sys.executable, "-B", network.__file__, CITY_LINK, str(seconds), str(SEED)],
            stdout=subprocess.PIPE, text=True)
        crowd_thread = threading.Thread(
            target=lambda: asyncio.run(crowd.run(max(1, seconds - QUIET))), daemon=True)
    start, daemon.last_sign = time.monotonic(), None
    while (now := time.monotonic() - start) < seconds:
        daemon.listen(now)
        if daemon.process.poll() is not None:
            complaints.append(f"the daemon ended with {daemon.process.returncode} after {now:.0f} s")
            break
        samples.append(daemon.sample(now))
        brokers.update(daemon.children("broker"))
        try:
            rounds.look(daemon.status(), now)
        except (ValueError, subprocess.TimeoutExpired) as error:
            complaints.append(f"no status after {now:.0f} s: {error}")
        if crowd_thread and crowd_thread.ident is None:
            crowd_thread.start()
        if gone_until is None and outages and now >= outages[0]:
            outages.pop(0)
            drop_everything(True)
            gone_until = now + OUTAGE
        elif gone_until is not None and now >= gone_until:
            drop_everything(False)
            gone_until = None
        time.sleep(EVERY)
    if gone_until is not None:
        drop_everything(False)
    cpu = daemon.cpu() - first_cpu
    said = json.dumps(daemon.status()) if daemon.process.poll() is None else ""
    took, status = daemon.end() if daemon.process.poll() is None else (0, daemon.process.returncode)
    frames = int(hostile.communicate()[0] or 0) if hostile else 0
    if crowd_thread and crowd_thread.is_alive():
        crowd_thread.join(30)
    store = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.startswith("v6audit.db"))
    keep(samples, options.logs)
    with open(os.path.join(options.logs, "status.json"), "w", encoding="utf-8") as file:
        file.write(said + "\n")
    city.close()
    return judge(options, samples, rounds, crowd, daemon, brokers, complaints, (first_cpu, cpu), took, status, frames,
                 store, seconds)


def keep(samples, logs):
    with open(os.path.join(logs, "samples.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["second", "main_kib", "anonymous_kib", "broker_kib", "descriptors", "broker_descriptors",
                         "threads", "worker_kib"])
        for sample in samples:
            writer.writerow([f"{sample.at:.1f}", *list(vars(sample).values())[1:]])


def judge(options, samples, rounds, crowd, daemon, brokers, complaints, cpu, took, status, frames, store, seconds):
    warm = verdict.WARM_UP * seconds
    print(f"{options.hosts:,} hosts, {options.minutes:g} minutes, intervals ÷ {options.speed:g}, "
          f"{options.rate:,} packets/s{', in peace' if options.peace else ''}")
    if len(verdict.settled(samples, warm)) < 10:
        complaints.append("nothing to judge: too short")
    else:
        # Pages of files come and go as the kernel likes: what is no file's is what can leak.
        for what, name in (("main", "main process"), ("anonymous", "of it no file's"), ("broker", "broker")):
            values = [getattr(sample, what) * 1024 / 1e6 for sample in verdict.settled(samples, warm)]
            levels = " ".join(f"{value:.1f}" for _, value in verdict.levels(samples, warm, what))
            grew = verdict.growth(samples, warm, what) / options.speed
            print(f"{name}: {verdict.median(values):.1f} MB (most {max(values):.1f}); lower quartiles of each quarter "
                  f"{levels}, {grew:+.2f} MB an hour of the schedule")
            if what != "main" and grew >= SLOPE:
                complaints.append(f"{name}: it grows by {grew:.2f} MB an hour of the schedule")
        for what in ("descriptors", "broker_descriptors", "threads"):
            first, last = getattr(samples[0], what), min(getattr(sample, what) for sample in samples[-3:])
            most = max(getattr(sample, what) for sample in samples)
            print(f"{what.replace('_', ' ')}: {first} at the beginning, {last} at the end (most {most})")
            if last > first + DESCRIPTORS:
                complaints.append(f"{what}: {first} at the beginning, {last} at the end")
        idle = [sample.main * 1024 / 1e6 for sample in verdict.settled(samples, warm) if not sample.worker]
        if idle:
            print(f"between rounds: {verdict.median(idle):.1f} MB; "
                  f"a worker at most {max(sample.worker for sample in samples) * 1024 / 1e6:.0f} MB")
            if options.peace and options.hosts <= 1000 and verdict.median(idle) > IDLE:
                complaints.append(f"{verdict.median(idle):.1f} MB when idle")
    first, later = cpu
    share = 100 * (later / seconds + first / DAY)
    print(f"CPU of all its processes: {later:.1f} s = {100 * later / seconds:.2f} % of a core; the start and the first "
          f"round of all checks {first:.1f} s, once a day = {100 * first / DAY:.2f} %")
    if options.peace and options.speed == 1 and options.hosts <= 1000 and share >= CPU:
        complaints.append(f"{share:.2f} % of a core")
    print("rounds: " + ", ".join(f"{count} {kind}" for kind, count in sorted(rounds.kinds().items()))
          + f"; missed: {rounds.missed or 'none'}")
    if rounds.missed:
        complaints.append(f"rounds missed: {rounds.missed}")
    if not rounds.ended:
        complaints.append("no round ended")
    print(f"longest without a sign of life: {daemon.longest_silence:.1f} s of {WATCHDOG}")
    if daemon.longest_silence >= WATCHDOG:
        complaints.append(f"the watchdog would have struck: {daemon.longest_silence:.0f} s without a sign of life")
    if len(brokers) > 1:
        complaints.append(f"{len(brokers)} brokers were seen")
    if not options.peace:
        print(f"hostile: {frames:,} frames, {crowd.attacks:,} attacks by clients, the network gone three times for {OUTAGE} s")
        print(f"honest client: {crowd.asked:,} requests, the slowest {crowd.slowest:.2f} s, "
              f"{len(crowd.complaints)} unanswered")
    complaints += crowd.complaints[:5]
    if len(crowd.complaints) > 5:
        complaints.append(f"and {len(crowd.complaints) - 5} requests more")
    print(f"store: {store / 1e6:.0f} MB")
    if took is None or took > 10 or status != 0:
        complaints.append(f"SIGTERM: {took} s, exit status {status}")
    else:
        print(f"SIGTERM: ended after {took:.1f} s")
    for trouble, at in rounds.troubles.items():
        print(f"it said after {at:.0f} s: {trouble}")
        if trouble.startswith("no ") and " round: " in trouble:
            complaints.append(f"a round failed: {trouble}")
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    print("soak: held" if not complaints else f"soak: {len(complaints)} complaints")
    return 1 if complaints else 0
