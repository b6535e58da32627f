"""Waits until every declared service answers the vantage, by asking each of them."""

import asyncio
import socket
import struct

from .errors import LabError

DEADLINE = 25.0
"""Seconds for all servers together."""
AT_ONCE = 200
RETRY = 0.05
"""Seconds between two tries of one service, doubled up to a second."""

DNS_QUERY = b"\x0b\xad\x00\x00\x00\x01" + bytes(6)
NTP_QUERY = bytes([0x23]) + bytes(47)  # RFC 5905 section 7.3: version 4, client


class Target:
    """One thing that must answer: a TCP connection, or a UDP answer to `query`."""

    def __init__(self, server, address, port, transport="tcp", query=b"\0"):
        self.server, self.address, self.port = server, str(address), port
        self.transport, self.query = transport, query

    def __str__(self):
        return f"[{self.address}]:{self.port}/{self.transport}"

    async def try_once(self):
        """Whether it answers; OSError and TimeoutError count as no."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        stream = self.transport == "tcp"
        loop = asyncio.get_running_loop()
        with socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM) as opened:
            opened.setblocking(False)
            if stream and self.server != "kamailio":
                # Close with RST: nothing of the check shall linger on either side.
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            await asyncio.wait_for(loop.sock_connect(opened, (self.address, self.port)), 1.0)
            if not stream:
                await loop.sock_sendall(opened, self.query)
                await asyncio.wait_for(loop.sock_recv(opened, 2048), 1.0)


def sip_query(address):
    """An OPTIONS request (RFC 3261 section 11) from nobody in particular."""
    host = f"[{address}]" if address.version == 6 else str(address)
    return (f"OPTIONS sip:{host} SIP/2.0\r\nVia: SIP/2.0/UDP lab.invalid;branch=z9hG4bKlab;rport\r\n"
            "Max-Forwards: 1\r\nFrom: <sip:lab@lab.invalid>;tag=lab\r\n"
            f"To: <sip:{host}>\r\nCall-ID: ready@lab.invalid\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode()


SERVER_OF = {"http": "nginx", "https": "nginx", "ssh": "smallservers", "smtp": "smallservers", "bare": "smallservers",
             "dns": "nsd", "ntp": "chronyd", "sip": "kamailio"}


def targets_of(plan):
    """One target for each declared service on each address, and the lab's own."""
    zone = next(iter(plan.inventory.zones), "example")
    question = b"".join(bytes([len(label)]) + label.encode() for label in zone.split("."))
    dns_query = DNS_QUERY + question + b"\0\0\6\0\1"  # SOA IN
    queries = {"dns": dns_query, "ntp": NTP_QUERY}
    targets = []
    for binding in plan.bindings:
        server = "smallservers" if plan.is_stalled(binding) else SERVER_OF[binding.kind]
        query = sip_query(binding.address) if binding.kind == "sip" else queries.get(binding.kind, b"ready?")
        targets.append(Target(server, binding.address, binding.port, binding.transport, query))
    for address in plan.addresses.control:
        targets.append(Target("nginx", address, 443))
    for address in plan.addresses.authority:
        targets.append(Target("nsd", address, 53, "udp", dns_query))
    for address in plan.addresses.root:
        targets.append(Target("nsd-root", address, 53, "udp", dns_query))
    for address in plan.addresses.parent:
        targets.append(Target("nsd-parent", address, 53, "udp", dns_query))
    for address in plan.addresses.resolver:
        targets.append(Target("dnsfront", address, 53, "tcp"))
        # Through the front and the resolver to the authority and back.
        targets.append(Target("unbound", address, 53, "udp", b"\x0b\xad\x01\x00" + dns_query[4:]))
    return targets


async def _wait_all(targets, servers):
    limit = asyncio.Semaphore(AT_ONCE)
    waiting = set(targets)

    async def wait(target):
        pause = RETRY
        while True:
            async with limit:
                try:
                    await target.try_once()
                    waiting.discard(target)
                    return
                except (OSError, asyncio.TimeoutError):
                    pass
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 2)

    async def watch():
        while True:
            for server in servers:
                server.check_alive()
            await asyncio.sleep(0.1)

    watcher = asyncio.ensure_future(watch())
    everyone = asyncio.gather(*(wait(target) for target in targets))
    try:
        await asyncio.wait({watcher, everyone}, timeout=DEADLINE, return_when=asyncio.FIRST_COMPLETED)
        if watcher.done():
            watcher.result()
        return waiting
    finally:
        watcher.cancel()
        everyone.cancel()
        await asyncio.gather(watcher, everyone, return_exceptions=True)


def wait_until_ready(plan, servers):
    """Returns the number of targets; raises LabError with the log of the first server that does not answer."""
    targets = targets_of(plan)
    waiting = asyncio.run(_wait_all(targets, servers))
    if waiting:
        first = min(waiting, key=str)
        names = ", ".join(sorted(map(str, waiting))[:5])
        what = f"{len(waiting)} of {len(targets)} services did not answer within {DEADLINE:.0f} s: {names}"
        server = next((server for server in servers if server.name == first.server), None)
        raise server.failure(what) if server else LabError(what)
    return len(targets)
