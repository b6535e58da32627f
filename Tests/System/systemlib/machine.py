"""A machine of its own: a Debian tree under systemd-nspawn, with systemd as process 1, in a given network."""

import os
import shlex
import signal
import subprocess
from pathlib import Path

from .errors import CannotRun, StepFailed, eventually
from .lab import children

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Machine:
    """A booted machine. Every command has a time-out; `shutdown` always ends it."""

    def __init__(self, tree, namespace, log):
        self.tree = tree
        self.log = open(log, "w", encoding="utf-8")
        # Should this process be killed, nspawn halts the machine.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit",
             f"--network-namespace-path={namespace}", f"--machine=v6audit-{os.getpid()}", "--resolv-conf=off",
             "--timezone=off", "--console=pipe", "--directory", str(tree), "--boot"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        self.leader = None

    def boot(self, seconds=90):
        """Waits until systemd says that everything is started."""
        self.leader = eventually("systemd-nspawn starts process 1", 20, self._find_leader)
        eventually("systemd answers", seconds, lambda: self.run(
            "systemctl is-system-running", check=False).stdout.strip() not in ("", "offline", "initializing"))
        done = self.run("systemctl is-system-running --wait", timeout=seconds, check=False)
        state = done.stdout.strip()
        if state != "running":
            raise StepFailed(f"systemd is {state}: {self.run('systemctl --failed --plain --no-legend').stdout}")
        return state

    def _find_leader(self):
        if self.process.poll() is not None:
            raise CannotRun(f"systemd-nspawn ended with {self.process.returncode}; see {self.log.name}")
        # nspawn's first child only makes the machine's process 1, and is gone some milliseconds later.
        return next((pid for pid in children(self.process.pid) if _is_first_process(pid)), None)

    def run(self, command, user="root", timeout=60, check=True, text=None):
        """Runs a command line in the machine; raises StepFailed when it fails or takes too long."""
        words = ["nsenter", "-t", str(self.leader), "-a", "--", "env", "-i", f"PATH={PATH}", "LC_ALL=C.UTF-8",
                 "DEBIAN_FRONTEND=noninteractive", "TERM=dumb"]
        if user != "root":
            words += ["runuser", "-u", user, "--"]
        words += ["sh", "-c", command]
        try:
            done = subprocess.run(words, input=text, stdin=None if text is not None else subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=timeout, check=False, errors="replace")
        except subprocess.TimeoutExpired:
            raise StepFailed(f"{command}: still running after {timeout} s") from None
        if check and done.returncode:
            raise StepFailed(f"{command}: exit {done.returncode}: {(done.stdout + done.stderr).strip()[-800:]}")
        return done

    def says(self, command, **options):
        """What a command prints, without the last line break."""
        return self.run(command, **options).stdout.rstrip("\n")

    def write(self, path, text, mode="644"):
        """Writes a file in the machine, with its directories; as an administrator would."""
        name = shlex.quote(path)
        self.run(f"mkdir -p $(dirname {name}) && cat > {name} && chmod {mode} {name}", text=text)

    def processes(self, pattern):
        """The numbers, inside the machine, of processes whose command line matches."""
        # exec: the shell would have the pattern on its command line, too.
        return [int(word) for word in self.run(f"exec pgrep -f {shlex.quote(pattern)}", check=False).stdout.split()]

    def shutdown(self):
        """Ends the machine: first as it should be, then by force."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                for pid in [self.leader or self._find_leader(), self.process.pid]:
                    if pid:
                        os.kill(pid, signal.SIGKILL)
                self.process.wait(20)
        self.log.close()


def _is_first_process(pid):
    """Whether `pid` is process 1 of a PID namespace below this one."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    numbers = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
    return len(numbers) > 1 and numbers[-1] == "1"
