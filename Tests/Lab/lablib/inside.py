"""The inside half: process 1 of the private namespaces. Builds the lab, runs COMMAND, ends everything.

When this process ends, the kernel ends every process of the PID namespace and takes the network and mount
namespaces down; there is nothing to clean up and nothing that could be forgotten.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

from . import filter as packet_filter
from .certs import HostCertificates
from .dns import dns_servers
from .errors import CANNOT_RUN, InputError, LabError
from .listeners import listener_servers
from .ntp import ntp_servers
from .onlink import advertiser_servers
from .plan import make_plan
from .ready import wait_until_ready
from .requirements import check_packages
from .sandbox import FORWARDED
from .servers import Room
from .sip import sip_servers
from .topology import CITY_LINK, VANTAGE_LINK, build_network, plant_vantage_faults, run
from .ways import way_servers
from .web import CONTROL_PORT, web_servers

PRIVATE_STATE = "/run/v6audit-lab"
MARKER = ".v6audit-lab"
MOUNT = shutil.which("mount", path="/usr/bin:/bin") or "/bin/mount"


class Command:
    """COMMAND and the signals for it; until it runs, a signal ends the lab."""

    def __init__(self):
        self.process = None
        self.starting = threading.Lock()

    def start(self, arguments, environment):
        """Starts COMMAND with the signal dispositions it would have without the lab; raises OSError."""
        def restore():
            for number in FORWARDED:
                signal.signal(number, signal.SIG_DFL)

        # A signal sent at COMMAND's first output must find it here, not end the lab.
        with self.starting:
            self.process = subprocess.Popen(arguments, env=environment, preexec_fn=restore)

    def receive(self, number, has_it_already):
        with self.starting:
            if self.process is None:
                os._exit(128 + number)
            if not has_it_already:
                os.kill(self.process.pid, number)

    def listen(self, control):
        """Reads signals from the outside half; the end of the pipe means that it is gone."""
        with os.fdopen(control, encoding="ascii") as lines:
            for line in lines:
                number, has_it_already = map(int, line.split())
                try:
                    self.receive(number, has_it_already)
                except ProcessLookupError:
                    pass
        os._exit(CANNOT_RUN)


def main(options, control, started):
    """Runs the lab; returns the exit code."""
    try:
        os.write(started, b"!")
    except BrokenPipeError:
        return CANNOT_RUN  # the outside half was killed meanwhile
    os.close(started)
    for number in FORWARDED:
        signal.signal(number, signal.SIG_IGN)
    command = Command()
    threading.Thread(target=command.listen, args=(control,), daemon=True).start()
    plan = make_plan(options.inventory, options.faults)
    check_packages(plan)
    room = _prepare_mounts(options.state)
    _raise_file_limit(plan)
    build_network(plan)
    packet_filter.load_filter(plan, faults_too=False)
    servers = _start_servers(plan, room)
    services = wait_until_ready(plan, servers)
    packet_filter.load_filter(plan, faults_too=True)
    plant_vantage_faults(plan)
    environment = _environment(plan, room)
    _replace_resolver_configuration(plan, room)
    if not options.quiet:
        seconds = time.monotonic() - options.began
        print(f"lab: up, {len(plan.inventory.hosts)} hosts, {len(plan.inventory.addresses)} addresses, "
              f"{services} services in {seconds:.1f} s", file=sys.stderr, flush=True)
    return _run_command(command, options.command, environment, servers)


def _prepare_mounts(state):
    """A private /run for the lab; the state folder in it, or the user's own folder."""
    if state is not None:
        state = os.path.realpath(state)
        if state == "/run" or state.startswith("/run/"):
            raise InputError(f"--state {state}: the lab has a /run of its own; choose another place")
    run([MOUNT, "-t", "tmpfs", "-o", "mode=755", "lab", "/run"],
        "mount a private /run")
    if os.path.exists("/dev/log"):
        # dropbear logs there and nowhere else; the machine's own log is none of the lab's business.
        run([MOUNT, "--bind", "/dev/null", "/dev/log"], "cover /dev/log")
    if state is None:
        os.mkdir(PRIVATE_STATE)
        return Room(PRIVATE_STATE)
    try:
        os.makedirs(state, exist_ok=True)
        if os.listdir(state) and not os.path.exists(os.path.join(state, MARKER)):
            raise InputError(f"--state {state}: holds files that are not the lab's; give a new or empty folder")
        for entry in os.scandir(state):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
        with open(os.path.join(state, MARKER), "w", encoding="ascii"):
            pass
    except OSError as error:
        raise InputError(f"--state {state}: {error.strerror}") from error
    return Room(state)


def _raise_file_limit(plan):
    """Every address and port is a socket of its own, so that a closed port is closed by the kernel."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 8192 + 2 * len(plan.bindings)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise LabError(f"the limit of open files is {hard}, this inventory needs {needed}; "
                       f"raise it: ulimit -Hn {needed}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _start_servers(plan, room):
    certificates = HostCertificates(plan, room)
    servers = []
    for build in (dns_servers, ntp_servers, sip_servers, advertiser_servers,
                  lambda p, r: listener_servers(p, r, certificates),
                  lambda p, r: web_servers(p, r, certificates), lambda p, r: way_servers(p, r, CITY_LINK)):
        for server in build(plan, room):
            server.start()
            servers.append(server)
    return servers


def _environment(plan, room):
    own = plan.addresses
    resolver6, resolver4 = f"[{own.resolver.v6}]:53", f"{own.resolver.v4}:53"
    without_ipv6 = plan.faults.has("vantage", "no-ipv6") or plan.faults.has("vantage", "ipv6-blackhole")
    return {**os.environ, "LAB_RESOLVER": resolver4 if without_ipv6 else resolver6, "LAB_RESOLVER4": resolver4,
            "LAB_CA": os.path.join(room.path, "certificates", "ca.pem"),
            "LAB_CONTROL": f"[{own.control.v6}]:{CONTROL_PORT}", "LAB_CONTROL4": f"{own.control.v4}:{CONTROL_PORT}",
            "LAB_DARK": str(own.dark), "LAB_INTERFACE": VANTAGE_LINK, "LAB_STATE": room.path,
            "LAB_AUTHORITY": f"[{own.authority.v6}]:53",
            "LAB_ROOT": f"{own.root.v4}:53" if without_ipv6 else f"[{own.root.v6}]:53"}


def _replace_resolver_configuration(plan, room):
    """COMMAND's libc resolves through the lab; without a file to cover, it keeps what it has."""
    target = os.path.realpath("/etc/resolv.conf")
    own = room.write("resolver", "resolv.conf", "".join(
        f"nameserver {address}\n" for address in plan.addresses.resolver) + "options timeout:2 attempts:1\n")
    if target.startswith("/run/"):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(own, target)
    elif os.path.exists(target):
        run([MOUNT, "--bind", own, target], "cover /etc/resolv.conf")


def _run_command(command, arguments, environment, servers):
    try:
        command.start(arguments, environment)
    except OSError as error:
        print(f"lab: cannot run {arguments[0]}: {error.strerror}", file=sys.stderr)
        return 126 if isinstance(error, PermissionError) else 127
    code = None
    by_pid = {server.process.pid: server for server in servers}
    broken = False
    # As process 1 we also inherit every orphan; all are reaped here.
    while code is None:
        pid, status = os.waitpid(-1, 0)
        if pid == command.process.pid:
            code = os.waitstatus_to_exitcode(status)
        elif pid in by_pid:
            broken = True
            server = by_pid[pid]
            print("\n".join(f"lab: {line}" for line in server.failure(
                f"{server.name} ended while COMMAND ran; what it measures is not to be trusted").lines),
                file=sys.stderr, flush=True)
    return CANNOT_RUN if broken else code if code >= 0 else 128 - code
