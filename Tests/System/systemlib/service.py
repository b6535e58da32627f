"""The service as its operator sees it: systemd's word on it, its journal, its store, its files."""

import json
import re
import shlex

from .errors import StepFailed, eventually, expect

UNIT = "v6audit.service"
CONFIGURATION = "/etc/v6audit/v6audit.yaml"
DROP_INS = CONFIGURATION + ".d"
STATE = "/var/lib/v6audit"
STORE = STATE + "/v6audit.db"
WEB = "http://[::1]:9606"
WORKER = "^v6audit worker"
BROKER = "^(/usr/bin/)?v6audit broker"
BROKER_UNIT = "v6audit-broker.service"
ANY = "^(/usr/bin/)?v6audit "


class Service:
    """v6audit.service in a machine."""

    def __init__(self, machine):
        self.machine = machine

    # systemd's word

    def show(self, name, unit=UNIT):
        return self.machine.says(f"systemctl show --property={name} --value {unit}")

    @property
    def state(self):
        return self.show("ActiveState")

    @property
    def main(self):
        """The number of the main process; 0 when there is none."""
        return int(self.show("MainPID"))

    @property
    def restarts(self):
        return int(self.show("NRestarts"))

    @property
    def line(self):
        """What `systemctl status` shows behind Status:."""
        return self.show("StatusText")

    def must_be_active(self, seconds=30):
        eventually("the service is active", seconds, lambda: self.state == "active")

    def restart(self):
        self.machine.run(f"systemctl reset-failed {UNIT}; systemctl restart {UNIT}", timeout=60)
        self.must_be_active()

    def restarted(self, before, seconds):
        """Waits until another main process is ready; returns it."""
        def ready():
            main = self.main
            return main if main not in (0, before) and self.state == "active" else None
        return eventually("systemd has started the service again", seconds, ready)

    def workers(self):
        return self.machine.processes(WORKER)

    def worker(self, seconds=60):
        """Waits for a round to be under way; returns its process."""
        return eventually("a round is under way", seconds, self.workers, every=0.05)[0]

    # Its configuration

    def configure(self, name, text):
        self.machine.write(f"{DROP_INS}/{name}.yaml", text)

    def forget(self, name):
        self.machine.run(f"rm -f {DROP_INS}/{name}.yaml")

    def override(self, name, text):
        """A drop-in of the unit, as `systemctl edit` makes it; an empty text takes it away."""
        path = f"/etc/systemd/system/{UNIT}.d/{name}.conf"
        if text:
            self.machine.write(path, text)
        else:
            self.machine.run(f"rm -f {path}; rmdir --ignore-fail-on-non-empty $(dirname {path})")
        self.machine.run("systemctl daemon-reload")

    def reload(self):
        self.machine.run(f"systemctl reload {UNIT}")

    # Its journal

    def mark(self):
        """The journal's end, for `said`."""
        text = self.machine.says("journalctl --sync; journalctl -n 0 --show-cursor --quiet")
        return re.search(r"-- cursor: (\S+)", text)[1]

    def messages(self, mark):
        """What the journal has of the unit, systemd's own words included, since the mark."""
        text = self.machine.says(
            f"journalctl --quiet --unit {UNIT} --after-cursor {shlex.quote(mark)} --output json", timeout=30)
        return [json.loads(line) for line in text.splitlines()]

    def said(self, pattern, mark, seconds=30):
        """Waits for a message that matches; returns it."""
        def find():
            for message in self.messages(mark):
                if re.search(pattern, str(message.get("MESSAGE"))):
                    return message
            return None
        return eventually(f"the journal says /{pattern}/", seconds, find, every=0.5)

    # Its store, read by Debian's sqlite3 as the service's own user, so that no file gets another owner

    def query(self, sql):
        done = self.machine.run(f"sqlite3 -readonly -json -cmd '.timeout 10000' {STORE} {shlex.quote(sql)}",
                                user="v6audit", check=False)
        if done.returncode:
            raise StepFailed(f"sqlite3: {done.stderr.strip()}")
        return json.loads(done.stdout or "[]")

    def runs(self, where="1"):
        """The visible runs: {id: row}."""
        if self.machine.run(f"test -s {STORE}", check=False).returncode:
            return {}
        return {row["id"]: row for row in self.query(
            f"SELECT number, id, round, state, finished_at FROM run WHERE state = 'complete' AND {where}")}

    def new_run(self, before, seconds, where="1"):
        """Waits for a complete run that is not in `before`; returns its row."""
        def find():
            return next((row for run, row in self.runs(where).items() if run not in before), None)
        return eventually("a round has ended and is in the store", seconds, find, every=0.5)

    def keeps(self, before):
        """Asserts that no run of `before` is lost, that none is half there, and that the store is whole."""
        now = self.runs()
        lost = set(before) - set(now)
        expect(not lost, f"runs are lost: {sorted(lost)}")
        halves = self.query("SELECT id FROM run WHERE state = 'complete' AND (manifest IS NULL OR finished_at IS NULL)")
        expect(not halves, f"runs are half there: {halves}")
        verdict = self.query("PRAGMA integrity_check")[0]["integrity_check"]
        expect(verdict == "ok", f"the store is damaged: {verdict}")
        return now

    # Its commands

    def status(self):
        """`v6audit status --json`, which ends with 1 while something is wrong."""
        done = self.machine.run("v6audit status --json", check=False, timeout=20)
        expect(done.returncode in (0, 1), f"v6audit status: exit {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def web(self, path):
        """(status, body) of a page of the web port."""
        text = self.machine.says(f"curl -s -m 10 -w '\\n%{{http_code}}' '{WEB}{path}'", check=False)
        body, _, code = text.rpartition("\n")
        return int(code or 0), body
