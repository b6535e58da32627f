"""A DNS front before the resolver: passes every message on as it is, except for planted names.

Run as a process of its own: `dnsfront CONFIG.json`. All queues are bounded.
"""

import asyncio
import json
import socket
import sys

SO_RCVBUFFORCE = 33  # linux/socket.h; Python does not name it
AAAA, ANY_TYPE = 28, None
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5
QUERY_TIMEOUT = 10.0
"""Seconds until an upstream query is given up; clients retry sooner."""
MAX_QUERIES = 4096
"""Queries and connections held at most; more are dropped, as a loaded resolver would."""
UPSTREAM_AT_ONCE = 64
"""Queries the resolver sees at one time, fewer than its socket buffer holds."""
RECEIVE_BUFFER = 4 << 20
"""Bytes; an audit may well ask for all its names at one moment."""


def question(message):
    """The question's name (wire form, lower case), type and end offset, or None when there is none."""
    if len(message) < 17 or message[2] & 0x80 or int.from_bytes(message[4:6], "big") != 1:
        return None
    at, name = 12, bytearray()
    while at < len(message):
        length = message[at]
        if length > 63:
            return None
        name += message[at:at + 1 + length].lower()
        at += 1 + length
        if length == 0:
            break
    if at + 4 > len(message):
        return None
    return bytes(name), int.from_bytes(message[at:at + 2], "big"), at + 4


def wire_name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


class Rules:
    """Which names misbehave, for which type and how."""

    def __init__(self, planted):
        self.rules = {}
        for name, pairs in planted.items():
            for record_type, behaviour in pairs:
                number = AAAA if record_type == "AAAA" else ANY_TYPE
                self.rules[wire_name(name), number] = behaviour

    def find(self, message):
        """The behaviour planted for this query, or None."""
        asked = question(message)
        if asked is None:
            return None
        name, record_type, _ = asked
        return self.rules.get((name, ANY_TYPE)) or self.rules.get((name, record_type))


def misbehave(behaviour, query):
    """The wrong answer to `query`, or None for none at all."""
    if behaviour == "timeout":
        return None
    _, _, end = question(query)
    # RFC 1035 section 4.1.1: QR and RA set, the client's opcode and RD kept.
    flags = bytes([0x80 | query[2] & 0x79, 0x80])
    if behaviour == "malformed":
        # One AAAA record is announced, with 16 bytes of data of which only 5 are there.
        record = b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10" + b"\x20\x01\x0d\xb8\x00"
        return query[:2] + flags + b"\0\1\0\1\0\0\0\0" + query[12:end] + record
    code = {"servfail": SERVFAIL, "refused": REFUSED, "nxdomain": NXDOMAIN}[behaviour]
    flags = bytes([flags[0], flags[1] | code])
    return query[:2] + flags + b"\0\1\0\0\0\0\0\0" + query[12:end]


class UpstreamQuery(asyncio.DatagramProtocol):
    """One query on its way: a socket of its own, so that ids of clients cannot clash."""

    def __init__(self, query, done):
        self.query, self.done = query, done

    def connection_made(self, transport):
        transport.sendto(self.query)

    def datagram_received(self, data, _):
        if not self.done.done():
            self.done.set_result(data)

    def error_received(self, error):
        if not self.done.done():
            self.done.set_exception(error)


class Front:
    """One address of the resolver: UDP on `socket`, TCP through `serve_tcp`."""

    def __init__(self, rules, upstream, opened):
        self.rules, self.upstream, self.socket, self.tasks = rules, upstream, opened, set()
        self.upstream_limit = asyncio.Semaphore(UPSTREAM_AT_ONCE)

    def receive(self):
        """Empties the socket in one go: asyncio's own loop takes one datagram a turn and loses bursts."""
        while True:
            try:
                query, client = self.socket.recvfrom(65535)
            except OSError:
                return
            behaviour = self.rules.find(query)
            if behaviour:
                self.answer(misbehave(behaviour, query), client)
            elif len(self.tasks) < MAX_QUERIES:
                task = asyncio.ensure_future(self.forward(query, client))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    def answer(self, message, client):
        try:
            if message is not None:
                self.socket.sendto(message, client)
        except OSError:
            pass  # the client is gone

    async def forward(self, query, client):
        loop = asyncio.get_running_loop()
        answer, transport = loop.create_future(), None
        async with self.upstream_limit:
            try:
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: UpstreamQuery(query, answer), remote_addr=self.upstream)
                self.answer(await asyncio.wait_for(answer, QUERY_TIMEOUT), client)
            except (OSError, asyncio.TimeoutError):
                pass  # no answer is what a client sees of a resolver in trouble
            finally:
                if transport:
                    transport.close()

    async def serve_tcp(self, reader, writer):
        """Messages with a length before each (RFC 1035 section 4.2.2), one after the other."""
        if len(self.tasks) >= MAX_QUERIES:
            writer.close()
            return
        task = asyncio.current_task()
        self.tasks.add(task)
        upstream_writer = None
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.upstream)
            while True:
                query = await asyncio.wait_for(read_message(reader), QUERY_TIMEOUT)
                behaviour = self.rules.find(query)
                if behaviour:
                    answer = misbehave(behaviour, query)
                else:
                    upstream_writer.write(len(query).to_bytes(2, "big") + query)
                    answer = await asyncio.wait_for(read_message(upstream_reader), QUERY_TIMEOUT)
                if answer is not None:
                    writer.write(len(answer).to_bytes(2, "big") + answer)
                    await writer.drain()
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()
            if upstream_writer:
                upstream_writer.close()


async def read_message(reader):
    length = int.from_bytes(await reader.readexactly(2), "big")
    return await reader.readexactly(length)


def open_udp(address, port=53):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
    except PermissionError:  # older kernels keep it from user namespaces
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    opened.bind((address, port))
    opened.setblocking(False)
    return opened


async def main(config):
    rules, upstream = Rules(config["planted"]), tuple(config["upstream"])
    for address in config["listen"]:
        opened = open_udp(address)
        front = Front(rules, upstream, opened)
        asyncio.get_running_loop().add_reader(opened, front.receive)
        await asyncio.start_server(front.serve_tcp, address, 53, backlog=1024)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        asyncio.run(main(json.load(file)))
