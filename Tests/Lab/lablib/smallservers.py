"""SSH (dropbear started for each connection), SMTP (aiosmtpd), bare and stalled ports, in one process.

Run as a process of its own: `smallservers CONFIG.json`. The number of connections is bounded.
"""

import asyncio
import json
import socket
import ssl
import sys

from lablib.hostileweb import SERVERS

MAX_CONNECTIONS = 512
"""Connections held at one time in all; further ones are closed at once."""
STALL = 600.0
"""Seconds a stalled connection is held without a word."""
BACKLOG = 1024

connections = set()


def bounded(serve):
    """Turns `serve(socket, entry)` into a counted task that always closes its socket."""
    async def run(connection, entry):
        task = asyncio.current_task()
        connections.add(task)
        try:
            await serve(connection, entry)
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            connections.discard(task)
            connection.close()
    return run


@bounded
async def serve_stalled(connection, _):
    """Accepts, reads, never writes."""
    loop = asyncio.get_running_loop()
    while await asyncio.wait_for(loop.sock_recv(connection, 65536), STALL):
        pass


@bounded
async def serve_bare(connection, _):
    """A port whose protocol nobody knows: open, and silent until the peer goes."""
    loop = asyncio.get_running_loop()
    while await asyncio.wait_for(loop.sock_recv(connection, 65536), 30):
        pass


class SSH:
    """One dropbear for each connection, with the host's own key."""

    def __init__(self, config):
        self.config = config

    async def serve(self, connection, entry):
        program = self.config["hostile_dropbear" if entry["hostile"] else "dropbear"]
        if entry["hostile"]:
            # Lines before the identification string are allowed (RFC 4253 section 4.2).
            line = self.config["hostile_text"].encode() + b"\r\n"
            await asyncio.get_running_loop().sock_sendall(connection, line)
        connection.setblocking(True)
        # No password, no forwarding, no login: it exists to show its key. -I: idle seconds.
        process = await asyncio.create_subprocess_exec(
            program, "-i", "-s", "-g", "-w", "-j", "-k", "-I", "30",
            *(word for key in entry["keys"] for word in ("-r", key)),
            stdin=connection, stdout=connection)
        connection.close()
        await process.wait()


async def accept(listener, entry, serve):
    loop = asyncio.get_running_loop()
    while True:
        connection, _ = await loop.sock_accept(listener)
        try:
            connection.getpeername()  # gone already: a port scan, not worth a process
        except OSError:
            connection.close()
            continue
        if len(connections) >= MAX_CONNECTIONS:
            connection.close()
            continue
        connection.setblocking(False)
        asyncio.ensure_future(serve(connection, entry))


class Echo(asyncio.DatagramProtocol):
    """A bare UDP port returns what it gets, for only an answer proves that it is open."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, client):
        self.transport.sendto(data, client)


async def start_smtp(listener, entry, hostile_text):
    """A real SMTP conversation (RFC 5321) with STARTTLS (RFC 3207); every message is discarded."""
    from aiosmtpd.handlers import Sink
    from aiosmtpd.smtp import SMTP
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(entry["certificate"], entry["private_key"])
    ident = hostile_text if entry["hostile"] else "v6audit lab, illustrative"
    await loop.create_server(
        lambda: SMTP(Sink(), hostname=entry["name"], ident=ident, tls_context=context, timeout=30, loop=loop),
        sock=listener, backlog=BACKLOG)


def listening_socket(entry):
    family = socket.AF_INET6 if ":" in entry["address"] else socket.AF_INET
    stream = entry["transport"] == "tcp"
    opened = socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((entry["address"], entry["port"]))
    except OSError as error:
        sys.exit(f"cannot listen on {entry['address']} port {entry['port']}/{entry['transport']}: {error}")
    if stream:
        opened.listen(BACKLOG)
    opened.setblocking(False)
    return opened


async def main(config):
    loop = asyncio.get_running_loop()
    ssh = SSH(config) if "dropbear" in config else None
    for entry in config["entries"]:
        listener = listening_socket(entry)
        if entry["transport"] == "udp":
            await loop.create_datagram_endpoint(Echo, sock=listener)
        elif entry["kind"] == "smtp":
            await start_smtp(listener, entry, config["hostile_text"])
        else:
            serve = {"ssh": ssh and bounded(ssh.serve), "stalled": serve_stalled, "bare": serve_bare,
                     **{kind: bounded(hostile) for kind, hostile in SERVERS.items()}}[entry["kind"]]
            asyncio.ensure_future(accept(listener, entry, serve))
    await asyncio.Event().wait()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        asyncio.run(main(json.load(file)))
