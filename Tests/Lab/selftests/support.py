"""Runs scripts inside a lab, with the small inventory unless told otherwise."""

import csv
import os
import subprocess
import tempfile
import unittest

LAB_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LAB = os.path.join(LAB_FOLDER, "lab")
SMALL = os.path.join(LAB_FOLDER, "inventories", "small")

PRELUDE = """set -u
PATH=$PATH:/usr/sbin:/sbin
r6=${LAB_RESOLVER%%]*}; r6=${r6#[}; r4=${LAB_RESOLVER4%%:*}
ask() { dig +time=1 +tries=1 @$r6 "$@"; }
status() { ask "$@" +noall +comments | sed -n 's/.*status: \\([A-Z]*\\).*/\\1/p'; }
fetch() { curl -sS --max-time 5 --cacert $LAB_CA -o /dev/null -w '%{http_code}\\n' "$@" 2>&1; }
# What a TCP connection meets: open, or the errno's name. On a wire without delay an ICMP error comes before
# connect() has let go of the socket; the kernel then reports it at the first retransmission, after 1 s.
try() { /usr/bin/python3 - "$@" <<'PY'
import errno, socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1.5).close()
    print("open")
except TimeoutError:
    print("silent")
except OSError as error:
    print(errno.errorcode[error.errno])
PY
}
"""


class LabTest(unittest.TestCase):
    """Base of all tests here."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="v6audit-lab-test.")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder], check=True)

    def faults_file(self, rows, name="lab-faults.csv"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("host", "fault", "note"), *[(*row, "") for row in rows]])
        os.chmod(self.folder, 0o755)
        return path

    def lab(self, script, faults=(), inventory=SMALL, options=(), prefix=()):
        """Runs a bash script at the vantage; returns the finished process."""
        command = [*prefix, LAB, "run", "--quiet", "--inventory", inventory, *options]
        if faults:
            command += ["--faults", self.faults_file(faults)]
        return subprocess.run([*command, "--", "bash", "-c", PRELUDE + script], capture_output=True,
                              encoding="utf-8", errors="backslashreplace", timeout=120, check=False)

    def lines(self, script, faults=(), **options):
        """The script's output, line by line; fails where the lab itself complains."""
        done = self.lab(script, faults, **options)
        self.assertNotIn("lab:", done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def check(self, arguments):
        return subprocess.run([LAB, "check", *arguments], capture_output=True, text=True, check=False)
