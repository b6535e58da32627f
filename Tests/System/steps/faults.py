"""What goes wrong around the service: a stalled worker, killed processes, a pulled cable, a clock that jumps."""

import re
import struct
import time

from systemlib.errors import eventually, expect
from systemlib.scene import CLOCK_LIBRARY
from systemlib.service import BROKER, WORKER

WATCHDOG_SECONDS = 20
KILLS = (0.0, 0.3, 1.0, 2.0)
"""Seconds into a round."""
HOUR = 3600


def watchdog(scene):
    """SIGSTOP of a round's process, so that its captures stand still: the journal says what stands, systemd's watchdog
    ends the service and starts it again, and rounds go on."""
    service, machine = scene.service, scene.machine
    # The packaged minute would only make the test longer.
    service.override("watchdog", f"[Service]\nWatchdogSec={WATCHDOG_SECONDS}\n")
    try:
        service.restart()
        before, mark, main, restarts = service.runs(), service.mark(), service.main, service.restarts
        worker = service.worker()
        machine.run(f"kill -STOP {worker}")
        began = time.monotonic()
        service.said("Watchdog timeout", mark, 150)
        seconds = time.monotonic() - began
        service.restarted(main, 60)
        expect(service.restarts == restarts + 1, f"{service.restarts} restarts after {restarts}")
        expect(machine.run(f"kill -0 {worker}", check=False).returncode != 0, "the stalled process is still there")
        told = [str(message["MESSAGE"]) for message in service.messages(mark)
                if "has told nothing" in str(message["MESSAGE"]) or "not looked at packets" in str(message["MESSAGE"])]
        expect(told, "the journal does not say what stood still")
        service.new_run(before, 90)
        service.keeps(before)
    finally:
        service.override("watchdog", "")
        service.restart()
    return f"\"{told[0]}\"; watchdog after {seconds:.0f} s (WatchdogSec={WATCHDOG_SECONDS}), restarted, rounds go on"


def kill_main(scene):
    """`kill -9` of the main process, four times at different moments of a round: every process of it ends, systemd
    starts it again, no run is lost, none is half there, and rounds go on."""
    service, machine = scene.service, scene.machine
    times = []
    for delay in KILLS:
        before = service.runs()
        service.worker()
        time.sleep(delay)
        main = service.main
        old = [main, *machine.processes(WORKER)]
        machine.run(f"kill -KILL {main}")
        began = time.monotonic()
        service.restarted(main, 60)
        times.append(time.monotonic() - began)
        alive = [pid for pid in old if machine.run(f"kill -0 {pid}", check=False).returncode == 0]
        expect(not alive, f"processes of the killed service live on: {alive}")
        service.new_run(before, 90)
        service.keeps(before)
    return (f"{len(KILLS)} times: ready again after {min(times):.1f}–{max(times):.1f} s, {len(service.runs())} runs, "
            "all whole")


def kill_others(scene):
    """`kill -9` of a worker: that round is lost and named, the service goes on. `kill -9` of the broker: the next
    worker finds a new one, the service goes on."""
    service, machine = scene.service, scene.machine
    before, mark, main = service.runs(), service.mark(), service.main
    machine.run(f"kill -KILL {service.worker()}")
    message = service.said("ended by signal 9", mark)
    service.new_run(before, 60)
    before = service.keeps(before)
    broker = machine.processes(BROKER)
    machine.run(f"kill -KILL {broker[0]}")
    # The round under way has its sockets; one that asks for them at this moment may be lost.
    service.new_run(before, 60)
    before = service.keeps(before)
    service.new_run(before, 60)
    new = machine.processes(BROKER)
    expect(new and new != broker, f"the broker was {broker} and is {new}")
    expect(service.main == main, "the main process was replaced")
    return f"worker: \"{message['MESSAGE']}\"; broker: another one; the same main process goes on"


def network(scene):
    """The machine's cable is pulled in the middle of a round, and plugged in again: the service goes on and says that
    the vantage has no IPv6 (v6audit_vantage_ipv6_up is 0, or has no sample where a round cannot tell); not one host
    fails for it, in no run of that time; then everything is as before."""
    service = scene.service
    before, mark, main = service.runs(), service.mark(), service.main
    figure = service.status()["city"]
    service.worker()
    time.sleep(0.5)
    scene.lab.cut()
    try:
        message = service.said("IPv6 does not work at this vantage", mark, 120)
        time.sleep(1)
        troubles, first = service.status()["troubles"], _ipv6_up(service)
        # The round that lost its cable halfway may not be able to tell; one that never had it can.
        service.new_run(service.runs(), 90)
        time.sleep(1)
        whole = _ipv6_up(service)
    finally:
        scene.lab.mend()
    usable = ("EXISTS (SELECT 1 FROM check_row WHERE run = number AND host = '' AND check_id = 'vantage.ipv6' "
              "AND verdict = 'pass')")
    service.new_run(service.runs(), 120, usable)
    since = [row["number"] for run, row in service.keeps(before).items() if run not in before]
    blamed = service.query(
        "SELECT host, check_id, reason, count(*) AS times FROM check_row "
        f"WHERE run IN ({','.join(map(str, since))}) AND host <> '' AND verdict = 'fail' GROUP BY 1, 2, 3")
    expect(not blamed, f"hosts were blamed: {blamed[:5]}")
    expect(service.main == main, "the service was restarted")
    # What it said meanwhile.
    expect(any("IPv6" in trouble for trouble in troubles), f"v6audit status had only {troubles} during it")
    expect(first in ("0", "none"), f"v6audit_vantage_ipv6_up was {first} after the round that lost its cable")
    expect(whole == "0", f"v6audit_vantage_ipv6_up was {whole} after a round without a cable")
    eventually("nothing is wrong any more", 60, lambda: not service.status()["troubles"])
    city = service.status()["city"]
    expect(city["converted"] == figure["converted"], f"the city is {city}")
    return (f"\"{message['MESSAGE']}\"; v6audit_vantage_ipv6_up: {first} after that round, {whole} after the next; "
            f"{len(since)} runs, no host failed; "
            f"{city['converted']} of {city['eligible']} agencies converted after it")


def _ipv6_up(service):
    """The sample of v6audit_vantage_ipv6_up, "none" without one."""
    code, body = service.web("/metrics")
    expect(code == 200, f"/metrics is {code}")
    found = re.search(r"^v6audit_vantage_ipv6_up (\S+)", body, re.M)
    return found[1] if found else "none"


def clock(scene):
    """The wall clock of the service's processes jumps three hours ahead, then nine hours back (a library before libc;
    the machine's clock is not touched; rounds are kept for a day): no restart, no burst of rounds and no pause, no run
    lost, all of them whole."""
    service, machine = scene.service, scene.machine

    def set_clock(seconds):
        # One write into the page that the processes have mapped.
        bytes_ = "".join(f"\\{byte:03o}" for byte in struct.pack("<q", seconds))
        machine.run(f"printf '{bytes_}' | dd of=/etc/v6audit-test-clock conv=notrunc status=none")

    set_clock(0)
    machine.write("/etc/ld.so.preload", f"{CLOCK_LIBRARY}\n")
    counts = []
    try:
        service.restart()
        first, main, restarts = service.runs(), service.main, service.restarts
        service.new_run(first, 60)
        for offset in (3 * HOUR, -6 * HOUR):
            before = service.runs()
            set_clock(offset)
            began = time.monotonic()
            row = service.new_run(before, 60)
            ended, now = row["finished_at"] / 1e6, time.time() + offset
            # The run under way at the jump may end on either side of it.
            if abs(ended - now) > 60:
                row = service.new_run({**before, row["id"]: row}, 60)
                ended, now = row["finished_at"] / 1e6, time.time() + offset
            expect(abs(ended - now) < 60, f"the service's clock is off by {ended - now:.0f} s: it did not jump")
            time.sleep(max(0, 30 - (time.monotonic() - began)))
            rounds = len(service.keeps(before)) - len(before)
            # Every 10 s, a second look beside them at most.
            expect(1 <= rounds <= 7, f"{rounds} rounds in 30 s after the jump by {offset} s")
            counts.append(rounds)
        expect(service.main == main and service.restarts == restarts, "the service was restarted")
        service.keeps(first)
    finally:
        set_clock(0)
        machine.run("rm /etc/ld.so.preload")
        service.restart()
    return f"+3 h: {counts[0]} rounds in 30 s; −6 h: {counts[1]}; same process, all runs whole"
