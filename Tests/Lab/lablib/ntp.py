"""chronyd for ntp: serves the machine's own clock and never touches it (-x)."""

from .errors import InputError
from .servers import Server

STRATUM = 2
"""What the lab claims to be (RFC 5905 section 7.3): a server of the second level."""


def ntp_servers(plan, room):
    """Writes the configuration; returns the server to start, none where no host declares ntp."""
    bindings = plan.bindings_of("ntp")
    ports = sorted({binding.port for binding in bindings})
    if not bindings:
        return []
    if len(ports) > 1:
        raise InputError(f"hosts.csv: ntp is declared on the ports {ports}; the lab's chronyd serves one port")
    lines = [f"local stratum {STRATUM}", "allow all", f"port {ports[0]}", "cmdport 0", "bindcmdaddress /",
             f"pidfile {room.file('chrony', 'chronyd.pid')}", "clientloglimit 1048576"]
    config = room.write("chrony", "chrony.conf", "\n".join(lines) + "\n")
    # Debian confines /usr/sbin/chronyd to its own folders with AppArmor; a copy is not confined.
    return [Server("chronyd", [room.copy_of("chronyd"), "-x", "-d", "-F", "0", "-u", "root", "-f", config], room)]
