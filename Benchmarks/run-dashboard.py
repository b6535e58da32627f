"""Asks the web server and reports how long whole answers took: connections are kept, one request at a time on each.

usage: run-dashboard.py HOST:PORT REQUESTS PID SCRATCH

Then the same is asked of nginx, which has each answer as a file in the folder SCRATCH: what is left over is the client
and the loopback.
"""

import asyncio
import pathlib
import socket
import subprocess
import sys
import time

# What, path, connections at once, goal of the 95th percentile in ms (None: told for comparison).
CASES = [
    ("/metrics", "/metrics", 4, 200),
    ("hosts, 100 a page", "/api/v1/hosts", 4, 100),
    ("hosts, 1000 a page", "/api/v1/hosts?limit=1000", 4, 100),
    ("hosts, last page", "/api/v1/hosts?cursor=aG9zdC0wOTg5OQ", 4, 100),
    ("hosts by state", "/api/v1/hosts?state=unknown", 4, 100),
    ("one host", "/api/v1/hosts/host-05000", 4, 100),
    ("checks, 100 a page", "/api/v1/checks", 4, 100),
    ("checks, 1000 a page", "/api/v1/checks?limit=1000", 4, 100),
    ("checks that fail", "/api/v1/checks?verdict=fail", 4, 100),
    ("checks, none found", "/api/v1/checks?check=service.mail&verdict=fail", 4, 100),
    ("systems", "/api/v1/systems", 4, 100),
    ("agencies", "/api/v1/agencies", 4, 100),
    ("runs", "/api/v1/runs", 4, 100),
    ("changes", "/api/v1/changes", 4, 100),
    ("all hosts to discover", "/api/v1/sd", 1, None),
]


class Nginx:
    """Serves files from a folder that it may fill."""

    def __init__(self, scratch):
        self.scratch, self.names = scratch, {}
        (scratch / "html").mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        places = " ".join(f"{what}_temp_path {scratch / what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Its workers can read the folder only as the one who made it.
        user = "user root root;" if scratch.owner() == "root" else ""
        (scratch / "nginx.conf").write_text(f"""
{user} daemon off; worker_processes 1; pid {scratch / "nginx.pid"}; error_log {scratch / "nginx.log"};
events {{ }}
http {{ access_log off; {places} server {{ listen 127.0.0.1:{self.port}; root {scratch / "html"}; }} }}
""")
        self.process = subprocess.Popen(
            ["nginx", "-e", scratch / "nginx.log", "-c", scratch / "nginx.conf"], stdin=subprocess.DEVNULL)
        for _ in range(100):
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
        sys.exit((scratch / "nginx.log").read_text())

    def offer(self, path, body):
        """Where it has this answer."""
        name = self.names.setdefault(path, str(len(self.names)))
        (self.scratch / "html" / name).write_bytes(body)
        return f"/{name}"

    def close(self):
        self.process.terminate()
        self.process.wait()


async def ask(reader, writer, path):
    """One request; the answer's body."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"{path}: {head.decode()}")
    fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
    left, parts = int(fields["content-length"]), []
    while left:
        parts.append(await reader.read(min(left, 1 << 20)))
        left -= len(parts[-1])
    return parts


async def client(host, port, path, count, times):
    """So many requests over one connection; the last answer's body."""
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    body = []
    for _ in range(count):
        start = time.perf_counter()
        body = await ask(reader, writer, path)
        times.append(1000 * (time.perf_counter() - start))
    writer.close()
    return b"".join(body)


async def crowd(host, port, path, connections, requests):
    """Sorted milliseconds of the answers to clients that ask at once."""
    times = []
    await asyncio.gather(*(client(host, port, path, requests // connections, times) for _ in range(connections)))
    return sorted(times)


def high(times):
    return times[int(len(times) * 0.95)]


async def main():
    host, port = sys.argv[1].rsplit(":", 1)
    requests, pid, scratch = int(sys.argv[2]), sys.argv[3], pathlib.Path(sys.argv[4])
    nginx, missed = Nginx(scratch), []
    print("| what | at once | bytes | first ms | p50 ms | p95 ms | most ms | p95 of nginx | ÷ nginx |")
    print("|---|" + "---:|" * 8)
    try:
        for what, path, connections, goal in CASES:
            # One first, for what is made once for each picture.
            body = await client(host, port, path, 1, first := [])
            times = await crowd(host, port, path, connections, requests)
            bare = await crowd("127.0.0.1", nginx.port, nginx.offer(path, body), connections, requests)
            print(f"| {what} | {connections} | {len(body):,} | {first[0]:.0f} | {times[len(times) // 2]:.1f} | {high(times):.1f} "
                  f"| {times[-1]:.1f} | {high(bare):.1f} | {high(times) / high(bare):.1f} |", flush=True)
            if goal and high(times) > goal:
                missed.append(f"{what}: {high(times):.0f} ms and not {goal}")
    finally:
        nginx.close()
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(("VmHWM", "VmRSS")):
            print(line)
    if missed:
        sys.exit("\n".join(["goals missed:"] + missed))


asyncio.run(main())
