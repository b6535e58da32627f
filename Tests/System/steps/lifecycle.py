"""From the package to its end: install, first round, upgrade, stop, remove, purge."""

import json
import time

from systemlib.errors import StepFailed, eventually, expect
from systemlib.scene import ASIDE, LAB_INVENTORY, MEMBER, PACKAGE, PREVIOUS
from systemlib.service import ANY, CONFIGURATION, DROP_INS, STATE, UNIT

TRUTH = (4, 3, 0, 1)
"""Agencies of the lab that count, are converted, are not, are unknown: one has a host with a UDP service that no probe
speaks, and what cannot be measured is not converted."""


def boot(scene):
    """Boots a Debian 12 tree with systemd as process 1, in the lab's network: every unit of it starts, users may log
    in."""
    began = time.monotonic()
    state = scene.machine.boot()
    eventually("the target of a machine for several users is reached", 30,
               lambda: scene.machine.says("systemctl is-active multi-user.target systemd-user-sessions.service",
                                          check=False) == "active\nactive")
    version = scene.machine.says("systemctl --version | head -1")
    return f"{version}: {state} after {time.monotonic() - began:.0f} s"


def install_previous(scene):
    """`dpkg -i` of the previous package: the service is ready by itself, with an inventory that has no host; the
    nightly timer is enabled, the socket is not."""
    scene.machine.run(f"dpkg -i {PREVIOUS}", timeout=120)
    scene.service.must_be_active(30)
    scene.machine.run(f"usermod -aG v6audit {MEMBER}")
    enabled = scene.machine.says(
        "systemctl is-enabled v6audit.service v6audit-export.timer v6audit.socket", check=False).split()
    expect(enabled == ["enabled", "enabled", "disabled"], f"service, timer, socket are {enabled}")
    owner = scene.machine.says(f"stat -c '%U:%G %a' {STATE}")
    expect(owner == "v6audit:v6audit 750", f"{STATE} is {owner}")
    status = scene.service.status()
    expect(status["hosts"] == 0, f"{status['hosts']} hosts in a new inventory")
    return f"{scene.previous_version}: active, {status['hosts']} hosts, \"{scene.service.line}\""


def first_round(scene):
    """A lab inventory and a drop-in configuration, `systemctl reload`: the first round measures every host, and finds
    what is true of the lab, in which nothing is broken."""
    scene.set_up_lab()
    scene.machine.run("v6audit config check")
    mark = scene.service.mark()
    scene.service.reload()
    scene.service.said("configuration reloaded: 16 hosts", mark)
    mark = scene.service.mark()
    scene.service.restart()
    scene.service.said("round ends: 16 hosts", mark, 180)
    run = scene.service.new_run({}, 10, "round = 'full'")
    city = scene.service.status()["city"]
    found = (city["eligible"], city["converted"], city["not_converted"], city["unknown"])
    if found != TRUTH:
        rows = scene.service.query("SELECT host, check_id, verdict, reason, detail FROM check_row "
                                   f"WHERE run = {run['number']} AND verdict NOT IN ('pass', 'na') LIMIT 10")
        raise StepFailed(f"the city is {json.dumps(city)}: {json.dumps(rows, ensure_ascii=False)}")
    return f"run {run['id']}: {city['converted']} of {city['eligible']} agencies converted, {city['unknown']} unknown"


def upgrade(scene):
    """`dpkg -i` of the new package over the previous one, with data and a changed inventory: no question is asked,
    the service is restarted with the new program, no run and no change of the administrator is lost, rounds go on."""
    service, machine = scene.service, scene.machine
    before, main = service.runs(), service.main
    kept = f"cat {LAB_INVENTORY}/*.csv {DROP_INS}/* | sha256sum"
    inventory = machine.says(kept)
    machine.run(f"dpkg -i {PACKAGE} < /dev/null", timeout=120)
    service.restarted(main, 60)
    service.new_run(before, 60)
    now = service.keeps(before)
    expect(machine.says(kept) == inventory, "inventory or configuration were changed")
    left = machine.says("find /etc/v6audit -name '*.dpkg-*'")
    expect(not left, f"dpkg left {left}")
    installed = machine.says("dpkg-query -W -f '${Version} ${Status}' v6audit")
    expect(installed == f"{scene.version} install ok installed", installed)
    return f"{scene.previous_version} → {scene.version}: {len(before)} runs kept, {len(now)} now"


def stop(scene):
    """`systemctl stop` while a round is under way: ended within 10 s, with success; no process is left, and the
    interrupted round is not shown as a complete one."""
    service = scene.service
    service.restart()
    before = service.runs()
    service.worker()
    began = time.monotonic()
    scene.machine.run(f"systemctl stop {UNIT}", timeout=30)
    seconds = time.monotonic() - began
    expect(seconds < 10, f"it took {seconds:.1f} s")
    expect(service.state == "inactive", f"the service is {service.state}")
    result = service.show("Result")
    expect(result == "success", f"the result is {result}")
    expect(not scene.machine.processes(ANY), "processes are left")
    service.keeps(before)
    return f"ended in {seconds:.1f} s, result {result}, no process left"


def remove(scene):
    """`dpkg -r`: the running service is stopped, no process is left, units are gone; data, configuration and
    inventory stay."""
    service, machine = scene.service, scene.machine
    service.restart()
    files = f"find {STATE}/export {STATE}/v6audit.db /etc/v6audit -type f | sort"
    before = machine.says(files)
    machine.run("dpkg -r v6audit", timeout=120)
    expect(not machine.processes(ANY), "processes are left")
    expect(machine.says(f"systemctl show -p LoadState --value {UNIT}") == "not-found", "the unit is still there")
    expect(machine.says(files) == before, "files of the administrator or data are gone")
    return f"no process; {len(before.splitlines())} files of data and configuration stay"


def purge(scene):
    """`dpkg -P`: data and conffiles are gone. What is left is what the administrator added, and the locked user."""
    machine = scene.machine
    machine.run("dpkg -P v6audit", timeout=120)
    expect(not machine.processes(ANY), "processes are left")
    left = _left(machine)
    foreign = [path for path in left if not path.startswith("/etc/v6audit")]
    expect(not foreign, f"left behind: {foreign}")
    expect(CONFIGURATION not in left, f"{CONFIGURATION} is left")
    expect(machine.says("getent passwd v6audit").endswith("nologin"), "the user can log in")
    return f"left: {len(left)} files and directories of the administrator in /etc/v6audit, the user v6audit"


def install(scene):
    """`dpkg -i` of the new package on the cleaned machine, then purge: it starts with its defaults as they are, and
    nothing at all is left afterwards."""
    machine = scene.machine
    machine.run("rm -rf /etc/v6audit /etc/systemd/system/v6audit*.d")
    machine.run("systemctl daemon-reload")
    machine.run(f"dpkg -i {PACKAGE}", timeout=120)
    scene.service.must_be_active()
    machine.run("v6audit config check")
    line = scene.service.line
    machine.run("dpkg -P v6audit", timeout=120)
    expect(not machine.processes(ANY), "processes are left")
    left = _left(machine)
    expect(not left, f"left behind: {left}")
    return f"active with its defaults, \"{line}\"; nothing left after the purge"


def _left(machine):
    """Everything with our name that is not the test's own and not a journal or a log."""
    return machine.says(
        f"find / -xdev \\( -path /proc -o -path /sys -o -path {ASIDE} -o -path /var/log -o -path /tmp \\) -prune "
        "-o -iname '*v6audit*' ! -name 'v6audit-test-clock*' -print; find /etc/v6audit -mindepth 1 2>/dev/null",
        check=False).splitlines()
