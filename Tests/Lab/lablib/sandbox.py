"""The outside half: starts the lab in private namespaces, passes signals in and the exit code out.

unshare --fork blocks SIGINT and SIGTERM while it waits, so signals travel through a pipe; its end also
tells the inside that this process is gone, even by SIGKILL.
"""

import fcntl
import os
import signal
import subprocess
import sys

from .errors import CANNOT_RUN
from .requirements import namespace_failure
from .servers import find_binary

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SI_KERNEL = 0x80
"""si_code of a signal that the terminal sent to the whole process group; COMMAND has it already."""


def run_inside(arguments):
    """Runs `lab ARGUMENTS` again inside the namespaces; returns its exit code.

    Raises LabError when the namespaces cannot be made.
    """
    unshare = find_binary("unshare")
    if unshare is None:
        raise namespace_failure(["unshare is missing: apt-get install util-linux"])
    control_read, control_write = os.pipe()
    started_read, started_write = os.pipe()
    words_read, words_write = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, [*FORWARDED, signal.SIGCHLD])
    # The inside gets its own copy of stderr, so that what unshare itself says can be told apart.
    error_copy = os.dup(2)
    command = [unshare, "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, sys.argv[0],
               "--inside", f"{control_read},{started_write},{error_copy}", *arguments]
    process = subprocess.Popen(
        command, stderr=words_write, pass_fds=(control_read, started_write, error_copy),
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, []))
    for descriptor in (control_read, started_write, words_write, error_copy):
        os.close(descriptor)
    code = _wait(process, control_write)
    if not os.read(started_read, 1):
        fcntl.fcntl(words_read, fcntl.F_SETFL, os.O_NONBLOCK)
        words = os.read(words_read, 4096).decode(errors="replace") if code else ""
        raise namespace_failure(words.splitlines())
    return code if code >= 0 else CANNOT_RUN


def _wait(process, control):
    while True:
        received = signal.sigwaitinfo([*FORWARDED, signal.SIGCHLD])
        if received.si_signo == signal.SIGCHLD:
            code = process.poll()
            if code is not None:
                return code
        else:
            everyone_has_it = int(received.si_code == SI_KERNEL)
            try:
                os.write(control, f"{received.si_signo} {everyone_has_it}\n".encode())
            except BrokenPipeError:
                pass  # already on its way out
