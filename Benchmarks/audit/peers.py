"""What the audit is measured beside: bare TLS handshakes by a C client, and nmap."""

import re
import subprocess
import time

from city import address6
from errors import BenchError


def tls_handshakes(seconds, processes=2):
    """Full TLS handshakes a second that `openssl s_time` makes over IPv6, in as many processes as there are cores."""
    began = time.monotonic()
    clients = [subprocess.Popen(
        ["openssl", "s_time", "-connect", f"[{address6(number)}]:443", "-new", "-time", str(seconds)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for number in range(processes)]
    made = 0
    for client in clients:
        said = client.communicate(timeout=seconds + 60)[0]
        found = re.search(r"(\d+) connections in (\d+) real seconds", said)
        if not found:
            raise BenchError(f"openssl s_time: {said[-500:]}")
        made += int(found[1])
    return made / (time.monotonic() - began)


def nmap(count, file):
    """The command that has nmap look at ports, certificates and titles of `count` hosts over IPv6."""
    with open(file, "w", encoding="ascii") as listing:
        listing.write("".join(address6(number) + "\n" for number in range(count)))
    return ["nmap", "-6", "-n", "-Pn", "-p80,443", "-sV", "--script", "ssl-cert,http-title", "-iL", file]
