"""The lab of Tests/Lab: the city behind the machine's wire. The machine boots in the lab's vantage."""

import os
import signal
import subprocess
from pathlib import Path

from .errors import CannotRun, eventually

LAB = Path(__file__).resolve().parent.parent.parent / "Lab"
INVENTORY = LAB / "inventories" / "small"
# The lab's address plan is known only inside; its command writes it down and stays.
COMMAND = """env | grep ^LAB_ > "$LAB_STATE/new"; mv "$LAB_STATE/new" "$LAB_STATE/environment"; exec sleep infinity"""


def children(pid):
    """The processes that `pid` has started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


class Lab:
    """A running lab. `settings` are its LAB_… variables; `namespace` is the path of the vantage's network."""

    def __init__(self, state, log):
        self.log = open(log, "w", encoding="utf-8")
        # Should this process be killed, the kernel ends the lab.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", str(LAB / "lab"), "run", "--inventory", str(INVENTORY),
             "--state", str(state), "--", "sh", "-c", COMMAND],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        try:
            eventually("the lab is up", 90, lambda: self._is_up(state, log))
        except BaseException:
            self.end()
            raise
        lines = (state / "environment").read_text(encoding="utf-8").splitlines()
        self.settings = dict(line.split("=", 1) for line in lines)
        unshare = children(self.process.pid)[0]
        self.pid = children(unshare)[0]
        self.namespace = f"/proc/{self.pid}/ns/net"

    def _is_up(self, state, log):
        if self.process.poll() is not None:
            raise CannotRun(f"the lab ended; see {log}")
        return (state / "environment").exists()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def cut(self):
        """Pulls the machine's cable."""
        link = self.settings["LAB_INTERFACE"]
        # As with a real cable, addresses stay; routes do not.
        self._ip("sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{link}/keep_addr_on_down")
        self.routes = {family: self._ip("ip", family, "route", "show", "default").strip().splitlines()
                       for family in ("-4", "-6")}
        self._ip("ip", "link", "set", link, "down")

    def mend(self):
        """Plugs it in again, and sets the routes, as the machine's network service would."""
        self._ip("ip", "link", "set", self.settings["LAB_INTERFACE"], "up")
        for family, routes in self.routes.items():
            for route in routes:
                words = route.split()
                self._ip("ip", family, "route", "replace", *words[:words.index("dev") + 2])

    def _ip(self, *command):
        done = subprocess.run(["nsenter", "-t", str(self.pid), "-n", "--", *command], capture_output=True, text=True,
                              timeout=10, check=False)
        if done.returncode:
            raise CannotRun(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout
