"""Clients of the web port and of the control socket: hostile ones, and an honest one that must be answered always."""

import asyncio
import random
import time

HOST, PORT = "::1", 9606
SLOW = 40
"""Connections that are held open by bytes that come one by one; 64 are allowed at once."""
PATHS = ["/-/healthy", "/-/ready", "/metrics", "/api/v1/hosts?limit=100", "/api/v1/agencies", "/api/v1/checks",
         "/api/v1/runs", "/api/v1/changes", "/api/v1/sd"]
PATIENCE = 20
"""Seconds the honest client waits for an answer."""


class Clients:
    def __init__(self, control, seed):
        self.control, self.random = control, random.Random(seed)
        self.asked = self.attacks = 0
        self.slowest, self.complaints = 0.0, []

    async def run(self, seconds):
        """All of them, for so long."""
        tasks = [asyncio.create_task(self._slow()) for _ in range(SLOW)]
        tasks += [asyncio.create_task(work()) for work in (self._garbage, self._control, self._leaver, self._honest)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
                self.complaints.append(f"a client of the soak broke: {result!r}")

    async def _slow(self):
        """Slow loris: a head that never ends."""
        while True:
            await self._attack(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n", drip=b"X-a: b\r\n", pause=2, times=60)
            await asyncio.sleep(self.random.uniform(0.5, 5))

    async def _garbage(self):
        """Requests that are none, that are too large, that lie about their length."""
        shapes = [
            lambda: self.random.randbytes(self.random.randint(1, 9000)),
            lambda: b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
            lambda: b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 2000 + b"\r\n",
            lambda: b"POST /api/v1/hosts HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
            lambda: b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + self.random.randbytes(200),
            lambda: b"GET /api/v1/hosts?cursor=" + self.random.randbytes(40).hex().encode()
            + b"&limit=-1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            lambda: b"GET /probe?target=%3B%60id%60&module=full HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            lambda: b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 50,
        ]
        while True:
            await self._attack(self.random.choice(shapes)())
            await asyncio.sleep(0.1)

    async def _leaver(self):
        """Asks for what is large, reads nothing, and goes."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(HOST, PORT, limit=1024)
                self.attacks += 1
                writer.write(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                await asyncio.sleep(self.random.uniform(0, 3))
                writer.transport.abort()
            except OSError:
                pass
            await asyncio.sleep(1)

    async def _control(self):
        """Nonsense at the control socket."""
        while True:
            try:
                _, writer = await asyncio.open_unix_connection(self.control)
                self.attacks += 1
                writer.write(self.random.choice([b"", b"\0" * 70_000, b"{", b'{"check":{}}',
                                                 self.random.randbytes(500)]))
                await asyncio.sleep(self.random.uniform(0, 1))
                writer.transport.abort()
            except OSError:
                # A socket of packets takes no stream.
                pass
            await asyncio.sleep(1)

    async def _attack(self, first, drip=None, pause=0, times=0):
        try:
            reader, writer = await asyncio.open_connection(HOST, PORT)
        except OSError:
            return
        self.attacks += 1
        try:
            writer.write(first)
            for _ in range(times):
                await asyncio.sleep(pause)
                writer.write(drip)
                await writer.drain()
            await asyncio.wait_for(reader.read(65536), 5)
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            writer.transport.abort()

    async def _honest(self):
        """Asks for everything in turn, each time over a connection of its own."""
        while True:
            for path in PATHS:
                start = time.monotonic()
                try:
                    status = await asyncio.wait_for(self._get(path), PATIENCE)
                except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
                    status = repr(error)
                self.asked += 1
                self.slowest = max(self.slowest, time.monotonic() - start)
                if status != 200:
                    self.complaints.append(f"{path}: {status} after {time.monotonic() - start:.1f} s")
                await asyncio.sleep(1.5)

    async def _get(self, path):
        reader, writer = await asyncio.open_connection(HOST, PORT, limit=1 << 20)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            while await reader.read(1 << 20):
                pass
            return int(head.split(b" ")[1])
        finally:
            writer.transport.abort()
