"""The service at work: ready, rights, web port, on-demand checks, reloads, socket, credentials."""

import re
import time
from pathlib import Path

from systemlib.errors import eventually, expect
from systemlib.scene import ASIDE, LAB_INVENTORY, MEMBER, STRANGER
from systemlib.service import ANY, BROKER, BROKER_UNIT, DROP_INS, UNIT, WEB

CAP_NET_RAW = 1 << 13
EXPOSURE = {UNIT: 1.2, BROKER_UNIT: 1.7, "v6audit-export.service": 1.2}
"""What each unit may come to; docs/packaging.md says why the broker cannot come lower."""
MONITORING = Path(__file__).resolve().parents[3] / "docs" / "monitoring" / "README.md"
BROKEN = "rounds:\n  reach: 10s\n  fulll: 1d\n"


def ready(scene):
    """`systemctl restart`: it is active only when it has said READY, its status line says what it does, the watchdog
    is on, the journal has its start with priority and fields, and nothing that did not come through the log."""
    service = scene.service
    mark = service.mark()
    service.restart()
    expect(service.show("Type") == "notify", "it does not notify")
    message = service.said("^started", mark)
    expect(message.get("PRIORITY") in ("5", "6"), f"priority {message.get('PRIORITY')}")
    expect(message.get("V6AUDIT_HOSTS") == "16", f"no field V6AUDIT_HOSTS: {sorted(message)}")
    watchdog = service.show("WatchdogUSec")
    expect(watchdog not in ("0", "infinity"), "no watchdog")
    time.sleep(15)
    noise = {entry["MESSAGE"] for entry in service.messages(mark)
             if entry.get("_TRANSPORT") != "journal" and entry.get("SYSLOG_IDENTIFIER") == "v6audit"}
    expect(not noise, f"written to the journal past the log: {sorted(map(str, noise))[:3]}")
    line = eventually("the status line tells of a round", 60, lambda: re.search(r"round.*|waiting.*", service.line))
    return f"active, watchdog {watchdog}, \"{line[0]}\""


def rights(scene):
    """Processes as the kernel sees them while a round is under way: the main process and the worker hold no
    capability, the broker CAP_NET_RAW alone; all of them belong to v6audit, under seccomp, without new
    privileges."""
    service, machine = scene.service, scene.machine
    worker = service.worker()
    found = {"main": service.main, "broker": machine.processes(BROKER)[0], "worker": worker}
    allowed = {"main": 0, "broker": CAP_NET_RAW, "worker": 0}

    def facts(pid):
        lines = machine.says(f"cat /proc/{pid}/status; echo User: $(stat -c %U /proc/{pid})").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    for name, pid in found.items():
        # A worker gives its rights up within its first milliseconds.
        eventually(f"the {name} process holds no more than it may", 5, lambda pid=pid, name=name: all(
            int(facts(pid)[kind], 16) & ~allowed[name] == 0 for kind in ("CapEff", "CapPrm", "CapInh", "CapAmb")))
        fact = facts(pid)
        expect(fact["User"] == "v6audit", f"the {name} process belongs to {fact['User']}")
        expect(fact["NoNewPrivs"] == "1" and fact["Seccomp"] == "2", f"the {name} process is not locked in")
    return "main 0, broker cap_net_raw, worker 0; user v6audit, seccomp, no new privileges"


def web(scene):
    """The web port on localhost: /-/healthy and /-/ready are 200; every metric is one that docs/monitoring knows,
    none has an address in it."""
    service = scene.service
    eventually("/-/ready is 200", 60, lambda: service.web("/-/ready")[0] == 200)
    code, _ = service.web("/-/healthy")
    expect(code == 200, f"/-/healthy is {code}")
    code, body = service.web("/metrics")
    expect(code == 200, f"/metrics is {code}")
    names = set(re.findall(r"^# TYPE (v6audit_\w+)", body, re.M))
    for name in ("v6audit_build_info", "v6audit_host_ready", "v6audit_city_converted_ratio"):
        expect(name in names, f"/metrics has no {name}")
    unknown = names - set(re.findall(r"`(v6audit_\w+)", MONITORING.read_text(encoding="utf-8")))
    expect(not unknown, f"docs/monitoring/README.md does not know {sorted(unknown)}")
    addresses = [address for address in ("2001:db8:", "3fff:", "198.18.", "198.19.") if address in body]
    expect(not addresses, f"addresses in /metrics: {addresses}")
    others = scene.machine.says("ss -Hltn 'sport = :9606'")
    where = sorted(line.split()[3] for line in others.splitlines())
    expect(where == ["127.0.0.1:9606", "[::1]:9606"], f"it listens at {where}")
    return f"ready; {len(names)} metrics, no address in them; listens at {' '.join(where)}"


def security(scene):
    """`systemd-analyze security` of the units as installed."""
    scores = {}
    for unit in EXPOSURE:
        text = scene.machine.says(f"systemd-analyze security --no-pager {unit} | tail -1")
        scores[unit] = float(re.search(r": ([0-9.]+) ", text)[1])
        expect(scores[unit] <= EXPOSURE[unit], f"the exposure of {unit} is {scores[unit]}")
    return ", ".join(f"{unit} {score}" for unit, score in scores.items())


def check_as_member(scene):
    """`v6audit check` and `v6audit status` as an unprivileged member of the group v6audit: the host of the inventory
    is measured by the daemon and found converted; the user has no capability and cannot read the store."""
    machine = scene.machine
    done = machine.run("v6audit check portal", user=MEMBER, timeout=90, check=False)
    expect(done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    first = next((line for line in done.stdout.splitlines() if line.strip()), "")
    expect("operational, converted" in first, done.stdout)
    held = machine.says("grep ^CapEff: /proc/self/status", user=MEMBER).split()[1]
    expect(int(held, 16) == 0, f"the user has capabilities: {held}")
    status = machine.run("v6audit status", user=MEMBER, check=False)
    expect(status.returncode in (0, 1) and "16 hosts" in status.stdout, status.stdout + status.stderr)
    denied = machine.run("cat /var/lib/v6audit/v6audit.db > /dev/null", user=MEMBER, check=False)
    expect(denied.returncode != 0, "a member of the group can read the store past the daemon")
    return f"exit 0: \"{first.strip()}\""


def check_as_stranger(scene):
    """The same as a user who is not in the group: refused, with what to do."""
    done = scene.machine.run("v6audit check portal", user=STRANGER, timeout=60, check=False)
    expect(done.returncode != 0, f"it was let in: {done.stdout}")
    expect("usermod -aG v6audit" in done.stderr, f"no remedy in: {done.stderr}")
    return f"exit {done.returncode}: \"{done.stderr.strip().splitlines()[0]}\""


def reload_good(scene):
    """`systemctl reload` with another pace and one host less: the same process takes both over."""
    service, machine = scene.service, scene.machine
    mark, main = service.mark(), service.main
    service.configure("pace", "pace:\n  packets-per-second: 1500\n")
    hosts = f"{LAB_INVENTORY}/hosts.csv"
    machine.run(f"cp {hosts} {ASIDE}/hosts.csv && sed -i '/^sensor-xa,/d' {hosts}")
    service.reload()
    message = service.said("configuration reloaded", mark)
    expect("15 hosts" in message["MESSAGE"], message["MESSAGE"])
    expect(service.status()["hosts"] == 15, "status still has the old inventory")
    machine.run(f"cp {ASIDE}/hosts.csv {hosts}")
    service.reload()
    eventually("the old inventory is back", 10, lambda: service.status()["hosts"] == 16)
    expect(service.main == main, "the process was replaced")
    return f"\"{message['MESSAGE']}\", same process"


def reload_broken(scene):
    """`systemctl reload` with a key that does not exist: the journal names file, line, column and the nearest key;
    the old configuration stays in force, rounds go on, `v6audit status` and /metrics say so; corrected, all is well
    again."""
    service, machine = scene.service, scene.machine
    mark, main, before = service.mark(), service.main, service.runs()
    service.configure("zz-broken", BROKEN)
    place = f"{DROP_INS}/zz-broken.yaml:3:3"
    try:
        service.reload()
        message = service.said(re.escape(place), mark)
        expect(message.get("PRIORITY") == "3", f"priority {message.get('PRIORITY')}")
        expect(re.search(r"\bfull\b", message["MESSAGE"]), f"no nearest key in: {message['MESSAGE']}")
        service.said("old one stays in force", mark)
        status = service.status()
        expect(not status["is_configuration_current"] and status["hosts"] == 16, f"status: {status}")
        metric = "v6audit_config_last_reload_successful 0"
        expect(metric in service.web("/metrics")[1], f"/metrics has no {metric}")
        done = machine.run("v6audit config check", check=False)
        expect(done.returncode == 2 and place in done.stdout + done.stderr, f"config check: exit {done.returncode}")
        service.new_run(before, 60)
        expect(service.state == "active" and service.main == main, "the service did not go on")
    finally:
        service.forget("zz-broken")
        service.reload()
    eventually("the corrected configuration is in force", 10, lambda: service.status()["is_configuration_current"])
    return f"\"{message['MESSAGE']}\"; the old one stayed in force"


def socket_activation(scene):
    """`v6audit.socket`: systemd holds the web port; a request during a restart of the service waits, and is
    answered."""
    service, machine = scene.service, scene.machine
    machine.run(f"systemctl stop {UNIT} && systemctl enable --now v6audit.socket && systemctl start {UNIT}", timeout=60)
    try:
        service.must_be_active()
        expect(service.web("/-/healthy")[0] == 200, "no answer through systemd's socket")
        holders = machine.says("ss -Hltnp 'sport = :9606'")
        expect("systemd" in holders, f"systemd does not hold the port: {holders}")
        done = machine.run(
            f"systemctl --no-block restart {UNIT}; for i in 1 2 3 4 5 6 7 8 9 10; do "
            f"curl -s -m 30 -o /dev/null -w '%{{http_code}} ' '{WEB}/-/healthy'; sleep 0.2; done", timeout=120)
        codes = done.stdout.split()
        expect(set(codes) == {"200"}, f"requests during the restart: {codes}")
    finally:
        machine.run(f"systemctl disable --now v6audit.socket; systemctl restart {UNIT}", timeout=60, check=False)
    service.must_be_active()
    return f"{len(codes)} requests during a restart: all 200"


def credentials(scene):
    """`LoadCredential=web-token`: without the token a request is refused, with it it is answered; no other user sees
    the token."""
    service, machine = scene.service, scene.machine
    machine.write("/etc/v6audit/credentials/web-token", "a-token-for-the-test-of-32-bytes\n", mode="600")
    service.override("token", "[Service]\nLoadCredential=web-token:/etc/v6audit/credentials/web-token\n")
    try:
        service.restart()
        refused = eventually("the web port answers", 20, lambda: service.web("/metrics")[0])
        expect(refused == 401, f"/metrics without token is {refused}")
        let_in = machine.says(
            "curl -s -m 10 -o /dev/null -w '%{http_code}' -H \"Authorization: Bearer $(cat "
            f"/etc/v6audit/credentials/web-token)\" '{WEB}/metrics'")
        expect(let_in == "200", f"/metrics with token is {let_in}")
        seen = machine.run(f"cat /run/credentials/{UNIT}/web-token", user=MEMBER, check=False)
        expect(seen.returncode != 0, "another user can read the token")
    finally:
        service.override("token", "")
        machine.run("rm -r /etc/v6audit/credentials")
        service.restart()
    expect(machine.processes(ANY), "no process")
    return f"without token {refused}, with token {let_in}"
