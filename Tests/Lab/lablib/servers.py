"""The lab's folder of configurations and logs, and the server processes in the city."""

import os
import shutil
import subprocess
import sys

from .errors import LabError

CITY = "city"
"""Name of the network namespace where the servers are, under the private /run/netns."""
COPIES = "/run/v6audit-lab-bin"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def find_binary(name):
    """The absolute path of a program, also where an unprivileged PATH has no sbin; None without it."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":" + PATH)


class Room:
    """The state folder: one folder for each server, and `logs`."""

    def __init__(self, path):
        self.path = path

    def folder(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path

    def file(self, folder, name):
        return os.path.join(self.folder(folder), name)

    def log(self, name):
        return self.file("logs", f"{name}.log")

    def write(self, folder, name, data):
        """Writes text or bytes, readable by the owner alone; returns the path."""
        path = self.file(folder, name)
        data = data.encode() if isinstance(data, str) else data
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        return path

    def copy_of(self, binary):
        """A private copy of a program, outside the path its AppArmor profile is attached to."""
        os.makedirs(COPIES, exist_ok=True)
        path = os.path.join(COPIES, binary)
        if not os.path.exists(path):
            shutil.copyfile(find_binary(binary), path)
            os.chmod(path, 0o700)
        return path

    def python(self, module, *arguments):
        """The command line that runs one of our own modules as a process."""
        lab = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        code = (f"import sys, runpy; sys.dont_write_bytecode = True; sys.path.insert(0, {lab!r}); "
                f"runpy.run_module('lablib.{module}', run_name='__main__', alter_sys=True)")
        return [sys.executable, "-c", code, *arguments]


class Server:
    """One server process; started by `start`, never restarted."""

    def __init__(self, name, arguments, room, environment=None):
        self.name, self.arguments, self.room = name, arguments, room
        self.environment = environment or {}
        self.process = None

    def start(self):
        """Starts it in the city, in a session of its own so that a terminal's Ctrl-C does not reach it."""
        with open(self.room.log(self.name), "ab") as log:
            self.process = subprocess.Popen(
                in_city(self.arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, env={**os.environ, "PATH": PATH, **self.environment})

    def check_alive(self):
        """Raises LabError with the end of the log when the server has ended."""
        status = self.process.poll()
        if status is not None:
            raise self.failure(f"{self.name} ended with status {status}")

    def failure(self, what):
        """A LabError that shows the last lines of this server's log."""
        return LabError([what, f"the end of {self.room.log(self.name)}:", *self.log_end()])

    def log_end(self, count=15):
        try:
            with open(self.room.log(self.name), encoding="utf-8", errors="backslashreplace") as log:
                lines = log.read().splitlines()
        except OSError as error:
            return [f"  ({error})"]
        return ["  " + line for line in lines[-count:]] or ["  (empty)"]


def enter_city():
    """The beginning of a command line whose rest runs in the city's network namespace."""
    return [find_binary("nsenter"), f"--net=/run/netns/{CITY}"]


def in_city(arguments):
    """The command line that runs the program `arguments` in the city."""
    program = arguments[0] if "/" in arguments[0] else find_binary(arguments[0])
    return [*enter_city(), program, *arguments[1:]]
