"""Says exactly what this machine lacks, before anything starts."""

import importlib.util

from .errors import LabError
from .servers import find_binary

ALWAYS = (("ip", "iproute2"), ("unshare", "util-linux"), ("nsenter", "util-linux"), ("nft", "nftables"),
          ("nginx", "nginx-light"), ("nsd", "nsd"), ("unbound", "unbound"))
BY_SERVICE = {"ssh": ("dropbear", "dropbear-bin"), "sip": ("kamailio", "kamailio"), "ntp": ("chronyd", "chrony")}


def check_packages(plan):
    """Raises LabError naming every missing program and Debian package that this inventory needs."""
    needed = list(ALWAYS) + [BY_SERVICE[kind] for kind in BY_SERVICE if plan.bindings_of(kind)]
    missing = [(binary, package) for binary, package in needed if find_binary(binary) is None]
    if plan.bindings_of("smtp") and importlib.util.find_spec("aiosmtpd") is None:
        missing.append(("the Python module aiosmtpd", "python3-aiosmtpd"))
    if importlib.util.find_spec("cryptography") is None:
        missing.append(("the Python module cryptography", "python3-cryptography"))
    if missing:
        packages = sorted({package for _, package in missing})
        raise LabError([f"missing: {what} (Debian package {package})" for what, package in missing]
                       + [f"to get it: apt-get install {' '.join(packages)}"])


def namespace_failure(messages):
    """What to do when the kernel refuses the private namespaces; `messages` is what unshare said."""
    lines = ["cannot make private namespaces (unshare -Urnm, with a PID namespace and its own /proc):"]
    lines += ["  " + message for message in messages]
    for path, good, remedy in (
            ("/proc/sys/user/max_user_namespaces", lambda value: value > 0, "sysctl user.max_user_namespaces=15000"),
            ("/proc/sys/user/max_net_namespaces", lambda value: value > 1, "sysctl user.max_net_namespaces=15000"),
            ("/proc/sys/kernel/unprivileged_userns_clone", lambda value: value == 1,
             "sysctl kernel.unprivileged_userns_clone=1"),
            ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", lambda value: value == 0,
             "sysctl kernel.apparmor_restrict_unprivileged_userns=0")):
        value = _read_number(path)
        if value is not None and not good(value):
            lines.append(f"{path} is {value}; as root: {remedy}")
    if len(lines) == 1 + len(messages):
        lines.append("in a container: allow user namespaces and an unmasked /proc, for example with "
                     "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined")
    return LabError(lines)


def _read_number(path):
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None
