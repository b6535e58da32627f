"""Private namespaces for a program of Python's: networks, mounts, processes and users of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile


def run_again_inside(file, arguments, name):
    """Runs `file` again inside, told `--inside SCRATCH`, a folder that goes with it; returns its exit code."""
    scratch = tempfile.mkdtemp(prefix=f"v6audit-{name}-")
    child = subprocess.Popen(
        ["unshare", "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, os.path.abspath(file),
         *arguments, "--inside", scratch])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: child.kill())
    try:
        return child.wait()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
