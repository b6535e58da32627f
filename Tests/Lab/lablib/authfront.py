"""A front before authoritative servers that misbehaves as planted. Run as `authfront CONFIG.json`."""

import asyncio
import json
import sys

from .dnsfront import AAAA, NXDOMAIN, QUERY_TIMEOUT, REFUSED, SERVFAIL, open_udp, question, read_message, wire_name

TXT = 16
CODES = {"servfail": SERVFAIL, "refused": REFUSED, "nxdomain": NXDOMAIN}
# Owner: a pointer to the question; an AAAA record of 16 bytes, of which 5 are there.
CUT_RECORD = b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10" + b"\x20\x01\x0d\xb8\x00"


class Front:
    """One address and port of a name server."""

    def __init__(self, config):
        self.upstream = tuple(config["upstream"])
        self.server = config["server"]
        self.names = {wire_name(name): how for name, how in config["names"].items()}
        self.socket = open_udp(config["address"], config["port"])
        self.tasks = set()

    def behaviour(self, query):
        asked = question(query)
        if asked is None:
            return None
        how = self.names.get(asked[0])
        if how == "truncate" or (how and asked[1] == AAAA):
            return how
        return self.server

    async def answer(self, query, ask, is_stream):
        """The answer, or None for silence; `ask` brings the honest one."""
        how = self.behaviour(query)
        end = question(query)[2] if how else 0
        if how == "timeout":
            return None
        if how in CODES or how in ("malformed", "loop") or (how == "truncate" and not is_stream):
            # RFC 1035 section 4.1.1: QR and AA set, opcode and RD kept, RA clear.
            flags = bytes([0x84 | query[2] & 0x79 | (2 if how == "truncate" else 0), CODES.get(how, 0)])
            record = {"malformed": CUT_RECORD, "loop": b"\xc0" + bytes([end]) + CUT_RECORD[2:]}.get(how, b"")
            return query[:2] + flags + b"\0\1" + (b"\0\1" if record else b"\0\0") + bytes(4) + query[12:end] + record
        if how == "nodata":
            # Asked for a type that is not there either, so that the denial is a real one.
            honest = await ask(query[:end - 4] + TXT.to_bytes(2, "big") + query[end - 2:])
            return honest[:end - 4] + AAAA.to_bytes(2, "big") + honest[end - 2:]
        honest = await ask(query)
        return honest[:2] + bytes([honest[2] & 0xFB]) + honest[3:] if how == "lame" else honest

    def receive(self):
        while True:
            try:
                query, client = self.socket.recvfrom(65535)
            except OSError:
                return
            task = asyncio.ensure_future(self.serve_datagram(query, client))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def serve_datagram(self, query, client):
        try:
            answer = await self.answer(query, self.ask_datagram, is_stream=False)
            if answer is not None:
                self.socket.sendto(answer, client)
        except (OSError, asyncio.TimeoutError):
            pass

    async def ask_datagram(self, query):
        loop = asyncio.get_running_loop()
        received = loop.create_future()

        class Upstream(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                if not received.done():
                    received.set_result(data)

        transport, _ = await loop.create_datagram_endpoint(Upstream, remote_addr=self.upstream)
        try:
            transport.sendto(query)
            return await asyncio.wait_for(received, QUERY_TIMEOUT)
        finally:
            transport.close()

    async def ask_stream(self, query):
        reader, writer = await asyncio.open_connection(*self.upstream)
        try:
            writer.write(len(query).to_bytes(2, "big") + query)
            return await asyncio.wait_for(read_message(reader), QUERY_TIMEOUT)
        finally:
            writer.close()

    async def serve_stream(self, reader, writer):
        try:
            while True:
                query = await asyncio.wait_for(read_message(reader), QUERY_TIMEOUT)
                answer = await self.answer(query, self.ask_stream, is_stream=True)
                if answer is not None:
                    writer.write(len(answer).to_bytes(2, "big") + answer)
                    await writer.drain()
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def main(config):
    for entry in config["fronts"]:
        front = Front(entry)
        asyncio.get_running_loop().add_reader(front.socket, front.receive)
        await asyncio.start_server(front.serve_stream, entry["address"], entry["port"], backlog=1024)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        asyncio.run(main(json.load(file)))
