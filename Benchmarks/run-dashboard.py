"""Asks the web server and reports how long whole answers took: connections are kept, one request at a time on each.

usage: run-dashboard.py HOST:PORT REQUESTS PID
"""

import asyncio
import pathlib
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


async def ask(reader, writer, path):
    """One request; the answer's size."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"{path}: {head.decode()}")
    fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
    left = size = int(fields["content-length"])
    while left:
        left -= len(await reader.read(min(left, 1 << 20)))
    return size


async def client(host, port, path, count, times):
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    size = 0
    for _ in range(count):
        start = time.perf_counter()
        size = await ask(reader, writer, path)
        times.append(1000 * (time.perf_counter() - start))
    writer.close()
    return size


async def main():
    host, port = sys.argv[1].rsplit(":", 1)
    requests, pid = int(sys.argv[2]), sys.argv[3]
    missed = []
    print(f"{'what':24} {'at once':>7} {'bytes':>9} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for what, path, connections, goal in CASES:
        times = []
        # One first, for what is made once for each picture.
        await client(host, port, path, 1, first := [])
        sizes = await asyncio.gather(
            *(client(host, port, path, requests // connections, times) for _ in range(connections)))
        times.sort()
        p95 = times[int(len(times) * 0.95)]
        print(f"{what:24} {connections:7} {sizes[0]:9} {times[len(times) // 2]:8.1f} {p95:8.1f} {times[-1]:8.1f}"
              f"   first {first[0]:.0f}")
        if goal and p95 > goal:
            missed.append(f"{what}: {p95:.0f} ms and not {goal}")
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(("VmHWM", "VmRSS")):
            print(line)
    if missed:
        sys.exit("\n".join(["goals missed:"] + missed))


asyncio.run(main())
