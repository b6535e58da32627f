"""The inside half, process 1 of the private namespaces: builds the links, runs COMMAND, ends everything.

When this process ends, the kernel ends every process of the PID namespace and takes the network down.
"""

import os
import signal
import subprocess
import sys
import threading
import time

from lablib.errors import CANNOT_RUN, LabError
from lablib.sandbox import FORWARDED
from lablib.servers import find_binary
from lablib.topology import run

from . import network
from .capture import Captures
from .life import Life
from .plan import make_plan
from .truth import Truth

NEEDED = (("ip", "iproute2"), ("nft", "nftables"), ("dumpcap", "tshark"), ("tshark", "tshark"))
STATE = "/run/stations"


def main(options, control, started):
    """Runs it; returns the exit code."""
    try:
        os.write(started, b"!")
    except BrokenPipeError:
        return CANNOT_RUN  # the outside half was killed meanwhile
    os.close(started)
    for number in FORWARDED:
        signal.signal(number, signal.SIG_IGN)
    command = _Command()
    threading.Thread(target=command.listen, args=(control,), daemon=True).start()
    began = time.monotonic()
    _check_packages()
    plan = make_plan(options.seed, options.stations)
    run([find_binary("mount"), "-t", "tmpfs", "-o", "mode=755", "stations", "/run"], "mount a private /run")
    state = os.path.realpath(options.state) if options.state else STATE
    os.makedirs(state, exist_ok=True)
    network.build_wires(plan)
    captures = Captures(state, plan.links)
    captures.start()
    truth = Truth(plan, os.path.join(state, "truth.json"))
    network.start_stations(plan)
    life = Life(plan, truth, captures)
    life.start()
    if not options.quiet:
        print(f"stations: up, {len(plan.stations)} stations of {len(plan.hosts())} hosts on {len(plan.links)} links "
              f"in {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    code = command.run(options.command, {
        **os.environ, "STATIONS": os.path.realpath(sys.argv[0]), "STATIONS_STATE": state,
        "STATIONS_TRUTH": truth.path})
    if life.failure:
        raise LabError(f"the stations have failed: {life.failure}")
    return code


def _check_packages():
    missing = [(binary, package) for binary, package in NEEDED if find_binary(binary) is None]
    if missing:
        packages = sorted({package for _, package in missing})
        raise LabError([f"missing: {binary} (Debian package {package})" for binary, package in missing]
                       + [f"to get it: apt-get install {' '.join(packages)}"])


class _Command:
    """COMMAND and the signals for it; until it runs, a signal ends everything."""

    def __init__(self):
        self.process = None
        self.starting = threading.Lock()

    def run(self, arguments, environment):
        def restore():
            for number in FORWARDED:
                signal.signal(number, signal.SIG_DFL)

        try:
            with self.starting:
                self.process = subprocess.Popen(arguments, env=environment, preexec_fn=restore)
        except OSError as error:
            print(f"stations: cannot run {arguments[0]}: {error.strerror}", file=sys.stderr)
            return 126 if isinstance(error, PermissionError) else 127
        code = self.process.wait()
        return code if code >= 0 else 128 - code

    def listen(self, control):
        """Reads signals from the outside half; the end of the pipe means that it is gone."""
        with os.fdopen(control, encoding="ascii") as lines:
            for line in lines:
                number, has_it_already = map(int, line.split())
                with self.starting:
                    if self.process is None:
                        os._exit(128 + number)
                    if not has_it_already and self.process.poll() is None:
                        self.process.send_signal(number)
        os._exit(CANNOT_RUN)
