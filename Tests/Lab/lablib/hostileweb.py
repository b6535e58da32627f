"""Web servers that mean no good, one function each: what comes after the first bytes of a client."""

import asyncio
import gzip
import os

PAUSE = 0.2
"""Seconds between two bytes of a slow one."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def _drip(connection, start, piece):
    loop = asyncio.get_running_loop()
    await loop.sock_recv(connection, 65536)
    await loop.sock_sendall(connection, start)
    while True:
        await asyncio.sleep(PAUSE)
        await loop.sock_sendall(connection, piece)


async def _flood(connection, start, piece):
    loop = asyncio.get_running_loop()
    await loop.sock_recv(connection, 65536)
    await loop.sock_sendall(connection, start)
    while True:
        await asyncio.sleep(0.001)
        await loop.sock_sendall(connection, piece)


async def endless_head(connection, _):
    await _flood(connection, HEAD, b"X-Field: value\r\n" * 500)


async def slow_head(connection, _):
    await _drip(connection, HEAD + b"X-Field: ", b"v")


async def slow_body(connection, _):
    await _drip(connection, HEAD + b"Content-Length: 5000\r\n\r\n", b"v")


async def endless_body(connection, _):
    await _flood(connection, HEAD + b"\r\n", b"<p>words without end</p>\n" * 500)


async def bomb(connection, _):
    loop = asyncio.get_running_loop()
    body = gzip.compress(bytes(50_000_000))
    await loop.sock_recv(connection, 65536)
    await loop.sock_sendall(
        connection, HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def garbage(connection, _):
    loop = asyncio.get_running_loop()
    await loop.sock_recv(connection, 65536)
    await loop.sock_sendall(connection, b"\0\xff" + os.urandom(4096))


async def endless_tls(connection, _):
    # The head of a handshake record of 16 kB (RFC 8446 section 5.1), whose body comes a byte at a time.
    await _drip(connection, b"\x16\x03\x03\x40\x00", b"\x02")


SERVERS = {"http-endless-head": endless_head, "http-slow-head": slow_head, "http-slow-body": slow_body,
           "http-endless-body": endless_body, "http-bomb": bomb, "http-garbage": garbage, "tls-endless": endless_tls}
"""By the name of the fault without its family."""
